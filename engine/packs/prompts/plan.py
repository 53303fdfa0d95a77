"""The prompt that asks for an if–then plan."""

from __future__ import annotations

from typing import Any, Literal

from engine.forms.base import Strings
from engine.forms.form import Form
from engine.forms.plan import Clause
from engine.packs.prompts.base import Answer, Common
from engine.packs.reasons import ExampleDeed, ExampleMoment
from engine.values.reasons import Reason


class Plan(Common):
    """An if–then plan (implementation intention, Gollwitzer 1999): « si … alors je … »."""

    kind: Literal["plan"]

    def form(self) -> Form:
        return Form((Clause("if", "if"), Clause("then", "then")))

    def words(self, answer: Answer, strings: Strings, lang: str) -> str | Reason:
        """Both halves as one phrase: « si …, alors je … », “if …, then I …”."""
        halves = self.form().fields
        return ", ".join(str(half.words(answer[half.id], strings, lang)) for half in halves)

    def quoted(self, answer: Answer, strings: Strings, lang: str) -> str | None:
        return str(self.words(answer, strings, lang))

    def example(self) -> dict[str, Any]:
        return {"if": ExampleMoment(), "then": ExampleDeed()}
