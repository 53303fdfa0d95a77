"""The values of asking: a question ready to be shown, and what the learner answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.packs.prompts import Prompt

Answer = Mapping[str, Any]
"""What was answered, by kind: ``{"grade": 1–4}`` · ``{"point": n}`` · ``{"option": id}`` ·
``{"text": …}`` · ``{"if": …, "then": …}`` · ``{"happened": id, "note": …}``."""


@dataclass(frozen=True)
class Question:
    """A prompt in words, in the reader's language. ``text``, ``moment`` and ``takeaway`` are
    Markdown.

    ``moment`` recalls what the question is about (the learner's own choice or ending), None when
    nothing is quoted (or an ending, whose few words the question says whole); ``options`` are
    (value, label) pairs for one-tap kinds other than recall; ``takeaway`` is shown only on demand
    (recall). ``plan`` is the learner's own plan that « did it happen? » asks about.
    """

    prompt: Prompt
    variant: int
    text: str
    moment: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    low: str = ""
    high: str = ""
    takeaway: str | None = None
    plan: str | None = None
