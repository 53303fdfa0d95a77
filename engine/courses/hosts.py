"""Who offers a learner their courses: the organisation, and the people who run each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.storage.queries import hosts
from engine.storage.queries.running import rows
from engine.storage.tables import Tenant


@dataclass(frozen=True)
class Host:
    """A course as its learners know it. ``people``: the names of those who run it, or else of
    whoever invited; those without a name are left out."""

    course: str
    title: str
    organisation: str
    people: tuple[str, ...]


def hosts_of(session: Session, learner: str, email: str | None) -> tuple[Host, ...]:
    """Who offers each course of a learner, by title. Two statements at most, however many courses
    there are; ``email`` is the learner's address."""
    titles: dict[str, str] = {}
    people: dict[str, list[str]] = {}
    for row in rows(session, hosts.HOSTS, learner=learner):
        titles[row.id] = row.title
        people.setdefault(row.id, []).extend([row.name] if row.name else [])
    if email and not all(people.values()):
        for row in rows(session, hosts.INVITED_BY, learner=learner, email=email):
            if row.name and not people.get(row.course, [row.name]):
                people[row.course] = [row.name]
    name = organisation(session).name
    return tuple(
        Host(course, title, name, _each_once(people[course])) for course, title in titles.items()
    )


def organisation(session: Session) -> Tenant:
    """The organisation that the session is bound to."""
    return session.get_one(Tenant, session.info["tenant"])


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
