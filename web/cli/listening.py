"""What commands that serve pages share: starting a server on an address of this machine, and
printing that address."""

from __future__ import annotations

import socket
from typing import Any

import waitress
from flask import Flask

from web.cli.shell import Refusal

MAX_REQUEST_BYTES = 32 * 1024 * 1024
"""The request size, in bytes, beyond which the server closes the connection; the app refuses
smaller requests that are still too long, with an explanation."""


def listen(
    app: Flask, host: str, port: int, threads: int = 4, *, behind_proxies: bool = False
) -> Any:
    """A waitress server on that address, on any free port if ``port`` is 0. Unless it is
    ``behind_proxies``, whose headers the app then reads, it removes what only proxies may say.
    Raises ``Refusal`` if it cannot listen there."""
    try:
        sockets = _sockets(host, port)
    except OSError as wrong:
        why = str(wrong.strerror).partition(" (")[
            0
        ]  # Python adds the address, which the message already has
        raise Refusal(
            f"{host}:{port} cannot be used ({why}). Choose another with --port."
        ) from None
    return waitress.create_server(
        app,
        sockets=sockets,
        threads=threads,
        ident=None,
        max_request_body_size=MAX_REQUEST_BYTES,
        clear_untrusted_proxy_headers=not behind_proxies,
    )


def _sockets(host: str, port: int) -> list[socket.socket]:
    """A socket for each address that the host resolves to."""
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return [
        socket.create_server(at, family=family)
        for family, at in dict.fromkeys((k[0], k[4][:2]) for k in known)
    ]


def address(server: Any) -> str:
    """The address at which a browser on this machine reaches a server: that of its first socket, if
    it has several."""
    sockets = getattr(server, "effective_listen", None) or [
        (server.effective_host, server.effective_port)
    ]
    host, port = sockets[0]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
