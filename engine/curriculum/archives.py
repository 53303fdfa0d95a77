"""Archives of whole courses: which one it is, and what of it is read. Everything else in an archive
is never opened, personal data above all."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Mapping

from engine.curriculum import manifest, moodle, olx
from engine.curriculum.package import Members, Package
from engine.sheets.kinds import Looked, look
from engine.sheets.reasons import FileDamaged, Unreadable
from engine.sheets.tarred import TarParts, is_sound

WANTED: Mapping[str, re.Pattern[str]] = {
    "moodle": moodle.WANTED,
    "olx": olx.WANTED,
    "scorm": manifest.WANTED,
    "cartridge": manifest.WANTED,
    "package": manifest.WANTED,
}
"""The members of each kind of archive that are read."""


def is_archive(data: bytes) -> bool:
    """Whether these bytes begin as a zip, a gzip or a tar."""
    return data.startswith((b"PK\x03\x04", b"\x1f\x8b")) or data[257:262] == b"ustar"


def package_of(looked: Looked, data: bytes) -> Package | None:
    """The course that an archive holds; None for any other file. Raises ``Unreadable``."""
    if looked.kind not in WANTED:
        return None
    parts = _members(looked, data)
    if looked.kind == "moodle":
        return moodle.read_backup(parts)
    if looked.kind == "olx":
        return olx.read_course(parts)
    return manifest.read_package(parts, looked.kind)


def distilled(data: bytes) -> bytes:
    """A course archive with only what is read of it, as a zip; any other file as it is. Raises
    ``Unreadable``."""
    if not is_archive(data) or (looked := look(data)).kind not in WANTED:
        return data
    parts, pattern = _members(looked, data), WANTED[looked.kind]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(filter(pattern.fullmatch, parts.names)):
            made.writestr(zipfile.ZipInfo(name), parts.read(name))
    return held.getvalue()


def _members(looked: Looked, data: bytes) -> Members:
    """The members of an archive of which none is a link or has an odd name."""
    if looked.parts is None:
        pattern = WANTED[looked.kind]
        return TarParts(data, looked.kind, lambda name: bool(pattern.fullmatch(name)))
    for one in looked.parts.zip.infolist():
        linked = stat.S_ISLNK(one.external_attr >> 16)
        if linked or not is_sound(one.filename.removesuffix("/") or "."):
            raise Unreadable(FileDamaged(looked.kind))
    return looked.parts
