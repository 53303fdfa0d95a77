"""The first run of an installation: while nobody administers it, a one-time link makes the first
administrator, and nothing else does but the command line."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.curriculum.names import slug
from engine.people.accounts import (
    create_with_password,
    get_or_create_organisation,
    normalise_email,
)
from engine.people.reasons import (
    FirstRunExpired,
    FirstRunOver,
    NameMissing,
    OrganisationUnnamed,
)
from engine.storage.database import writes
from engine.storage.queries.people import has_role
from engine.storage.tables import Account, FirstRun
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from engine.values.lines import one_line
from engine.values.roles import ADMINISTRATOR

LASTS = timedelta(days=1)
THE_ONE = 1
LONGEST_NAME, LONGEST_ORGANISATION = 120, 200


@dataclass(frozen=True)
class Administrator:
    """Who is to administer the installation, and the name of their organisation."""

    name: str
    email: str
    password: str
    organisation: str
    language: str

    @property
    def tenant(self) -> str:
        """The id of the organisation: its name in plain letters; "" if it has none."""
        return slug(one_line(self.organisation))


def is_needed(door: Session) -> bool:
    """Whether nobody administers any organisation. ``door`` is a session through a named door."""
    run_it = select(Account.id).where(has_role(ADMINISTRATOR)).limit(1)
    return door.scalars(run_it).first() is None


def offer(unit: Session, wall: datetime) -> str:
    """A new token, in place of the one before. The caller commits; ``unit`` is a shared session for
    writing."""
    token = secrets.token_urlsafe(32)
    row = unit.get(FirstRun, THE_ONE) or FirstRun(id=THE_ONE)
    row.digest, row.expires_at = _digest(token), wall + LASTS
    unit.add(row)
    return token


def check(unit: Session, token: str, wall: datetime) -> FirstRun:
    """The row of that token, locked in a unit that writes. Raises ``NotFound("first-run-over")``
    and ``NotFound("first-run-expired")``."""
    row = unit.get(FirstRun, THE_ONE, with_for_update=writes(unit) or None)
    if row is None or not compare_digest(row.digest, _digest(token)):
        raise NotFound(FirstRunOver())
    if wall > row.expires_at:
        raise NotFound(FirstRunExpired())
    return row


def begin(work: Work, token: str, who: Administrator, zone: str) -> Account:
    """Makes the first administrator and their organisation, and uses the token up. ``work`` is a
    unit of ``who.tenant``. Raises as ``check`` does, and ``Invalid`` for a password; the token
    stays good then."""
    row = check(work.session, token, work.wall)
    house = get_or_create_organisation(work.session, who.tenant, who.organisation, work.now)
    house.language, house.zone = who.language, zone
    made = create_with_password(
        work.session,
        email=who.email,
        name=who.name,
        role="administrator",
        language=who.language,
        now=work.now,
        password=who.password,
        zone=zone,
    )
    work.session.delete(row)
    work.session.flush()
    return made


def end(unit: Session) -> None:
    """There is an administrator: no link makes another."""
    row = unit.get(FirstRun, THE_ONE)
    if row is not None:
        unit.delete(row)
        unit.flush()


def proofread(who: Administrator) -> None:
    """Raises ``Invalid`` with its ``field`` for the first thing that cannot be stored."""
    if not 0 < len(one_line(who.name)) <= LONGEST_NAME:
        raise Invalid(NameMissing(most=LONGEST_NAME), field="name")
    if not who.tenant or len(who.organisation) > LONGEST_ORGANISATION:
        raise Invalid(OrganisationUnnamed(most=LONGEST_ORGANISATION), field="organisation")
    try:
        normalise_email(who.email)
    except Invalid as wrong:
        raise Invalid(wrong.reason, field="email") from wrong


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
