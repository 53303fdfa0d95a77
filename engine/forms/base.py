"""What every field promises, whatever is asked: reading what came in, saying it in words, what it
costs and is worth. No I/O, no clock, no randomness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.values.errors import Invalid
from engine.values.reasons import Reason

Value = Any
"""What a field holds: a small JSON value (text, a number, a list of ids, a flat mapping)."""
Said = Mapping[str, Any]
"""What came in, by name: JSON from an API (``{"place": {"x": 2, "y": 4}}``), or the flat texts of
a browser's form, where the parts of one value are apart (``{"place.x": "2", "place.y": "4"}``)."""
Strings = Callable[[str], str]
"""The words of a string id, as Markdown in the reader's language."""
Label = str | Reason
"""The name of something to choose: a string id, or a ``Reason`` when its words are the shell's."""


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen."""

    id: str
    label: Label


class Field(Protocol):
    """One question of a form and the control that answers it. Implementations are frozen
    dataclasses that name this protocol as their base. ``id`` is its name in the form: a key of
    what was said."""

    id: str

    @property
    def kind(self) -> str:
        """The name of its template, the same for all fields of a class."""

    @property
    def minutes(self) -> float:
        """Minutes to answer, reading not counted."""

    @property
    def gain(self) -> float:
        """What an answer is worth to spacing, on the scale of retention 30 days ahead (0–1). Our
        estimate, ordered as the evidence is: plans first (implementation intentions, d = 0.65:
        Gollwitzer and Sheeran 2006), then their follow-up, then writing, then one tap."""

    @property
    def own_words(self) -> bool:
        """Whether it has to be answered in words of one's own: at most one such prompt a touch."""
        return False

    @property
    def sample(self) -> Value:
        """A value that ``parse`` gives back as it is."""

    def parse(self, said: Said) -> Value:
        """The value said. Raises ``Invalid`` with the ``field`` (the name of the control):
        ``answer-empty``, ``answer-malformed``, ``answer-not-offered``, ``answer-too-long`` (limit,
        length: characters), ``answer-too-many`` (most), ``answer-out-of-range`` (least, most) or
        ``answer-same-twice``. A value that it gave is given back as it is."""

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        """How a value reads, whole: Markdown, or a ``Reason`` when its words are the shell's."""

    def quoted(self, value: Value, strings: Strings, lang: str) -> str | None:
        """How it reads in the middle of somebody's sentence; None when it has no words of its
        own."""
        words = self.words(value, strings, lang)
        return words if isinstance(words, str) else None

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (draft 2020-12) of its values."""

    def strings(self) -> tuple[str, ...]:
        """Every string id that its control shows."""
        return ()

    def said_with(self, value: Value) -> tuple[str, ...]:
        """The string ids that ``words`` takes the words of this value from."""
        return ()

    def taps(self) -> tuple[Option, ...]:
        """Every answer, when one tap gives it; the ids are values as a browser sends them."""
        return ()

    def invitation(self, strings: Strings) -> Reason | None:
        """What is said before the taps where there is no control, in a mail; None: nothing."""
        return None


def one_of(raw: object, field: str, offered: Mapping[str, Value]) -> Value:
    """What ``raw`` stands for among what is offered: the value itself, or the text that a browser
    sends for it. Raises ``Invalid``."""
    if raw is None or raw == "":
        raise Invalid("answer-empty", field=field)
    for text, value in offered.items():
        if raw in (text, value) and type(raw) in (str, type(value)):
            return value
    raise Invalid("answer-not-offered", field=field)


def numbered(last: int) -> dict[str, int]:
    """The whole numbers from 1 to ``last``, by how a browser sends them."""
    return {str(n): n for n in range(1, last + 1)}


def parts(said: Said, field: str, *names: str) -> dict[str, Any]:
    """The parts of a value, from a mapping under ``field`` or apart (``field.name``). A part that
    was not said is absent. Raises ``Invalid("answer-malformed")``."""
    if field not in said:
        apart = {name: said.get(f"{field}.{name}") for name in names}
        return {name: raw for name, raw in apart.items() if raw not in (None, "")}
    whole = said[field]
    if not isinstance(whole, Mapping) or not set(whole) <= set(names):
        raise Invalid("answer-malformed", field=field)
    return dict(whole)
