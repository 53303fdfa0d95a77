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


class WeeklyMinutesOutOfRange(Reason, code="weekly-minutes"):
    """Not from 1 to ``most``."""

    most: int


class MaturityUnknown(Reason, code="maturity"):
    """Not one of the four maturities."""


class LanguageUnknown(Reason, code="language-unknown"):
    """Not a language of the pages."""


class UploadGone(Reason, code="upload-gone"):
    """The file was kept, dropped, or forgotten after a day; or it is somebody else's."""


class TitleMissing(Reason, code="course-title-missing"):
    """A course needs a title."""
