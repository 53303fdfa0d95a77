"""Monday's mails: whose morning has come is asked for one, as if they had asked themselves; the
queue of what was asked for sends it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from engine.courses.mondays import next_monday, runs, week_of, zone_of_account
from engine.storage.claims import tenants_with_mondays
from engine.storage.tables import Account, MondayMail
from engine.storage.work import Units, Work

LATE = timedelta(days=2)
"""A mail that could not be asked for within this time (learning time) waits for the next
Monday."""
BATCH = 100


def ask_mondays(units: Units) -> int:
    """Asks for the mails whose Monday morning has come; returns how many."""
    with units.db.across("worker-claim") as door:
        tenants = tenants_with_mondays(door, units.clock.now())
    return sum(_ask(units, tenant) for tenant in tenants)


def _ask(units: Units, tenant: str) -> int:
    """Those of one organisation, in one transaction: what else is due waits for the next tick."""
    with units.write(tenant) as work:
        due = (
            select(MondayMail)
            .where(MondayMail.due_at <= work.now)
            .order_by(MondayMail.due_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        asked = sum(_asked(work, row) for row in work.session.scalars(due).all())
        work.commit()
        return asked


def _asked(work: Work, row: MondayMail) -> bool:
    """Asks for one mail, and sets the next Monday; a week has one. Who runs the course no more, or
    has no address any more, hears of it no more."""
    unit = work.session
    email = unit.scalars(select(Account.email).where(Account.id == row.account)).one()
    if email is None or not runs(unit, row.course, row.account):
        unit.delete(row)
        return False
    zone = zone_of_account(unit, row.account)
    week, late = week_of(work.now, zone), work.now - row.due_at > LATE
    row.due_at = next_monday(work.now, zone)
    if late or week == row.week:
        return False
    row.email, row.week = email, week
    row.ask(work.wall)
    return True
