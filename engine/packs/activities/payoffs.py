"""What comes of what is put into a public good: rules of payoff as data (Ledyard, 1995; threshold
goods: Isaac, Schmidtz and Walker, 1989; one is enough: the volunteer's dilemma, Diekmann 1985)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.packs.base import Frozen


class Linear(Frozen):
    """What is put in, times ``multiply``, shared by all."""

    kind: Literal["linear"]
    multiply: float = Field(gt=0, le=100)

    def pays(self, put: tuple[int, ...], factor: float) -> tuple[bool, float]:
        """Whether the good is there, and the share of each seat."""
        return sum(put) > 0, sum(put) * factor / len(put)


class Threshold(Frozen):
    """From ``at`` on, what is put in, times ``multiply``, shared by all; below, nothing comes of
    it, and it is spent."""

    kind: Literal["threshold"]
    at: int = Field(ge=1)
    multiply: float = Field(gt=0, le=100)

    def pays(self, put: tuple[int, ...], factor: float) -> tuple[bool, float]:
        """Whether the good is there, and the share of each seat."""
        ran = sum(put) >= self.at
        return ran, sum(put) * factor / len(put) if ran else 0.0


class OneIsEnough(Frozen):
    """Everybody gets ``multiply`` as soon as one seat puts anything in."""

    kind: Literal["one-is-enough"]
    multiply: float = Field(gt=0, le=1000)

    def pays(self, put: tuple[int, ...], factor: float) -> tuple[bool, float]:
        """Whether the good is there, and the share of each seat."""
        ran = any(put)
        return ran, factor if ran else 0.0


Rule = Annotated[Linear | Threshold | OneIsEnough, Field(discriminator="kind")]
"""Every rule of payoff."""
