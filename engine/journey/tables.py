"""Tables of several: sitting down at one, waiting for others, beginning, leaving and coming back;
and what the worker notes when time alone has moved one on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

import structlog
from sqlalchemy import Row

from engine.journey.addresses import MAIL
from engine.journey.joining import held_learner
from engine.journey.log import Log, entry_of, what_stands
from engine.journey.looking import look_at_table
from engine.journey.news import tell
from engine.journey.planning import replan
from engine.journey.playing import Scene, add_line, beginnable, scene, seat_at
from engine.journey.reasons import (
    EnrolmentUnknown,
    NotForSeveral,
    OnlyLive,
    TableFull,
    TableUnknown,
)
from engine.packs.activities.base import Act
from engine.packs.activities.together import Pace, Together, begins, leaves, sits
from engine.packs.model import Module
from engine.storage.claims import TableKey, tables_due
from engine.storage.queries import announcements, journeys, tables
from engine.storage.queries.running import change, lock, rows
from engine.storage.rewriting import rewrite
from engine.storage.tables import Enrolment, Learner, Placement
from engine.storage.types import new_id
from engine.storage.work import Units, Work
from engine.values.errors import NotFound, Refused

PUT_OFF = timedelta(hours=1)
"""A table that cannot be looked at is tried again after this (learning time)."""
OTHERS: Literal["others"] = "others"
"""What stands for the next table of the course that still has a seat."""


@dataclass(frozen=True)
class OpenTable:
    """A table at which the learner may sit down: how many of its ``seats`` are taken. ``cohort`` is
    the name of that for which it was opened."""

    id: str
    seats: int
    taken: int
    pace: str
    cohort: str | None = None


@dataclass(frozen=True)
class Awaited:
    """A step of a table that waits for a seat: since when, and until when."""

    key: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Ways:
    """How an experience for several can be begun: alone, with the others who wait in the course
    (``waiting``: how many do; None where all have to be there at the same time, which somebody has
    to arrange), or at a table opened for a cohort."""

    module: Module
    seats: int
    waiting: int | None
    tables: tuple[OpenTable, ...]


def ways(work: Work, learner: Learner | Row[Any], course: str, section: str) -> Ways | None:
    """How the learner can begin the experience of a section; None if it is lived alone, or begun.
    Raises as ``beginnable``."""
    placement, begun = beginnable(work, learner, course, section)
    module = work.library.module(placement.pack, placement.version, placement.module)
    if begun or not module.spec.activity.seats:
        return None
    kind = _kind(work, placement)
    waiting = [(_taken(work, r.id), _seats(work, r)) for r in _gathering(work, placement)]
    free_at = next((n for n, of in waiting if n < of), 0) if "days" in kind.paces else None
    offered = (
        OpenTable(r.id, _seats(work, r), _taken(work, r.id), r.pace, r.name)
        for r in _gathering(work, placement, learner.id)
    )
    free = tuple(one for one in offered if one.taken < one.seats)
    return Ways(module, len(kind.seats), free_at, free)


def sit_down(
    work: Work, learner: Learner | Row[Any], course: str, section: str, where: str
) -> Enrolment:
    """Gives the learner a seat at that table (its id), or with the others who wait in the course
    (``OTHERS``). A table whose last seat is taken begins.

    Raises as ``beginnable``, ``Refused("table-full" | "not-for-several" | "only-live")`` and
    ``NotFound("table-unknown")``.
    """
    placement, begun = beginnable(work, learner, course, section)
    if begun:
        return begun
    if where == OTHERS and "days" not in _kind(work, placement).paces:
        raise Refused(OnlyLive())
    table = (
        _waiting_table(work, placement)
        if where == OTHERS
        else _offered(work, learner, where, placement)
    )
    taken, seats = {one.seat for one in _seated(work, table.id)}, _seats(work, table)
    seat = next((n for n in range(1, seats + 1) if n not in taken), None)
    if seat is None or table.begun_at is not None:
        raise Refused(TableFull())
    enrolment = seat_at(work, learner, table, table.id, seat)
    _add(work, table.id, sits(seat, work.now))
    if len(taken) + 1 == seats:
        _begin(work, table, seat)
    return enrolment


def open_table(work: Work, placement: Placement, pace: Pace, cohort: str | None = None) -> str:
    """Opens a table of a placed experience, for a cohort or for whoever waits; returns its id.
    Raises ``Refused("not-for-several")`` if it is lived alone, ``Refused("only-live")`` if not at
    that pace."""
    if pace not in _kind(work, placement).paces:
        raise Refused(OnlyLive())
    table = new_id()
    change(
        work.session,
        tables.ADD,
        id=table,
        course=placement.course,
        section=placement.section,
        pack=placement.pack,
        version=placement.version,
        module=placement.module,
        cohort=cohort,
        pace=pace,
        opened_at=work.now,
        begun_at=None,
        ended_at=None,
        due_at=None,
    )
    return table


def tag(work: Work, learner: str, enrolment: str) -> str:
    """What changes whenever the table of an experience has: one statement, since every page of a
    table asks every few seconds. Empty for who plays alone.

    Raises ``NotFound("enrolment-unknown")`` if the experience is not theirs.
    """
    its = {"learner": learner, "enrolment": enrolment}
    found = rows(work.session, tables.LAST_LINE, **its)
    if not found:
        raise NotFound(EnrolmentUnknown())
    one = found[0]
    if one.opened_at is None:
        return ""
    late = one.due_at is not None and one.due_at < work.now
    return f"{one.last or 0}.{one.seated}.{int(late)}.{int(one.finished_at is not None)}"


def tells(work: Work, learner: Row[Any], enrolment: str) -> bool:
    """Whether the learner (columns of ``journeys.LEARNER_HELD``) is told by mail when a table that
    gathers begins: one where each comes when they can, in a course that announces, if they want
    to be told."""
    by_mail = learner.announcements and learner.channel == MAIL and learner.email is not None
    its = {"learner": learner.id, "enrolment": enrolment}
    return bool(by_mail and rows(work.session, announcements.TABLE_ANNOUNCES, **its))


def awaited(work: Work, table: Row[Any], seat: int) -> Awaited | None:
    """What a table (columns of ``queries.tables.TABLE``) waits for from that seat; None if for
    nothing."""
    found = _kind(work, table).standing(what_stands(_log(work, table.id)), work.now)
    if found.since is None or found.until is None or seat not in found.step.forms:
        return None
    return Awaited(found.step.key, found.since, found.until)


def begin_now(work: Work, learner: Learner | Row[Any], enrolment: str) -> Scene:
    """Begins the table that the learner waits at with those who are there: recorded voices play the
    other seats. Pressed twice, it begins once."""
    here = scene(work, learner, enrolment, hold=True)
    table = _table(work, here.enrolment.table)
    if table is not None and table.begun_at is None:
        _begin(work, table, here.enrolment.seat)
    return scene(work, learner, enrolment)


def begin_table(work: Work, table_id: str) -> None:
    """Begins a table with those who are there, for whoever runs the course; nothing if nobody is
    there yet. Raises ``NotFound("table-unknown")``."""
    table = _held(work, table_id)
    seated = _seated(work, table_id)
    if seated and table.begun_at is None:
        _begin(work, table, seated[0].seat)


def get_up(work: Work, learner: Learner | Row[Any], enrolment: str) -> bool:
    """Leaves a table: before it begins, as if one had never sat down (returns True; the last one
    takes away the table, unless it was opened for a cohort); after that, one's recorded voice goes
    on, until one comes back."""
    here = scene(work, learner, enrolment, hold=True)
    table = _table(work, here.enrolment.table)
    if table is None or here.screen.finished or here.enrolment.seat not in here.screen.present:
        return False
    _add(work, table.id, leaves(here.enrolment.seat, work.now))
    if table.begun_at is None:
        found = work.session.get(Enrolment, (work.tenant, enrolment))
        work.session.delete(found)
        work.session.flush()
        if table.cohort is None and not _seated(work, table.id):
            for statement in (tables.REMOVE_LOG, tables.REMOVE):
                change(work.session, statement, table=table.id)
        return True
    _look_again(work, table.id)
    return False


def come_back(work: Work, learner: Learner | Row[Any], enrolment: str) -> Scene:
    """Takes one's seat again at a table that goes on without one."""
    here = scene(work, learner, enrolment, hold=True)
    table = _table(work, here.enrolment.table)
    away = not here.screen.finished and here.enrolment.seat not in here.screen.present
    if table is not None and away:
        _add(work, table.id, sits(here.enrolment.seat, work.now))
        _look_again(work, table.id)
    return scene(work, learner, enrolment)


# --- the worker's part


def move_on(units: Units, limit: int = 100) -> int:
    """Looks at up to ``limit`` tables where somebody's time is over, or that have ended; returns at
    how many. Each learner's part is a transaction of its own."""
    with units.db.across("worker-claim") as door:
        keys = tables_due(door, units.clock.now(), limit)
    return sum(_move_on(units, key) for key in keys)


def _move_on(units: Units, key: TableKey) -> bool:
    try:
        with units.write(key.tenant) as work:
            _free_seats(work, _held(work, key.table))
            over = _look_again(work, key.table)
            left = [one for one in _seated(work, key.table) if one.finished_at is None]
            work.commit()
        if over:
            _finish_all(units, key, left)
        else:
            _tell_all(units, key)
        return True
    except Exception:
        structlog.get_logger("journey").exception("table-put-off", tenant=key.tenant)
        with units.write(key.tenant) as work:
            _note(work, _held(work, key.table), due_at=work.now + PUT_OFF)
            work.commit()
        return False


def _tell_all(units: Units, key: TableKey) -> None:
    """Has those at a table told what waits for them. The table is not held meanwhile: whoever acts
    at it holds their own row first, then the table."""
    with units.write(key.tenant) as work:
        look_at_table(work.session, key.table, work.now)
        work.commit()


def _finish_all(units: Units, key: TableKey, left: Sequence[Row[Any]]) -> None:
    """An experience has ended with its table: the debrief of each seat begins, each in a
    transaction of its own."""
    for one in left:
        with units.write(key.tenant) as work:
            learner, table = held_learner(work.session, one.learner), _table(work, key.table)
            ended = table.ended_at if table is not None else work.now
            its = {"id": one.id}
            rewrite(work.session, Enrolment, journeys.FINISH, its, finished_at=ended)
            tell(work.session, learner.id, one.id)
            replan(work, learner)
            work.commit()
    with units.write(key.tenant) as work:
        _look_again(work, key.table)
        work.commit()


def _free_seats(work: Work, table: Row[Any]) -> None:
    """Seats whose learners were erased are played by their voices."""
    kind = _kind(work, table)
    log = _log(work, table.id)
    standing = kind.standing(what_stands(log), work.now)
    taken = {one.seat for one in _seated(work, table.id)}
    for seat in sorted(standing.present - taken) if not standing.over else ():
        _add(work, table.id, leaves(seat, work.now))


def _look_again(work: Work, table_id: str) -> bool:
    """Notes when the worker has to look at a table next, and whether it has ended. What was only
    to be passed on at it is gone then."""
    table = _held(work, table_id)
    kind, log = _kind(work, table), _log(work, table_id)
    standing = kind.standing(what_stands(log), work.now)
    seated = _seated(work, table_id)
    if standing.over and table.ended_at is None:
        for line in (one for one in log if kind.volatile & one.act.said.keys()):
            its = {"of_table": table_id, "of_number": line.number}
            change(work.session, tables.WITHOUT_WORDS, **its)
        _note(work, table, ended_at=work.now, due_at=work.now)
    elif standing.over:
        waits = any(one.finished_at is None for one in seated)
        _note(work, table, due_at=table.due_at if waits else None)
    else:
        _note(work, table, due_at=standing.until)
    return standing.over


# --- pieces


def _begin(work: Work, table: Row[Any], seat: int) -> None:
    _free_seats(work, table)  # the worker may not have looked since somebody was erased
    pace: Pace = "live" if table.pace == "live" else "days"
    _add(work, table.id, begins(seat, work.now, pace))
    _note(work, table, begun_at=work.now, due_at=work.now)  # those at it are to be told


def _note(work: Work, table: Row[Any], **values: datetime | None) -> None:
    named = {name: values.get(name, getattr(table, name)) for name in ("begun_at", "ended_at")}
    due = values.get("due_at")
    change(
        work.session,
        tables.CHANGE,
        of_id=table.id,
        new_begun_at=named["begun_at"],
        new_ended_at=named["ended_at"],
        new_due_at=due,
    )


def _add(work: Work, table: str, act: Act) -> None:
    add_line(work.session, table, _log(work, table), act)


def _log(work: Work, table: str) -> Log:
    return tuple(map(entry_of, rows(work.session, tables.LOG, table=table)))


def _seated(work: Work, table: str) -> Sequence[Row[Any]]:
    return rows(work.session, tables.SEATED, table=table)


def _taken(work: Work, table: str) -> int:
    return len(_seated(work, table))


def _table(work: Work, table: str) -> Row[Any] | None:
    return next(iter(rows(work.session, tables.TABLE, table=table)), None)


def _held(work: Work, table: str) -> Row[Any]:
    """The table, locked until the unit ends. Raises ``NotFound("table-unknown")``."""
    found = rows(work.session, tables.HELD, table=table)
    if not found:
        raise NotFound(TableUnknown())
    return found[0]


def _seats(work: Work, table: Row[Any]) -> int:
    return len(_kind(work, table).seats)


def _gathering(work: Work, placement: Placement, learner: str | None = None) -> Sequence[Row[Any]]:
    """The tables of a section at which whoever of the course may still sit down, or those opened
    for a cohort of the ``learner``'s, the oldest first: tables of what is placed there now. Those
    who come live it in the version in which the table was opened."""
    its = {"course": placement.course, "section": placement.section}
    if learner is None:
        found = rows(work.session, tables.GATHERING, **its)
    else:
        found = rows(work.session, tables.GATHERING_FOR, **its, learner=learner)
    same = (placement.pack, placement.module)
    return [one for one in found if (one.pack, one.module) == same]


def _offered(work: Work, learner: Learner | Row[Any], where: str, placement: Placement) -> Row[Any]:
    """A table opened for a cohort of the learner's. Raises ``NotFound("table-unknown")``."""
    if where not in {one.id for one in _gathering(work, placement, learner.id)}:
        known = _table(work, where)
        if known is not None and known.course == placement.course:
            raise Refused(TableFull())
        raise NotFound(TableUnknown())
    return _held(work, where)


def _waiting_table(work: Work, placement: Placement) -> Row[Any]:
    """The oldest table of the section that has a free seat, or a new one. Whoever waits for others
    comes when they can."""
    its = {"course": placement.course, "section": placement.section}
    lock(work.session, tables.PLACEMENT_HELD, **its)  # else two who come at once wait apart
    for one in _gathering(work, placement):
        table = _held(work, one.id)
        if table.begun_at is None and _taken(work, table.id) < _seats(work, table):
            return table
    return _held(work, open_table(work, placement, "days"))


def _kind(work: Work, placed: Placement | Row[Any]) -> Together:
    """The activity of a placement or a table. Raises ``Refused("not-for-several")``."""
    module = work.library.module(placed.pack, placed.version, placed.module)
    if not module.spec.activity.seats:
        raise Refused(NotForSeveral())
    return cast(Together, module.spec.activity)
