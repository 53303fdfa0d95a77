"""One-time links with which a platform may register itself with an organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.storage.tables import LtiInvite
from engine.storage.work import Work
from lti.platforms.reasons import InviteExpired, InviteUnknown, InviteUsed
from lti.wire.refusals import RegistrationRefused
from lti.wire.secrets import hashed, new_secret

LIFE = timedelta(days=3)


def invite(work: Work) -> str:
    """Creates an invite of the organisation and returns the secret part of its link, which is not
    stored."""
    token = new_secret()
    work.session.add(
        LtiInvite(token=hashed(token), created_at=work.wall, expires_at=work.wall + LIFE)
    )
    work.session.flush()
    return token


def tenant_of(door: Session, token: str, wall: datetime) -> str:
    """The organisation that issued this invite, if it is still valid; read-only.

    Raises ``RegistrationRefused``: invite-unknown, invite-used, invite-expired.
    """
    row = door.scalar(select(LtiInvite).where(LtiInvite.token == hashed(token)))
    if row is None:
        raise RegistrationRefused(InviteUnknown())
    if row.used_at is not None:
        raise RegistrationRefused(InviteUsed())
    if wall >= row.expires_at:
        raise RegistrationRefused(InviteExpired())
    return row.tenant


def claim(work: Work, token: str) -> None:
    """Uses up the invite: of several concurrent units one goes on, the others raise
    ``RegistrationRefused("invite-used")``."""
    marked: Any = work.session.execute(
        update(LtiInvite)
        .where(
            LtiInvite.tenant == work.tenant,
            LtiInvite.token == hashed(token),
            LtiInvite.used_at.is_(None),
        )
        .values(used_at=work.wall)
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:
        raise RegistrationRefused(InviteUsed())


def release(work: Work, token: str) -> None:
    """Makes the invite valid again, until it expires, after a registration failed."""
    work.session.get_one(LtiInvite, (work.tenant, hashed(token))).used_at = None
    work.session.flush()
