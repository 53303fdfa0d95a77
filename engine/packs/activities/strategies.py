"""What the recorded voices of a game of rounds put in: strategies as data, each a pure function of
the rounds so far."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from engine.packs.base import Frozen

Amount = Annotated[int, Field(ge=0, le=1000)]


@dataclass(frozen=True)
class Played:
    """One round that is over: what each seat put in, in the order of the seats, and whether the
    good was there."""

    put: tuple[int, ...]
    ran: bool


class Strategy(Frozen):
    """What a voice puts in, at most what it has. Seats are counted from 0 here."""

    @abstractmethod
    def puts(self, rounds: Sequence[Played], seat: int) -> float:
        """What it puts into the round that comes after ``rounds``."""


class Always(Strategy):
    """The same in every round."""

    kind: Literal["always"]
    put: Amount

    def puts(self, rounds: Sequence[Played], seat: int) -> float:
        """That amount."""
        return self.put


class Copies(Strategy):
    """The mean of what the others put in over the last ``rounds`` rounds."""

    kind: Literal["copies"]
    first: Amount
    rounds: int = Field(default=1, ge=1, le=12)

    def puts(self, rounds: Sequence[Played], seat: int) -> float:
        """That mean; ``first`` when there is none yet."""
        seen = [
            put
            for one in rounds[-self.rounds :]
            for other, put in enumerate(one.put)
            if other != seat
        ]
        return sum(seen) / len(seen) if seen else self.first


class Waits(Strategy):
    """Puts in ``first`` until it has run once, then ``put``, until somebody is seen to put in less
    than ``taker``; from then on ``first`` again."""

    kind: Literal["waits"]
    first: Amount = 0
    put: Amount
    taker: Amount = 1

    def puts(self, rounds: Sequence[Played], seat: int) -> float:
        """What it has made up its mind to."""
        started = next((n for n, one in enumerate(rounds) if one.ran), None)
        if started is None:
            return self.first
        others = (
            put
            for one in rounds[started + 1 :]
            for other, put in enumerate(one.put)
            if other != seat
        )
        return self.first if any(put < self.taker for put in others) else self.put


class Climbs(Strategy):
    """``first``, then ``up`` more after a round in which it ran, ``down`` less after one in which
    it did not."""

    kind: Literal["climbs"]
    first: Amount
    up: Amount = 1
    down: Amount = 1

    def puts(self, rounds: Sequence[Played], seat: int) -> float:
        """What it has climbed to."""
        put: float = self.first
        for one in rounds:
            put = max(0, put + (self.up if one.ran else -self.down))
        return put


class Forgives(Strategy):
    """``put``, and ``less`` after a round in which somebody put in less than ``taker``: the first
    ``times`` times it lets that pass."""

    kind: Literal["forgives"]
    put: Amount
    less: Amount
    taker: Amount
    times: int = Field(default=1, ge=0, le=12)

    def puts(self, rounds: Sequence[Played], seat: int) -> float:
        """Whether it still forgives."""
        taken = [
            any(put < self.taker for other, put in enumerate(one.put) if other != seat)
            for one in rounds
        ]
        angry = bool(taken) and taken[-1] and sum(taken) > self.times
        return self.less if angry else self.put


AnyStrategy = Annotated[Always | Copies | Waits | Climbs | Forgives, Field(discriminator="kind")]
"""Every strategy that a recorded voice can have."""
