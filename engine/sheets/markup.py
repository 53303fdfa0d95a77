"""Reads the XML inside workbooks and archives, piece by piece: no document type, so no entities,
and no more than a limit unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate

from engine.sheets.reasons import FileDamaged, FileTooLarge, Unreadable

MAX_UNPACKED = 24_000_000
"""In bytes, of all that is read of one archive."""
MAX_ENTRIES = 20_000
"""Names in one archive; nothing of a course has more."""
Begin = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]


class Parts:
    """The members of a zip by name, read up to a limit for all of them together."""

    def __init__(self, data: bytes, kind: str, most: int = MAX_UNPACKED) -> None:
        self.kind, self.left, self.most = kind, most, most
        try:
            self.zip = zipfile.ZipFile(BytesIO(data))
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            NotImplementedError,  # a version of the format that is not known
            OverflowError,
        ):
            raise Unreadable(FileDamaged(kind)) from None
        if len(self.zip.infolist()) > MAX_ENTRIES:
            raise Unreadable(FileTooLarge(most // 1_000_000))
        self.names = frozenset(self.zip.namelist())

    def read(self, name: str) -> bytes:
        """What a member holds; empty if there is none. Raises ``Unreadable``."""
        data = self.peek(name, self.left + 1)
        self.left -= len(data)
        if self.left < 0:
            raise Unreadable(FileTooLarge(self.most // 1_000_000))
        return data

    def peek(self, name: str, most: int) -> bytes:
        """The first bytes of a member. Raises ``Unreadable``."""
        if name not in self.names:
            return b""
        try:
            with self.zip.open(name) as member:
                return member.read(most)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            OSError,
            RuntimeError,  # an encrypted member, or a packing that is not known
            MemoryError,
        ):
            raise Unreadable(FileDamaged(self.kind)) from None


class _Document(Exception):
    """A document type is declared."""


def walk(data: bytes, kind: str, begin: Begin, end: End, text: Callable[[str], None]) -> None:
    """Calls back for each element (its local name, its attributes by local name) and each text.
    Raises ``Unreadable`` for what is not well formed or declares a document type."""
    parser = ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: begin(
        name[name.rfind("}") + 1 :],
        {key[key.rfind("}") + 1 :]: value for key, value in attributes.items()},
    )
    parser.EndElementHandler = lambda name: end(name[name.rfind("}") + 1 :])
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (ExpatError, _Document, LookupError, ValueError):
        raise Unreadable(FileDamaged(kind)) from None


def _refuse(*_declared: object) -> None:
    raise _Document


def elements(data: bytes, kind: str) -> list[tuple[str, Mapping[str, str]]]:
    """Every element of a short document, in order: its local name and its attributes."""
    found: list[tuple[str, Mapping[str, str]]] = []
    if data:
        walk(data, kind, lambda name, said: found.append((name, said)), _nothing, _nothing)
    return found


def _nothing(_what: str) -> None:
    pass
