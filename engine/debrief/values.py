"""The values of a debrief: a question ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.forms.form import Form
from engine.packs.prompts.base import PromptKind
from engine.values.reasons import Reason


@dataclass(frozen=True)
class EarlierAnswer:
    """The answer to an earlier prompt: Markdown, or a ``Reason`` if its words are the shell's.
    ``question`` is None if the new question needs no reminder of it."""

    question: str | None
    words: str | Reason


@dataclass(frozen=True)
class Question:
    """A prompt in words, in the reader's language. ``text``, ``moment``, ``takeaway`` and the
    values of ``said`` are Markdown.

    ``form`` is what is asked for, and ``said`` holds the words of its strings by string id.
    ``moment`` recalls what the question is about (a choice of the learner's), and is None if
    nothing is quoted, or only an ending, which the question quotes in full. ``takeaway`` is shown
    only on demand (recall). ``earlier`` is the learner's own answer that the question returns to.
    """

    prompt: PromptKind
    variant: int
    text: str
    form: Form
    said: Mapping[str, str]
    moment: str | None = None
    takeaway: str | None = None
    earlier: EarlierAnswer | None = None
