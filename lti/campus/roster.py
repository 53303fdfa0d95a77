"""The members of the course as values: a teacher and any number of students, and others who may
join and leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from lti.campus.profiles.profile import Kind


@dataclass(frozen=True)
class Person:
    """A member, identified only by kind and number. ``changed`` is the roster revision that last
    changed them."""

    kind: Kind
    number: int
    changed: int = 0
    gone: bool = False

    @property
    def id(self) -> str:
        """``teacher-1``, ``student-12``."""
        return f"{'student' if self.kind == 'learner' else self.kind}-{self.number}"

    @property
    def name(self) -> str:
        """``Teacher 1``, ``Student 12``."""
        return self.id.replace("-", " ").capitalize()

    def personal(self, asked: Collection[str]) -> dict[str, str]:
        """Name and address, each only if the tool asked for that claim at registration."""
        given, _, family = self.name.partition(" ")
        known = {
            "name": self.name,
            "given_name": given,
            "family_name": family,
            "email": f"{self.id}@example.org",
        }
        return {claim: text for claim, text in known.items() if claim in asked}


@dataclass(frozen=True)
class Roster:
    """Everybody who is or was a member, in order; ``revision`` grows with each change."""

    people: tuple[Person, ...]
    revision: int = 0

    def find(self, user: str) -> Person | None:
        """The current member with that id, or None."""
        return next(
            (person for person in self.people if person.id == user and not person.gone), None
        )

    @property
    def present(self) -> tuple[Person, ...]:
        """The current members."""
        return tuple(person for person in self.people if not person.gone)


def of_size(members: int) -> Roster:
    """A roster of one teacher and students, that many members in all."""
    return Roster(
        (Person("teacher", 1), *(Person("learner", number) for number in range(1, members)))
    )


def left(roster: Roster, user: str) -> Roster:
    """The roster after that member has left; unchanged if they were not a member."""
    leaving = roster.find(user)
    if leaving is None:
        return roster
    revision = roster.revision + 1
    return Roster(
        tuple(
            replace(person, gone=True, changed=revision) if person == leaving else person
            for person in roster.people
        ),
        revision,
    )


def joined(roster: Roster, count: int, kind: Kind = "learner") -> Roster:
    """The roster with that many more students, or members of another kind."""
    revision = roster.revision + 1
    last = max((person.number for person in roster.people if person.kind == kind), default=0)
    new = (Person(kind, last + n, revision) for n in range(1, count + 1))
    return Roster((*roster.people, *new), revision)


def selected(roster: Roster, since: int | None = None) -> tuple[Person, ...]:
    """The current members; with ``since``, instead those who changed after that revision, including
    those who left (NRPS 2.0, section 2.4.3)."""
    if since is None:
        return roster.present
    return tuple(person for person in roster.people if person.changed > since)
