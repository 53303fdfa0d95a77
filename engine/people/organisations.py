"""What an organisation says of itself: its name, as whom it writes, where questions about data go,
and the language and time zone of its people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.courses.hosts import organisation
from engine.journey.reasons import PREFERENCES
from engine.journey.rhythms import ZONES
from engine.people.accounts import normalise_email
from engine.people.reasons import NameMissing
from engine.values.errors import Invalid
from engine.values.languages import LANGUAGES
from engine.values.lines import one_line

LONGEST_NAME, LONGEST_SENDER = 200, 120


@dataclass(frozen=True)
class Identity:
    """What an organisation says of itself; "" where it says nothing."""

    name: str
    sender: str
    contact: str
    language: str
    zone: str


def identity(unit: Session) -> Identity:
    """What the organisation of the session says of itself."""
    its = organisation(unit)
    return Identity(
        its.name, its.sender_name or "", its.contact or "", its.language or "", its.zone or ""
    )


def set_identity(unit: Session, said: Identity) -> None:
    """Stores it. Raises ``Invalid`` with its ``field``; nothing is changed then."""
    name, sender = one_line(said.name), one_line(said.sender)
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(NameMissing(most=LONGEST_NAME), field="name")
    if len(sender) > LONGEST_SENDER:
        raise Invalid(NameMissing(most=LONGEST_SENDER), field="sender")
    for field, known in (("language", LANGUAGES), ("zone", ZONES)):
        if getattr(said, field) not in known:
            raise Invalid(PREFERENCES[field], field=field)
    its = organisation(unit)
    its.contact = _address(said.contact)
    its.name, its.sender_name = name, sender or None
    its.language, its.zone = said.language, said.zone
    unit.flush()


def _address(contact: str) -> str | None:
    try:
        return normalise_email(contact) if contact.strip() else None
    except Invalid as wrong:
        raise Invalid(wrong.reason, field="contact") from wrong
