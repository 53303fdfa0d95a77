"""Playing an experience: open it, act, finish. Every act is saved at once; double submits and the
back button do no harm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.curriculum.rows import outline_from_json
from engine.forms.base import Said, Value
from engine.forms.form import Form
from engine.journey.beginning import standing
from engine.journey.log import Entry, Log, entry_of, standing_lines, what_stands
from engine.journey.looking import look_at
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
    TableWentOn,
)
from engine.journey.term import is_over
from engine.packs.activities.base import ALONE, Act, Acts, Screen
from engine.packs.activities.together import TABLE
from engine.packs.model import Module
from engine.packs.reasons import ActImpossible
from engine.spacing.days import local_day, zone_of
from engine.storage.queries import courses, journeys, tables
from engine.storage.queries.running import change, entities, lock, rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner, Placement
from engine.storage.types import new_id
from engine.storage.work import Work
from engine.values.errors import Conflict, Invalid, NotFound, NotYet, Refused


@dataclass(frozen=True)
class Scene:
    """Where a learner is in an experience (columns of ``journeys.LIVED_ONE``), after the acts that
    stand of its ``log``; ``now`` is aware, in their time zone."""

    enrolment: Row[Any]
    module: Module
    log: Log
    acts: Acts
    screen: Screen
    now: datetime

    @property
    def own(self) -> tuple[Entry, ...]:
        """The lines that this seat wrote, but for those about who sits there."""
        seat = self.enrolment.seat
        return tuple(one for one in self.log if one.act.seat == seat and TABLE not in one.act.said)

    @property
    def number(self) -> int:
        """The number of the next act of this seat, from 1; the page sends it back."""
        return len(self.own) + 1


def begin(work: Work, learner: Learner | Row[Any], course: str, section: str) -> Enrolment:
    """Begins the experience placed in that section, or returns the one already begun; one for
    several, alone with its recorded voices (``tables`` seats people together).

    Raises as ``beginnable``.
    """
    placement, begun = beginnable(work, learner, course, section)
    return begun or seat_at(work, learner, placement)


def beginnable(
    work: Work, learner: Learner | Row[Any], course: str, section: str
) -> tuple[Placement, Enrolment | None]:
    """The placement of an experience that the learner can begin, or has begun (then with it).

    Raises ``NotFound("placement-unknown")``, ``Refused("contract-first" | "course-over")``, and, as
    long as it cannot be begun (``standing``), ``NotYet("opens-later" | "prerequisite-first")``.
    """
    if learner.contract_at is None:
        raise Refused(ContractFirst())
    session, its = work.session, {"learner": learner.id}
    found = entities(session, journeys.PLACEMENT, **its, course=course, section=section)
    if not found:
        raise NotFound(PlacementUnknown())
    placement = cast(Placement, found[0])
    lived = {
        one.module: one
        for one in entities(session, journeys.LIVED_OF_PACK, **its, pack=placement.pack)
    }
    if placement.module in lived:
        return placement, cast(Enrolment, lived[placement.module])
    _check_open(work, learner, placement, lived)
    return placement, None


def seat_at(
    work: Work,
    learner: Learner | Row[Any],
    placed: Placement | Row[Any],
    table: str | None = None,
    seat: int = ALONE,
) -> Enrolment:
    """Gives the learner a seat in what is ``placed``: at a table of several (columns of
    ``queries.tables.TABLE``), or at one of their own."""
    enrolment = Enrolment(
        learner=learner.id,
        course=placed.course,
        section=placed.section,
        pack=placed.pack,
        version=placed.version,
        module=placed.module,
        table=table or new_id(),
        seat=seat,
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


def scene(
    work: Work, learner: Learner | Row[Any], enrolment_id: str, *, hold: bool = False
) -> Scene:
    """Where the learner is; to ``hold`` a table of several keeps others from acting at it until the
    unit ends. Raises ``NotFound("enrolment-unknown")`` if the experience is not theirs."""
    its = {"learner": learner.id, "enrolment": enrolment_id}
    work.session.flush()
    found = rows(work.session, journeys.LIVED_ONE, **its)
    if not found:
        raise NotFound(EnrolmentUnknown())
    enrolment = found[0]
    module = work.library.module(enrolment.pack, enrolment.version, enrolment.module)
    if hold and module.spec.activity.seats:
        lock(work.session, tables.HELD, table=enrolment.table)
    now = work.now.astimezone(zone_of(learner.zone))
    return after(now, enrolment, module, log_of(work.session, enrolment.id))


def after(now: datetime, enrolment: Row[Any], module: Module, log: Log) -> Scene:
    """Where the learner is after that log, at ``now`` (aware, in their time zone)."""
    acts = what_stands(log)
    screen = module.spec.activity.screen(acts, enrolment.seat, now)
    return Scene(enrolment, module, log, acts, screen, now)


def act(
    work: Work,
    learner: Learner | Row[Any],
    enrolment_id: str,
    number: int,
    said: Said,
    step: str = "",
) -> Scene:
    """Stores an act: what the screen asks for, as its form parses it. Sent twice, it counts once.
    Finishing plans the first touch. ``step`` is the key of the screen that asked, where the page
    says it: at a table, others may have gone on meanwhile.

    Raises ``Conflict("already-decided")`` if act ``number`` was already taken differently (back
    button, other tab), ``Conflict("table-went-on")`` if that step is over,
    ``Invalid("act-impossible")`` if what was tapped is not on the screen, and the form's
    ``Invalid`` if what was written cannot be parsed; in these cases nothing changes.
    """
    here = scene(work, learner, enrolment_id, hold=True)
    if 1 <= number < here.number:
        return _once_more(here, number, said)
    if step and step != here.screen.key:
        raise Conflict(TableWentOn())
    if number != here.number or not here.screen.form.fields:
        raise Invalid(ActImpossible())
    done = Act(here.enrolment.seat, _read(here.screen.form, said), work.now)
    there = write(work, here, done)
    keep_appointment(work, learner, here, there)
    if there.screen.finished and not here.screen.finished:
        its = {"id": enrolment_id}
        rewrite(work.session, Enrolment, journeys.FINISH, its, finished_at=work.now)
        tell(work.session, learner.id, enrolment_id)
        replan(work, learner)
        work.session.flush()
    return there


def keep_appointment(work: Work, learner: Learner | Row[Any], here: Scene, there: Scene) -> None:
    """Has the learner told on the day of their appointment, if that is another now."""
    if here.screen.appointment != there.screen.appointment:
        look_at(work.session, learner.id, work.now)


def write(work: Work, here: Scene, done: Act, takes_back: int | None = None) -> Scene:
    """Adds the next line to the log. Where that leads."""
    several = bool(here.module.spec.activity.seats)
    bare = here.screen.form.bare(done.said) if several and TABLE not in done.said else None
    line = add_line(work.session, here.enrolment.table, here.log, done, takes_back, bare)
    there = after(here.now, here.enrolment, here.module, (*here.log, line))
    if several and there.screen.key != here.screen.key:
        # The worker tells those who are waited for, and begins debriefs: nobody else is held here.
        change(work.session, tables.DUE, of_id=here.enrolment.table, new_due_at=work.now)
    return there


def add_line(
    session: Session,
    table: str,
    log: Log,
    done: Act,
    takes_back: int | None = None,
    bare: Mapping[str, Value] | None = None,
) -> Entry:
    """Adds the next line to a log, and returns it. It is never earlier than the one before, which
    somebody at the same table may have written a moment ago."""
    at = max(done.at, log[-1].act.at) if log else done.at
    line = Entry(len(log) + 1, replace(done, at=at), takes_back)
    change(
        session,
        journeys.ADD_ACT,
        table=table,
        number=line.number,
        seat=done.seat,
        said=done.said,
        at=at,
        takes_back=takes_back,
        bare=None if bare is None or bare == done.said else bare,
    )
    return line


def acts_of(unit: Session, enrolment: str) -> Acts:
    """Every act so far at the table of an experience that stands, in order."""
    return what_stands(log_of(unit, enrolment))


def log_of(unit: Session, enrolment: str) -> Log:
    """The whole log of the table of an experience."""
    return tuple(map(entry_of, rows(unit, journeys.ACTS, enrolment=enrolment)))


def _once_more(here: Scene, number: int, said: Said) -> Scene:
    """Handles act ``number`` sent again: harmless if it says the same and stands. Raises
    ``Conflict`` otherwise."""
    done, activity = here.own[number - 1], here.module.spec.activity
    if done.number not in standing_lines(here.log):
        raise Conflict(AlreadyDecided())
    before = what_stands(here.log[: done.number - 1])
    then = activity.screen(before, done.act.seat, done.act.at.astimezone(here.now.tzinfo))
    try:
        again = then.form.parse(said)
    except Invalid as wrong:
        raise Conflict(AlreadyDecided()) from wrong
    if again != done.act.said:
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
