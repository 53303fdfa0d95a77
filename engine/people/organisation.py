"""What an organisation says of itself: its name, as whom it writes, where questions about data go,
and the language and time zone by which its people begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from engine.courses.hosts import organisation
from engine.journey.rhythms import ZONES
from engine.people.accounts import normalise_email
from engine.people.reasons import (
    OrganisationLanguage,
    OrganisationName,
    OrganisationTooLong,
    OrganisationZone,
)
from engine.storage.tables import Tenant
from engine.storage.work import Work
from engine.values.errors import Invalid
from engine.values.languages import LANGUAGES
from engine.values.lines import one_line

DOCUMENTS = ("privacy", "legal", "accessibility")
"""The public pages whose words an organisation may write itself."""
LONGEST_NAME, LONGEST_SENDER, LONGEST_DOCUMENT = 200, 120, 20_000


@dataclass(frozen=True)
class Organisation:
    """What it says. ``sender_name``: "" for its name; ``contact``, ``language``, ``zone``: "" for
    those of the installation."""

    name: str
    sender_name: str = ""
    contact: str = ""
    language: str = ""
    zone: str = ""


def said(row: Tenant) -> Organisation:
    """What it says now."""
    return Organisation(
        row.name, row.sender_name or "", row.contact or "", row.language or "", row.zone or ""
    )


def change(work: Work, wish: Organisation) -> list[str]:
    """Keeps what the organisation says from now on; returns the names of what changed.

    Raises ``Invalid("organisation-…" | "email-malformed", field=…)``; then nothing changes.
    """
    row = organisation(work.session)
    good = _checked(wish)
    changed = [f.name for f in fields(good) if getattr(good, f.name) != getattr(said(row), f.name)]
    for name in changed:
        value = getattr(good, name)
        setattr(row, name, value if name == "name" else value or None)
    work.session.flush()
    return changed


def _checked(wish: Organisation) -> Organisation:
    name, sender = one_line(wish.name), one_line(wish.sender_name)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(OrganisationName(most=LONGEST_NAME), field="name")
    if len(sender) > LONGEST_SENDER or not sender.isprintable():
        raise Invalid(OrganisationTooLong(most=LONGEST_SENDER), field="sender_name")
    if wish.language not in ("", *LANGUAGES):
        raise Invalid(OrganisationLanguage(), field="language")
    if wish.zone and wish.zone not in ZONES:
        raise Invalid(OrganisationZone(), field="zone")
    try:
        contact = normalise_email(wish.contact) if wish.contact.strip() else ""
    except Invalid as wrong:
        raise Invalid(wrong.reason, field="contact") from wrong
    return Organisation(name, sender, contact, wish.language, wish.zone)


def documents(row: Tenant) -> Mapping[str, str]:
    """The words, as Markdown, that the organisation wrote itself for public pages, by page."""
    return row.documents or {}


CONFORMITY = ("none", "partial", "full")
"""How far a site may conform with the RGAA."""


def say_conformity(work: Work, state: str) -> None:
    """Keeps how far the organisation's site conforms, as an audit found; anything else than one of
    ``CONFORMITY`` is none."""
    organisation(work.session).conformity = state if state in CONFORMITY[1:] else None
    work.session.flush()


def write_document(work: Work, document: str, words: str) -> None:
    """Keeps the organisation's own words for one of ``DOCUMENTS``; empty ones bring back ours.
    Raises ``Invalid("organisation-too-long", field="words")``."""
    text = words.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > LONGEST_DOCUMENT:
        raise Invalid(OrganisationTooLong(most=LONGEST_DOCUMENT), field="words")
    row = organisation(work.session)
    kept = {**documents(row), document: text}
    row.documents = {name: said for name, said in kept.items() if said} or None
    work.session.flush()
