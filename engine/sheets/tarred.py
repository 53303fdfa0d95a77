"""Reads the members of a tar, or of one in gzip, in one pass and up to limits: only those that are
wanted are kept, and nothing is written anywhere."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable

from engine.sheets.markup import MAX_UNPACKED
from engine.sheets.reasons import FileDamaged, FileTooLarge, Unreadable

MAX_PASSED = 500_000_000
"""So many bytes are unpacked on the way to what is wanted: videos, as a rule."""
MAX_MEMBERS = 60_000


class TarParts:
    """The wanted members of a tar by name. ``names`` are those of all regular files; a leading
    ``./`` is not part of a name."""

    def __init__(self, data: bytes, kind: str, wanted: Callable[[str], bool]) -> None:
        self.kind, self.held = kind, dict[str, bytes]()
        self.names: frozenset[str] = frozenset()
        try:
            self._read(_Limited(data, kind), wanted)
        except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, OverflowError):
            raise Unreadable(FileDamaged(kind)) from None

    def read(self, name: str) -> bytes:
        """What a wanted member holds; empty if there is none."""
        return self.held.get(name, b"")

    def _read(self, stream: _Limited, wanted: Callable[[str], bool]) -> None:
        names, left = set[str](), MAX_UNPACKED
        with tarfile.open(fileobj=stream, mode="r|", errorlevel=1) as tar:
            for member in tar:
                name = member.name.removeprefix("./")
                if member.isdir() and is_sound(name or "."):
                    continue
                if not member.isreg() or not is_sound(name) or len(names) >= MAX_MEMBERS:
                    raise Unreadable(FileDamaged(self.kind))
                names.add(name)
                if wanted(name):
                    left -= member.size
                    if left < 0:
                        raise Unreadable(FileTooLarge(MAX_UNPACKED // 1_000_000))
                    file = tar.extractfile(member)
                    self.held[name] = file.read() if file else b""
        self.names = frozenset(names)


def is_sound(name: str) -> bool:
    """Whether a member has a name as programs give it: one that stays below the archive."""
    return (
        0 < len(name) <= 1_000
        and not name.startswith("/")
        and "\\" not in name
        and ".." not in name.split("/")
        and name[1:2] != ":"
        and name.isprintable()
    )


class _Limited(io.RawIOBase):
    """The bytes of a tar, unpacked as they are asked for, up to ``MAX_PASSED``."""

    def __init__(self, data: bytes, kind: str) -> None:
        held = io.BytesIO(data)
        packed = data.startswith(b"\x1f\x8b")
        self.source: io.BufferedIOBase = gzip.GzipFile(fileobj=held) if packed else held
        self.left = MAX_PASSED

    def read(self, size: int = -1) -> bytes:
        found = self.source.read(size if size >= 0 else self.left + 1)
        self.left -= len(found)
        if self.left < 0:
            raise Unreadable(FileTooLarge(MAX_PASSED // 1_000_000))
        return found
