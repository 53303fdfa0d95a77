"""The rhythm that a learner or an organisation sets: validated, and never harsher than
``HARSHEST``. Learners start with the rhythm of their organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from sqlalchemy.orm import Session

from engine.journey.reasons import PREFERENCES
from engine.journey.record import rhythm_of
from engine.spacing.limits import WIDEST_GAP, clamp
from engine.spacing.values import HARSHEST, Rhythm
from engine.storage.tables import Learner, Tenant
from engine.values.errors import Invalid

OVERSEAS = ("GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM", "NC", "PF", "WF")
"""French territories, whose public holidays are not all those of France."""
COUNTRIES = (
    *("FR", "BE", "CA", "CH", "DE", "ES", "GB", "IE", "IT", "LU", "NL", "PT", "US"),
    *OVERSEAS,
)
"""The countries and territories whose public holidays a learner can have off (ISO 3166-1)."""
_PLACES = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
ZONES = frozenset(zone for zone in available_timezones() if zone.startswith(_PLACES)) | {"UTC"}
"""The time zones that a learner can choose: those named after a place, and UTC."""
_HOURS = ("hour", "opens", "closes")
_PLAIN = ("country", "touch_minutes", "week_minutes", "gap_days")
_WEEK = frozenset(range(1, 8))


@lru_cache(maxsize=512)
def country_of(zone: str) -> str:
    """The country or territory of a zone (ISO 3166-1: overseas ones have codes, and holidays, of
    their own); "" for one of which we know no holidays."""
    territory = str(get_global("zone_territories").get(zone, ""))
    return territory if territory in COUNTRIES else ""


def home_in(zone: str) -> dict[str, str]:
    """A time zone and the country whose holidays somebody new there has off: the usual one where we
    know none."""
    return {"zone": zone, "country": country_of(zone) or Rhythm().country}


def check(rhythm: Rhythm) -> None:
    """Raises ``Invalid("preference-…")`` with the ``field`` for the first invalid value: one
    harsher than ``HARSHEST``, or no hour, day or place at all."""
    wrong = {
        "zone": rhythm.zone not in ZONES,
        "country": rhythm.country not in ("", *COUNTRIES),
        "opens": rhythm.opens < HARSHEST.opens,
        "closes": rhythm.closes > HARSHEST.closes or rhythm.closes <= rhythm.opens,
        "hour": not rhythm.opens <= rhythm.hour < rhythm.closes,
        "days_off": not rhythm.days_off < _WEEK,
        "touch_minutes": not 1 <= rhythm.touch_minutes <= HARSHEST.touch_minutes,
        "week_minutes": not rhythm.touch_minutes <= rhythm.week_minutes <= HARSHEST.week_minutes,
        "gap_days": not HARSHEST.gap_days <= rhythm.gap_days <= WIDEST_GAP,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise Invalid(PREFERENCES[field], field=field)


def set_rhythm(learner: Learner, rhythm: Rhythm) -> None:
    """Sets the learner's rhythm. The caller has to check it first."""
    learner.zone, learner.country = rhythm.zone, rhythm.country
    learner.hour, learner.opens, learner.closes = rhythm.hour, rhythm.opens, rhythm.closes
    learner.days_off = sorted(rhythm.days_off)
    learner.touch_minutes, learner.week_minutes = rhythm.touch_minutes, rhythm.week_minutes
    learner.gap_days = rhythm.gap_days


def offered(session: Session, learner: Learner) -> Rhythm:
    """The rhythm that the contract promises: before a learner joined, the organisation's in the
    learner's own time zone, and with the holidays of there; afterwards, their own."""
    if learner.contract_at is not None:
        return rhythm_of(learner)
    its = organisations(session)
    if its is None:
        return replace(rhythm_of(learner), country=home_in(learner.zone)["country"])
    is_elsewhere = its.country != "" and learner.country != Rhythm().country
    country = learner.country if is_elsewhere else its.country
    return replace(its, zone=learner.zone, country=country)


def usual(session: Session) -> Rhythm:
    """The rhythm offered to whoever has no account yet, in no particular time zone."""
    return organisations(session) or Rhythm()


def organisations(session: Session) -> Rhythm | None:
    """The rhythm set by the session's organisation, never harsher than ``HARSHEST``; None if it set
    none. Its zone means nothing: each learner has their own."""
    stored = session.get_one(Tenant, session.info["tenant"]).rhythm
    return clamp(_from_json(stored)) if stored else None


def set_organisations(session: Session, rhythm: Rhythm | None) -> None:
    """Learners who join from now on start with that rhythm, or with the default if it is None;
    those who have already joined keep theirs. Raises ``Invalid("preference-…")`` with the
    ``field``; in that case nothing changes."""
    if rhythm is not None:
        check(rhythm)
    session.get_one(Tenant, session.info["tenant"]).rhythm = (
        None if rhythm is None else as_json(rhythm)
    )


def changed(rhythm: Rhythm, said: Mapping[str, object]) -> Rhythm:
    """``rhythm`` with some of its values replaced, given as text or numbers:
    ``{"hour": "09:00", "days_off": "6,7", "country": "none"}``. Raises ``Invalid("preference-…")``
    with the ``field`` if a value cannot be parsed."""
    readers: dict[str, Callable[[Any], object]] = {
        **dict.fromkeys(_HOURS, _hour),
        "days_off": lambda text: sorted(int(day) for day in text.split(",") if day.strip()),
        "country": lambda text: "" if text == "none" else text.upper(),
    }
    read = as_json(rhythm)
    for name, value in said.items():
        try:
            read[name] = readers[name](value) if name in readers else value
        except ValueError as wrong:
            raise Invalid(PREFERENCES[name], field=name) from wrong
    return replace(_from_json(read), zone=rhythm.zone)


def _hour(text: str) -> str:
    hour = time.fromisoformat(text)
    if hour.tzinfo is not None:
        raise ValueError("a local hour has no offset")
    return f"{hour:%H:%M}"


def as_json(rhythm: Rhythm) -> dict[str, Any]:
    """All values except the zone, fit for a JSON column."""
    return {
        **{name: f"{getattr(rhythm, name):%H:%M}" for name in _HOURS},
        **{name: getattr(rhythm, name) for name in _PLAIN},
        "days_off": sorted(rhythm.days_off),
    }


def _from_json(stored: Mapping[str, Any]) -> Rhythm:
    read: dict[str, Any] = {name: time.fromisoformat(stored[name]) for name in _HOURS}
    read |= {name: stored[name] for name in _PLAIN}
    return Rhythm(**read, days_off=frozenset(stored["days_off"]))
