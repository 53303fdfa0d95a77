"""Mails that somebody asks for at the door: a link to sign in or to set a new password, and one
that confirms an address. What is written does not depend on who has an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.storage.database import writes
from engine.storage.tables import AddressClaim, AskedLink, OnItsWay
from engine.storage.work import Units, Work

Kind = Literal["magic", "reset", "welcome"]
LINK_LASTS = timedelta(minutes=30)
SAME_LINK = timedelta(minutes=10)
"""Whoever asks again gets the same link while so much of its life is left."""
WELCOME_LASTS = timedelta(days=7)
"""Whoever is given an account may read their mail at the end of the week."""
A_MINUTE = timedelta(minutes=1)
"""Asking again within it changes nothing."""


def ask_for_link(unit: Session, kind: Kind, email: str, wall: datetime) -> None:
    """Has a link mailed to whoever has that address, if anybody; commits. Nothing new is written
    while the last mail waits or has only just left. ``unit`` is a shared session for writing."""
    row = unit.get(AskedLink, (kind, email), with_for_update=True)
    if row is None:
        row = AskedLink(kind=kind, email=email, number=0, until=wall)
        unit.add(row)
    elif _is_just_asked(row, wall) and row.until - wall >= SAME_LINK:
        return
    if row.until - wall < SAME_LINK:
        row.until = wall + LINK_LASTS
    row.number += 1
    row.ask(wall)
    try:
        unit.commit()
    except IntegrityError:  # somebody else asked for it at the same moment
        unit.rollback()


def welcome(unit: Session, email: str, wall: datetime) -> None:
    """Has a mail sent to whoever was just given an account with that address: it leads to where
    they choose a password. Nothing is committed here."""
    row = unit.get(AskedLink, ("welcome", email), with_for_update=True)
    if row is None:
        row = AskedLink(kind="welcome", email=email, number=0)
        unit.add(row)
    row.until = wall + WELCOME_LASTS
    row.number += 1
    row.ask(wall)
    unit.flush()


def forget_old_links(units: Units) -> int:
    """Deletes the rows of links that are not valid any more; returns how many there were."""
    with units.db.shared() as unit:
        old = AskedLink.until <= units.clock.wall()
        if unit.scalars(select(AskedLink.kind).where(old).limit(1)).first() is None:
            return 0
    with units.db.shared(write=True) as unit:
        gone = unit.execute(delete(AskedLink).where(old).returning(AskedLink.email)).all()
        unit.commit()
        return len(gone)


def claim_address(work: Work, account: str, email: str, language: str) -> None:
    """Has a link mailed to an address that somebody says is theirs. Nothing new is written while
    the last mail to it waits or has only just left."""
    row = claimed(work.session, account)
    if row is None:
        row = AddressClaim(account=account, number=0, email=email)
        work.session.add(row)
    elif row.email == email and _is_just_asked(row, work.wall):
        return
    row.number += 1
    row.email, row.language, row.asked_at = email, language, work.wall
    row.ask(work.wall)
    work.session.flush()


def claimed(unit: Session, account: str) -> AddressClaim | None:
    """The address that somebody said is theirs, if they have not confirmed it."""
    wanted = select(AddressClaim).where(AddressClaim.account == account)
    return unit.scalars(wanted.with_for_update() if writes(unit) else wanted).one_or_none()


def _is_just_asked(row: OnItsWay, wall: datetime) -> bool:
    return row.state == "waiting" or wall - row.next_at < A_MINUTE
