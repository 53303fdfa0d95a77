"""Mail into a maildir, for installations without SMTP: a message is written once, however often it
is sent."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import datetime
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from engine.delivery.channels.base import Refusal
from engine.delivery.channels.mime import mime
from engine.delivery.message import Message

PARTS = ("tmp", "new", "cur")
"""The folders of messages being written, not yet seen by a mail reader, and seen."""

ABOUT = "X-Relecture-About"
"""The header with the ids of the accounts and experiences that a message is about. One address may
belong to people of several organisations, an id belongs to one."""


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
            mail = mime(message, self._sender, self._wall())
            if message.about:
                mail[ABOUT] = " ".join(message.about)
            draft.write_bytes(mail.as_bytes())
            draft.replace(self._folder / "new" / name)
        except ValueError as impossible:
            raise Refusal(str(impossible), permanent=True) from impossible
        except OSError as full:
            raise Refusal(f"{type(full).__name__}: {full}", permanent=False) from full

    def send_and_hear(self, message: Message) -> str:
        """Writes the message; returns where it lies now."""
        self.send(message)
        return str(self._folder / "new" / file_name(message.message_id))

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


def forget(folder: Path, about: Collection[str], addresses: Collection[str] = ()) -> int:
    """Deletes every message about any of these ids, read or not, and drafts that a crash left;
    returns how many there were.

    A message that several organisations share (a link that signs in to each of them) is deleted
    with the first of these accounts: the link names the account, and lasts for half an hour. A
    message of an earlier version does not say whom it is about: it is deleted if it went to one of
    these addresses.
    """
    gone = 0
    for file in _files(folder):
        with suppress(FileNotFoundError):  # a mail reader may move it: ``cur`` comes after ``new``
            if _is_to_go(file, _headers(file), about, addresses):
                file.unlink()
                gone += 1
    return gone


def _files(folder: Path) -> Iterator[Path]:
    for part in PARTS:
        with suppress(FileNotFoundError):
            yield from [file for file in (folder / part).iterdir() if file.is_file()]


def _headers(file: Path) -> Mail:
    with file.open("rb") as opened:
        return BytesHeaderParser().parse(opened)


def _is_to_go(
    file: Path, headers: Mail, about: Collection[str], addresses: Collection[str]
) -> bool:
    marked = headers[ABOUT]
    if marked:
        return not set(str(marked).split()).isdisjoint(about)
    ours = file.name[:40] == file_name(headers["Message-ID"] or "")
    to = parseaddr(headers["To"] or "")[1].lower()
    return ours and to in {address.lower() for address in addresses}
