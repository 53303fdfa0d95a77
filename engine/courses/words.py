"""What those who run a course say to its learners, and what they see of what learners shared."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.courses.reasons import SentenceUnknown, WordEmpty, WordTooLong
from engine.journey.sharing import Asked, Sentence, sentence
from engine.storage.queries import sharing as queries
from engine.storage.queries.running import rows
from engine.storage.tables import Account, Course, CourseWord, Shared
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from engine.values.pages import A_PAGE, before, nearest, pages_of

LONGEST = 300
"""Characters of a word, and of the reason why a sentence is hidden."""


@dataclass(frozen=True)
class SentencesPage:
    """A page of what is shared with a course, the latest first. ``page`` counts from 1."""

    shown: tuple[Sentence, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return pages_of(self.total)


def say(work: Work, course: Course, account: str, text: str) -> None:
    """Adds a word to the next touch of each learner of the course, in place of the one before.
    Raises ``Invalid("word-empty" | "word-too-long", field="text")``."""
    text = _plain(text)
    if not text:
        raise Invalid(WordEmpty(), field="text")
    if len(text) > LONGEST:
        raise Invalid(WordTooLong(length=len(text), most=LONGEST), field="text")
    row = word_in(work, course)
    if row is None:
        row = CourseWord(course=course.id)
        work.session.add(row)
    row.account, row.text, row.written_at = account, text, work.now
    work.session.flush()


def take_back(work: Work, course: Course) -> None:
    """Nobody reads the word any more, wherever it was shown."""
    row = word_in(work, course)
    if row is not None:
        work.session.delete(row)


def word_in(work: Work, course: Course) -> CourseWord | None:
    """The course's word, if there is one."""
    its = select(CourseWord).where(CourseWord.course == course.id)
    return work.session.scalars(its).one_or_none()


def name_of(work: Work, word: CourseWord) -> str:
    """By whom a word is signed."""
    return work.session.scalars(select(Account.name).where(Account.id == word.account)).one()


def sentences(work: Work, course: Course, lang: str, page: int = 1) -> SentencesPage:
    """A page of what learners share with the course, also what is hidden; of a page that is not
    there, the nearest. Two statements, however much is shared."""
    total = rows(work.session, queries.IN_COURSE, course=course.id)[0].sentences
    page = nearest(page, total)
    found = rows(
        work.session, queries.OF_COURSE, course=course.id, most=A_PAGE, skipped=before(page)
    )
    return SentencesPage(tuple(sentence(work, row, lang) for row in found), total, page)


def hide(work: Work, course: Course, asked: Asked, why: str) -> None:
    """Others no longer see that sentence; whoever shared it is told, with the reason if one is
    given. Raises ``NotFound("sentence-unknown")`` and ``Invalid("word-too-long", field="why")``."""
    why = _plain(why)
    if len(why) > LONGEST:
        raise Invalid(WordTooLong(length=len(why), most=LONGEST), field="why")
    row = _shared(work, course, asked)
    row.hidden_at, row.why = work.now, why or None


def show_again(work: Work, course: Course, asked: Asked) -> None:
    """Others see that sentence again. Raises ``NotFound("sentence-unknown")``."""
    row = _shared(work, course, asked)
    row.hidden_at = row.why = None


def _shared(work: Work, course: Course, asked: Asked) -> Shared:
    found = work.session.scalars(
        select(Shared).where(
            Shared.course == course.id,
            Shared.enrolment == asked.enrolment,
            Shared.prompt == asked.prompt,
            Shared.occurrence == asked.occurrence,
        )
    ).one_or_none()
    if found is None:
        raise NotFound(SentenceUnknown())
    return found


def _plain(text: str) -> str:
    """Plain text: what cannot be printed is left out, line ends apart."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c for c in line if c.isprintable()) for line in lines).strip()
