"""Playing an experience: open it, act, finish. Every act is saved at once; double submits and the
back button do no harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.curriculum.rows import outline_from_json
from engine.forms.base import Said, Value
from engine.forms.form import Form
from engine.journey.beginning import standing
from engine.journey.news import tell
from engine.journey.planning import replan
from engine.journey.reasons import (
    AlreadyDecided,
    ContractFirst,
    CourseOver,
    EnrolmentUnknown,
    OpensLater,
    PlacementUnknown,
    PrerequisiteFirst,
)
from engine.journey.term import is_over
from engine.packs.activities.base import Act, Acts, Screen
from engine.packs.model import Module
from engine.packs.reasons import ActImpossible
from engine.spacing.days import local_day, zone_of
from engine.storage.queries import courses, journeys
from engine.storage.queries.running import change, entities, rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner, Placement
from engine.storage.work import Work
from engine.values.errors import Conflict, Invalid, NotFound, NotYet, Refused


@dataclass(frozen=True)
class Scene:
    """Where a learner is in an experience (columns of ``journeys.LIVED_ONE``). ``number`` is that
    of the next act; the page sends it back."""

    enrolment: Row[Any]
    module: Module
    acts: Acts
    screen: Screen

    @property
    def number(self) -> int:
        """The number of the next act, from 1."""
        return len(self.acts) + 1


def begin(work: Work, learner: Learner | Row[Any], course: str, section: str) -> Enrolment:
    """Begins the experience placed in that section, or returns the one already begun.

    Raises ``NotFound("placement-unknown")``, ``Refused("contract-first" | "course-over")``, and, as
    long as it cannot be begun (``standing``), ``NotYet("opens-later" | "prerequisite-first")``.
    """
    if learner.contract_at is None:
        raise Refused(ContractFirst())
    session, its = work.session, {"learner": learner.id}
    found = entities(session, journeys.PLACEMENT, **its, course=course, section=section)
    if not found:
        raise NotFound(PlacementUnknown())
    placement = found[0]
    lived = {
        one.module: one
        for one in entities(session, journeys.LIVED_OF_PACK, **its, pack=placement.pack)
    }
    if placement.module in lived:
        return cast(Enrolment, lived[placement.module])
    _check_open(work, learner, placement, lived)
    enrolment = Enrolment(
        learner=learner.id,
        course=course,
        section=section,
        pack=placement.pack,
        version=placement.version,
        module=placement.module,
        started_at=work.now,
    )
    work.session.add(enrolment)
    work.session.flush()
    return enrolment


def _check_open(
    work: Work, learner: Learner | Row[Any], placement: Placement, lived: Mapping[str, Enrolment]
) -> None:
    [course] = entities(work.session, courses.COURSE, course=placement.course)
    opens = outline_from_json(course.outline).first_days().get(placement.section)
    module = work.library.module(placement.pack, placement.version, placement.module)
    done = {name: one.finished_at is not None for name, one in lived.items()}
    today = local_day(work.now, zone_of(learner.zone))
    over = is_over(course, work.now, learner.zone)
    here = standing(placement.module, module.spec.after, done, opens, today, over=over)
    if here.state == "over":
        raise Refused(CourseOver())
    if here.from_day is not None:
        raise NotYet(OpensLater(from_day=here.from_day))
    if here.first:
        raise NotYet(PrerequisiteFirst(modules=here.first))


def scene(work: Work, learner: Learner | Row[Any], enrolment_id: str) -> Scene:
    """Where the learner is. Raises ``NotFound("enrolment-unknown")`` if the experience is not
    theirs."""
    its = {"learner": learner.id, "enrolment": enrolment_id}
    work.session.flush()
    found = rows(work.session, journeys.LIVED_ONE, **its)
    if not found:
        raise NotFound(EnrolmentUnknown())
    enrolment = found[0]
    module = work.library.module(enrolment.pack, enrolment.version, enrolment.module)
    acts = acts_of(work.session, enrolment.id)
    return Scene(
        enrolment, module, acts, module.spec.activity.screen(acts, enrolment.seat, work.now)
    )


def act(
    work: Work, learner: Learner | Row[Any], enrolment_id: str, number: int, said: Said
) -> Scene:
    """Stores an act: what the screen asks for, as its form parses it. Sent twice, it counts once.
    Finishing plans the first touch.

    Raises ``Conflict("already-decided")`` if act ``number`` was already taken differently (back
    button, other tab), ``Invalid("act-impossible")`` if what was tapped is not on the screen, and
    the form's ``Invalid`` if what was written cannot be parsed; in these cases nothing changes.
    """
    here = scene(work, learner, enrolment_id)
    if 1 <= number <= len(here.acts):
        return _once_more(here, number, said)
    if number != here.number or here.screen.finished:
        raise Invalid(ActImpossible())
    done = Act(here.enrolment.seat, _read(here.screen.form, said), work.now)
    change(
        work.session,
        journeys.ADD_ACT,
        table=here.enrolment.table,
        number=number,
        seat=done.seat,
        said=done.said,
        at=done.at,
    )
    acts = (*here.acts, done)
    screen = here.module.spec.activity.screen(acts, done.seat, work.now)
    after = Scene(here.enrolment, here.module, acts, screen)
    if after.screen.finished:
        its = {"id": enrolment_id}
        rewrite(work.session, Enrolment, journeys.FINISH, its, finished_at=work.now)
        tell(work.session, learner.id, enrolment_id)
        replan(work, learner)
        work.session.flush()
    return after


def acts_of(unit: Session, enrolment: str) -> Acts:
    """Every act so far at the table of an experience, in order."""
    log = rows(unit, journeys.ACTS, enrolment=enrolment)
    return tuple(Act(row.seat, row.said, row.at) for row in log)


def _once_more(here: Scene, number: int, said: Said) -> Scene:
    """Handles act ``number`` sent again: harmless if it says the same. Raises ``Conflict``
    otherwise."""
    done, activity = here.acts[number - 1], here.module.spec.activity
    then = activity.screen(here.acts[: number - 1], done.seat, done.at)
    try:
        again = then.form.parse(said)
    except Invalid as wrong:
        raise Conflict(AlreadyDecided()) from wrong
    if done.seat != here.enrolment.seat or again != done.said:
        raise Conflict(AlreadyDecided())
    return here


def _read(form: Form, said: Said) -> dict[str, Value]:
    """The parsed input. A tap that the screen does not offer comes from the page of another
    moment."""
    try:
        return form.parse(said)
    except Invalid as wrong:
        if form.taps():
            raise Invalid(ActImpossible()) from wrong
        raise
