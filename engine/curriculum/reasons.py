"""What is wrong with a pasted list of sections, by its line (from 1)."""

from __future__ import annotations

from engine.values.reasons import Reason


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
