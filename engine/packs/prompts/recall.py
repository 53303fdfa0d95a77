"""Recall: bring a takeaway back to mind, then say how well it came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from engine.forms.form import Form
from engine.forms.grade import Grade
from engine.packs.base import Slug
from engine.packs.prompts.base import Common, Debriefing, Flaw
from engine.values.faults import nearest


class Recall(Common):
    """Bring a takeaway back to mind before it is shown, then grade yourself with one tap."""

    kind: Literal["recall"]
    takeaway: Slug

    @property
    def recalls(self) -> str | None:
        return self.takeaway

    def form(self) -> Form:
        return Form((Grade("grade"),))

    def check(self, around: Debriefing) -> Iterator[Flaw]:
        if self.takeaway not in around.takeaways:
            yield Flaw(
                ("takeaway",),
                "takeaway-unknown",
                {"name": self.takeaway, "hint": nearest(self.takeaway, around.takeaways)},
            )
        stage = around.arc.stage(self.stage) if around.arc else None
        if around.arc and stage and not stage.after_reveal:
            later = tuple(s.id for s in around.arc.stages if s.after_reveal)
            yield Flaw(("stage",), "recall-before-reveal", {"prompt": self.id, "stages": later})
