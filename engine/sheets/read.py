"""Reads any file, or what somebody pasted, as sheets; or says what it is instead."""

from __future__ import annotations

from engine.sheets.delimited import read_delimited
from engine.sheets.encoding import decode
from engine.sheets.html import read_html
from engine.sheets.kinds import Looked, look
from engine.sheets.ods import read_ods
from engine.sheets.reasons import FileEmpty, FileTooLarge, OtherFile, Unreadable
from engine.sheets.values import Book, Sheet, Source
from engine.sheets.xlsx import read_xlsx

MAX_BYTES = 1_000_000


def read_book(
    data: bytes,
    *,
    most: int = MAX_BYTES,
    encoding: str = "",
    delimiter: str = "",
    looked: Looked | None = None,
) -> Book:
    """The sheets in ``data`` (``most`` bytes), with the encoding and the delimiter that somebody
    chose, or those that are found out; ``looked`` is what it is, if somebody has looked already.
    Raises ``Unreadable``."""
    if len(data) > most:
        raise Unreadable(FileTooLarge(max(1, most // 1_000_000)))
    looked = looked or look(data)
    kind = looked.kind
    if kind == "workbook" and looked.parts:
        return _with_something(read_xlsx(looked.parts))
    if kind == "spreadsheet" and looked.parts:
        return _with_something(read_ods(looked.parts))
    if kind not in ("text", "web-page"):
        raise Unreadable(OtherFile(kind))
    text, found, notes = decode(data, encoding)
    if not text.strip(" \t\n\u00a0"):
        raise Unreadable(FileEmpty())
    if "\0" in text or "\x1b" in text[:1_000]:
        raise Unreadable(OtherFile("unknown"))
    if kind == "web-page":
        book = read_html(text, found)
        if not book.sheets:
            raise Unreadable(OtherFile(kind))
        return book
    book = read_text(text, delimiter)
    return Book(Source("csv", found, book.source.delimiter), book.sheets, text, notes + book.notes)


def read_text(text: str, delimiter: str = "") -> Book:
    """The one sheet of a text (``\\n`` line ends)."""
    table = read_delimited(text, delimiter)
    sheet = Sheet(table.rows, "", table.above)
    return Book(Source("csv", "", table.delimiter), (sheet,), text, table.notes)


def _with_something(book: Book) -> Book:
    if not book.sheets:
        raise Unreadable(FileEmpty())
    return book
