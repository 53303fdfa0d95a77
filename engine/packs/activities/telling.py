"""What somebody is asked when they come back from a mission: fields that a pack lists, each on a
screen of its own. There is none that takes a file or the name of a person."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from engine.forms import choice, number, scale, text
from engine.forms.base import Field as FormField
from engine.forms.base import Option, Value
from engine.packs.activities.base import Problem, Quote, Typed
from engine.packs.base import Frozen, Slug

Told = dict[str, Value]
"""What was told so far, by the id of the field."""


class Telling(Frozen):
    """One thing to tell; its question is the string ``tell.<id>``."""

    id: Slug

    @property
    def question(self) -> str:
        """String id of what it asks."""
        return f"tell.{self.id}"

    @property
    def needed(self) -> bool:
        """Whether it cannot be left empty."""
        return True

    @abstractmethod
    def field(self) -> FormField:
        """Its control."""

    def strings(self) -> tuple[str, ...]:
        """Every string id that it requires in each language."""
        return (self.question, *self.field().strings())

    def optional_strings(self) -> tuple[str, ...]:
        """Shorter words for what can be chosen."""
        return ()

    def spoken(self, value: Value) -> str | None:
        """A value as it stands in a hole of a later text; None if it is not said in numbers or in
        the learner's own words."""
        return None

    def quote(self, value: Value) -> Quote:
        """A value as a prompt quotes it."""
        quoted: Quote = value
        return quoted

    def sums(self, value: Value) -> dict[str, int]:
        """What the conditions of an ending know of a value."""
        return {}

    def every(self) -> tuple[Value, ...]:
        """Values of every sort that conditions can tell apart."""
        return (self.field().sample,)

    def check(self) -> Iterator[Problem]:
        """Its own faults."""
        yield from ()


class TextTold(Telling):
    """A few words, of several lines unless ``lines`` is false."""

    kind: Literal["text"]
    lines: bool = True
    optional: bool = False

    @property
    def needed(self) -> bool:
        return not self.optional

    def field(self) -> FormField:
        return text.Text(self.id, lines=self.lines, needed=self.needed)

    def spoken(self, value: Value) -> str | None:
        return str(value)

    def quote(self, value: Value) -> Quote:
        return Typed(value)


class ScaleTold(Telling):
    """A point between two ends, ``tell.<id>.low`` and ``tell.<id>.high``."""

    kind: Literal["scale"]
    points: int = Field(default=5, ge=3, le=7)

    def field(self) -> FormField:
        return scale.Scale(self.id, self.points, f"{self.question}.low", f"{self.question}.high")

    def spoken(self, value: Value) -> str | None:
        return str(value)

    def sums(self, value: Value) -> dict[str, int]:
        return {self.id: value}

    def every(self) -> tuple[Value, ...]:
        return tuple(range(1, self.points + 1))


class NumberTold(Telling):
    """A whole number from ``least`` to ``most``."""

    kind: Literal["number"]
    least: int = Field(default=0, ge=-999_999, le=999_999)
    most: int = Field(ge=-999_999, le=999_999)

    def field(self) -> FormField:
        return number.Number(self.id, self.least, self.most)

    def spoken(self, value: Value) -> str | None:
        return str(value)

    def sums(self, value: Value) -> dict[str, int]:
        return {self.id: value}

    def check(self) -> Iterator[Problem]:
        if self.least >= self.most:
            yield Problem(("most",), "number-range", {"least": self.least, "most": self.most})


class ChoiceTold(Telling):
    """One of a few options, ``tell.<id>.<option>``."""

    kind: Literal["choice"]
    options: tuple[Slug, ...] = Field(min_length=2, max_length=6)

    def field(self) -> FormField:
        return choice.Choice(self.id, tuple(Option(o, self._label(o)) for o in self.options))

    def optional_strings(self) -> tuple[str, ...]:
        return tuple(f"{self._label(option)}.quote" for option in self.options)

    def quote(self, value: Value) -> Quote:
        return f"{self._label(value)}.quote"

    def sums(self, value: Value) -> dict[str, int]:
        return {f"{self.id}-{option}": int(option == value) for option in self.options}

    def every(self) -> tuple[Value, ...]:
        return self.options

    def check(self) -> Iterator[Problem]:
        for i, option in enumerate(self.options):
            if option in self.options[:i]:
                yield Problem(("options", i), "listed-twice", {"id": option, "list": "options"})

    def _label(self, option: str) -> str:
        return f"{self.question}.{option}"


AnyTelling = Annotated[TextTold | ScaleTold | NumberTold | ChoiceTold, Field(discriminator="kind")]


class Return(Frozen):
    """Going, coming back and telling, once. ``after``: so many days after the return before it;
    ``takes``: the minutes that going takes, beyond what is read and told. ``instead`` is asked of
    who took the other way, if not the same."""

    id: Slug
    after: int = Field(default=0, ge=0, le=30)
    takes: float = Field(default=0, ge=0, le=60)
    fields: tuple[AnyTelling, ...] = Field(min_length=1, max_length=6)
    instead: tuple[AnyTelling, ...] = Field(default=(), max_length=6)

    def asked(self, *, instead: bool) -> tuple[AnyTelling, ...]:
        """What is asked of who went, or of who took the other way."""
        return self.instead if instead and self.instead else self.fields

    @property
    def every(self) -> tuple[AnyTelling, ...]:
        """What is asked of anybody."""
        return (*self.fields, *self.instead)
