"""What somebody without an account, whom a learner met, answers by a link: one thing, once. It is a
line of that experience's log, and goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from engine.forms.base import Said
from engine.journey.playing import Scene, scene, write
from engine.journey.reasons import EnrolmentUnknown, GuestTooLate
from engine.packs.activities.base import GUEST, Act, Screen
from engine.packs.activities.mission import Mission
from engine.storage.tables import Learner
from engine.storage.work import Work
from engine.values.errors import NotFound, Refused


@dataclass(frozen=True)
class Guest:
    """Where the learner is, and the ``screen`` of who was met: its form has no fields if nothing is
    asked of them (any more)."""

    scene: Scene
    screen: Screen


def asked(work: Work, learner: Learner | Row[Any], enrolment: str) -> Guest:
    """What is asked of somebody whom the learner met in that experience. Raises
    ``NotFound("enrolment-unknown")``, also where nobody is met: other kinds know no guest."""
    here = scene(work, learner, enrolment)
    activity = here.module.spec.activity
    if not isinstance(activity, Mission):
        raise NotFound(EnrolmentUnknown())
    return Guest(here, activity.screen(here.acts, GUEST, here.now))


def answer(work: Work, learner: Row[Any], enrolment: str, said: Said) -> None:
    """Keeps what they answer; the learner's row is held, so that two who answer at once do so in
    turn.

    Raises as ``asked``, ``Refused("guest-too-late")`` if nothing is asked any more, and the form's
    ``Invalid``.
    """
    here = asked(work, learner, enrolment)
    if not here.screen.form.fields:
        raise Refused(GuestTooLate())
    write(work, here.scene, Act(GUEST, here.screen.form.parse(said), work.now))
