"""States of logins in progress: stored, bound to one browser, valid for ten minutes, and used
exactly once."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.storage.queries import doors, launches
from engine.storage.queries.running import across, change
from engine.storage.tables import LtiState
from engine.storage.work import Work
from lti.launch.reasons import (
    StateExpired,
    StateMissing,
    StateOtherBrowser,
    StateReused,
    StateUnknown,
)
from lti.platforms.reasons import RegistrationDisabled
from lti.platforms.registrations import LaunchHealth, Registration, admit, as_value
from lti.wire.refusals import LaunchRefused
from lti.wire.secrets import hashed, new_secret

LIFE = timedelta(minutes=10)
CROWDED_LIFE = timedelta(minutes=1)
"""How long a login that is not completed is kept while very many are begun."""


@dataclass(frozen=True)
class NewState:
    """A new state in clear text: what the browser carries to the platform and back."""

    state: str
    nonce: str


@dataclass(frozen=True)
class Login:
    """A login that was started, and what is known of the platform that started it.

    ``storage``: the platform's frame that keeps our state, if it offered one. ``keys_at``: when the
    platform's keys were last fetched. ``hosts``: the registration's own, and those named by its
    earlier launches.
    """

    registration: Registration
    state_hash: str
    nonce_hash: str
    browser_hash: str
    target: str
    storage: str | None
    expires_at: datetime
    used: bool
    keys_at: datetime | None
    health: LaunchHealth
    hosts: frozenset[str]


def open_state(
    work: Work,
    registration: Registration,
    browser: str,
    target: str,
    storage: str | None,
) -> NewState:
    """Stores a new state and nonce for this browser and target link (OpenID Connect Core 1.0,
    sections 3.1.2.1 and 15.5.2)."""
    fresh = NewState(new_secret(), new_secret())
    work.session.add(
        LtiState(
            state=hashed(fresh.state),
            registration=registration.id,
            nonce=hashed(fresh.nonce),
            browser=hashed(browser),
            target=target,
            storage=storage,
            expires_at=work.wall + LIFE,
        )
    )
    work.session.flush()
    return fresh


def forget_unused(work: Work, registration: Registration) -> None:
    """Deletes the logins of that registration that were begun over a minute ago and not completed:
    somebody begins so many that they must not all be kept for their whole life."""
    old = work.wall + LIFE - CROWDED_LIFE
    work.session.execute(
        delete(LtiState)
        .where(
            LtiState.registration == registration.id,
            LtiState.used_at.is_(None),
            LtiState.expires_at < old,
        )
        .execution_options(synchronize_session=False)
    )


def find(door: Session, state: str) -> Login | None:
    """The login of this state, for any browser; so it proves nothing."""
    found = across(door, doors.LOGIN, state=hashed(state))
    if not found:
        return None
    row = found[0]
    registration = as_value(row)
    return Login(
        registration,
        row.state,
        row.nonce,
        row.browser,
        row.target,
        row.storage,
        row.expires_at,
        row.used_at is not None,
        row.fetched_at,
        LaunchHealth(row.launched_at, row.failed_at, row.skew),
        registration.own_hosts.union(one.host for one in found if one.host is not None),
    )


def pending(door: Session, state: str | None, browser: str | None, wall: datetime) -> Login:
    """The login of this state, provided that it came back in time and to the browser that started
    it; read-only, uses nothing up (Security Framework 1.0, sections 5.1.1.3 and 7.3.1: no login on
    somebody else's behalf).

    Raises ``LaunchRefused``: state-missing, state-unknown, state-reused, state-expired,
    state-other-browser, registration-disabled.
    """
    if not state:
        raise LaunchRefused(StateMissing())
    login = find(door, state)
    if login is None:
        raise LaunchRefused(StateUnknown())
    if login.used:
        raise LaunchRefused(StateReused())
    if wall >= login.expires_at:
        raise LaunchRefused(StateExpired())
    if not browser or not hmac.compare_digest(login.browser_hash, hashed(browser)):
        raise LaunchRefused(StateOtherBrowser())
    registration = login.registration
    if not registration.enabled:
        raise LaunchRefused(
            RegistrationDisabled(issuer=registration.issuer, client_id=registration.client_id)
        )
    return login


def use(work: Work, login: Login, deployment: str) -> None:
    """Uses up the state for a launch of that deployment. Of any number of concurrent units exactly
    one goes on; the others raise ``LaunchRefused("state-reused")``. Also raises what
    ``registrations.admit`` does."""
    registration = login.registration
    used = change(
        work.session,
        launches.SPEND,
        of_state=login.state_hash,
        of_registration=registration.id,
        of_deployment=deployment,
        wall=work.wall,
    )
    if used != 1:
        admit(work, registration, deployment)
        raise LaunchRefused(StateReused())
