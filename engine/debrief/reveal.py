"""The reveal: the moment a module's real subject is named, from the learner's own path."""

from __future__ import annotations

from collections.abc import Mapping

from engine.debrief.words import Story, filled
from engine.packs.activities.base import Acts
from engine.packs.model import Module
from engine.packs.prompts.base import Answer


def reveal(module: Module, acts: Acts, seat: int, answers: Mapping[str, Answer], lang: str) -> str:
    """The reveal in Markdown. Whether it may be shown is decided by spacing. Raises ``Invalid`` for
    impossible acts."""
    return filled(module.text("reveal", lang), Story(module, acts, seat, lang).known(answers))
