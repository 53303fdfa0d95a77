"""The words that those who run courses add to a learner's touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.storage.queries import sharing as queries
from engine.storage.queries.running import rows
from engine.storage.work import Work

FRESH = timedelta(days=14)
"""A word goes with touches that open within this time (learning time) after it was written."""


@dataclass(frozen=True)
class Word:
    """A word to a learner: plain text, by ``name``, who runs the course ``course``."""

    text: str
    name: str
    course: str


def goes_with(written: datetime, opened: datetime, before: datetime | None) -> bool:
    """Whether a word goes with a touch of its course: the first that opened after it was written,
    unless too much time went by. ``before``: when the touch of the course before it had opened."""
    return written <= opened <= written + FRESH and (before is None or before < written)


def words_of(work: Work, learner: str, number: int) -> tuple[Word, ...]:
    """The words that go with that touch."""
    work.session.flush()
    its = {"learner": learner, "number": number}
    found = rows(work.session, queries.WORDS, **its)
    if not found:
        return ()
    before = {row.course: row.opened_at for row in rows(work.session, queries.EARLIER, **its)}
    return tuple(
        Word(row.text, row.name, row.title)
        for row in found
        if goes_with(row.written_at, row.opened_at, before.get(row.course))
    )
