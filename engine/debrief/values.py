"""The values of asking: a question ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.forms.form import Form
from engine.packs.prompts.base import PromptKind
from engine.values.reasons import Reason


@dataclass(frozen=True)
class EarlierAnswer:
    """What was answered to an earlier prompt: Markdown, or a ``Reason`` when its words are the
    shell's. ``question`` is None where the new question speaks for itself."""

    question: str | None
    words: str | Reason


@dataclass(frozen=True)
class Question:
    """A prompt in words, in the reader's language. ``text``, ``moment``, ``takeaway`` and the
    words of ``said`` are Markdown.

    ``form`` is what is asked for, ``said`` the words of its strings by string id; ``moment``
    recalls what the question is about (the learner's own choice or ending), None when nothing is
    quoted (or an ending, whose few words the question says whole); ``takeaway`` is shown only on
    demand (recall). ``earlier`` is the learner's own answer that the question comes back to.
    """

    prompt: PromptKind
    variant: int
    text: str
    form: Form
    said: Mapping[str, str]
    moment: str | None = None
    takeaway: str | None = None
    earlier: EarlierAnswer | None = None
