"""Announcements: learners looked at when there may be something to tell them, and what they are
told written in the transaction that notes it, under a key that allows one message a local day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog
from sqlalchemy import Row, delete

from engine.curriculum.rows import outline_from_json
from engine.journey.addresses import MAIL
from engine.journey.beginning import standing
from engine.journey.looking import look_at
from engine.journey.playing import acts_of
from engine.journey.record import TouchRow, read_touches, wishes_of
from engine.journey.tables import awaited
from engine.packs.activities.mission import Mission
from engine.spacing.announcing import (
    AnnouncingState,
    AwaitedSeat,
    ChosenDay,
    Item,
    NotReminded,
    Opening,
    OpenTouch,
    beside_touch,
    decide,
    may_leave,
    reminded,
    still_true,
)
from engine.spacing.days import local_day, zone_of
from engine.spacing.until import last_day
from engine.storage.claims import LearnerKey, learners_to_look_at
from engine.storage.queries import announcements, courses, journeys
from engine.storage.queries.running import change, rows
from engine.storage.tables import Announcement
from engine.storage.work import Units, Work

PUT_OFF = timedelta(hours=1)
"""A learner who cannot be looked at is tried again after this (learning time)."""


def announce_due(units: Units, limit: int = 100) -> int:
    """Looks at up to ``limit`` learners for whom there may be something to tell, each in its own
    transaction; returns how many are told something."""
    with units.db.across("worker-claim") as door:
        keys = learners_to_look_at(door, units.clock.now(), limit)
    return sum(_look(units, key) for key in keys)


def _look(units: Units, key: LearnerKey) -> bool:
    try:
        with units.write(key.tenant) as work:
            held = rows(work.session, journeys.LEARNER_IF_FREE, learner=key.learner)
            told = bool(held) and announce_now(work, held[0])
            work.commit()
            return told
    except Exception:
        structlog.get_logger("delivery").exception("not-announced", tenant=key.tenant)
        with units.write(key.tenant) as work:
            look_at(work.session, key.learner, work.now + PUT_OFF)
            work.commit()
        return False


def announce_now(work: Work, learner: Row[Any]) -> bool:
    """Tells the learner (columns of ``journeys.LEARNER_IF_FREE``) what there is to tell now, and
    notes when to look again. Returns False if there is nothing, or it is not time yet."""
    if learner.announce_at is None or learner.announce_at > work.now:
        return False
    state = read_state(work, learner)
    today = local_day(work.now, zone_of(learner.zone))
    decision = decide(state, work.now, _spread(learner.id, today))
    if not decision.items:
        look_at_next = {"new_announce_at": decision.look_at}
        change(work.session, announcements.LOOK_AT, of_id=learner.id, **look_at_next)
        return False
    _tell(work, learner, today, decision.items, decision.look_at)
    return True


def _spread(learner: str, day: date) -> float:
    """In [0, 1), the same for a learner all day long."""
    return int.from_bytes(sha256(f"{learner}:{day}".encode()).digest()[:4]) / 2**32


def tell_beside(work: Work, learner: Row[Any], touch: int) -> None:
    """Has the mail of a touch that opens now tell what there is to tell today. Reads nothing more
    while nothing is in sight."""
    today = local_day(work.now, zone_of(learner.zone))
    at = learner.announce_at
    if at is None or local_day(at, zone_of(learner.zone)) > today:
        return
    items = beside_touch(read_state(work, learner, opening=touch), work.now)
    if items:
        _tell(work, learner, today, items, work.now, touch)


def was_told_today(work: Work, learner: Row[Any]) -> bool:
    """Whether a message that only announces has left on this local day."""
    return bool(learner.announced_on == local_day(work.now, zone_of(learner.zone)))


def ready(work: Work, row: Announcement) -> tuple[Item, ...]:
    """What of an announcement may still leave now. If nothing may, it is withdrawn for good, and
    the learner is looked at anew."""
    held = rows(work.session, journeys.LEARNER_READ, learner=row.learner)
    items: tuple[Item, ...] = ()
    if held:
        state = read_state(work, held[0])
        if may_leave(state, row.day, work.now):
            items = still_true(state, row.day, items_of(row.items))
            its = {"new_announce_at": held[0].announce_at, "new_announced_on": row.day}
            change(work.session, announcements.ANNOUNCED, of_id=row.learner, **its)
    if not items:
        withdraw(work, row.learner, row.day)
    return items


def remind(work: Work, course: str, learner: Row[Any]) -> NotReminded | None:
    """Has the learner (columns of ``journeys.LEARNER_IF_FREE``) reminded of what waits for them in
    that course (id), by a mail in their hours; or says why not."""
    today = local_day(work.now, zone_of(learner.zone))
    decision = reminded(read_state(work, learner), course, work.now, _spread(learner.id, today))
    if isinstance(decision, str):
        return decision
    _tell(
        work,
        learner,
        decision.day,
        [decision.item],
        learner.announce_at,
        wait=decision.at - work.now,
    )
    return None


def withdraw(work: Work, learner: str, day: date) -> None:
    """Takes back what was to be told on that day."""
    work.session.execute(
        delete(Announcement).where(
            Announcement.tenant == work.tenant,
            Announcement.learner == learner,
            Announcement.day == day,
            Announcement.state == "waiting",
        )
    )
    look_at(work.session, learner, work.now)


def items_of(stored: Iterable[Any]) -> tuple[Item, ...]:
    """Items as they are stored."""
    return tuple(Item(kind, subject) for kind, subject in stored)


def _tell(
    work: Work,
    learner: Row[Any],
    day: date,
    items: Iterable[Item],
    look_next: datetime | None,
    touch: int | None = None,
    wait: timedelta = timedelta(0),
) -> None:
    change(
        work.session,
        announcements.TELL,
        learner=learner.id,
        day=day,
        email=learner.email,
        items=[[item.kind, item.subject] for item in items],
        touch=touch,
        number=1,
        state="waiting" if touch is None else "carried",
        attempts=0,
        next_at=work.wall + wait,
    )
    its = {"new_announce_at": look_next, "new_announced_on": day}
    change(work.session, announcements.ANNOUNCED, of_id=learner.id, **its)


def read_state(work: Work, learner: Row[Any], opening: int | None = None) -> AnnouncingState:
    """All that an announcement depends on; a touch that is ``opening`` now counts neither as
    planned nor as open. A few statements, however many experiences there are."""
    zone = zone_of(learner.zone)
    state = AnnouncingState(
        wishes_of(learner),
        wanted=learner.announcements and learner.channel == MAIL and learner.email is not None,
    )
    if not state.wanted:
        return state
    lived = rows(work.session, announcements.LIVED, learner=learner.id)
    told = rows(work.session, announcements.TOLD, learner=learner.id)
    touches = [one for one in read_touches(work, learner) if one.number != opening]
    begun_last = max((one.started_at for one in lived), default=None)
    opened = [one.opened_at for one in touches if one.opened_at is not None]
    days = {row.day for row in told} | {local_day(at, zone) for at in opened}
    return replace(
        state,
        openings=_openings(work, learner, lived),
        waiting=_waiting(work, learner, touches),
        seats=_seats(work, learner),
        chosen=_chosen(work, learner),
        told=frozenset(item for row in told for item in items_of(row.items)),
        nudged=any(
            kind == "not-begun" and (begun_last is None or row.day > local_day(begun_last, zone))
            for row in told
            for kind, _subject in row.items
        ),
        days=frozenset(days),
        asked=frozenset(local_day(at, zone) for at in opened),
        planned_at=next((one.due_at for one in touches if one.state == "planned"), None),
    )


def _openings(work: Work, learner: Row[Any], lived: Iterable[Row[Any]]) -> tuple[Opening, ...]:
    """The experiences of the learner's courses that they have not begun, in order."""
    zone = zone_of(learner.zone)
    done: dict[str, dict[str, bool]] = {}
    for one in lived:
        done.setdefault(one.pack, {})[one.module] = one.finished_at is not None
    placed: dict[str, list[Row[Any]]] = {}
    for row in rows(work.session, courses.PLACED_FOR_LEARNER, learner=learner.id):
        placed.setdefault(row.course, []).append(row)
    found: list[Opening] = []
    for course in rows(work.session, announcements.COURSES, learner=learner.id):
        since = local_day(max(course.joined_at, learner.contract_at or work.now), zone)
        days = outline_from_json(course.outline).first_days()
        order = list(days)
        for row in sorted(placed.get(course.id, ()), key=lambda row: _place(order, row.section)):
            made = _opening(work, row, done.get(row.pack, {}), days.get(row.section), since)
            found += [made] if made else []
    return tuple(found)


def _place(order: list[str], section: str) -> int:
    return order.index(section) if section in order else len(order)


def _opening(
    work: Work, row: Row[Any], done: Mapping[str, bool], opens: date | None, since: date
) -> Opening | None:
    if row.module in done:
        return None
    module = work.library.module(row.pack, row.version, row.module)
    here = standing(row.module, module.spec.after, done, None, since)
    return Opening(
        f"{row.course}/{row.section}",
        max(opens, since) if opens else since,
        opens is not None and opens > since,
        locked=bool(here.first),
    )


def _seats(work: Work, learner: Row[Any]) -> tuple[AwaitedSeat, ...]:
    """The tables, at which each comes when they can, that wait for this learner."""
    zone, found = zone_of(learner.zone), list[AwaitedSeat]()
    for row in rows(work.session, announcements.TABLES, learner=learner.id):
        waits = awaited(work, row, row.seat)
        if waits is not None:
            subject = f"{row.course}/{row.section}/{waits.key}"
            since, ends = local_day(waits.since, zone), local_day(waits.until, zone)
            found.append(AwaitedSeat(subject, since, ends))
    return tuple(found)


def _chosen(work: Work, learner: Row[Any]) -> tuple[ChosenDay, ...]:
    """The days on which the learner goes somewhere, or may come back, for what they have begun."""
    now, found = work.now.astimezone(zone_of(learner.zone)), list[ChosenDay]()
    for row in rows(work.session, announcements.UNDER_WAY, learner=learner.id):
        activity = work.library.module(row.pack, row.version, row.module).spec.activity
        if isinstance(activity, Mission):
            here = activity.standing(acts_of(work.session, row.id))
            made = activity.appointment(here, now)
            subject = f"{row.course}/{row.section}"
            if made:  # nobody is told in the evening what they chose in the morning
                day = max(made.day, made.made + timedelta(days=1))
                # another day is called to mind though the first has been
                key = f"{made.key}.{made.day}" if here.moved and not here.number else made.key
                found.append(ChosenDay(f"{subject}/{key}", day))
    return tuple(found)


def _waiting(work: Work, learner: Row[Any], touches: Iterable[TouchRow]) -> OpenTouch | None:
    """The open touch with questions, if one of its courses announces."""
    zone = zone_of(learner.zone)
    for one in touches:
        if one.state == "open" and one.kind == "prompts" and one.opened_at is not None:
            its = {"learner": learner.id, "touch": one.number}
            about = rows(work.session, announcements.COURSES_OF_TOUCH, **its)
            if about:
                ends = last_day(one.expires_at, zone)
                opened = local_day(one.opened_at, zone)
                return OpenTouch(str(one.number), opened, ends, frozenset(row.id for row in about))
    return None
