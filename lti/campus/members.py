"""The roster as LMSs tell it (NRPS 2.0), each in its manner."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from lti.campus import ids
from lti.campus.clients import Client
from lti.campus.profiles.profile import Profile
from lti.campus.refusals import PlatformRefused
from lti.campus.roster import Person, Roster, selected
from lti.wire.roles import context_role


@dataclass(frozen=True)
class Asked:
    """A query of the roster: by role and by link, what changed since a revision, and the page."""

    role: str | None = None
    link: str | None = None
    since: int | None = None
    start: int = 0
    limit: int | None = None


@dataclass(frozen=True)
class Page:
    """Some members, and where the next page begins, if there is one, and how long it is."""

    people: tuple[Person, ...]
    following: int | None
    size: int


def page_of(profile: Profile, roster: Roster, launched: Collection[str], asked: Asked) -> Page:
    """The page that answers a query; ``launched`` are those who have launched. Raises
    ``PlatformRefused``."""
    manners, roles = profile.members, profile.people.roster
    people = tuple(
        person
        for person in selected(roster, asked.since)
        if person.kind in roles
        and (person.id in launched or not manners.launched_only)
        and _has(roles[person.kind], asked.role if "role" in manners.filters else None)
    )
    if manners.most is not None and len(people) > manners.most:
        raise PlatformRefused("above_response_limit", "above_response_limit", 403)
    size = asked.limit or manners.unasked or len(people) or 1
    size = min(size, manners.page) if manners.page else size
    end = asked.start + size
    return Page(people[asked.start : end], end if end < len(people) else None, size)


def _has(roles: Collection[str], wanted: str | None) -> bool:
    return wanted is None or context_role(wanted) in map(context_role, roles)


def told(profile: Profile, base: str, client: Client, person: Person) -> dict[str, Any]:
    """A member in the roster's JSON format (NRPS 2.0, section 2.2)."""
    return {
        "user_id": ids.subject(profile, base, person),
        "status": "Deleted" if person.gone else "Active",
        "roles": list(profile.people.roster[person.kind]),
        **person.personal(set(client.claims) - profile.launching.never),
    }
