"""Rereading an answer given weeks ago: « signez-vous encore ? »."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from engine.forms import typed
from engine.forms.base import Option, Strings
from engine.forms.choice import Choice
from engine.forms.form import Form
from engine.forms.reasons import SignsAnswer
from engine.forms.text import Text
from engine.packs.base import Slug
from engine.packs.prompts.base import Answer, Common, Debriefing, Flaw
from engine.packs.reasons import ExampleNote
from engine.values.faults import nearest
from engine.values.reasons import Reason

SIGNS = ("yes", "not-quite", "no")


class Again(Common):
    """An earlier answer beside its question: do you still stand by it? Yes, not quite or no, and
    one line."""

    kind: Literal["again"]
    prompt: Slug

    @property
    def follows(self) -> str | None:
        return self.prompt

    @property
    def shows_question(self) -> bool:
        return True

    def form(self) -> Form:
        options = tuple(Option(sign, SignsAnswer(signs=sign)) for sign in SIGNS)
        return Form((Text("note", lines=False, needed=False), Choice("signs", options)))

    def check(self, around: Debriefing) -> Iterator[Flaw]:
        """The faults of this prompt. It cannot follow a recall, whose answer is a mere grade."""
        known = {p.id: p for p in around.prompts if p.recalls is None and p.id != self.id}
        earlier = known.get(self.prompt)
        if earlier is None:
            yield Flaw(
                ("prompt",),
                "earlier-unknown",
                {"name": self.prompt, "hint": nearest(self.prompt, list(known))},
            )
        elif not around.precedes(earlier, self):
            yield Flaw(
                ("stage",),
                "again-too-early",
                {"prompt": self.id, "earlier": earlier.id, "stage": earlier.stage},
            )

    def words(self, answer: Answer, strings: Strings, lang: str) -> str | Reason:
        note = typed.escape(answer["note"])
        return SignsAnswer(signs=answer["signs"], note=note or None)

    def quoted(self, answer: Answer, strings: Strings, lang: str) -> str | None:
        """Only the line."""
        return typed.escape(answer["note"]) or None

    def example(self) -> dict[str, Any]:
        return {**self.form().sample, "note": ExampleNote(prompt=self.id)}
