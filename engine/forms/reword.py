"""A line of somebody's words to make one's own, within a limit of words that may change."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, ClassVar

from engine.forms import typed
from engine.forms.base import Field, Said, Strings, Value
from engine.forms.reasons import RewordedTooFar
from engine.forms.text import LINE_LIMIT
from engine.values.errors import Invalid
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Reword(Field):
    """Cleaned text on one line, at most ``most`` words away from ``start``: a word replaced, added
    or left out is one."""

    id: str
    start: str
    most: int
    kind: ClassVar[str] = "reword"
    minutes: ClassVar[float] = 0.5
    gain: ClassVar[float] = 0.25
    own_words: ClassVar[bool] = True

    @property
    def limit(self) -> int:
        """The maximum length, in characters."""
        return LINE_LIMIT

    @property
    def sample(self) -> Value:
        return self.start or "…"

    def parse(self, said: Said) -> Value:
        text = typed.read(said.get(self.id), self.id, self.limit)
        changed = words_changed(self.start, text)
        if changed > self.most:
            raise Invalid(RewordedTooFar(changed=changed, most=self.most), field=self.id)
        return text

    def bare(self, value: Value) -> Value:
        return ""

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return typed.escape_lines(value)

    def quoted(self, value: Value, strings: Strings, lang: str) -> str | None:
        return typed.escape(typed.cut(value)) or None

    def json_schema(self) -> dict[str, Any]:
        """The schema without the limit of words: JSON Schema cannot compare texts."""
        return {"type": "string", "minLength": 1, "maxLength": self.limit}


def words_changed(before: str, after: str) -> int:
    """How many words were replaced, added or left out, whatever the spaces between them."""
    old, new = before.split(), after.split()
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in changes if tag != "equal")
