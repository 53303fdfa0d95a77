"""What members, links and addresses are called outside: here a teacher is ``teacher-1``, to a tool
perhaps a number or an address."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from lti.campus.deep_links import Link
from lti.campus.profiles.profile import FULL, Profile
from lti.campus.roster import Person, Roster

KINDS = tuple(FULL)
SIBLING = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}
"""Two names of this machine."""


def subject(profile: Profile, base: str, person: Person) -> str:
    """A member's ``sub``."""
    number = len(KINDS) * person.number + KINDS.index(person.kind)
    return profile.identity.subjects.format(base=base, id=person.id, n=number)


def person_of(profile: Profile, base: str, roster: Roster, said: str) -> Person | None:
    """The current member whose ``sub`` that is."""
    return next(
        (person for person in roster.present if subject(profile, base, person) == said), None
    )


def link_id(profile: Profile, link: Link) -> str:
    """The id of a resource link, which several may share."""
    identity = profile.identity
    return identity.links.format(n=link.number) if link.own_id else identity.shared


def elsewhere(base: str) -> str:
    """The same place under this machine's other name; to a tool, another host."""
    parts = urlsplit(base)
    host = SIBLING.get(parts.hostname or "", parts.hostname)
    return urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else f"{host}"))
