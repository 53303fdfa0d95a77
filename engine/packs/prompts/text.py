"""The prompt that asks for a few words of the learner's own."""

from __future__ import annotations

from typing import Any, Literal

from engine.forms import text
from engine.forms.form import Form
from engine.packs.prompts.base import Common
from engine.packs.reasons import ExampleAnswer


class Text(Common):
    """A few words of the learner's own."""

    kind: Literal["text"]

    def form(self) -> Form:
        return Form((text.Text("text"),))

    def example(self) -> dict[str, Any]:
        return {"text": ExampleAnswer(prompt=self.id)}
