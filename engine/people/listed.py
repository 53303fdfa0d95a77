"""Inviting a whole list: who on it is new, invited before or here already, and the invitations
themselves, written a chunk at a time so that nobody waits long for the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine.people import invitations
from engine.people.invitations import About
from engine.people.lists import Person
from engine.storage.claims import lists_due
from engine.storage.tables import Course, Upload
from engine.storage.work import Units, Work

CHUNK = 500
"""So many invitations are written in one transaction."""


@dataclass(frozen=True)
class Guest:
    """Somebody on a list. ``state``: new, again (invited before), today (invited often enough
    today), here (in the course already)."""

    person: Person
    state: str


def sort_out(work: Work, course: Course, people: Sequence[Person]) -> tuple[Guest, ...]:
    """Everybody on the list with what inviting them now would mean. A few statements a thousand
    people."""
    found: list[Guest] = []
    for some in chunks(people, 1_000):
        states = invitations.states_of(work, course, [one.email for one in some])
        found += [Guest(one, states.get(one.email, "new")) for one in some]
    return tuple(found)


def ask(work: Work, course: Course, upload: Upload, people: Sequence[Person]) -> None:
    """Has these people invited: ``advance`` does it. Of the file only who they are is kept. Raises
    ``Invalid("too-many-invited", field="emails")``."""
    invitations.check_limits(work, len(people), upload.account)
    rows = [[one.email, one.name, one.group or one.territory] for one in people]
    upload.data = json.dumps(rows, ensure_ascii=False).encode()
    upload.asked_at, upload.total, upload.done = work.wall, len(rows), 0
    upload.said = {}
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
        made = invitations.invite(work, course, list(about), row.account, about, limited=False)
        told = Counter(row.said) + Counter(
            asked=len(made.asked), again=made.again, today=made.today, here=made.here
        )
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


def invite_some(work: Work, course: Course, people: Sequence[Person]) -> invitations.Invited:
    """Invites these people for the command line; the caller commits."""
    about = {one.email: About(one.name, one.group or one.territory) for one in people}
    return invitations.invite(work, course, list(about), None, about)


def added(one: invitations.Invited, other: invitations.Invited) -> invitations.Invited:
    """What became of two chunks."""
    return replace(
        one,
        asked=one.asked + other.asked,
        again=one.again + other.again,
        today=one.today + other.today,
        here=one.here + other.here,
    )


def counted(guests: Sequence[Guest]) -> Mapping[str, int]:
    """How many there are of each state."""
    return Counter(one.state for one in guests)


def chunks(people: Sequence[Person], size: int = CHUNK) -> Iterator[Sequence[Person]]:
    """The people, so many at a time."""
    return (people[at : at + size] for at in range(0, len(people), size))
