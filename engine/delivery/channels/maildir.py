"""Mail into a maildir, for installations without SMTP: a message is written once, however often it
is sent."""

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
"""The folders of messages being written, not yet seen by a mail reader, and seen."""


class MaildirChannel:
    """A ``Channel`` that writes into ``folder``. The file name is a hash of the Message-ID, so a
    resend finds the file there and writes nothing."""

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
        """Does nothing: nothing is kept between two messages."""

    def _holds(self, name: str) -> bool:
        """Whether the message is there, seen by a mail reader or not. ``mailbox`` would look at
        every file in both folders."""
        if (self._folder / "new" / name).exists():
            return True
        with os.scandir(
            self._folder / "cur"
        ) as seen:  # under its name with flags that only its readers know
            return any(file.name.partition(":")[0] == name for file in seen)


def _make_missing_folders(folder: Path) -> None:
    """Creates the parts of the folder that are missing, accessible to this user alone. ``mailbox``
    creates them only if the folder itself is missing, but it may exist and be empty: created by
    hand, or mounted."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    for part in (folder, *(folder / name for name in PARTS)):
        part.mkdir(mode=0o700, exist_ok=True)


def file_name(message_id: str) -> str:
    """The file name of a message in the maildir: 40 hex digits."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:40]


def forget(folder: Path, to: str) -> int:
    """Deletes every message to that address in the maildir, read or not; returns how many there
    were."""
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
