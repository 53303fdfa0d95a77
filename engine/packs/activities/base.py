"""What every activity promises: the same few pure functions, whatever happens inside. No I/O, no
clock, no randomness."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.forms.base import Option, Value
from engine.forms.choice import Choice
from engine.forms.form import Form
from engine.values.reasons import Reason

ALONE = 1
"""The seat of whoever plays alone."""
CHOICE = "choice"
"""The one field of a screen that asks what to do."""


@dataclass(frozen=True)
class Act:
    """One thing done at a table: by which seat (from 1), what was said, as the screen's form reads
    it (field id → JSON value), and when (aware, learning time)."""

    seat: int
    said: Mapping[str, Value]
    at: datetime


Acts = tuple[Act, ...]
"""Everything done so far, in order. The whole state of an experience is this tuple."""


@dataclass(frozen=True)
class Gauge:
    """A number shown beside the story (money found, say). ``label`` is a string id whose text
    has a ``{value}`` hole."""

    label: str
    value: int


@dataclass(frozen=True)
class Screen:
    """What is on screen after some acts. All words are string ids of the module; the shell turns
    them into text.

    ``feedback`` is what happened in the world because of the last act (None at the start).
    ``texts`` is the story of this moment, paragraph by paragraph. ``form`` is what can be said or
    done now, without a field when that is nothing: so it is once the experience is ``finished``.
    ``values`` fill holes such as ``{money}`` in those texts and in the words of the form.
    """

    key: str
    feedback: str | None
    texts: tuple[str, ...]
    form: Form
    gauges: tuple[Gauge, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    finished: bool = False


def choose(options: Iterable[tuple[str, str]]) -> Form:
    """A screen's form when one thing is to be done out of a few: ids and string ids of labels."""
    return Form((Choice(CHOICE, tuple(Option(id, label) for id, label in options)),))


def chosen(act: Act) -> str:
    """What was done, on a screen with such a form; "" when that cannot be told."""
    choice = act.said.get(CHOICE)
    return choice if isinstance(choice, str) and len(act.said) == 1 else ""


@dataclass(frozen=True)
class Problem:
    """One semantic fault. ``path`` leads to it inside ``activity`` (``("nodes", "soir-1",
    "choices", 0)``)."""

    path: tuple[str | int, ...]
    reason: Reason


@dataclass(frozen=True)
class Reading:
    """What an average play costs: expected words read and expected decisions taken."""

    words: float
    decisions: float


class Activity(Protocol):
    """A kind of experience. Implementations are frozen pydantic models with a literal ``kind``."""

    kind: Any

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""

    def optional_strings(self) -> tuple[str, ...]:
        """String ids that a language may have (a shorter ``.quote`` of a choice); none else is
        allowed."""

    def holes(self, string_id: str) -> Collection[str]:
        """The names that the words of that string may hold in braces; ``Screen.values`` fills
        them."""

    def check(self) -> Iterator[Problem]:
        """Every semantic fault of the structure, all in one run."""

    def screen(self, acts: Acts, seat: int, now: datetime) -> Screen:
        """Where ``acts`` lead, as ``seat`` sees it at ``now``. Raises
        ``Invalid("act-impossible", …)`` when they cannot have happened."""

    def quotes(self, acts: Acts, seat: int) -> Mapping[str, str]:
        """What a prompt put to ``seat`` may quote after these acts, its own and of others only what
        is public: name → string id, such as ``{"choice.soir-1":
        "soir-1.ines.quote"}``.

        A name ending in a choice points to its ``.quote`` string; the reader falls back to the
        choice's own label when the language has no such string.
        """

    def quotable(self) -> Mapping[str, bool]:
        """Every name ``quotes`` can ever give, and whether *every* complete play gives it."""

    def reading(self, words: Callable[[str], int]) -> Reading:
        """The cost of an average play; ``words(string_id)`` counts the words of one string."""
