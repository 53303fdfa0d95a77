"""Mail into a maildir, for installations without SMTP: a message is written once, however often
it is sent."""

from __future__ import annotations

import hashlib
import mailbox
import os
from collections.abc import Callable
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from engine.delivery.channels.base import Refusal
from engine.delivery.channels.mime import mime
from engine.delivery.message import Message

PARTS = ("tmp", "new", "cur")
"""A message being written, one that nobody has seen, and one that a mail reader has."""


class MaildirChannel:
    """``Channel`` into ``folder``. The file's name is a hash of the Message-ID: a resend finds
    it there and is done."""

    def __init__(self, folder: Path, sender: str, wall: Callable[[], datetime]) -> None:
        self._folder, self._sender, self._wall = folder, sender, wall

    def send(self, message: Message) -> None:
        name = file_name(message.message_id)
        try:
            _make_missing_folders(self._folder)
            if self._holds(name):
                return
            draft = self._folder / "tmp" / f"{name}.{os.getpid()}"
            draft.write_bytes(mime(message, self._sender, self._wall()).as_bytes())
            draft.replace(self._folder / "new" / name)
        except ValueError as impossible:
            raise Refusal(str(impossible), permanent=True) from impossible
        except OSError as full:
            raise Refusal(f"{type(full).__name__}: {full}", permanent=False) from full

    def release(self) -> None:
        """Nothing is kept between two messages."""

    def _holds(self, name: str) -> bool:
        """Whether the message is there, not yet seen by a mail reader or seen. ``mailbox`` would
        ask after every file of both."""
        if (self._folder / "new" / name).exists():
            return True
        with os.scandir(
            self._folder / "cur"
        ) as seen:  # under its name with flags that only its readers know
            return any(file.name.partition(":")[0] == name for file in seen)


def _make_missing_folders(folder: Path) -> None:
    """Make whatever of the folder is missing, its parts for this user alone. ``mailbox`` makes
    them only where there is no folder, and one may be there and empty: made by hand, or mounted."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for part in (folder, *(folder / name for name in PARTS)):
        part.mkdir(mode=0o700, exist_ok=True)


def file_name(message_id: str) -> str:
    """The name of a message in the maildir: 40 hex digits."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:40]


def forget(folder: Path, to: str) -> int:
    """Delete every message in the maildir to that address, read or not; how many there were."""
    if not folder.is_dir():
        return 0
    _make_missing_folders(folder)
    box = mailbox.Maildir(folder, create=False)
    theirs = [
        key for key, mail in box.iteritems() if parseaddr(mail["To"] or "")[1].lower() == to.lower()
    ]
    for key in theirs:
        box.discard(key)
    return len(theirs)
