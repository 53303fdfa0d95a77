"""What commands that serve pages share: a server on an address of this machine, and how that
address reads."""

from __future__ import annotations

import socket
from typing import Any

import waitress
from flask import Flask

from web.cli.shell import Refusal

MOST_BYTES = 32 * 1024 * 1024
"""What a request may weigh before the server itself cuts it off; what is smaller and still too
long, the app refuses in words."""


def listen(app: Flask, host: str, port: int, threads: int = 4) -> Any:
    """A waitress server on that address, on any free port when ``port`` is 0. Raises ``Refusal``
    when it cannot be."""
    try:
        sockets = _sockets(host, port)
    except OSError as wrong:
        why = str(wrong.strerror).partition(" (")[
            0
        ]  # Python adds the address, which is said already
        raise Refusal(
            f"{host}:{port} cannot be used ({why}). Choose another with --port."
        ) from None
    return waitress.create_server(
        app, sockets=sockets, threads=threads, ident=None, max_request_body_size=MOST_BYTES
    )


def _sockets(host: str, port: int) -> list[socket.socket]:
    """A socket for each address that the host stands for."""
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [
        socket.create_server(at, family=family)
        for family, at in dict.fromkeys((k[0], k[4][:2]) for k in known)
    ]


def address(server: Any) -> str:
    """Where a browser on this machine finds a server: the first of its sockets when a name
    stands for several."""
    sockets = getattr(server, "effective_listen", None) or [
        (server.effective_host, server.effective_port)
    ]
    host, port = sockets[0]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
