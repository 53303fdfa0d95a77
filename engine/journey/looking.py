"""When a learner is looked at for something to announce: at once, after whatever may change it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.storage.queries import announcements
from engine.storage.queries.running import change


def look_at(session: Session, learner: str, at: datetime) -> None:
    """Looks at that learner at that time (learning time)."""
    change(session, announcements.LOOK_AT, of_id=learner, new_announce_at=at)


def look_at_course(session: Session, course: str, at: datetime) -> None:
    """Looks at everybody in a course at that time (learning time)."""
    session.flush()
    change(session, announcements.LOOK_AT_COURSE, of_course=course, new_announce_at=at)


def look_at_table(session: Session, table: str, at: datetime) -> None:
    """Looks at everybody who has a seat at a table at that time (learning time)."""
    change(session, announcements.LOOK_AT_TABLE, of_table=table, new_announce_at=at)
