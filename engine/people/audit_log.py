"""The audit log as administrators read it: filtered, a page at a time, with the names of those who
are still here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine.storage.audit import ACTIONS
from engine.storage.tables import Account, AuditEntry
from engine.values.pages import A_PAGE, before, nearest, pages_of

ACTOR, SUBJECT = aliased(Account), aliased(Account)


@dataclass(frozen=True)
class Filters:
    """Which entries: of an ``action``, by or about a ``person`` (account id), since a moment."""

    action: str = ""
    person: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class LogPage:
    """A page of entries; ``found`` of them in all, ``page`` counts from 1. Each has ``by_name`` and
    ``about_name``, None where nobody has that id any more."""

    shown: Sequence[Row[Any]]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages they fill, at least one."""
        return pages_of(self.found)


def entries(unit: Session, filters: Filters, page: int = 1) -> LogPage:
    """The entries that the filters let through, the latest first. Two statements."""
    where = _where(filters)
    found = unit.scalars(select(func.count(AuditEntry.id)).where(*where)).one()
    page = nearest(page, found)
    shown = unit.execute(
        select(
            AuditEntry.at,
            AuditEntry.action,
            AuditEntry.by,
            AuditEntry.about,
            AuditEntry.detail,
            func.coalesce(func.nullif(ACTOR.name, ""), ACTOR.email).label("by_name"),
            func.coalesce(func.nullif(SUBJECT.name, ""), SUBJECT.email).label("about_name"),
        )
        .outerjoin(ACTOR, and_(ACTOR.tenant == AuditEntry.tenant, ACTOR.id == AuditEntry.by))
        .outerjoin(
            SUBJECT, and_(SUBJECT.tenant == AuditEntry.tenant, SUBJECT.id == AuditEntry.about)
        )
        .where(*where)
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .limit(A_PAGE)
        .offset(before(page))
    )
    return LogPage(shown.all(), found, page)


def _where(filters: Filters) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.action in ACTIONS:
        where.append(AuditEntry.action == filters.action)
    if filters.person:
        where.append(or_(AuditEntry.by == filters.person, AuditEntry.about == filters.person))
    if filters.since is not None:
        where.append(AuditEntry.at >= filters.since)
    return where
