"""What a file is, by its content and never by its name."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from dataclasses import dataclass
from io import BytesIO

from engine.sheets.markup import Parts

_BEGINNINGS = (
    (b"\x89PNG\r\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"\0\0\1\0", "picture"),
    (b"8BPS", "picture"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "text-document"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"ID3", "sound"),
    (b"\xff\xfb", "sound"),
    (b"OggS", "sound"),
    (b"fLaC", "sound"),
    (b"MThd", "sound"),
    (b"\x1aE\xdf\xa3", "film"),
    (b"BEGIN:VCALENDAR", "calendar"),
    (b"BEGIN:VCARD", "contacts"),
    (b"SQLite format 3\0", "database"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"PAR1", "database"),
    (b"%!PS", "pdf"),
)
_OF_WORDS = frozenset({"pdf", "text-document", "calendar", "contacts"})
"""Kinds that begin with words; with any other, words are just those of a table."""
_MEMBERS = (
    ("xl/workbook.xml", "workbook"),
    ("xl/workbook.bin", "old-workbook"),
    ("word/document.xml", "text-document"),
    ("ppt/presentation.xml", "slides"),
    ("moodle_backup.xml", "moodle"),
    ("Index/Document.iwa", "pages-document"),
    ("Index.zip", "pages-document"),
    ("h5p.json", "h5p"),
)
_OLX = re.compile(r"(?:[^/]{1,100}/){0,3}course\.xml")
_MOODLE = re.compile(
    rb"moodle_backup\.xml\0|\.ARCHIVE_INDEX\0|sections/section_\d+/|activities/[a-z]+_\d+/"
)
_OPEN_DOCUMENTS = {
    "spreadsheet": "spreadsheet",
    "text": "text-document",
    "presentation": "slides",
    "graphics": "picture",
}
_WEB_PAGE = re.compile(
    rb"\s*(<!--.*?-->\s*)?<(!doctype html|html|head|body|table|meta)\b", re.I | re.S
)
_MARKUP = re.compile(rb"\s*<(\?xml|[A-Za-z][\w:.-]*[\s>/])")


@dataclass(frozen=True)
class Looked:
    """What a file is: ``text``, ``workbook`` (XLSX), ``spreadsheet`` (ODS), ``web-page``, or what
    else; and its members, if it is a zip, which is opened once."""

    kind: str
    parts: Parts | None = None


def look(data: bytes) -> Looked:
    """What a file is. Raises ``Unreadable`` for an archive that is damaged."""
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        parts = Parts(data, "archive")
        parts.kind = _zip(parts)
        return Looked(parts.kind, parts)
    return Looked(kind_of(data))


def kind_of(data: bytes) -> str:
    """The kind alone: see ``Looked``. Raises ``Unreadable``."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning) and (kind in _OF_WORDS or not _is_words(data[:64])):
            return kind
    if data.startswith(b"RIFF") and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return {b"WEBP": "picture", b"WAVE": "sound"}.get(data[8:12], "film")
    if data[4:8] == b"ftyp":
        return "picture" if data[8:11] in (b"hei", b"mif", b"avi") else "film"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return look(data).kind
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(data)
    if data.startswith(b"\x1f\x8b"):
        return _gzip(data)
    if data[257:262] == b"ustar":
        return _tar(data)
    return _text(data)


def _is_words(data: bytes) -> bool:
    """Whether a beginning such as BM or ID3 is just the beginning of a word."""
    return all(byte >= 32 or byte in b"\t\r\n" for byte in data)


def _text(data: bytes) -> str:
    bare = _in_bytes(data[:4_000])
    if _WEB_PAGE.match(bare):
        return "web-page"
    if b"<svg" in bare and _MARKUP.match(bare):
        return "picture"
    if _MARKUP.match(bare) and bare.rstrip().endswith(b">"):
        return "markup"
    if re.match(rb"\s*[\[{]\s*[\"\[{]", bare) and bare.count(b'"') > 3:
        return "json"
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\0\x1a\x1b" for byte in bare)
    return "unknown" if controls > max(1, len(bare) // 50) else "text"


def _in_bytes(data: bytes) -> bytes:
    """The beginning of a text in UTF-8, where it is in UTF-16: a « ’ » in that has the byte of a
    control."""
    big = data[::2].count(0) > data[1::2].count(0)
    zeros = data[::2].count(0) if big else data[1::2].count(0)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "ignore").encode("utf-8", "ignore")
    elif zeros * 4 > len(data):
        data = data.decode("utf-16-be" if big else "utf-16-le", "ignore").encode("utf-8", "ignore")
    return data.removeprefix(codecs.BOM_UTF8)


def _zip(parts: Parts) -> str:
    """What a zip holds. Raises ``Unreadable`` for one that is damaged."""
    for member, kind in _MEMBERS:
        if member in parts.names:
            return kind
    if "mimetype" in parts.names:
        said = parts.peek("mimetype", 200).decode("ascii", "replace").strip()
        last = said.rpartition(".")[2].removesuffix("-template")
        return "book" if "epub" in said else _OPEN_DOCUMENTS.get(last, "archive")
    manifest = next((name for name in parts.names if name.lower() == "imsmanifest.xml"), None)
    if manifest:
        return _package(parts, manifest)
    return "olx" if any(map(_OLX.fullmatch, parts.names)) else "archive"


def _package(parts: Parts, manifest: str) -> str:
    """SCORM, or Common Cartridge, by the schema that the manifest names."""
    head = parts.peek(manifest, 20_000).lower()
    if b"scorm" in head or b"adlcp" in head:
        return "scorm"
    return "cartridge" if b"cartridge" in head or b"imscc" in head else "package"


def _compound(data: bytes) -> str:
    """What an old compound document holds (names in it are UTF-16)."""
    for name, kind in (
        ("EncryptedPackage", "locked"),
        ("WordDocument", "text-document"),
        ("PowerPoint Document", "slides"),
        ("Workbook", "old-workbook"),
        ("Book", "old-workbook"),
        ("__nameid_version", "mail"),
    ):
        if name.encode("utf-16-le") in data:
            return kind
    return "unknown"


def _gzip(data: bytes) -> str:
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as packed:
            return _tar(packed.read(262_144))
    except (OSError, EOFError, zlib.error, ValueError):
        return "archive"


def _tar(head: bytes) -> str:
    if _MOODLE.search(head):
        return "moodle"
    return "olx" if re.search(rb"(?:course|chapter)(?:/[^\0]{1,90})?\.xml\0", head) else "archive"
