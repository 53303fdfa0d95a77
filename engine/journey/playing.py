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
from engine.journey.log import Entry, Log, entry_of, standing_lines, what_stands
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
    """Where a learner is in an experience (columns of ``journeys.LIVED_ONE``), after the acts that
    stand of its ``log``."""

    enrolment: Row[Any]
    module: Module
    log: Log
    acts: Acts
    screen: Screen

    @property
    def number(self) -> int:
        """The number of the next act, from 1; the page sends it back."""
        return len(self.log) + 1


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
    return after(work, enrolment, module, log_of(work.session, enrolment.id))


def after(work: Work, enrolment: Row[Any], module: Module, log: Log) -> Scene:
    """Where the learner is after that log."""
    acts = what_stands(log)
    screen = module.spec.activity.screen(acts, enrolment.seat, work.now)
    return Scene(enrolment, module, log, acts, screen)


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
    if 1 <= number <= len(here.log):
        return _once_more(here, number, said)
    if number != here.number or here.screen.finished:
        raise Invalid(ActImpossible())
    done = Act(here.enrolment.seat, _read(here.screen.form, said), work.now)
    there = write(work, here, done)
    if there.screen.finished:
        its = {"id": enrolment_id}
        rewrite(work.session, Enrolment, journeys.FINISH, its, finished_at=work.now)
        tell(work.session, learner.id, enrolment_id)
        replan(work, learner)
        work.session.flush()
    return there


def write(work: Work, here: Scene, done: Act, takes_back: int | None = None) -> Scene:
    """Adds the next line to the log. Where that leads."""
    change(
        work.session,
        journeys.ADD_ACT,
        table=here.enrolment.table,
        number=here.number,
        seat=done.seat,
        said=done.said,
        at=done.at,
        takes_back=takes_back,
    )
    log = (*here.log, Entry(here.number, done, takes_back))
    return after(work, here.enrolment, here.module, log)


def acts_of(unit: Session, enrolment: str) -> Acts:
    """Every act so far at the table of an experience that stands, in order."""
    return what_stands(log_of(unit, enrolment))


def log_of(unit: Session, enrolment: str) -> Log:
    """The whole log of the table of an experience."""
    return tuple(map(entry_of, rows(unit, journeys.ACTS, enrolment=enrolment)))


def _once_more(here: Scene, number: int, said: Said) -> Scene:
    """Handles act ``number`` sent again: harmless if it says the same and stands. Raises
    ``Conflict`` otherwise."""
    done, activity = here.log[number - 1], here.module.spec.activity
    if number not in standing_lines(here.log):
        raise Conflict(AlreadyDecided())
    then = activity.screen(what_stands(here.log[: number - 1]), done.act.seat, done.act.at)
    try:
        again = then.form.parse(said)
    except Invalid as wrong:
        raise Conflict(AlreadyDecided()) from wrong
    if done.act.seat != here.enrolment.seat or again != done.act.said:
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
