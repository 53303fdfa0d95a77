"""Joining: the trust contract first, then channel and rhythm; the same preferences can be
changed at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import cast
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from engine.journey.addresses import MAIL, withdraw_from
from engine.journey.planning import replan
from engine.spacing.limits import HARSHEST, WIDEST_GAP
from engine.storage.database import writes
from engine.storage.queries import journeys
from engine.storage.queries.running import entities
from engine.storage.tables import Learner
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound, Refused

CHANNELS = (MAIL, "inbox")
LANGUAGES = ("fr", "en")
COUNTRIES = ("FR", "BE", "CA", "CH", "DE", "ES", "GB", "IE", "IT", "LU", "NL", "PT", "US")
"""Whose public holidays a learner can have off (ISO 3166-1)."""
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
"""Time zones a learner can live in: those named after a place."""


@dataclass(frozen=True)
class Preferences:
    """What a learner sets. Minutes are touch minutes; ``days_off`` are ISO weekdays; hours are
    local; the gap is in days."""

    channel: str = "mail"
    language: str = "fr"
    zone: str = "Europe/Paris"
    hour: time = time(8, 40)
    opens: time = time(8, 30)
    closes: time = time(18, 30)
    days_off: Sequence[int] = (6, 7)
    country: str = "FR"
    touch_minutes: float = 3
    week_minutes: float = 6
    gap_days: int = 2


def learner_of(session: Session, learner_id: str) -> Learner:
    """That learner, theirs alone until the end of a unit that writes: another tab (or worker)
    waits, then sees what this one did. SQLite, where one writes at a time, drops the lock clause.
    Read once a unit. Raises ``NotFound("learner-unknown")``."""
    held: dict[str, Learner] = session.info.setdefault("learners", {})
    if learner_id in held:
        return held[learner_id]
    statement = journeys.LEARNER_LOCKED if writes(session) else journeys.LEARNER
    found = entities(session, statement, learner=learner_id)
    if not found:
        raise NotFound("learner-unknown")
    return held.setdefault(learner_id, cast(Learner, found[0]))


def preferences_of(learner: Learner) -> Preferences:
    """What the learner set so far, or the defaults."""
    return Preferences(
        learner.channel,
        learner.account.language,
        learner.zone,
        learner.hour,
        learner.opens,
        learner.closes,
        tuple(learner.days_off),
        learner.country,
        learner.touch_minutes,
        learner.week_minutes,
        learner.gap_days,
    )


def accept_contract(work: Work, learner: Learner) -> None:
    """The learner read the trust contract and said yes (again, after a stop: the past is as they
    left it)."""
    learner.contract_at = learner.contract_at or work.now
    learner.stopped_at = None


def set_preferences(work: Work, learner: Learner, wish: Preferences) -> None:
    """Keep the learner's channel and rhythm, then decide anew. Raises ``Invalid`` naming the
    field; then nothing changed."""
    if learner.contract_at is None:
        raise Refused("contract-first")
    _check(wish, has_address=learner.account.email is not None)
    learner.account.language = wish.language
    learner.channel, learner.zone, learner.country = wish.channel, wish.zone, wish.country
    learner.hour, learner.opens, learner.closes = wish.hour, wish.opens, wish.closes
    learner.days_off = sorted(set(wish.days_off))
    learner.touch_minutes, learner.week_minutes, learner.gap_days = (
        wish.touch_minutes,
        wish.week_minutes,
        wish.gap_days,
    )
    if wish.channel != MAIL:
        withdraw_from(work.session, learner, MAIL)
    replan(work, learner)


def _check(wish: Preferences, *, has_address: bool) -> None:
    wrong = {
        "channel": wish.channel not in CHANNELS,
        "language": wish.language not in LANGUAGES,
        "zone": wish.zone not in ZONES,
        "country": wish.country not in ("", *COUNTRIES),
        "opens": wish.opens < HARSHEST.opens,
        "closes": wish.closes > HARSHEST.closes or wish.closes <= wish.opens,
        "hour": not wish.opens <= wish.hour < wish.closes,
        "days_off": not set(wish.days_off) <= set(range(1, 8))
        or set(wish.days_off) >= set(range(1, 8)),
        "touch_minutes": not 1 <= wish.touch_minutes <= HARSHEST.touch_minutes,
        "week_minutes": not wish.touch_minutes <= wish.week_minutes <= HARSHEST.week_minutes,
        "gap_days": not HARSHEST.gap_days <= wish.gap_days <= WIDEST_GAP,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise Invalid(f"preference-{field.replace('_', '-')}", field=field)
    if wish.channel == MAIL and not has_address:
        raise Invalid("preference-mail-without-address", field="channel")
