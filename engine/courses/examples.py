"""An example course that begins next Monday, for whoever has just installed the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from engine.courses.members import enrol
from engine.courses.outlines import course_by_slug, import_outline
from engine.courses.slotting import Wishes, slot
from engine.curriculum.outline import Outline
from engine.storage.tables import Account
from engine.storage.work import Units


def next_monday(today: date) -> date:
    """The first Monday after that day."""
    return today + timedelta(days=7 - today.weekday())


def add_example(units: Units, tenant: str, outline: Outline, today: date, runs_it: str) -> str:
    """Imports the course, dated from next Monday, slots it, and makes that account (its id) its
    facilitator; returns its slug. Raises as ``slot`` does."""
    dated = replace(outline, starts_on=next_monday(today))
    with units.write(tenant) as work:
        course = import_outline(work.session, dated, work.now)
        account = work.session.scalars(select(Account).where(Account.id == runs_it)).one()
        enrol(work.session, course, account, work.now, "facilitator")
        work.commit()
    slot(units, tenant, lambda session: course_by_slug(session, dated.id), Wishes())
    return dated.id
