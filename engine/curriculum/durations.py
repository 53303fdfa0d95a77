"""Reads how long something takes as people write it: « 1h30 », « 2 h », « 15' », « 1:30 »,
« 0,5 j », « 9h-12h30 »."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Literal

from engine.sheets.values import Value
from engine.values.folding import bare

Unit = Literal["", "min", "h"]
DAY = 7 * 60
"""Minutes in a day of course."""
MOST = 100_000
MOST_HOURS = 12
"""More hours, with a fraction and no unit, are something else: seconds, perhaps."""
LONGEST_SESSION = 8
"""In hours: numbers up to it may be hours or minutes, where nothing says which."""
_ABOUT = re.compile(
    r"^(~|≈|≃|env(iron)?\b\.?|about|approx(imately)?\b\.?|ca?\b\.?|max(i|imum)?\b\.?|duree\s*:?|duration\s*:?)\s*"
)
_WORDS = {
    "une ": "1 ",
    "un ": "1 ",
    "deux ": "2 ",
    "trois ": "3 ",
    "quatre ": "4 ",
    "one ": "1 ",
    "two ": "2 ",
    "three ": "3 ",
    "half a day": "0.5 j",
    "half an hour": "30 min",
    "half day": "0.5 j",
    "half-day": "0.5 j",
    "demi-journee": "0.5 j",
    "demi journee": "0.5 j",
    "demi-heure": "30 min",
    "demi heure": "30 min",
    "1⁄2": "0.5",
    "1/2": "0.5",
    "1⁄4": "0.25",
}
_HOURS = r"(?:h|hr|hrs|heures?|hours?)\b\.?|(?:h)(?=\d)"
_MINUTES = r"(?:mins?|mn|minutes?|m)\b\.?|['’′]"
_DAYS = r"(?:j|jrs?|jours?|journees?|days?|d)\b\.?"
_NUMBER = r"\d{1,6}(?:\.\d{1,4})?"
_TERM = re.compile(
    rf"(?:(?P<times>\d{{1,2}})\s*[x×*]\s*)?"
    rf"(?:(?P<h>{_NUMBER})\s*(?:{_HOURS})\s*(?:(?P<hm>[0-5]?\d)\s*(?:{_MINUTES})?(?!\s*[\d.]|\s*h))?"
    rf"|(?P<m>{_NUMBER})\s*(?:{_MINUTES})"
    rf"|(?P<d>{_NUMBER})\s*(?:{_DAYS})"
    r"|(?P<c>\d{1,3}):(?P<cm>[0-5]\d)(?::(?P<cs>[0-5]\d))?)"
)
_BETWEEN = re.compile(r"\s*(?:\+|et|and|,)?\s*")
_RANGE = re.compile(r"\s*(?:-|–|—|a|to|ou|or|/)\s*")
_HOUR = r"([01]?\d|2[0-3])(?:\s*[h:]\s*([0-5]\d)?\s*([ap]m)?|\s*()([ap]m))"
_CLOCKS = re.compile(rf"(?:de |from )?{_HOUR}\s*(?:-|–|—|a|to|/|→)\s*{_HOUR}")


def minutes_of(value: Value, unit: Unit = "") -> int | None:
    """The minutes that a cell says; ``unit`` is that of a bare number (minutes where it is not
    said, but hours for « 1,5 »). Of a range the shorter. None for anything else."""
    if isinstance(value, timedelta):
        return _whole(value.total_seconds() / 60)
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    if isinstance(value, date) or not value or len(value) > 60:
        return None
    plain = re.sub(r"(?<=\d),(?=\d)", ".", " ".join(bare(value).split()))
    plain = _ABOUT.sub("", re.sub(r"\s*\([^)]*\)", "", plain)).strip(" .")
    for word, number in _WORDS.items():
        plain = plain.replace(word, number)
    return _bare(plain, unit) if re.fullmatch(_NUMBER, plain) else _clocks(plain) or _terms(plain)


def unit_among(values: Iterable[Value]) -> Unit | None:
    """The unit of the bare numbers of a column whose heading says none: that of other cells, hours
    where one is a part, minutes where one is more than a session has hours. None where they may be
    either."""
    plain = [" ".join(bare(value).split()) for value in values if isinstance(value, str)]
    plain = [re.sub(r"(?<=\d),(?=\d)", ".", one) for one in plain if len(one) <= 60]
    numbers = [float(one) for one in plain if re.fullmatch(_NUMBER, one)]
    units = {bool(re.search(_HOURS, one)) for one in plain if _TERM.match(one)}
    if not any(numbers):
        return ""
    if units:
        return "h" if units == {True} else "min"
    if max(numbers) > LONGEST_SESSION:
        return ""
    return "h" if any(one % 1 for one in numbers) else None


def minutes_between(value: Value) -> int | None:
    """The minutes from one hour of the day to another, « 9h-12h30 »; None for anything else."""
    plain = " ".join(bare(value).split()) if isinstance(value, str) and len(value) < 60 else ""
    return _clocks(plain) if plain else None


def _bare(plain: str, unit: Unit) -> int | None:
    is_part = "." in plain and not plain.endswith(".0")
    if unit == "" and is_part and float(plain) > MOST_HOURS:
        return None
    hours = unit == "h" or (unit == "" and is_part)
    return _whole(float(plain) * (60 if hours else 1))


def _whole(minutes: float) -> int | None:
    return round(minutes) if 0 <= minutes <= MOST else None


def _clocks(plain: str) -> int | None:
    """The time from one hour of the day to another."""
    found = _CLOCKS.fullmatch(plain)
    if not found:
        return None
    begins, ends = _at(found.groups()[:5]), _at(found.groups()[5:])
    return ends - begins if 6 * 60 <= begins < ends else None


def _at(groups: tuple[str | None, ...]) -> int:
    """The minutes since midnight of an hour of the day."""
    hour, minute, half, _none, other = groups
    afternoon = "pm" in (half, other)
    return (int(hour or 0) % 12 + 12 if afternoon else int(hour or 0)) * 60 + int(minute or 0)


def _terms(plain: str) -> int | None:
    """The sum of what is said, « 1h + 30 min »; of « 1 à 2 h » the first, in the unit of the
    second."""
    if short := re.fullmatch(
        rf"({_NUMBER})\s*(?:-|–|—|a|to|ou|or)\s*{_NUMBER}\s*([a-z'’′. ]+)", plain
    ):
        plain = f"{short[1]} {short[2]}"
    total, at = 0.0, 0
    while at < len(plain):
        found = _TERM.match(plain, at)
        if not found:
            return None
        total += _term(found)
        at = found.end()
        to = _RANGE.match(plain, at)
        if to and to.end() < len(plain):
            rest = _TERM.fullmatch(plain, to.end())
            return _whole(total) if rest else None
        after = _BETWEEN.match(plain, at)
        at = after.end() if after else at
    return _whole(total) if plain else None


def _term(found: re.Match[str]) -> float:
    times = int(found["times"] or 1)
    if found["h"]:
        return times * (float(found["h"]) * 60 + int(found["hm"] or 0))
    if found["m"]:
        return times * float(found["m"])
    if found["d"]:
        return times * float(found["d"]) * DAY
    hours, minutes = int(found["c"]), int(found["cm"])
    return times * (hours if hours > 23 and not found["cs"] else hours * 60 + minutes)
