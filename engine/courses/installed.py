"""The installed packs, and how many of an organisation's people and placements are on which
version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.storage.library import precedence
from engine.storage.tables import Enrolment, PackVersion, Placement


@dataclass(frozen=True)
class Installed:
    """A version of a pack. ``people`` have begun something of it, ``going_on`` of these experiences
    are not over; ``placed``: in so many sections."""

    pack: str
    version: str
    installed_at: datetime
    newest: bool
    people: int
    going_on: int
    placed: int


def installed(unit: Session) -> Sequence[Installed]:
    """Every version, by pack, the newest first. Three statements, however many people there are."""
    lived = {
        (row.pack, row.version): (row.people, row.begun - row.closed)
        for row in unit.execute(
            select(
                Enrolment.pack,
                Enrolment.version,
                func.count(func.distinct(Enrolment.learner)).label("people"),
                func.count(Enrolment.id).label("begun"),
                func.count(Enrolment.closed_at).label("closed"),
            ).group_by(Enrolment.pack, Enrolment.version)
        )
    }
    placed = {
        (row.pack, row.version): row.n
        for row in unit.execute(
            select(
                Placement.pack, Placement.version, func.count(Placement.section).label("n")
            ).group_by(Placement.pack, Placement.version)
        )
    }
    rows = unit.execute(
        select(PackVersion.pack, PackVersion.version, PackVersion.installed_at)
    ).all()
    rows = sorted(rows, key=lambda row: precedence(row.version), reverse=True)
    newest = {row.pack: row.version for row in reversed(rows)}
    return [
        Installed(
            row.pack,
            row.version,
            row.installed_at,
            newest[row.pack] == row.version,
            *lived.get((row.pack, row.version), (0, 0)),
            placed.get((row.pack, row.version), 0),
        )
        for row in sorted(rows, key=lambda row: row.pack)
    ]
