"""Whose mail is refused, as the tables say it: the one place that the pages and mails of a desk
ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.storage.queries import desk
from engine.storage.queries.running import rows
from engine.storage.tables import Course


def refused_learners(unit: Session, course: Course) -> frozenset[str]:
    """The members of the course whose last mail with questions was refused for good, by account."""
    return frozenset(row.learner for row in rows(unit, desk.REFUSED, course=course.id))


def refused_addresses(invited: Mapping[str, Row[Any]] | Iterable[Row[Any]]) -> frozenset[str]:
    """Of the open invitations of a course (``desk.INVITED``), the addresses that refused theirs for
    good."""
    them = invited.values() if isinstance(invited, Mapping) else invited
    return frozenset(row.email for row in them if row.state == "parked")
