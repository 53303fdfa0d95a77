"""Files of every kind, made here: workbooks by the libraries that others write them with, archives
and documents of just as much as tells what they are."""

from __future__ import annotations

import csv
import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

import openpyxl

Cell = str | int | float | date | datetime | time | timedelta | None
Grid = Sequence[Sequence[Cell]]


def xlsx(*sheets: Grid, merged: str = "", hidden: Sequence[int] = ()) -> bytes:
    """A workbook of these sheets; ``merged`` is an area of the first, ``hidden`` counts from 0."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, grid in enumerate(sheets):
        sheet = book.create_sheet(f"Feuille {number + 1}")
        for row in grid:
            sheet.append(list(row))
        if number in hidden:
            sheet.sheet_state = "hidden"
    if merged:
        book.worksheets[0].merge_cells(merged)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def ods(*sheets: Grid) -> bytes:
    """A spreadsheet of these sheets, as LibreOffice writes it: each row goes on to the last column
    of all, and the last rows are one that repeats."""
    return ods_of(
        "".join(
            f'<table:table table:name="Feuille {number}">'
            + "".join(_ods_row("".join(map(ods_cell, row))) for row in grid)
            + '<table:table-row table:number-rows-repeated="1048000">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
            "</table:table>"
            for number, grid in enumerate(sheets, 1)
        )
    )


def _ods_row(cells: str) -> str:
    rest = '<table:table-cell table:number-columns-repeated="16000"/>'
    return f"<table:table-row>{cells}{rest}</table:table-row>"


def ods_of(tables: str) -> bytes:
    """A spreadsheet of these tables, as XML."""
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0" '
        f'xmlns:text="{ns}:text:1.0" xmlns:style="{ns}:style:1.0"><office:automatic-styles>'
        '<style:style style:name="hidden" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content})


def ods_cell(value: Cell, about: str = "") -> str:
    """One cell as LibreOffice writes it."""
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, datetime | date):
        typed = f'"date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, timedelta):
        minutes = int(value.total_seconds() // 60)
        typed = f'"time" office:time-value="PT{minutes // 60:02}H{minutes % 60:02}M00S"'
    elif isinstance(value, int | float):
        typed = f'"float" office:value="{value}"'
    else:
        typed = '"string"'
    lines = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in str(value).split("\n"))
    return f"<table:table-cell office:value-type={typed} {about}>{lines}</table:table-cell>"


def _ods_text(line: str) -> str:
    """A line, its runs of spaces as elements (OpenDocument 1.3, 6.1.3)."""
    return re.sub(r"  +", lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(line))


def ods_merged() -> bytes:
    """A spreadsheet in which a week is merged over two rows, and a title bears a comment; and a
    hidden sheet."""
    note = "<office:annotation><text:p>à revoir</text:p></office:annotation>"
    title = ods_cell("Ouvrir").replace("<text:p>", f"{note}<text:p>", 1)
    week = ods_cell("1", 'table:number-rows-spanned="2" table:number-columns-spanned="1"')
    rows = (
        ods_cell("Semaine") + ods_cell("Titre"),
        week + title,
        "<table:covered-table-cell/>" + ods_cell("Diagnostiquer"),
    )
    plan = f'<table:table table:name="Plan">{"".join(map(_ods_row, rows))}</table:table>'
    hidden = f'<table:table table:name="Caché" table:style-name="hidden">{_ods_row(ods_cell("x"))}'
    return ods_of(f"{plan}{hidden}</table:table>")


def delimited(grid: Grid, dialect: str, encoding: str = "utf-8") -> bytes:
    """A table as five programs write it: see ``DIALECTS``."""
    delimiter, quoting, ending = DIALECTS[dialect]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=ending).writerows(grid)
    return file.getvalue().encode(encoding)


DIALECTS = {
    "french Excel": (";", csv.QUOTE_MINIMAL, "\r\n"),
    "RFC 4180": (",", csv.QUOTE_MINIMAL, "\r\n"),
    "all quoted": (",", csv.QUOTE_ALL, "\n"),
    "tabs": ("\t", csv.QUOTE_MINIMAL, "\n"),
    "bars": ("|", csv.QUOTE_MINIMAL, "\n"),
}


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    """A tar.gz of these members."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as made:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            made.addfile(about, io.BytesIO(data))
    return gzip.compress(file.getvalue())


def manifest(schema: str) -> str:
    """The manifest of a package of that schema."""
    return f"<manifest><metadata><schema>{schema}</schema></metadata></manifest>"


COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
KINDS: Mapping[str, Sequence[bytes]] = {
    "picture": (
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff\xe0" + bytes(40),
        b"GIF89a" + bytes(40),
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x18ftypheic" + bytes(40),
        b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
    ),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",),
    "text-document": (
        zipped({"word/document.xml": "<w/>"}),
        zipped({"mimetype": "application/vnd.oasis.opendocument.text"}),
        COMPOUND + "WordDocument".encode("utf-16-le"),
        b"{\\rtf1\\ansi}",
    ),
    "slides": (
        zipped({"ppt/presentation.xml": "<p/>"}),
        zipped({"mimetype": "application/vnd.oasis.opendocument.presentation"}),
    ),
    "old-workbook": (
        COMPOUND + "Workbook".encode("utf-16-le"),
        zipped({"xl/workbook.bin": b"\0"}),
    ),
    "locked": (COMPOUND + "EncryptedPackage".encode("utf-16-le"),),
    "scorm": (zipped({"imsmanifest.xml": manifest("ADL SCORM")}),),
    "cartridge": (zipped({"imsmanifest.xml": manifest("IMS Common Cartridge")}),),
    "moodle": (
        zipped({"moodle_backup.xml": "<moodle_backup/>"}),
        tarred({"moodle_backup.xml": b"<moodle_backup/>"}),
    ),
    "olx": (tarred({"course/course.xml": b"<course/>"}),),
    "pages-document": (zipped({"Index/Document.iwa": b"\0"}),),
    "book": (zipped({"mimetype": "application/epub+zip"}),),
    "archive": (zipped({"a.txt": "a"}), b"7z\xbc\xaf\x27\x1c" + bytes(20), b"Rar!\x1a\x07\x00"),
    "sound": (b"ID3\x04" + bytes(40), b"OggS" + bytes(40)),
    "film": (b"\x00\x00\x00\x20ftypisom" + bytes(40), b"\x1aE\xdf\xa3" + bytes(40)),
    "calendar": (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",),
    "contacts": (b"BEGIN:VCARD\r\nFN:Anne\r\nEND:VCARD\r\n",),
    "json": (b'{"title": "Cours", "sections": []}',),
    "markup": (b'<?xml version="1.0"?><cours><titre>A</titre></cours>',),
    "web-page": (b"<!doctype html><html><body><p>Bonjour</p></body></html>",),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(40),),
    "database": (b"SQLite format 3\x00" + bytes(40),),
    "unknown": (bytes(range(1, 256)) * 3,),
}
