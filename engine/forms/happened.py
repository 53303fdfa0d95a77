"""What became of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.base import Field, Option, Said, Strings, Value, one_of
from engine.forms.reasons import HappenedAnswer
from engine.values.reasons import Reason

HAPPENED = ("yes", "partly", "not-yet", "changed-my-mind")


@dataclass(frozen=True)
class Happened(Field):
    """Yes, partly, not yet, or changed my mind: an honest answer is as good as a yes."""

    id: str
    kind: ClassVar[str] = "happened"
    minutes: ClassVar[float] = 0.2
    gain: ClassVar[float] = 0.30
    sample: ClassVar[str] = "partly"

    def parse(self, said: Said) -> Value:
        return one_of(said.get(self.id), self.id, {name: name for name in HAPPENED})

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return HappenedAnswer(happened=value)

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(HAPPENED)}

    def taps(self) -> tuple[Option, ...]:
        return tuple(Option(name, HappenedAnswer(happened=name)) for name in HAPPENED)
