"""The names of people as they are written on lists: in capitals, the last name first, between
quotation marks."""

from __future__ import annotations

import re
from email.header import decode_header, make_header

from engine.values.lines import one_line

_SMALL = frozenset(("de", "von", "van", "der", "den", "da", "dos", "di", "et", "y", "zu"))
"""They stay small inside a name that was in capitals: « DE LA TOUR » is « de La Tour »."""
_ELIDED = re.compile("\\bd['’]")
"""What stays small before capitals: « d’ESSAI »."""
_PART = re.compile(r"[^\s'’-]+|[\s'’-]+")
_QUOTES = "\"'“”«»‘’ \t\u00a0"


def full_name(first: str, last: str) -> str:
    """One name of the two that a list has apart."""
    return " ".join(filter(None, (tidy(first), tidy(last))))


def whole_name(written: str, last_first: bool = False) -> str:
    """A whole name, the first name first: « EXEMPLE Anne » and « Exemple, Anne » are « Anne
    Exemple ». ``last_first``: the list says so of names in which nothing else tells."""
    name = one_line(_decoded(written)).strip(_QUOTES)
    name = re.sub(r"[(\[][^()\[\]]*[)\]]\s*$", "", name).strip(_QUOTES)
    if "@" in name or not any(c.isalpha() for c in name):
        return ""
    last, comma, first = name.partition(",")
    if comma and last.strip() and first.strip():
        return full_name(first.strip(" ,"), last)
    words = name.strip(" ,").split(" ")
    last_names = (word in _SMALL or _is_capital(word) for word in words)
    capitals = next((n for n, is_last in enumerate(last_names) if not is_last), len(words))
    if capitals < len(words) and any(len(w) > 2 and _is_capital(w) for w in words[:capitals]):
        return full_name(" ".join(words[capitals:]), " ".join(words[:capitals]))
    if name.islower():
        return tidy(name)
    if last_first and len(words) == 2:
        return full_name(words[1], words[0])
    return " ".join(tidy(word) if _is_capital(word) else word for word in words)


def tidy(name: str) -> str:
    """A name on one line; one in capitals, or in small letters alone, as names are written."""
    name = one_line(name).strip(_QUOTES + ",;")
    letters = [c for c in name if c.isalpha()]
    large = " ".join(word for word in _ELIDED.sub("", name).split() if word not in _SMALL)
    if len(letters) < 2 or not (large.isupper() or name.islower()):
        return name
    parts = _PART.findall(name.lower())
    return "".join(_cased(part, parts[n + 1 : n + 2]) for n, part in enumerate(parts))


def _cased(part: str, after: list[str]) -> str:
    if part in _SMALL or (part == "d" and after and after[0] in "'’"):
        return part
    if part.startswith("mc") and len(part) > 4:
        return f"Mc{part[2:].capitalize()}"
    return part[:1].upper() + part[1:]


def _is_capital(word: str) -> bool:
    bare = _ELIDED.sub("", word)
    return bare.isupper() and sum(c.isalpha() for c in bare) > 1


def _decoded(written: str) -> str:
    """A name as mail headers encode it (RFC 2047), in plain letters."""
    if "=?" not in written:
        return written
    try:
        return str(make_header(decode_header(written)))
    except (ValueError, LookupError):
        return written
