"""What a value chain is made of, and what is computed from it: which flows go on after a paper has
been read, which stop with others, and what the reader still pays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from pydantic import Field

from engine.packs.base import Frozen, Slug

What = Literal["money", "people", "links"]
WHAT: tuple[What, ...] = ("money", "people", "links")
State = Literal["unseen", "favour", "priced"]
"""What an unbooked flow is once the paper has been read: not on it, on it as a favour, or on it
with a price."""
STATES: tuple[State, ...] = ("unseen", "favour", "priced")
BOOKED = "booked"
"""What a flow is that stands in the accounts: it needs no arrow, and is given no price."""


class Flow(Frozen):
    """Something that one actor gives another, ``worth`` so much a year if priced, in the unit of
    the whole chain. Counting it takes ``hours`` a quarter. An unbooked one stops in the states that
    ``ends`` names; any flow stops when one that it ``needs`` has."""

    id: Slug
    giver: Slug = Field(alias="from")
    taker: Slug = Field(alias="to")
    what: What
    worth: int = Field(ge=0, le=1_000_000)
    booked: bool = False
    hours: int = Field(default=0, ge=0, le=200)
    ends: tuple[State, ...] = ("unseen",)
    needs: tuple[Slug, ...] = ()


def state(flow: Flow, drawn: Collection[str], priced: Collection[str]) -> str:
    """What a flow is after these were drawn and priced: a ``State``, or ``BOOKED``."""
    if flow.booked:
        return BOOKED
    if flow.id in priced:
        return "priced"
    return "favour" if flow.id in drawn else "unseen"


def paid(line: Flow, flows: Sequence[Flow], priced: Collection[str]) -> int:
    """What the reader still pays of the line: one for each one that was priced, and no more than
    before."""
    return min(line.worth, sum(flow.worth for flow in flows if flow.id in priced))


def stopped(
    flows: Sequence[Flow], drawn: Collection[str], priced: Collection[str], line: Flow
) -> frozenset[str]:
    """The flows that stop by themselves: those that end in their state, and the line if nothing is
    paid of it any more."""
    own = {flow.id for flow in flows if not flow.booked and state(flow, drawn, priced) in flow.ends}
    return frozenset(own if paid(line, flows, priced) else own | {line.id})


def held(flows: Sequence[Flow], one: Flow) -> int:
    """What stops when that flow does: its own worth, and that of all that needs it."""
    along = fallen(flows, {one.id})
    return one.worth + sum(flow.worth for flow in flows if flow.id in along)


def fallen(flows: Sequence[Flow], gone: Collection[str]) -> frozenset[str]:
    """The flows that stop because one that they need has, however far down the chain; ``gone``
    stopped by themselves."""
    every = set(gone)
    while more := {f.id for f in flows if f.id not in every and not every.isdisjoint(f.needs)}:
        every |= more
    return frozenset(every - set(gone))
