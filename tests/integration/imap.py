"""A small IMAP server on loopback: one mailbox, one connection at a time, and odd answers when told
to."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import cast

from engine.delivery.mailbox import Mailbox

USER, PASSWORD = "bounces", "a secret"
_PEEK = re.compile(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")


@dataclass
class Box:
    """What lies in the mailbox by number, and what became of it. ``garbage``: it answers that to
    everything after the greeting."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    garbage: bytes = b""

    def left(self) -> list[int]:
        """What is still there."""
        return sorted(self.mails)


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        box = cast(_Server, self.server).box
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, said = line.decode("latin-1").strip().partition(" ")
            if box.garbage:
                self.wfile.write(box.garbage)
                return
            for part in self._answer(box, said):
                self.wfile.write(part + b"\r\n")
            good = not said.startswith("LOGIN") or f'{USER} "{PASSWORD}"' in said
            self.wfile.write(f"{tag} {'OK' if good else 'NO'} done\r\n".encode())
            if said == "LOGOUT":
                return

    def _answer(self, box: Box, said: str) -> Iterator[bytes]:
        if said.startswith("CAPABILITY"):
            yield b"* CAPABILITY IMAP4rev1"
        elif said.startswith("SELECT"):
            yield b"* %d EXISTS" % len(box.mails)
        elif said == "UID SEARCH UNSEEN":
            found = [str(n) for n in sorted(box.mails.keys() - box.seen)]
            yield ("* SEARCH " + " ".join(found)).strip().encode()
        elif fetch := _PEEK.match(said):
            number, most = int(fetch[1]), int(fetch[2])
            part = box.mails[number][:most]
            yield b"* 1 FETCH (UID %d BODY[]<0> {%d}" % (number, len(part))
            yield part + b")"
        elif said.startswith("UID STORE"):
            number = int(said.split()[2])
            box.seen.add(number)
            if "Deleted" in said:
                box.deleted.add(number)
        elif said == "EXPUNGE":
            for number in box.deleted:
                box.mails.pop(number, None)
        elif said == "LOGOUT":
            yield b"* BYE"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, box: Box) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.box = box


@contextmanager
def serving(box: Box) -> Iterator[Mailbox]:
    """Serves it; yields how it is reached."""
    with _Server(box) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        port = int(server.server_address[1])
        yield Mailbox("127.0.0.1", port, USER, PASSWORD, tls=False, timeout=5)
        server.shutdown()
        thread.join()
