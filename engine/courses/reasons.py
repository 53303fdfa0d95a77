"""What cannot be done with a course, and why."""

from __future__ import annotations

from engine.values.reasons import Reason


class CourseUnknown(Reason, code="course-unknown"):
    """The organisation has no such course, or it is somebody else's."""

    course: str | None = None


class SectionUnknown(Reason, code="section-unknown"):
    """The course has no such section."""

    section: str


class ModuleAmbiguous(Reason, code="module-ambiguous"):
    """Several packs have a module of that name."""

    module: str
    candidates: tuple[str, ...]


class SlottingOvertaken(Reason, code="slotting-overtaken"):
    """The course was changed each time it was being placed."""


class PlanStale(Reason, code="plan-stale"):
    """The course has changed since the plan was shown."""


class NothingToUndo(Reason, code="nothing-to-undo"):
    """No change is left to undo."""


class UndoOvertaken(Reason, code="undo-overtaken"):
    """Something else has changed since the change to be undone."""


class EndsInThePast(Reason, code="ends-in-the-past"):
    """The last day lies before today."""


class DebriefsNotSaid(Reason, code="debriefs-not-said"):
    """Nobody said what becomes of open debriefs."""


class NotEnded(Reason, code="not-ended"):
    """Only a course that has ended is archived."""


class RunsAlready(Reason, code="runs-already"):
    """The course has not ended."""


class NoMonday(Reason, code="no-monday"):
    """Not a Monday of our times."""


class WordEmpty(Reason, code="word-empty"):
    """A word without words."""


class WordTooLong(Reason, code="word-too-long"):
    """It has ``length`` characters, and ``most`` at most are kept."""

    length: int
    most: int


class SentenceUnknown(Reason, code="sentence-unknown"):
    """No such sentence is shared with the course (any more)."""


class WeeklyMinutesOutOfRange(Reason, code="weekly-minutes"):
    """Not from 1 to ``most``."""

    most: int


class MaturityUnknown(Reason, code="maturity"):
    """Not one of the four maturities."""


class LanguageUnknown(Reason, code="language-unknown"):
    """Not a language of the pages."""


class CohortUnknown(Reason, code="cohort-unknown"):
    """The course has no such cohort that was made here."""


class CohortNameMissing(Reason, code="cohort-name-missing"):
    """A cohort has to have a name."""


class CohortNameTaken(Reason, code="cohort-name-taken"):
    """Another cohort of the course has that name."""

    name: str


class NobodySelected(Reason, code="nobody-selected"):
    """Something was to be done with people, and nobody was named."""


class UploadGone(Reason, code="upload-gone"):
    """The file was kept, dropped, or forgotten after a day; or it is somebody else's."""


class TitleMissing(Reason, code="course-title-missing"):
    """A course needs a title."""
