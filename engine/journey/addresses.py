"""Where a person is reached besides their inbox: by mail at their account's address, if they want
mail, and through any other channel at the address that they gave for it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.storage.queries import journeys
from engine.storage.queries.running import change, rows
from engine.storage.tables import Address, Learner

MAIL = "mail"
"""The channel whose address is also used to sign in, and therefore belongs to the account."""


def channels_of(session: Session, learner: Learner) -> list[str]:
    """The names of the channels that the learner chose; every touch that opens is sent through
    each."""
    mail = [MAIL] if learner.channel == MAIL and learner.account.email is not None else []
    return mail + [row.channel for row in rows(session, journeys.ADDRESSES, learner=learner.id)]


def give_address(session: Session, learner: Learner, channel: str, value: str) -> None:
    """Reaches the learner through that channel as well (not ``MAIL``), at this address from now on.
    The channel has to validate the address beforehand."""
    held = session.get(Address, (session.info["tenant"], learner.id, channel))
    if held is None:
        session.add(Address(account=learner.id, channel=channel, value=value))
    else:
        held.value = value
    session.flush()


def take_back_address(session: Session, learner: Learner, channel: str) -> None:
    """Stops using that channel: its address is deleted, and deliveries still waiting are
    withdrawn."""
    change(session, journeys.REMOVE_ADDRESS, of_learner=learner.id, of_channel=channel)
    withdraw_from(session, learner, channel)


def withdraw_from(session: Session, learner: Learner, channel: str) -> None:
    """Withdraws the learner's deliveries that still wait to leave through that channel."""
    its = {"of_learner": learner.id, "of_channel": channel}
    change(session, journeys.WITHDRAW_CHANNEL, **its)
