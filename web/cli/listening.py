"""What commands that serve pages share: starting a server on an address of this machine, and
printing that address."""

from __future__ import annotations

import socket
from typing import Any

from flask import Flask

from web.cli import connections
from web.cli.shell import Refusal


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
    kept = app.config["MAX_CONTENT_LENGTH"] or connections.MAX_REQUEST_BYTES
    return connections.server(app, sockets, threads, kept, behind_proxies)


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
    host, port = server.effective_listen[0]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
