"""How far a site conforms with the RGAA, as its pages have to say at their foot."""

from __future__ import annotations

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from engine.storage.tables import Tenant
from web.site.context import Person, current_services


def conformity(reader: Person | None) -> str:
    """What the reader's organisation says, or the only one that there is: full, partial or none.
    Where nobody had it audited, the law has it say none."""
    return (reader.conformity if reader else _of_the_only_one()) or "none"


def in_words(state: str) -> str:
    """The words that the law asks for."""
    said: dict[str, str] = {
        "full": gettext("Accessibility: fully compliant"),
        "partial": gettext("Accessibility: partially compliant"),
        "none": gettext("Accessibility: not compliant"),
    }
    return said.get(state, said["none"])


def _of_the_only_one() -> str | None:
    try:
        with current_services().db.shared() as unit:
            every = unit.scalars(select(Tenant.conformity).limit(2)).all()
    except SQLAlchemyError:  # a page that says so still has a foot
        return None
    return every[0] if len(every) == 1 else None
