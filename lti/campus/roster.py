"""The members of the course as values: a teacher and any number of students, who may join and
leave, in NRPS format."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from lti.wire.roles import MEMBERSHIP, context_role

MAX_PAGE = 100
"""The maximum number of members on a page."""


@dataclass(frozen=True)
class Person:
    """A member, identified only by role and number. ``changed`` is the roster revision that last
    changed them."""

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
        """Name and address, each only if the tool asked for that claim at registration."""
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
        """The roles as a launch lists them (LTI 1.3 core, appendix A.2.3)."""
        return [f"{MEMBERSHIP}#{self.role}"]

    def as_member(self, asked: Collection[str]) -> dict[str, Any]:
        """The member in the roster's JSON format (NRPS 2.0, section 2.2)."""
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
        (Person("Instructor", 1), *(Person("Learner", number) for number in range(1, members)))
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


def joined(roster: Roster, count: int) -> Roster:
    """The roster with that many more students."""
    revision = roster.revision + 1
    last = max((person.number for person in roster.people if person.role == "Learner"), default=0)
    new = (Person("Learner", last + n, revision) for n in range(1, count + 1))
    return Roster((*roster.people, *new), revision)


def selected(
    roster: Roster, role: str | None = None, since: int | None = None
) -> tuple[Person, ...]:
    """The current members, optionally of one role, given by its short or full name (NRPS 2.0,
    section 2.4.1). With ``since``, instead those who changed after that revision, including those
    who left (section 2.4.3)."""
    people = (
        roster.present
        if since is None
        else tuple(person for person in roster.people if person.changed > since)
    )
    return tuple(person for person in people if role is None or person.role == context_role(role))
