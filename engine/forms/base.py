"""The protocol that every field implements: parsing input, putting it in words, its cost in minutes
and its value to spacing. No I/O, no clock, no randomness."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.forms.reasons import AnswerEmpty, AnswerMalformed, AnswerNotOffered
from engine.values.errors import Invalid
from engine.values.reasons import Reason

Value = Any
"""The value of a field: small JSON data (text, a number, a list of ids, a flat mapping)."""
Said = Mapping[str, Any]
"""Input by field id: JSON from an API (``{"place": {"x": 2, "y": 4}}``), or the flat texts of a
browser's form, with the parts of a value in separate keys
(``{"place.x": "2", "place.y": "4"}``)."""
Strings = Callable[[str], str]
"""Maps a string id to its words, as Markdown in the reader's language."""
Label = str | Reason
"""The label of an option: a string id, or a ``Reason`` if its words are the shell's."""


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    id: str
    label: Label


class Field(Protocol):
    """One question of a form and the control that answers it.

    Implementations are frozen dataclasses that name this protocol as their base; one that lacks an
    abstract member cannot be made. ``id`` is its key in the form's input and values.
    """

    id: str

    @property
    @abstractmethod
    def kind(self) -> str:
        """The name of its template, the same for all fields of the class."""

    @property
    @abstractmethod
    def minutes(self) -> float:
        """Minutes to answer, not counting reading."""

    @property
    @abstractmethod
    def gain(self) -> float:
        """The value of an answer to spacing, on the scale of retention 30 days ahead (0–1).

        These are our estimates, ordered like the evidence: plans first (implementation intentions,
        d = 0.65: Gollwitzer and Sheeran 2006), then their follow-up, then writing, then a single
        tap.
        """

    @property
    def own_words(self) -> bool:
        """Whether it must be answered in the learner's own words: a touch has at most one such
        prompt."""
        return False

    @property
    @abstractmethod
    def sample(self) -> Value:
        """A value that ``parse`` returns unchanged."""

    @abstractmethod
    def parse(self, said: Said) -> Value:
        """Parses the field's value from the input; a value it returned earlier is returned
        unchanged.

        Raises ``Invalid`` with the ``field`` (the name of the control): ``answer-empty``,
        ``answer-malformed``, ``answer-not-offered``, ``answer-too-long`` (limit, length:
        characters), ``answer-too-many`` (most), ``answer-out-of-range`` (least, most) or
        ``answer-same-twice``.
        """

    def bare(self, value: Value) -> Value:
        """What is left of a value without the person's own words, which it is shown instead of once
        they are erased."""
        return value

    @abstractmethod
    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        """A value in full: Markdown, or a ``Reason`` if its words are the shell's."""

    def quoted(self, value: Value, strings: Strings, lang: str) -> str | None:
        """A value as it reads in mid-sentence; None if it has no words of its own."""
        words = self.words(value, strings, lang)
        return words if isinstance(words, str) else None

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (draft 2020-12) of its values."""

    def strings(self) -> tuple[str, ...]:
        """Every string id that its control shows."""
        return ()

    def said_with(self, value: Value) -> tuple[str, ...]:
        """The string ids that ``words`` uses for this value."""
        return ()

    def taps(self) -> tuple[Option, ...]:
        """Every possible answer, if a single tap can give it; the ids are values as a browser sends
        them."""
        return ()

    def invitation(self, strings: Strings) -> Reason | None:
        """What introduces the taps where there is no control, as in a mail; None for nothing."""
        return None


def one_of(raw: object, field: str, offered: Mapping[str, Value]) -> Value:
    """The offered value that ``raw`` stands for: the value itself, or the text a browser sends for
    it. Raises ``Invalid``."""
    if raw is None or raw == "":
        raise Invalid(AnswerEmpty(), field=field)
    for text, value in offered.items():
        if raw in (text, value) and type(raw) in (str, type(value)):
            return value
    raise Invalid(AnswerNotOffered(), field=field)


def numbered(last: int) -> dict[str, int]:
    """The whole numbers from 1 to ``last``, keyed by the text a browser sends for each."""
    return {str(n): n for n in range(1, last + 1)}


def parts(said: Said, field: str, *names: str) -> dict[str, Any]:
    """The parts of a value, from a mapping under ``field`` or from separate keys (``field.name``).
    Parts that were not sent are absent. Raises ``Invalid("answer-malformed")``."""
    if field not in said:
        apart = {name: said.get(f"{field}.{name}") for name in names}
        return {name: raw for name, raw in apart.items() if raw not in (None, "")}
    whole = said[field]
    if not isinstance(whole, Mapping) or not set(whole) <= set(names):
        raise Invalid(AnswerMalformed(), field=field)
    return dict(whole)
