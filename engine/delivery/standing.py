"""Where the organisation's mails with questions stand, and what its administrators may do with one:
have it tried again, or park it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, select, update
from sqlalchemy.orm import Session

from engine.storage.claims import DeliveryKey
from engine.storage.tables import Account, Delivery, Touch
from engine.storage.work import Work
from engine.values.pages import A_PAGE, before, nearest, pages_of

STATES = ("waiting", "sending", "sent", "parked", "withdrawn")
BY_HAND = "parked by hand"
"""What stands as the reason of a delivery that somebody parked."""


@dataclass(frozen=True)
class Standing:
    """A page of the deliveries in one state, and how many there are in each. ``page`` counts from
    1."""

    shown: Sequence[Row[Any]]
    states: Mapping[str, int]
    state: str
    page: int

    @property
    def pages(self) -> int:
        """How many pages those in this state fill, at least one."""
        return pages_of(self.states.get(self.state, 0))


def standing(unit: Session, state: str = "", page: int = 1) -> Standing:
    """The deliveries in that state, the latest first; without one, in the state that needs somebody
    most. Two statements, however many there are."""
    counted = unit.execute(
        select(Delivery.state, func.count(Delivery.touch)).group_by(Delivery.state)
    )
    states = {row[0]: row[1] for row in counted}
    if state not in STATES:
        state = "parked" if states.get("parked") else "waiting"
    page = nearest(page, states.get(state, 0))
    return Standing(unit.execute(_of(state, page)).all(), states, state, page)


def _of(state: str, page: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Delivery.learner,
            Delivery.touch,
            Delivery.channel,
            Delivery.attempts,
            Delivery.next_at,
            Delivery.sent_at,
            Delivery.error,
            Account.name,
            Account.email,
        )
        .join(Account, and_(Account.tenant == Delivery.tenant, Account.id == Delivery.learner))
        .where(Delivery.state == state)
        .order_by(Delivery.next_at.desc(), Delivery.learner, Delivery.touch)
        .limit(A_PAGE)
        .offset(before(page))
    )


def retry(work: Work, key: DeliveryKey) -> bool:
    """Makes a parked delivery due again, as if nothing had been tried; returns whether it was
    parked, and its question still waits for an answer."""
    return _again(work, key.learner, key.touch, key.channel) > 0


def retry_all(work: Work) -> int:
    """Makes every parked delivery due again whose question still waits; returns how many."""
    return _again(work)


def _again(work: Work, *key: object) -> int:
    waits = (
        select(Touch.number)
        .where(
            Touch.tenant == Delivery.tenant,
            Touch.learner == Delivery.learner,
            Touch.number == Delivery.touch,
            Touch.state == "open",
        )
        .exists()
    )
    its = zip((Delivery.learner, Delivery.touch, Delivery.channel), key, strict=False)
    values = {"state": "waiting", "attempts": 0, "next_at": work.wall, "error": None}
    done = work.session.execute(
        update(Delivery)
        .where(Delivery.state == "parked", waits, *(column == value for column, value in its))
        .values(**values)
        .returning(Delivery.touch)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def park(work: Work, key: DeliveryKey) -> bool:
    """Parks a delivery that waits; returns whether it did. One that is being sent is left alone."""
    done = work.session.execute(
        update(Delivery)
        .where(
            Delivery.learner == key.learner,
            Delivery.touch == key.touch,
            Delivery.channel == key.channel,
            Delivery.state == "waiting",
        )
        .values(state="parked", error=BY_HAND, next_at=work.wall)
        .returning(Delivery.touch)
        .execution_options(synchronize_session=False)
    )
    return bool(done.all())
