"""What an experience counts for in a gradebook, as the teacher chose. Pure: how far it was lived
in, a grade out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lti.services.ags import Activity, Grading


@dataclass(frozen=True)
class ExperienceState:
    """How far someone has come in one experience: ``answered`` of the ``prompts`` of its
    debrief, which is ``complete``, or ``ended`` before that."""

    finished: bool
    answered: int
    prompts: int
    complete: bool
    ended: bool

    @property
    def over(self) -> bool:
        """Whether nothing is asked any more."""
        return self.complete or self.ended

    @property
    def answered_share(self) -> float:
        """How much of the debrief was answered, in 0–1; all of it once it is complete."""
        return 1.0 if self.complete or not self.prompts else min(1.0, self.answered / self.prompts)


@dataclass(frozen=True)
class Grade:
    """What the gradebook is told; ``share`` in 0–1, None as long as there is no score (AGS 2.0,
    section 3.4)."""

    share: float | None
    activity: Activity
    grading: Grading


def grade(lived: ExperienceState, counts: str) -> Grade | None:
    """What the experience counts for: the whole of it once ``finished``; its debrief once
    ``complete``; or ``both``, half for living it and half for what was answered. None before it is
    finished.

    A debrief that ended early counts for what was answered. What is under way with a score says
    *FullyGraded* all the same: some platforms show no score otherwise.
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
    """What all experiences of a course count for together; one that is not lived counts for
    nothing yet. None when none is."""
    begun = [one for one in grades if one is not None]
    if not begun:
        return None
    if all(one.share is None for one in begun):
        return Grade(None, "InProgress", "Pending")
    share = sum(one.share or 0.0 for one in begun) / len(grades)
    whole = len(begun) == len(grades) and all(one.activity == "Completed" for one in begun)
    return Grade(round(share, 4), "Completed" if whole else "InProgress", "FullyGraded")
