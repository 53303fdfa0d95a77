"""What every kind of prompt promises, and what all of them share."""

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
from engine.values.reasons import Reason

Answer = Mapping[str, Value]
"""What was answered, as the prompt's form reads it: field id → JSON value."""


@dataclass(frozen=True)
class Flaw:
    """One fault of a prompt, in words for its author; ``path`` leads to it inside the prompt."""

    path: tuple[str | int, ...]
    code: str
    what: str
    fix: str


@dataclass(frozen=True)
class Debriefing:
    """The debrief around a prompt, as its rules see it. ``arc`` is None when there is none of that
    name; ``takeaways`` are ids."""

    arc: Arc | None
    takeaways: Sequence[str]
    prompts: Sequence[PromptKind]

    def day(self, prompt: PromptKind) -> int | None:
        """The day from which a prompt is asked, None when its stage is not in the arc."""
        stage = self.arc.stage(prompt.stage) if self.arc else None
        return stage.day if stage else None

    def precedes(self, earlier: PromptKind, later: PromptKind) -> bool:
        """Whether one prompt comes on an earlier day than another; so it is taken to as long as the
        stages are wrong."""
        first, second = self.day(earlier), self.day(later)
        return first is None or second is None or first < second


class PromptKind(Protocol):
    """A kind of prompt. Implementations are frozen pydantic models, ``module.yaml`` as it is
    written."""

    @property
    def kind(self) -> str:
        """Its name in ``module.yaml``."""

    @property
    def id(self) -> str:
        """Its name in the module."""

    @property
    def stage(self) -> str:
        """The stage of the arc that it belongs to."""

    @property
    def minutes(self) -> float:
        """Touch minutes, as stated."""

    @property
    def variants(self) -> int:
        """How many wordings it has."""

    @property
    def recalls(self) -> str | None:
        """The takeaway whose memory card an answer moves, by ``grade``; None: none."""

    @property
    def follows(self) -> str | None:
        """The earlier prompt whose answer it comes back to: without one it is not asked."""

    @property
    def shows_question(self) -> bool:
        """Whether the question of the prompt that it follows is shown beside its answer."""

    def form(self) -> Form:
        """What it asks for."""

    def variant(self, number: int) -> str:
        """String id of wording ``number`` (1…variants)."""

    def strings(self) -> tuple[str, ...]:
        """Every string id that it needs in each language."""

    def check(self, around: Debriefing) -> Iterator[Flaw]:
        """What is wrong with it where it stands."""

    def words(self, answer: Answer, strings: Strings, lang: str) -> str | Reason:
        """How an answer reads, whole: Markdown, or a ``Reason`` when its words are the shell's."""

    def quoted(self, answer: Answer, strings: Strings, lang: str) -> str | None:
        """How an answer reads in the middle of somebody's sentence; None when it cannot."""

    def example(self) -> dict[str, Value | Reason]:
        """An answer to show an author; a ``Reason`` where the shell puts words in brackets."""


class Common(Frozen):
    """What is written of every prompt, and what is true of a prompt of one field that touches
    nothing else."""

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
