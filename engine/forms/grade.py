"""How well a takeaway came back: the learner grades their own recall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from engine.forms.base import Field, Option, Said, Strings, Value, numbered, one_of
from engine.forms.reasons import RecallGrade, RecallInvitation
from engine.values.reasons import Reason

GRADES = ("forgotten", "partly", "effort", "easily")
"""The four FSRS grades, 1 to 4, as ids; the pages call them « envolé », « en partie », « en
cherchant », « de tête »."""


@dataclass(frozen=True)
class Grade(Field):
    """One of the four grades of FSRS (1 forgotten … 4 easily)."""

    id: str
    kind: ClassVar[str] = "grade"
    minutes: ClassVar[float] = 0.3
    gain: ClassVar[float] = 0.20
    """For a takeaway never recalled: 30 days later, FSRS expects 0.67 after a first « good » and
    0.47 after a first « again ». From then on, its memory card gives the value of recall."""
    sample: ClassVar[int] = 3

    def parse(self, said: Said) -> Value:
        return one_of(said.get(self.id), self.id, numbered(len(GRADES)))

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        return RecallGrade(grade=GRADES[value - 1])

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": len(GRADES)}

    def taps(self) -> tuple[Option, ...]:
        """The best grade first."""
        graded = enumerate(GRADES, start=1)
        return tuple(Option(str(n), RecallGrade(grade=g)) for n, g in graded)[::-1]

    def invitation(self, strings: Strings) -> Reason | None:
        return RecallInvitation()
