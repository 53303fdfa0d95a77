"""The prompt that asks for a point between two named ends."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.forms import scale
from engine.forms.form import Form
from engine.packs.prompts.base import Common


class Scale(Common):
    """A point between two named ends."""

    kind: Literal["scale"]
    points: int = Field(default=5, ge=3, le=7)

    def form(self) -> Form:
        """A single scale; its strings are the names of its two ends."""
        low, high = f"prompt.{self.id}.low", f"prompt.{self.id}.high"
        return Form((scale.Scale("point", self.points, low, high),))
