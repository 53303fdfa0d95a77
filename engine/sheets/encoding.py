"""Decodes a text whose encoding nobody says. A wrong letter is worse than a refusal.

General detectors guess languages from hundreds of characters; a course plan has a dozen accents
(one of them read « ę » for « « » in a sample of ours). Here only encodings that spreadsheets write
in western Europe are tried, and the one is kept in which each letter stands where letters stand.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

from engine.sheets.reasons import LettersLost, LettersRepaired, LettersUnclear, Unreadable
from engine.values.folding import bare
from engine.values.reasons import Reason

ENCODINGS = ("utf-8", "utf-16", "cp1252", "mac-roman", "cp850", "iso-8859-15")
"""Those that a person may choose: UTF-8, Unicode of Windows, Windows, old Macs, MS-DOS, Latin 9."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EIGHT_BITS = ("cp1252", "iso-8859-15", "mac-roman", "cp850")
_FRENCH = frozenset("àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ")
_WESTERN = frozenset("áãåäíìñóòõöøúýßÁÃÅÄÍÌÑÓÒÕÖØÚÝšžŠŽ")
_QUOTING = frozenset("«»“”‘–—…•·€°²³½×§©®™\u00a0\u202f\u2011")
_BEFORE_SPACE = frozenset("«.:;–—")
_ODD = frozenset("†‡¤¦¶‰¬÷¥¢¹¼¾ªº±£µ")
_ALONE = frozenset("àÀôÔ")
_HIGH = re.compile(r"[^\x00-\x7f]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_LETTER = re.compile(rb"[A-Za-z]")
_TWICE = re.compile("[ÃÂ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€[™œ“”¦]?")
_BEGINNING = frozenset("ëïüùûÿæÈ")
"""They begin hardly any word of French."""
_OF_OLD_MACS = {"mac-roman": 0.0, "cp1252": 1.0, "iso-8859-15": 1.0, "cp850": 1.0}
_OF_OTHERS = {"mac-roman": 0.5, "cp1252": 0.0, "iso-8859-15": 0.0, "cp850": 0.5}
"""What each encoding costs: lines that end in a carriage return alone come from old Macs."""
WRONG, STRANGE = 4.0, 1.0
"""What a character costs that cannot stand where it stands, and one that is rare."""
ENOUGH = 1.5
"""By so much another reading must cost more."""


def decode(data: bytes, chosen: str = "") -> tuple[str, str, tuple[Reason, ...]]:
    """The text with ``\\n`` line ends, its encoding, and what was noticed. ``chosen`` is an
    encoding that somebody chose. Raises ``Unreadable``."""
    text, encoding = _chosen(data, chosen) if chosen in ENCODINGS else _decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    repaired = None if chosen else _meant(text)
    if (lost := (repaired or text).find("\ufffd")) >= 0:
        raise Unreadable(LettersLost(text.count("\n", 0, lost) + 1))
    return repaired or text, encoding, (LettersRepaired(),) if repaired else ()


def _chosen(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
    except UnicodeDecodeError as wrong:
        raise Unreadable(LettersUnclear(_line(data, wrong.start))) from None


def _decoded(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding), encoding.removesuffix("-sig")
    if b"\0" in data:
        big = data[::2].count(0) > data[1::2].count(0)
        return _strictly(data, "utf-16-be" if big else "utf-16-le"), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _eight_bits(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as wrong:
        raise Unreadable(LettersUnclear(_line(data, wrong.start))) from None


def _eight_bits(data: bytes) -> tuple[str, str]:
    """The one reading in which every letter is in its place. Raises ``Unreadable`` where there is
    none, or another that is about as good."""
    prior = _OF_OLD_MACS if b"\r" in data and b"\n" not in data else _OF_OTHERS
    contexts = _contexts(data)
    if _is_foreign(data):
        raise Unreadable(LettersUnclear(_line(data, _first_high(data))))
    readings: dict[str, tuple[float, float, str]] = {}
    for encoding in _EIGHT_BITS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        costs = {some: _cost(*some.decode(encoding)) for some in contexts}
        cost = sum(costs[some] * times for some, times in contexts.items())
        pairs = STRANGE * 2 if text.count("«") != text.count("»") else 0.0
        cost += pairs + prior[encoding]
        readings.setdefault(text, (cost, max(costs.values()), encoding))
    ranked = sorted(readings.items(), key=lambda reading: reading[1][0])
    text, (cost, worst, encoding) = ranked[0]
    second = ranked[1][1][0] if len(ranked) > 1 else cost + WRONG
    if second - cost < ENOUGH or worst >= WRONG:
        raise Unreadable(LettersUnclear(_first_wrong(text)))
    return text, encoding


def _contexts(data: bytes) -> Counter[bytes]:
    """How often each byte beyond ASCII stands between which others: in these encodings, a byte is a
    character."""
    padded = b" " + data + b" "
    found = (one.start() for one in _HIGH_BYTE.finditer(padded))
    return Counter(padded[at - 1 : at + 2] for at in found)


def _costs(text: str) -> Iterator[float]:
    for found in _HIGH.finditer(text):
        at = found.start()
        yield _cost(text[at - 1] if at else " ", found[0], text[at + 1 : at + 2] or " ")


def _cost(before: str, one: str, after: str) -> float:
    """How strange this character is between these two."""
    if one in _FRENCH or one in _WESTERN:
        rare = 0.0 if one in _FRENCH else STRANGE / 2
        return rare + _cost_of_letter(one, before, after)
    between = before.isalpha() and after.isalpha()
    if one == "’":
        return 0.0 if before.isalpha() or after.isalpha() else STRANGE
    if one in "\u00a0\u202f" and after.isalpha() and not before.isdigit():
        return STRANGE / 2 if before in _BEFORE_SPACE or before.isalpha() else STRANGE * 2
    if one in _QUOTING:
        runs_on = one in "…•€°" and after.isalpha() and not before.isdigit()
        return WRONG if between else STRANGE * 2 if runs_on else 0.0
    if one in "¿¡":
        return STRANGE * 2 if not before.isalpha() else WRONG
    beside = before.isalpha() or after.isalpha()
    return STRANGE if one in _ODD and not beside else WRONG


def _cost_of_letter(one: str, before: str, after: str) -> float:
    if not before.isalpha() and not after.isalpha():
        return 0.0 if one in _ALONE or after == "." else STRANGE * 3
    if one in "çÇ" and after.isalpha() and bare(after) not in "aou":
        return WRONG
    if one in "œŒ" and after.isalpha() and bare(after) not in "udeiscntm":
        return STRANGE
    if one in "àù" and after.isalpha():
        return STRANGE
    if not before.isalpha() and one in _BEGINNING and not after.isupper():
        return STRANGE / 2
    if one.isupper():
        inside = before.islower() or (before.isupper() and after.islower())
        return WRONG if inside else 0.0
    return STRANGE if after.isupper() else 0.0


def _is_foreign(data: bytes) -> bool:
    """Whether most letters are beyond ASCII: Cyrillic or Greek, read as something else."""
    high = len(_HIGH_BYTE.findall(data))
    return high > 8 and high > (high + len(_LETTER.findall(data))) * 0.4


def _first_high(data: bytes) -> int:
    found = _HIGH_BYTE.search(data)
    return found.start() if found else 0


def _first_wrong(text: str) -> int:
    costs = zip(_HIGH.finditer(text), _costs(text), strict=True)
    at = next((found.start() for found, cost in costs if cost >= STRANGE), 0)
    return len(re.findall(r"\r\n|\r|\n", text[:at])) + 1


def _meant(text: str) -> str | None:
    """What was meant by a text that was encoded twice; None for any other."""
    if not _TWICE.search(text):
        return None
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
