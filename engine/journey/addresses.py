"""Where a person is reached besides their inbox: by mail at their account's address, if they want
mail, and through any other channel at the address that they gave for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from engine.forms import typed
from engine.storage.queries import journeys
from engine.storage.queries.running import change, rows
from engine.storage.tables import Address, Learner

MAIL = "mail"
"""The channel whose address signs in too, and is therefore the account's."""
LONGEST = 2000
"""Characters of an address."""


def channels_of(session: Session, learner: Row[Any]) -> list[str]:
    """The names of the channels that the learner (columns of ``journeys.LEARNER_IF_FREE``) chose;
    every touch that opens is sent through each."""
    mail = [MAIL] if learner.channel == MAIL and learner.email is not None else []
    return mail + list(addresses_of(session, learner.id))


def addresses_of(session: Session, learner_id: str) -> dict[str, str]:
    """The addresses that a learner gave, by channel; that of their account is not among them."""
    given = rows(session, journeys.ADDRESSES, learner=learner_id)
    return {row.channel: row.value for row in given}


def set_address(session: Session, learner: Learner, channel: str, given: str) -> None:
    """Reaches the learner through that channel (not ``MAIL``) too, at this address; no longer, if
    none is given: then what waits does not leave. Raises ``Invalid("answer-too-long", …)``. What
    an address looks like is the channel's business: a wrong one is refused when a message leaves.
    """
    value = typed.read(given, f"address_{channel}", LONGEST, needed=False)
    held = session.get(Address, (session.info["tenant"], learner.id, channel))
    if held is None and value:
        session.add(Address(account=learner.id, channel=channel, value=value))
    elif held is not None and value:
        held.value = value
    elif held is not None:
        session.delete(held)
        withdraw_from(session, learner, channel)
    session.flush()


def withdraw_from(session: Session, learner: Learner, channel: str) -> None:
    """Withdraws what still waits to leave through that channel."""
    its = {"of_learner": learner.id, "of_channel": channel}
    change(session, journeys.WITHDRAW_CHANNEL, **its)
