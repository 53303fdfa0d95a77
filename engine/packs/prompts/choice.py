"""The prompt that asks for one of a few options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from engine.forms import choice
from engine.forms.base import Option
from engine.forms.form import Form
from engine.packs.base import Slug
from engine.packs.prompts.base import Common, Debriefing, Flaw


class Choice(Common):
    """One of a few options."""

    kind: Literal["choice"]
    options: tuple[Slug, ...] = Field(min_length=2, max_length=5)

    def form(self) -> Form:
        """A single choice; its strings are the labels of the options."""
        options = tuple(Option(o, f"prompt.{self.id}.option.{o}") for o in self.options)
        return Form((choice.Choice("option", options),))

    def check(self, around: Debriefing) -> Iterator[Flaw]:
        for i, option in enumerate(self.options):
            if option in self.options[:i]:
                yield Flaw(("options", i), "listed-twice.ids", {"id": option})
