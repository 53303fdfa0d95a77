"""What is wrong with a pasted list of sections, and what was left out of a file, by its line (from
1)."""

from __future__ import annotations

from typing import Annotated

from engine.values.reasons import Reason, Vocabulary


class PastedReason(Reason):
    """One fault in the list."""


class PastedEmpty(PastedReason, code="pasted-empty"):
    """No section at all."""


class PastedLine(PastedReason):
    """A fault in one line."""

    line: int


class PastedTooMany(PastedLine, code="pasted-too-many"):
    """The first line beyond the sections that a course may have."""

    most: int


class PastedTitleMissing(PastedLine, code="pasted-title-missing"):
    """A section without a title."""


class PastedTitleLong(PastedLine, code="pasted-title-long"):
    """A title of too many characters."""

    length: int
    most: int


class PastedTextLong(PastedLine, code="pasted-text-long"):
    """A text of too many characters."""

    length: int
    most: int


class PastedWeek(PastedLine, code="pasted-week"):
    """Not a week from 1 to ``most``."""

    week: str
    most: int


class PastedFaulty(Reason, code="pasted-faulty"):
    """So many faults; nothing was kept."""

    count: int


What = Annotated[str, Vocabulary("outline-fields")]


class NoTitles(Reason, code="outline-no-titles"):
    """No column of the table can be the titles."""


class NoSections(Reason, code="outline-no-sections"):
    """Nothing in it can be a section."""


class TooManySections(Reason, code="outline-too-many"):
    """More than ``most`` sections."""

    most: int


class PeopleInstead(Reason, code="outline-people"):
    """The table holds addresses: it is a list of people."""


class LeftOut(Reason):
    """What was not taken from a file, or not as it stands."""


class TitlesGuessed(LeftOut, code="outline-titles-guessed"):
    """No column is headed as titles are: these were taken for them."""

    headings: tuple[str, ...]


class LineAbove(LeftOut, code="outline-line-above"):
    """A line above the table that says nothing which a course keeps."""

    line: int
    words: str


class SettingUnread(LeftOut, code="outline-setting-unread"):
    """A line on top says something of the course that cannot be read; ``near`` is a name that it
    resembles."""

    line: int
    words: str
    near: str = ""


class RowBreak(LeftOut, code="outline-row-break"):
    """A row that says that there is no course then."""

    line: int
    words: str


class RowTotal(LeftOut, code="outline-row-total"):
    """A row of totals."""

    line: int
    words: str


class RowHeading(LeftOut, code="outline-row-heading"):
    """The headings again, as at the top of a page."""

    line: int


class RowOfOthers(LeftOut, code="outline-row-band"):
    """A row that heads those below it."""

    line: int
    words: str


class RowUntitled(LeftOut, code="outline-row-untitled"):
    """A row without a title."""

    line: int


class TitleShortened(LeftOut, code="outline-title-shortened"):
    """A title of more than ``most`` characters; it is whole in the text."""

    line: int
    most: int


class CellUnread(LeftOut, code="outline-cell-unread"):
    """A cell that cannot be read as what its column holds."""

    line: int
    words: str
    what: What
    heading: str


class DayUnclear(LeftOut, code="outline-day-unclear"):
    """A day that may be two, or that says no year where nothing else does."""

    line: int
    words: str


class DurationsUnclear(LeftOut, code="outline-durations-unclear"):
    """A column of small numbers that may be hours or minutes: no duration was kept."""

    heading: str


class TableTurned(LeftOut, code="outline-turned"):
    """A timetable: each of these columns is a section."""

    headings: tuple[str, ...]


class SectionHidden(LeftOut, code="outline-hidden"):
    """A section that the learners of the package do not see."""

    words: str


class SectionUnnamed(LeftOut, code="outline-unnamed"):
    """A section of an archive that has no name of its own, and holds nothing to call it by."""

    number: int


class WeeksFromZero(LeftOut, code="outline-weeks-from-zero"):
    """The weeks begin at 0, and all were counted from 1."""
