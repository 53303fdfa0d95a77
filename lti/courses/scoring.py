"""What an experience counts for in a gradebook, as the teacher chose. Pure: progress in, a grade
out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lti.services.ags import Activity, Grading


@dataclass(frozen=True)
class ExperienceState:
    """A learner's progress in one experience: how many of the ``prompts`` of its debrief were
    ``answered``, and whether the debrief is ``complete`` or ``ended`` before that."""

    finished: bool
    answered: int
    prompts: int
    complete: bool
    ended: bool

    @property
    def over(self) -> bool:
        """Whether nothing more will be asked."""
        return self.complete or self.ended

    @property
    def answered_share(self) -> float:
        """The share of the debrief that was answered, in 0–1; 1 once it is complete."""
        return 1.0 if self.complete or not self.prompts else min(1.0, self.answered / self.prompts)


@dataclass(frozen=True)
class Grade:
    """What is sent to the gradebook; ``share`` in 0–1, None while there is no score (AGS 2.0,
    section 3.4)."""

    share: float | None
    activity: Activity
    grading: Grading


def grade(lived: ExperienceState, counts: str) -> Grade | None:
    """The grade for the experience: full marks once ``finished``; for its debrief once
    ``complete``; or ``both``, half for finishing it and half for the prompts answered. None before
    it is finished.

    A debrief that ended early counts for what was answered. A score for work in progress is sent as
    *FullyGraded* all the same, since some platforms show no score otherwise.
    """
    if not lived.finished:
        return None
    if counts == "finished":
        return Grade(1.0, "Completed", "FullyGraded")
    share = lived.answered_share if counts == "complete" else 0.5 + lived.answered_share / 2
    if lived.over:
        return Grade(round(share, 4), "Completed", "FullyGraded")
    if counts == "complete":
        return Grade(None, "InProgress", "Pending")
    return Grade(round(share, 4), "InProgress", "FullyGraded")


def mean(grades: Sequence[Grade | None]) -> Grade | None:
    """The combined grade for all experiences of a course; one without a grade counts as zero. None
    if none has a grade."""
    begun = [one for one in grades if one is not None]
    if not begun:
        return None
    if all(one.share is None for one in begun):
        return Grade(None, "InProgress", "Pending")
    share = sum(one.share or 0.0 for one in begun) / len(grades)
    whole = len(begun) == len(grades) and all(one.activity == "Completed" for one in begun)
    return Grade(round(share, 4), "Completed" if whole else "InProgress", "FullyGraded")
