"""What administrators are told of: decided on values, so that each trouble is told once, and once
more when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.queries.people import has_role
from engine.storage.tables import Account, LtiHealth, LtiRegistration, Trouble
from engine.values.roles import ADMINISTRATOR

A_DAY = timedelta(days=1)
"""For so long a connection may fail before anybody is told: a platform is updated at night."""
CONNECTION = "connection:"


@dataclass(frozen=True)
class Known:
    """A trouble as it was found before."""

    since: datetime
    told: bool


@dataclass(frozen=True)
class News:
    """What to tell: troubles that began, and those that are over. ``noted``: all that goes on, by
    key, with its beginning."""

    wrong: tuple[str, ...]
    well: tuple[str, ...]
    noted: Mapping[str, datetime]


def decide(known: Mapping[str, Known], found: Mapping[str, datetime]) -> News:
    """``found``: what is wrong now, by key, with the time of its last sign. A connection is told of
    when its failures are a day apart with no success between them; a disk and the worker at once.
    Only what was told is told to be well again."""
    noted = {key: known[key].since if key in known else at for key, at in found.items()}
    wrong = tuple(
        key
        for key, at in sorted(found.items())
        if not (key in known and known[key].told)
        and (not key.startswith(CONNECTION) or at - noted[key] >= A_DAY)
    )
    well = tuple(key for key, one in sorted(known.items()) if one.told and key not in found)
    return News(wrong, well, noted)


def known_troubles(unit: Session) -> dict[str, Known]:
    """What was found before in this organisation."""
    return {
        row.key: Known(row.since, row.told_at is not None) for row in unit.scalars(select(Trouble))
    }


def failing_connections(unit: Session) -> dict[str, datetime]:
    """Connections that are switched on and whose last news is a failure: when it was."""
    its = (LtiHealth.tenant == LtiRegistration.tenant) & (
        LtiHealth.registration == LtiRegistration.id
    )
    rows = unit.scalars(
        select(LtiHealth)
        .join(LtiRegistration, its)
        .where(LtiRegistration.enabled, LtiHealth.failed_at.is_not(None))
    )
    return {
        f"{CONNECTION}{row.registration}": row.failed_at
        for row in rows
        if row.failed_at
        and all(good is None or good < row.failed_at for good in (row.served_at, row.launched_at))
    }


def keep(unit: Session, news: News, wall: datetime, *, told: bool) -> None:
    """Notes what goes on, and what was told if it was."""
    for row in unit.scalars(select(Trouble)).all():
        if row.key not in news.noted and (told or row.key not in news.well):
            unit.delete(row)
    there = {row.key: row for row in unit.scalars(select(Trouble))}
    for key, since in news.noted.items():
        held = there.get(key)
        if held is None:
            held = Trouble(key=key, since=since)
            unit.add(held)
        if told and key in news.wrong:
            held.told_at = wall
    unit.flush()


def administrators(unit: Session) -> list[Account]:
    """Who is told: administrators with an address."""
    wanted = select(Account).where(has_role(ADMINISTRATOR), Account.email.is_not(None))
    return list(unit.scalars(wanted.order_by(Account.id)))
