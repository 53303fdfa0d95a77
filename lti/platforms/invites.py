"""One-time links with which a platform may register itself with an organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from engine.storage.database import Database
from engine.storage.tables import LtiInvite
from lti.platforms.reasons import InviteExpired, InviteUnknown, InviteUsed
from lti.wire.refusals import RegistrationRefused
from lti.wire.secrets import hashed, new_secret

LIFE = timedelta(days=3)


def invite(db: Database, tenant: str, wall: datetime) -> str:
    """Creates an invite of that organisation and returns the secret part of its link, which is not
    stored."""
    token = new_secret()
    with db.write(tenant) as session:
        session.add(LtiInvite(token=hashed(token), created_at=wall, expires_at=wall + LIFE))
        session.commit()
    return token


def tenant_of(db: Database, token: str, wall: datetime) -> str:
    """The organisation that issued this invite, if it is still valid; read-only.

    Raises ``RegistrationRefused``: invite-unknown, invite-used, invite-expired.
    """
    with db.across("lti-lookup") as session:
        row = session.scalar(select(LtiInvite).where(LtiInvite.token == hashed(token)))
    if row is None:
        raise RegistrationRefused(InviteUnknown())
    if row.used_at is not None:
        raise RegistrationRefused(InviteUsed())
    if wall >= row.expires_at:
        raise RegistrationRefused(InviteExpired())
    return row.tenant


def claim(db: Database, tenant: str, token: str, wall: datetime) -> None:
    """Uses up the invite: of several concurrent calls one returns, the others raise
    ``RegistrationRefused("invite-used")``."""
    with db.write(tenant) as session:
        marked: Any = session.execute(
            update(LtiInvite)
            .where(
                LtiInvite.tenant == tenant,
                LtiInvite.token == hashed(token),
                LtiInvite.used_at.is_(None),
            )
            .values(used_at=wall)
            .execution_options(synchronize_session=False)
        )
        if marked.rowcount != 1:
            raise RegistrationRefused(InviteUsed())
        session.commit()


def release(db: Database, tenant: str, token: str) -> None:
    """Makes the invite valid again, until it expires, after a registration failed."""
    with db.write(tenant) as session:
        session.get_one(LtiInvite, (tenant, hashed(token))).used_at = None
        session.commit()
