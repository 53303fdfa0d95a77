"""Visits: the sessions that launches open. The key is in the path of every page, so that a visit
works where cookies do not.

Where they do, a browser's cookie holds its secret and who came in last: only that person's visits
open to it, so that on a shared computer a launch ends the visits of whoever was there before.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from engine.storage.database import Database
from engine.storage.queries import launches
from engine.storage.queries.running import change
from engine.storage.tables import LtiVisit
from engine.storage.work import Work
from lti.wire.secrets import hashed, new_secret

WITH_COOKIE, WITHOUT_COOKIE = timedelta(hours=8), timedelta(hours=2)


@dataclass(frozen=True)
class Visit:
    """A visit, and whether it is still ``open`` to this browser. ``role``: learner or facilitator,
    as the launch said. ``bound``: whether it is bound to a browser by its cookie.

    ``about``: ``frames`` (origins that may frame its pages), ``return_url``, and what individual
    pages need.
    """

    tenant: str
    key_hash: str
    registration: str
    account: str
    role: str
    session: Mapping[str, Any]
    about: Mapping[str, Any]
    open: bool
    bound: bool


@dataclass(frozen=True)
class Opening:
    """The initial values of a visit. ``browser``: the cookie of this browser (``cookie_of``), None
    where cookies are blocked."""

    registration: str
    account: str
    role: str
    session: Mapping[str, Any]
    about: Mapping[str, Any]
    browser: str | None


def cookie_of(secret: str, person: str) -> str:
    """The cookie of the browser with that secret in which ``person`` (a keyed hash that nobody else
    can make) came in last."""
    return f"{secret}.{person}"


def secret_of(cookie: str | None) -> str | None:
    """The secret of a browser, which stays the same whoever comes in."""
    return cookie.partition(".")[0] if cookie else None


def begin(work: Work, opening: Opening) -> str:
    """Stores a new visit and returns its key, which is not stored."""
    key = new_secret()
    life = WITH_COOKIE if opening.browser else WITHOUT_COOKIE
    change(
        work.session,
        launches.ADD_VISIT,
        key=hashed(key),
        registration=opening.registration,
        account=opening.account,
        role=opening.role,
        browser=hashed(opening.browser) if opening.browser else None,
        session=dict(opening.session),
        about=dict(opening.about),
        expires_at=work.wall + life,
    )
    return key


def find(db: Database, key: str, browser: str | None, wall: datetime) -> Visit | None:
    """The visit with that key, ``open`` until it expires and, if it is bound to a browser, only to
    that browser."""
    with db.across("lti-lookup") as door:
        row = door.scalars(select(LtiVisit).where(LtiVisit.key == hashed(key))).one_or_none()
    if row is None:
        return None
    own = row.browser is None or (
        browser is not None and hmac.compare_digest(row.browser, hashed(browser))
    )
    return Visit(
        row.tenant,
        row.key,
        row.registration,
        row.account,
        row.role,
        row.session,
        row.about,
        own and wall < row.expires_at,
        row.browser is not None,
    )


def end(db: Database, visit: Visit, wall: datetime) -> None:
    """Ends a visit, whatever its browser still holds."""
    with db.write(visit.tenant) as unit:
        row = unit.get(LtiVisit, (visit.tenant, visit.key_hash))
        if row is not None:
            row.session, row.expires_at = {}, min(wall, row.expires_at)
            unit.commit()


def keep(db: Database, visit: Visit, session: Mapping[str, Any]) -> None:
    """Stores what the pages put into the session."""
    with db.write(visit.tenant) as unit:
        row = unit.get(LtiVisit, (visit.tenant, visit.key_hash))
        if row is not None:
            row.session = dict(session)
            unit.commit()
