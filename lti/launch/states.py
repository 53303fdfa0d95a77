"""States of logins on their way: stored, bound to one browser, good for ten minutes, and used
exactly once."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from engine.storage.database import Database
from engine.storage.tables import LtiRegistration, LtiState
from lti.launch.reasons import (
    StateExpired,
    StateMissing,
    StateOtherBrowser,
    StateReused,
    StateUnknown,
)
from lti.platforms.reasons import RegistrationDisabled
from lti.platforms.registrations import Registration, as_value
from lti.wire.refusals import LaunchRefused
from lti.wire.secrets import hashed, new_secret

LIFE = timedelta(minutes=10)
KEPT = timedelta(days=1)
"""How long a state that is over is remembered, so that its reuse is told apart from a state that
never was."""


@dataclass(frozen=True)
class NewState:
    """A new state in clear: what the browser carries to the platform and back."""

    state: str
    nonce: str


@dataclass(frozen=True)
class PendingState:
    """A login that came back in time and to the browser that began it, not used yet."""

    registration: Registration
    state_hash: str
    nonce_hash: str
    target: str


def open_state(
    db: Database,
    registration: Registration,
    browser: str,
    target: str,
    wall: datetime,
    login: Mapping[str, str] = MappingProxyType({}),
) -> NewState:
    """Store a new state and nonce for this browser and target link (OpenID Connect Core 1.0,
    sections 3.1.2.1 and 15.5.2).

    States that are over for a day are forgotten on the way.
    """
    fresh = NewState(new_secret(), new_secret())
    with db.write(registration.tenant) as session:
        session.execute(
            delete(LtiState)
            .where(LtiState.tenant == registration.tenant, LtiState.expires_at < wall - KEPT)
            .execution_options(synchronize_session=False)
        )
        session.add(
            LtiState(
                state=hashed(fresh.state),
                registration=registration.id,
                nonce=hashed(fresh.nonce),
                browser=hashed(browser),
                target=target,
                login=dict(login),
                expires_at=wall + LIFE,
            )
        )
        session.commit()
    return fresh


def pending(db: Database, state: str | None, browser: str | None, wall: datetime) -> PendingState:
    """The login that this state belongs to; looks only, uses nothing up (Security Framework 1.0,
    sections 5.1.1.3 and 7.3.1: no login on somebody else's behalf).

    Raises ``LaunchRefused``: state-missing, state-unknown, state-reused, state-expired,
    state-other-browser, registration-disabled.
    """
    if not state:
        raise LaunchRefused(StateMissing())
    found = _found(db, state)
    if found is None:
        raise LaunchRefused(StateUnknown())
    row, registration = found
    if row.used_at is not None:
        raise LaunchRefused(StateReused())
    if wall >= row.expires_at:
        raise LaunchRefused(StateExpired())
    if not browser or not hmac.compare_digest(row.browser, hashed(browser)):
        raise LaunchRefused(StateOtherBrowser())
    if not registration.enabled:
        raise LaunchRefused(
            RegistrationDisabled(issuer=registration.issuer, client_id=registration.client_id)
        )
    return PendingState(registration, row.state, row.nonce, row.target)


def begun_by(db: Database, state: str) -> tuple[Registration, Mapping[str, str]] | None:
    """Which platform began the login of this state, and what it said; whichever browser asks, so
    it proves nothing."""
    found = _found(db, state)
    return (found[1], found[0].login) if found is not None else None


def use(session: Session, login: PendingState, wall: datetime) -> None:
    """Use the state up, in a session that writes, and forget what the platform said at its
    login. Of any number of transactions at once exactly one goes on; the others raise
    ``LaunchRefused("state-reused")``."""
    mine = LtiState.tenant == login.registration.tenant, LtiState.state == login.state_hash
    marked: Any = session.execute(
        update(LtiState)
        .where(*mine, LtiState.used_at.is_(None))
        .values(used_at=wall, login={})
        .execution_options(synchronize_session=False)
    )
    if marked.rowcount != 1:
        raise LaunchRefused(StateReused())


def sweep(db: Database, wall: datetime) -> None:
    """Forget states of every organisation that are over for long; harmless when called often."""
    over = LtiState.expires_at < wall - KEPT
    with db.across("worker-claim") as door:
        if door.scalars(select(LtiState.state).where(over).limit(1)).first() is None:
            return
    with db.across("worker-claim", write=True) as door:
        door.execute(delete(LtiState).where(over).execution_options(synchronize_session=False))
        door.commit()


def _found(db: Database, state: str) -> tuple[LtiState, Registration] | None:
    owner = and_(
        LtiRegistration.tenant == LtiState.tenant, LtiRegistration.id == LtiState.registration
    )
    with db.across("lti-lookup") as session:
        found = session.execute(
            select(LtiState, LtiRegistration)
            .join(LtiRegistration, owner)
            .where(LtiState.state == hashed(state))
        ).one_or_none()
    return (found[0], as_value(found[1])) if found is not None else None
