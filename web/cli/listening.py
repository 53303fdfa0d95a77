"""What commands that serve pages share: starting a server on an address of this machine, and
printing that address."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from errno import EADDRNOTAVAIL, EAFNOSUPPORT
from typing import Any

from flask import Flask

from web.cli import connections
from web.cli.shell import Refusal, strerror
from web.words.terminal import gettext as _


def listen(
    app: Flask, host: str, port: int, threads: int = 4, *, behind_proxies: bool = False
) -> Any:
    """A waitress server on that address, on any free port if ``port`` is 0. Unless it is
    ``behind_proxies``, whose headers the app then reads, it removes what only proxies may say.
    Raises ``Refusal`` if it cannot listen there."""
    try:
        sockets = _sockets(host, port)
    except (OSError, UnicodeError) as wrong:
        raise Refusal(refusal(host, port, wrong)) from None
    kept = app.config["MAX_CONTENT_LENGTH"] or connections.MAX_REQUEST_BYTES
    return connections.server(app, sockets, threads, kept, behind_proxies)


def refusal(host: str, port: int, wrong: OSError | UnicodeError) -> str:
    """One line that says why nobody can listen there, and what to choose instead."""
    # UnicodeError is from Python's encoding of names, which knows more labels
    why = strerror(wrong) if isinstance(wrong, OSError) else _("it is no name of a machine")
    of_host = isinstance(wrong, socket.gaierror | UnicodeError) or wrong.errno in (
        EADDRNOTAVAIL,
        EAFNOSUPPORT,
    )
    instead = (
        _("Choose an address of this machine with --host.")
        if of_host
        else _("Choose another with --port.")
    )
    if isinstance(wrong, PermissionError):
        instead = _("Choose one from 1024 on with --port, and let a proxy pass requests on to it.")
    refused = _("%(address)s cannot be used (%(why)s).", address=f"{host}:{port}", why=why)
    return f"{refused} {instead}"


def _sockets(host: str, port: int) -> list[socket.socket]:
    """A socket for each address that the host resolves to. Raises ``OSError``, and
    ``UnicodeError`` for what can be no name of a machine, and leaves none open then."""
    known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    with ExitStack() as undoing:
        sockets = [
            undoing.enter_context(socket.create_server(at, family=family))
            for family, at in dict.fromkeys((k[0], k[4][:2]) for k in known)
        ]
        undoing.pop_all()
    return sockets


def address(server: Any) -> str:
    """The address at which a browser on this machine reaches a server: that of its first socket, if
    it has several."""
    host, port = server.effective_listen[0]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
