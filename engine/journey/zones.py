"""Where learners are: the time zones of a country, those of French territories by name, and moving
a learner to another zone, whose country's holidays follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from engine.journey.planning import replan
from engine.journey.reasons import PREFERENCES
from engine.journey.record import rhythm_of
from engine.journey.rhythms import ZONES, check, country_of, set_rhythm
from engine.journey.touches import move_open_touch
from engine.spacing.days import zone_of
from engine.storage.tables import Learner
from engine.storage.work import Work
from engine.values.errors import Invalid

FRENCH: Mapping[str, str] = {
    "Europe/Paris": "Paris",
    "America/Guadeloupe": "Pointe-à-Pitre",
    "America/Martinique": "Fort-de-France",
    "America/Cayenne": "Cayenne",
    "Indian/Reunion": "Saint-Denis",
    "Indian/Mayotte": "Mamoudzou",
    "America/St_Barthelemy": "Gustavia",
    "America/Marigot": "Marigot",
    "America/Miquelon": "Saint-Pierre",
    "Pacific/Noumea": "Nouméa",
    "Pacific/Tahiti": "Papeete",
    "Pacific/Marquesas": "Taiohae",
    "Pacific/Gambier": "Rikitea",
    "Pacific/Wallis": "Mata-Utu",
}
"""The zones of France, overseas included, each with its town."""
_HALF_A_YEAR = timedelta(days=182)


def place_of(zone: str) -> str:
    """The town that a zone is named after."""
    return FRENCH.get(zone) or zone.rpartition("/")[2].replace("_", " ")


def zones_first(country: str) -> list[str]:
    """The zones to offer first to somebody of that country or territory; for France, with all that
    is overseas."""
    if country in ("", *map(country_of, FRENCH)):
        return list(FRENCH)
    return sorted(zone for zone in ZONES if country_of(zone) == country)


def is_elsewhere(zone: str, seen: str, now: datetime) -> bool:
    """Whether clocks in ``seen``, a zone that a browser named, differ from those in ``zone``, now
    or in half a year. A name that is no zone to choose is not believed, nor UTC:
    browsers that tell nothing of their reader say it."""
    if seen not in ZONES or "/" not in seen:
        return False
    here, there = zone_of(zone), zone_of(seen)
    days = (now, now + _HALF_A_YEAR)
    return any(at.astimezone(here).utcoffset() != at.astimezone(there).utcoffset() for at in days)


def settle(learner: Learner, zone: str) -> None:
    """The learner lives in that zone from now on. Holidays follow, unless they are those of another
    country than the one before, or none: somebody chose them. Raises ``Invalid("preference-…")``
    for what is no zone to choose."""
    if zone not in ZONES:
        raise Invalid(PREFERENCES["zone"], field="zone")
    follows = learner.country == country_of(learner.zone) != ""
    country = country_of(zone) if follows else learner.country
    rhythm = replace(rhythm_of(learner), zone=zone, country=country)
    check(rhythm)
    set_rhythm(learner, rhythm)


def move(work: Work, learner: Learner, zone: str) -> None:
    """``settle``, then what is planned is decided anew."""
    move_open_touch(work, learner, zone)
    settle(learner, zone)
    replan(work, learner)
