"""Inviting a whole list: who on it is new, invited before or here already, and the invitations
themselves, written a chunk at a time so that nobody waits long for the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine.people import invitations, placing
from engine.people.invitations import About
from engine.people.lists import Person
from engine.people.placing import NOTHING, Place, Placed
from engine.storage.claims import lists_due
from engine.storage.tables import Course, Upload
from engine.storage.work import Units, Work

CHUNK = 500
"""So many invitations are written in one transaction."""


@dataclass(frozen=True)
class Guest:
    """Somebody on a list. ``state``: new, again (invited before), today (invited often enough
    today), here (in the course already). ``place``: of a learner who is here, the cohort that the
    list says, where that is not theirs."""

    person: Person
    state: str
    place: Place | None = None


@dataclass(frozen=True)
class Done:
    """What became of people on a list."""

    invited: invitations.Invited
    placed: Placed = NOTHING


def sort_out(work: Work, course: Course, people: Sequence[Person]) -> tuple[Guest, ...]:
    """Everybody on the list with what inviting them now would mean. A few statements a thousand
    people."""
    found: list[Guest] = []
    for some in chunks(people, 1_000):
        states = invitations.states_of(work, course, [one.email for one in some])
        here = {one.email: cohort_of(one) for one in some if states.get(one.email) == "here"}
        places = placing.places(work.session, course, here)
        found += [Guest(one, states.get(one.email, "new"), places.get(one.email)) for one in some]
    return tuple(found)


def cohort_of(person: Person) -> str:
    """The cohort that a list says of somebody."""
    return person.group or person.territory


def ask(
    work: Work, course: Course, upload: Upload, people: Sequence[Person], *, move: bool = False
) -> None:
    """Has these people invited: ``advance`` does it. ``move``: who is in another cohort than the
    list says is moved. Of the file only who they are is kept. Raises
    ``Invalid("too-many-invited", field="emails")``."""
    invitations.check_limits(work, len(people), upload.account)
    rows = [[one.email, one.name, cohort_of(one)] for one in people]
    upload.data = json.dumps(rows, ensure_ascii=False).encode()
    upload.asked_at, upload.total, upload.done = work.wall, len(rows), 0
    upload.said = {"move": 1} if move else {}
    work.session.flush()


def advance(units: Units, tenant: str, upload: str) -> bool:
    """Writes the next chunk of a list; returns whether there was one."""
    with units.write(tenant) as work:
        wanted = select(Upload).options(undefer(Upload.data)).where(Upload.id == upload)
        row = work.session.scalars(wanted.with_for_update()).one_or_none()
        if row is None or row.asked_at is None or row.done >= row.total:
            return False
        course = work.session.get_one(Course, (tenant, row.course))
        some = json.loads(row.data)[row.done : row.done + CHUNK]
        about = {email: About(name, cohort) for email, name, cohort in some}
        made = _invite(work, course, about, row.account, move="move" in row.said)
        told = Counter(row.said) + Counter(_counted(made))
        row.done, row.said = row.done + len(some), dict(told)
        if row.done >= row.total:
            row.data = b"[]"
        work.commit()
    return True


def advance_all(units: Units) -> int:
    """Writes the next chunk of every list that somebody asked for; returns how many there were."""
    with units.db.across("worker-claim") as door:
        due = lists_due(door)
    return sum(advance(units, tenant, upload) for tenant, upload in due)


def invite_some(work: Work, course: Course, people: Sequence[Person], *, move: bool) -> Done:
    """Invites these people for the command line; the caller commits."""
    about = {one.email: About(one.name, cohort_of(one)) for one in people}
    return _invite(work, course, about, None, move=move)


def _invite(
    work: Work, course: Course, about: Mapping[str, About], by: str | None, *, move: bool
) -> Done:
    """Invites these people, and gives their cohort to those who are here."""
    made = invitations.invite(work, course, list(about), by, about, limited=False)
    asked = set(made.asked)
    others = {email: one.cohort for email, one in about.items() if email not in asked}
    return Done(made, placing.place(work.session, course, others, move=move))


def _counted(done: Done) -> dict[str, int]:
    made = done.invited
    return {
        "asked": len(made.asked),
        "again": made.again,
        "today": made.today,
        "here": made.here,
        **asdict(done.placed),
    }


def added(one: Done, other: Done) -> Done:
    """What became of two chunks."""
    first, second = one.invited, other.invited
    return Done(
        invitations.Invited(
            first.asked + second.asked,
            first.again + second.again,
            first.today + second.today,
            first.here + second.here,
        ),
        Placed(
            one.placed.joined + other.placed.joined,
            one.placed.moved + other.placed.moved,
            one.placed.stayed + other.placed.stayed,
        ),
    )


def counted(guests: Sequence[Guest]) -> Mapping[str, int]:
    """How many there are of each state, how many join a cohort, and how many are elsewhere."""
    places = [one.place for one in guests if one.place]
    elsewhere = sum(bool(one.now) for one in places)
    return Counter(one.state for one in guests) | Counter(
        joins=len(places) - elsewhere, elsewhere=elsewhere
    )


def chunks(people: Sequence[Person], size: int = CHUNK) -> Iterator[Sequence[Person]]:
    """The people, so many at a time."""
    return (people[at : at + size] for at in range(0, len(people), size))
