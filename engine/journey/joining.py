"""Joining: first the trust contract, then channel and rhythm, which can be changed again at any
time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, cast

from sqlalchemy import Row, delete
from sqlalchemy.orm import Session

from engine.journey.addresses import MAIL, withdraw_from
from engine.journey.planning import replan
from engine.journey.reasons import PREFERENCES, ContractFirst, LearnerUnknown, MailWithoutAddress
from engine.journey.rhythms import check, offered, set_rhythm
from engine.journey.touches import move_open_touch
from engine.spacing.values import Rhythm
from engine.storage.database import writes
from engine.storage.queries import journeys
from engine.storage.queries.running import entities, rows
from engine.storage.tables import Learner, MailRefusal
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound, Refused
from engine.values.languages import LANGUAGES

CHANNELS = (MAIL, "inbox")
DEFAULT = Rhythm()


@dataclass(frozen=True)
class Preferences:
    """What a learner can set. Minutes are touch minutes, ``days_off`` are ISO weekdays, hours are
    local and the gap is in days."""

    channel: str = "mail"
    language: str = LANGUAGES[0]
    zone: str = DEFAULT.zone
    hour: time = DEFAULT.hour
    opens: time = DEFAULT.opens
    closes: time = DEFAULT.closes
    days_off: Sequence[int] = tuple(sorted(DEFAULT.days_off))
    country: str = DEFAULT.country
    touch_minutes: float = DEFAULT.touch_minutes
    week_minutes: float = DEFAULT.week_minutes
    gap_days: int = DEFAULT.gap_days

    @property
    def rhythm(self) -> Rhythm:
        """The part of the preferences that is a rhythm."""
        return Rhythm(
            self.zone,
            self.hour,
            self.opens,
            self.closes,
            frozenset(self.days_off),
            self.country,
            self.touch_minutes,
            self.week_minutes,
            self.gap_days,
        )


def learner_of(session: Session, learner_id: str) -> Learner:
    """That learner, read once per unit of work. A unit that writes locks the row until it ends:
    another tab (or worker) waits, then sees what this one did. SQLite, which allows one writer at a
    time, drops the lock clause. Raises ``NotFound("learner-unknown")``."""
    held: dict[str, Learner] = session.info.setdefault("learners", {})
    if learner_id in held:
        return held[learner_id]
    statement = journeys.LEARNER_LOCKED if writes(session) else journeys.LEARNER
    found = entities(session, statement, learner=learner_id)
    if not found:
        raise NotFound(LearnerUnknown())
    return held.setdefault(learner_id, cast(Learner, found[0]))


def held_learner(session: Session, learner_id: str) -> Row[Any]:
    """The columns of that learner, locked as ``learner_of`` locks the row, without an object of it.
    Raises ``NotFound("learner-unknown")``."""
    session.flush()
    statement = journeys.LEARNER_HELD if writes(session) else journeys.LEARNER_READ
    found = rows(session, statement, learner=learner_id)
    if not found:
        raise NotFound(LearnerUnknown())
    return found[0]


def preferences_of(learner: Learner) -> Preferences:
    """The learner's preferences so far, or the defaults."""
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
    """The learner read the trust contract and accepted it: they start with the rhythm that it
    offered. If they accept again after a stop, their past is as they left it."""
    if learner.contract_at is None:
        set_rhythm(learner, offered(work.session, learner))
        learner.contract_at = work.now
    learner.stopped_at = None
    learner.announce_at = work.now


def set_preferences(work: Work, learner: Learner, wish: Preferences) -> None:
    """Stores the learner's channel, language and rhythm, then decides anew. Raises
    ``Refused("contract-first")``, or ``Invalid`` naming the field; in these cases nothing
    changes."""
    if learner.contract_at is None:
        raise Refused(ContractFirst())
    _check(wish, has_address=learner.account.email is not None)
    if wish.channel == MAIL and learner.channel != MAIL:  # mails may come back there, or not
        work.session.execute(delete(MailRefusal).where(MailRefusal.account == learner.id))
    learner.account.language, learner.channel = wish.language, wish.channel
    move_open_touch(work, learner, wish.zone)
    set_rhythm(learner, wish.rhythm)
    learner.announce_at = work.now
    if wish.channel != MAIL:
        withdraw_from(work.session, learner, MAIL)
    replan(work, learner)


def _check(wish: Preferences, *, has_address: bool) -> None:
    for field, known in (("channel", CHANNELS), ("language", LANGUAGES)):
        if getattr(wish, field) not in known:
            raise Invalid(PREFERENCES[field], field=field)
    check(wish.rhythm)
    if wish.channel == MAIL and not has_address:
        raise Invalid(MailWithoutAddress(), field="channel")
