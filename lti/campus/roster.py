"""The members of the course as values: a teacher and any number of students, who may join and
leave; and how they are told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from lti.wire.roles import MEMBERSHIP, context_role

MAX_PAGE = 100
"""How many members a page holds at most."""


@dataclass(frozen=True)
class Person:
    """A member, known by role and number alone. ``changed``: the revision of the roster that
    last changed them."""

    role: str
    number: int
    changed: int = 0
    gone: bool = False

    @property
    def id(self) -> str:
        """``teacher-1``, ``student-12``."""
        return f"{'teacher' if self.role == 'Instructor' else 'student'}-{self.number}"

    @property
    def name(self) -> str:
        """``Teacher 1``, ``Student 12``."""
        return self.id.replace("-", " ").capitalize()

    def personal(self, asked: Collection[str]) -> dict[str, str]:
        """Name and address, each only when the tool asked for that claim as it registered."""
        given, _, family = self.name.partition(" ")
        known = {
            "name": self.name,
            "given_name": given,
            "family_name": family,
            "email": f"{self.id}@example.org",
        }
        return {claim: text for claim, text in known.items() if claim in asked}

    @property
    def roles(self) -> list[str]:
        """The roles as a launch says them (LTI 1.3 core, appendix A.2.3)."""
        return [f"{MEMBERSHIP}#{self.role}"]

    def as_member(self, asked: Collection[str]) -> dict[str, Any]:
        """The member as the roster says them (NRPS 2.0, section 2.2)."""
        return {
            "user_id": self.id,
            "status": "Deleted" if self.gone else "Active",
            "roles": self.roles,
            **self.personal(asked),
        }


@dataclass(frozen=True)
class Roster:
    """Everybody who is or was a member, in order; ``revision`` grows with each change."""

    people: tuple[Person, ...]
    revision: int = 0

    def find(self, user: str) -> Person | None:
        """The member of that id who has not left."""
        return next(
            (person for person in self.people if person.id == user and not person.gone), None
        )

    @property
    def present(self) -> tuple[Person, ...]:
        """Who has not left."""
        return tuple(person for person in self.people if not person.gone)


def of_size(members: int) -> Roster:
    """One teacher, and students up to that many members."""
    return Roster(
        (Person("Instructor", 1), *(Person("Learner", number) for number in range(1, members)))
    )


def left(roster: Roster, user: str) -> Roster:
    """The roster once that member has left; unchanged when they are none."""
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


def joined(roster: Roster, count: int) -> Roster:
    """The roster with that many students more."""
    revision = roster.revision + 1
    last = max((person.number for person in roster.people if person.role == "Learner"), default=0)
    new = (Person("Learner", last + n, revision) for n in range(1, count + 1))
    return Roster((*roster.people, *new), revision)


def selected(
    roster: Roster, role: str | None = None, since: int | None = None
) -> tuple[Person, ...]:
    """Members of that role, short or full (NRPS 2.0, section 2.4.1). With ``since``, who changed
    after that revision, those who left among them (section 2.4.3); else who is there."""
    people = (
        roster.present
        if since is None
        else tuple(person for person in roster.people if person.changed > since)
    )
    return tuple(person for person in people if role is None or person.role == context_role(role))
