"""A few words of the learner's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms import typed
from engine.forms.base import Field, Said, Strings, Value
from engine.values.reasons import Reason

TEXT_LIMIT = 2000
LINE_LIMIT = 300
"""The maximum length of a text, and of a single line, in characters."""


@dataclass(frozen=True)
class Text(Field):
    """Cleaned text: several lines if ``lines``, else one; empty text is refused if ``needed``.
    ``asks`` is the string id of its label, if its words are the author's."""

    id: str
    lines: bool = True
    needed: bool = True
    asks: str = ""
    kind: ClassVar[str] = "text"

    @property
    def limit(self) -> int:
        """The maximum length, in characters."""
        return TEXT_LIMIT if self.lines else LINE_LIMIT

    @property
    def minutes(self) -> float:
        return 0.7 if self.lines else 0.3

    @property
    def gain(self) -> float:
        """Writing is worth more than a tap; an optional line counts for nothing."""
        return 0.25 if self.needed else 0

    @property
    def own_words(self) -> bool:
        return self.needed

    @property
    def sample(self) -> Value:
        return "…"

    def parse(self, said: Said) -> Value:
        raw = said.get(self.id)
        return typed.read(raw, self.id, self.limit, lines=self.lines, needed=self.needed)

    def bare(self, value: Value) -> Value:
        return ""

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return typed.escape_lines(value)

    def quoted(self, value: Value, strings: Strings, lang: str) -> str | None:
        return typed.escape(typed.cut(value)) or None

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": int(self.needed), "maxLength": self.limit}

    def strings(self) -> tuple[str, ...]:
        return (self.asks,) if self.asks else ()
