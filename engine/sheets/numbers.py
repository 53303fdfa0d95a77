"""What a number in a workbook means: its format tells a day, an hour, a duration, or a unit behind
it (ECMA-376, 18.8.30)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from engine.sheets.values import Value

_BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 34, 35, 36, *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 47), "h:mm"),
    22: "yyyy-mm-dd h:mm",
    46: "[h]:mm:ss",
}
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_BEHIND = re.compile(r'[0#?](?:\s|\\ )*"([^"]{1,12})"\s*$|[0#?]((?:\\.){1,8})\s*$')
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  a workbook knows no zones


def format_of(number: int, custom: str) -> str:
    """The code of a number format: the custom one, or what its number stands for."""
    return custom or _BUILT_IN.get(number, "")


def meaning(written: str, code: str, since_1904: bool) -> Value:
    """The value of a number that a workbook shows in the format ``code``."""
    try:
        number = float(written)
    except ValueError:
        return written
    first = code.partition(";")[0]
    letters = _SILENT.sub("", first).lower()
    if code and re.search(r"[ydhs]|m", letters) and "general" not in letters:
        return _moment(number, letters, since_1904)
    behind = _BEHIND.search(first)
    unit = (behind[1] or behind[2].replace("\\", "")).strip() if behind else ""
    return f"{plain(written, number)} {unit}".strip()


def plain(written: str, number: float) -> str:
    """A number as people write it: 3 without .0, and none of what binary fractions leave."""
    if number != number or number in (float("inf"), float("-inf")):
        return written
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return repr(float(f"{number:.15g}"))


def _moment(number: float, letters: str, since_1904: bool) -> Value:
    """Days since the workbook's epoch as a day, a moment, an hour or a duration."""
    try:
        if "[" in letters:
            return timedelta(minutes=round(number * 1440))
        days = number + (1462 if since_1904 else 0)
        at = _EPOCH + timedelta(seconds=round(days * 86_400))
    except (OverflowError, ValueError):
        return plain(repr(number), number)
    if not re.search(r"[yd]", letters) and re.search(r"[hs]", letters):
        return time(at.hour, at.minute) if 0 <= number < 1 else timedelta(days=number)
    return day_or_moment(at)


def day_or_moment(at: datetime) -> date | datetime:
    """A day without an hour as a day."""
    return at.date() if at.time() == time() else at
