"""The kinds of prompt (questions de relecture): what each needs in ``module.yaml`` and which
strings it stands on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.packs.base import Frozen, Slug

GRADES = ("forgotten", "partly", "effort", "easily")
"""The four FSRS grades, 1 to 4, as ids; the pages say « envolé », « en partie », « en cherchant
», « de tête »."""

HAPPENED = ("yes", "partly", "not-yet", "changed-my-mind")


class _Prompt(Frozen):
    id: Slug
    stage: Slug
    minutes: float = Field(gt=0, le=3)
    variants: int = Field(default=1, ge=1, le=9)

    def variant(self, number: int) -> str:
        """String id of wording ``number`` (1…variants)."""
        return f"prompt.{self.id}.{number}"

    def strings(self) -> tuple[str, ...]:
        """Every string id this prompt needs in each language."""
        return tuple(self.variant(n) for n in range(1, self.variants + 1))


class Recall(_Prompt):
    """Bring a takeaway back before it is shown, then grade oneself with one tap."""

    kind: Literal["recall"]
    takeaway: Slug


class Scale(_Prompt):
    """A point between two named ends."""

    kind: Literal["scale"]
    points: int = Field(default=5, ge=3, le=7)

    @property
    def ends(self) -> tuple[str, str]:
        """String ids of the names of both ends, the low one first."""
        return f"prompt.{self.id}.low", f"prompt.{self.id}.high"

    def strings(self) -> tuple[str, ...]:
        return (*super().strings(), *self.ends)


class Choice(_Prompt):
    """One of a few."""

    kind: Literal["choice"]
    options: tuple[Slug, ...] = Field(min_length=2, max_length=5)

    def option(self, option: str) -> str:
        """String id of an option's label."""
        return f"prompt.{self.id}.option.{option}"

    def strings(self) -> tuple[str, ...]:
        return (*super().strings(), *(self.option(o) for o in self.options))


class Text(_Prompt):
    """A few words of one's own."""

    kind: Literal["text"]


class Plan(_Prompt):
    """An if–then plan (implementation intention, Gollwitzer 1999): « si … alors je … »."""

    kind: Literal["plan"]


class DidItHappen(_Prompt):
    """The honest follow-up of a plan: yes, partly, not yet, changed my mind; and one line."""

    kind: Literal["did-it-happen"]
    plan: Slug


Prompt = Annotated[Recall | Scale | Choice | Text | Plan | DidItHappen, Field(discriminator="kind")]
