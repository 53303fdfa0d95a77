"""The honest follow-up to a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from engine.forms import typed
from engine.forms.base import Strings
from engine.forms.form import Form
from engine.forms.happened import Happened
from engine.forms.reasons import HappenedAnswer
from engine.forms.text import Text
from engine.packs.base import Slug
from engine.packs.prompts.base import Answer, Common, Debriefing, Flaw
from engine.packs.reasons import ExampleNote
from engine.values.faults import nearest
from engine.values.reasons import Reason


class DidItHappen(Common):
    """The honest follow-up to a plan: yes, partly, not yet or changed my mind, and one line."""

    kind: Literal["did-it-happen"]
    plan: Slug

    @property
    def follows(self) -> str | None:
        return self.plan

    def form(self) -> Form:
        return Form((Text("note", lines=False, needed=False), Happened("happened")))

    def check(self, around: Debriefing) -> Iterator[Flaw]:
        plans = {p.id: p for p in around.prompts if p.kind == "plan"}
        plan = plans.get(self.plan)
        if plan is None:
            yield Flaw(
                ("plan",),
                "plan-unknown",
                {"name": self.plan, "hint": nearest(self.plan, list(plans))},
            )
        elif not around.precedes(plan, self):
            yield Flaw(
                ("stage",),
                "follow-up-too-early",
                {"prompt": self.id, "plan": plan.id, "stage": plan.stage},
            )

    def words(self, answer: Answer, strings: Strings, lang: str) -> str | Reason:
        note = typed.escape(answer.get("note", ""))
        return HappenedAnswer(happened=answer["happened"], note=note or None)

    def quoted(self, answer: Answer, strings: Strings, lang: str) -> str | None:
        """Only the line."""
        return typed.escape(answer.get("note", "")) or None

    def example(self) -> dict[str, Any]:
        return {**self.form().sample, "note": ExampleNote(prompt=self.id)}
