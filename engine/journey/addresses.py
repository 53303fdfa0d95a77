"""Where a person is reached beside their inbox: by mail at their account's address, if they want
mails; by any other channel at the address that they gave for it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.storage.queries import journeys
from engine.storage.queries.running import change, rows
from engine.storage.tables import Address, Learner

MAIL = "mail"
"""The channel whose address signs in too, and is therefore the account's."""


def channels_of(session: Session, learner: Learner) -> list[str]:
    """The channels that the learner chose, by name: each gets every touch that opens."""
    mail = [MAIL] if learner.channel == MAIL and learner.account.email is not None else []
    return mail + [row.channel for row in rows(session, journeys.ADDRESSES, learner=learner.id)]


def give_address(session: Session, learner: Learner, channel: str, value: str) -> None:
    """Reach the learner through that channel too (not ``MAIL``), at this address from now on. What
    an address looks like is the channel's to check, before."""
    held = session.get(Address, (session.info["tenant"], learner.id, channel))
    if held is None:
        session.add(Address(account=learner.id, channel=channel, value=value))
    else:
        held.value = value
    session.flush()


def take_back_address(session: Session, learner: Learner, channel: str) -> None:
    """No more through that channel: its address is forgotten, what waits does not leave."""
    change(session, journeys.REMOVE_ADDRESS, of_learner=learner.id, of_channel=channel)
    withdraw_from(session, learner, channel)


def withdraw_from(session: Session, learner: Learner, channel: str) -> None:
    """Nothing that still waits leaves through that channel."""
    its = {"of_learner": learner.id, "of_channel": channel}
    change(session, journeys.WITHDRAW_CHANNEL, **its)
