"""The protocol that every kind of prompt implements, and what they all share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import Field

from engine.forms.base import Strings, Value
from engine.forms.form import Form
from engine.packs.arcs import Arc
from engine.packs.base import Frozen, Slug
from engine.values.faults import Value as Hole
from engine.values.reasons import Reason

Answer = Mapping[str, Value]
"""An answer as the prompt's form parsed it: field id → JSON value."""


@dataclass(frozen=True)
class Flaw:
    """One fault of a prompt: its case and values; ``path`` locates it inside the prompt."""

    path: tuple[str | int, ...]
    case: str
    values: Mapping[str, Hole]


@dataclass(frozen=True)
class Debriefing:
    """The debrief around a prompt, as its rules see it. ``arc`` is None if no arc has that name;
    ``takeaways`` are ids."""

    arc: Arc | None
    takeaways: Sequence[str]
    prompts: Sequence[PromptKind]

    def day(self, prompt: PromptKind) -> int | None:
        """The day from which a prompt is asked; None if its stage is not in the arc."""
        stage = self.arc.stage(prompt.stage) if self.arc else None
        return stage.day if stage else None

    def precedes(self, earlier: PromptKind, later: PromptKind) -> bool:
        """Whether one prompt comes on an earlier day than another; assumed true while the stages
        are wrong."""
        first, second = self.day(earlier), self.day(later)
        return first is None or second is None or first < second


class PromptKind(Protocol):
    """A kind of prompt. Implementations are frozen pydantic models with the fields of
    ``module.yaml``."""

    @property
    def kind(self) -> str:
        """Its name in ``module.yaml``."""

    @property
    def id(self) -> str:
        """Its id in the module."""

    @property
    def stage(self) -> str:
        """The stage of the arc it belongs to."""

    @property
    def minutes(self) -> float:
        """Touch minutes, as declared by the author."""

    @property
    def variants(self) -> int:
        """How many wordings it has."""

    @property
    def recalls(self) -> str | None:
        """The takeaway whose memory card an answer updates, by ``grade``; None if there is none."""

    @property
    def follows(self) -> str | None:
        """The earlier prompt whose answer it returns to; it is not asked until that has been
        answered. None if there is none."""

    @property
    def shows_question(self) -> bool:
        """Whether the question of the prompt it follows is shown beside the answer."""

    def form(self) -> Form:
        """What it asks for."""

    def variant(self, number: int) -> str:
        """String id of wording ``number`` (1…variants)."""

    def strings(self) -> tuple[str, ...]:
        """Every string id that it requires in each language."""

    def check(self, around: Debriefing) -> Iterator[Flaw]:
        """The faults of this prompt within its debrief."""

    def words(self, answer: Answer, strings: Strings, lang: str) -> str | Reason:
        """An answer in full: Markdown, or a ``Reason`` if its words are the shell's."""

    def quoted(self, answer: Answer, strings: Strings, lang: str) -> str | None:
        """An answer as it reads in mid-sentence; None if it cannot be quoted."""

    def example(self) -> dict[str, Value | Reason]:
        """A sample answer to show an author; a ``Reason`` where the shell puts words in
        brackets."""


class Common(Frozen):
    """The fields of every prompt, and the defaults for one with a single field and no link to
    others."""

    id: Slug
    stage: Slug
    minutes: float = Field(gt=0, le=3)
    variants: int = Field(default=1, ge=1, le=9)

    @property
    def recalls(self) -> str | None:
        return None

    @property
    def follows(self) -> str | None:
        return None

    @property
    def shows_question(self) -> bool:
        return False

    @abstractmethod
    def form(self) -> Form: ...

    def variant(self, number: int) -> str:
        return f"prompt.{self.id}.{number}"

    def strings(self) -> tuple[str, ...]:
        wordings = (self.variant(n) for n in range(1, self.variants + 1))
        return (*wordings, *self.form().strings())

    def check(self, around: Debriefing) -> Iterator[Flaw]:
        yield from ()

    def words(self, answer: Answer, strings: Strings, lang: str) -> str | Reason:
        field = self.form().fields[0]
        return field.words(answer[field.id], strings, lang)

    def quoted(self, answer: Answer, strings: Strings, lang: str) -> str | None:
        field = self.form().fields[0]
        return field.quoted(answer[field.id], strings, lang)

    def example(self) -> dict[str, Any]:
        return self.form().sample
