"""Reads the week of a section as people write it: « Semaine 3 », « S2 », « 3-4 », “Week 3”; and
such a label in front of a title."""

from __future__ import annotations

import re

from engine.values.folding import bare

LAST = 520
_NAME = r"(?:semaines?|sem|weeks?|wks?|s|w)"
_TO = r"\s*(?:-|–|—|/|&|,|à|a|au|et|to|and)\s*"
_LABEL = re.compile(
    rf"{_NAME}\.?\s*(?:n\s*[°o.]\s*|#\s*)?(?P<first>\d{{1,3}})(?:{_TO}(?:{_NAME}\.?\s*)?(?P<last>\d{{1,3}}))?"
    r"(?![\d/.]|\w)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?P<first>\d{{1,3}})(?:\.0|[a-c])?(?:{_TO}(?P<last>\d{{1,3}})[a-c]?)?")
_ORDINAL = re.compile(
    r"(?P<first>\d{1,3})\s*(?:re|er|ere|ère|e|eme|ème|st|nd|rd|th)\s+(?:semaine|week)\b", re.I
)
_ALONE = re.compile(rf"(?:{_NAME}\.?\s*)?(\d{{1,6}})", re.IGNORECASE)
_PUNCTUATION = " \t\n-–—:.,;|/)•·(\u00a0\u202f"


def week_of(text: str) -> int | None:
    """The week that a cell of a column of weeks says, the first of several; 0 may come out, since
    some begin there. None for anything else."""
    plain = " ".join(bare(text).split()).strip(_PUNCTUATION)
    found = _BARE.fullmatch(plain) or _LABEL.match(plain) or _ORDINAL.match(plain)
    week = int(found["first"]) if found else -1
    return week if 0 <= week <= LAST else None


def number_of_week(text: str) -> int | None:
    """The number that stands alone or after the name of a week, however large; None else."""
    found = _ALONE.fullmatch(text.strip())
    return int(found[1]) if found else None


def is_named_week(text: str) -> bool:
    """Whether a text names a week and says nothing else: « Semaine 3 », “Week 3”."""
    plain = " ".join(bare(text).split()).strip(_PUNCTUATION)
    found = _LABEL.fullmatch(plain) or _ORDINAL.fullmatch(plain)
    return bool(found) and not re.match(r"[sw]\.?\d", plain, re.IGNORECASE)


def beside_week(text: str) -> str:
    """What a cell says beside its week: « S3 : du 16 au 20 mars », “Week 1 (Sept 3-5)”."""
    found = _LABEL.match(text.strip())
    return text.strip()[found.end() :].strip(_PUNCTUATION + ")") if found else ""


def split_week(title: str) -> tuple[int | None, str]:
    """The week in front of a title and what is left: « Semaine 1 — Partir des besoins » is week 1.
    A label of one letter counts only before a sign, and nothing is taken that leaves no title."""
    found = _LABEL.match(title) or _ORDINAL.match(title)
    if not found:
        return None, title
    after = title[found.end() :]
    rest = after.strip(_PUNCTUATION)
    short = re.match(r"[sw]\.?\d", title, re.IGNORECASE)
    if not rest or (short and not re.match(r"\s*[-–—:.)|]", after)):
        return None, title
    if after.lstrip()[:1] == "(":
        rest = after.strip()
        if not re.search(r"\)\s*\S", rest):
            return None, title
    return int(found["first"]), rest
