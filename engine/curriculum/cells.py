"""What the cells of a column hold, whatever its heading says; and their text without markup."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from engine.curriculum.days import parse
from engine.curriculum.durations import minutes_of
from engine.curriculum.vocabulary import listed
from engine.sheets.values import Row, Value, said
from engine.values.folding import fold

_NOTHING = listed(
    "n a|na|nan|null|none|tbd|tba|tbc|a definir|a preciser|a venir|a confirmer|non defini", "|"
)
_LETTER = re.compile(r"[^\W_]")
_CODE = re.compile(r"[\W_]*[A-Za-z]{0,6}[-_. ]?\d+(?:[-_.]\d+)*[a-z]?[\W_]*")
MAX_MARKED = 5_000
"""Longer texts keep their marks: what they are is no cell of a plan."""
_LINK = re.compile(r"!?\[([^\]\[]{0,200})\](?:\([^()]{0,200}\)|\[[^\]\[]{0,200}\])?")
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]{0,200}|!--[^<>]{0,200}--)>")
_BREAK = re.compile(r"<br\s{0,9}/?>|</p>", re.IGNORECASE)
_STRESS = re.compile(r"(\*\*|__|\*|`)(?=\S)([^*`]{1,200}?)(?<=\S)\1")
_UNDERLINED = re.compile(r"(?<!\w)_(?=\S)([^_\n]{1,200})(?<=\S)_(?!\w)")
_PATH = re.compile(r"(?=\S*[\d.]|\S*/\S*/)[\w.#-]*(/[\w.#-]+)+/?")
_ADDRESS = re.compile(r"(https?://|www\.|mailto:)\S+|\S+\.(pdf|html?|pptx?|docx?|ipynb)", re.I)


def words_of(value: Value) -> str:
    """A cell in words; empty where it only stands for nothing, such as « — », « [ ] » or “TBD”."""
    text = unmarked(said(value)).strip()
    return "" if is_nothing(text) else text


def is_nothing(text: str) -> bool:
    """Whether a text stands for nothing."""
    return not _LETTER.search(text) or (len(text) < 40 and fold(text) in _NOTHING)


def unmarked(text: str) -> str:
    """A text without links, tags and stress of Markdown or HTML."""
    if len(text) > MAX_MARKED:
        return text
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "_" in text:
        text = _UNDERLINED.sub(r"\1", text)
    if "*" in text or "_" in text or "`" in text:
        text = _STRESS.sub(r"\2", text)
    return html.unescape(text) if "&" in text else text


def is_wordy(value: Value) -> bool:
    """Whether a cell says something in words, and no number, code, day, duration or address."""
    text = words_of(value)[:MAX_MARKED]
    if not re.search(r"[^\W\d_]{2}", text) or _CODE.fullmatch(text):
        return False
    if _ADDRESS.fullmatch(text) or _PATH.fullmatch(text):
        return False
    return not parse(text) and minutes_of(text) is None


def is_number(value: Value) -> bool:
    """Whether a cell only counts: « 3 », « S3 », « Séance 3 »."""
    text = words_of(value)
    return bool(re.fullmatch(r"[^\W\d_]{0,9}\.?\s*(n\s*°\s*)?\d{1,4}[.)]?", text))


def column(rows: Sequence[Row], number: int) -> list[Value]:
    """The cells of a column that hold something."""
    cells = (row.cell(number) for row in rows)
    return [cell for cell in cells if not isinstance(cell, str) or words_of(cell)]


def share(fitting: int, whole: int) -> float:
    """A part of a whole, 0 of nothing."""
    return fitting / whole if whole else 0.0
