"""Composes a question: one of a prompt's wordings, filled with the learner's own choices and
words."""

from __future__ import annotations

from collections.abc import Mapping

from engine.debrief.values import EarlierAnswer, Question
from engine.debrief.words import Story, filled
from engine.packs.model import Module
from engine.packs.prompts.base import Answer, PromptKind
from engine.packs.texts import holes


def compose(
    story: Story, prompt: PromptKind, occurrence: int, answers: Mapping[str, Answer]
) -> Question:
    """The question as the learner reads it the ``occurrence``-th time (from 1).

    Wordings take turns; those that quote something this learner never did or said are skipped.
    ``answers`` maps prompt ids to the latest answer. Raises ``Invalid`` if the story's acts cannot
    have happened.
    """
    module, lang, known = story.module, story.lang, story.known(answers)
    variant = _variant(module, prompt, occurrence, known, lang)
    text, form = module.text(prompt.variant(variant), lang), prompt.form()
    quoted = (name for name in holes(text) if name in story.moments and name != "ending")
    return Question(
        prompt,
        variant,
        filled(text, known),
        form,
        {string: module.text(string, lang) for string in form.strings()},
        moment=next((story.moments[name] for name in quoted), None),
        takeaway=module.text(f"takeaway.{prompt.recalls}", lang) if prompt.recalls else None,
        earlier=_earlier(module, prompt, known, answers, lang),
    )


def _variant(
    module: Module, prompt: PromptKind, occurrence: int, known: Mapping[str, str], lang: str
) -> int:
    """The number of the wording whose turn it is, among those that can be filled; if none can,
    among those with the fewest holes left."""
    lacks = {
        n: len(set(holes(module.text(prompt.variant(n), lang))) - set(known))
        for n in range(1, prompt.variants + 1)
    }
    usable = [n for n, lacking in lacks.items() if lacking == min(lacks.values())]
    return usable[(occurrence - 1) % len(usable)]


def _earlier(
    module: Module,
    prompt: PromptKind,
    known: Mapping[str, str],
    answers: Mapping[str, Answer],
    lang: str,
) -> EarlierAnswer | None:
    """The earlier answer that a prompt returns to, with its question in the first wording that can
    be filled; None if there is none."""
    earlier = module.spec.prompt(prompt.follows) if prompt.follows else None
    if earlier is None or earlier.id not in answers:
        return None
    words = earlier.words(answers[earlier.id], module.strings(lang), lang)
    if not prompt.shows_question:
        return EarlierAnswer(None, words)
    wording = earlier.variant(_variant(module, earlier, 1, known, lang))
    return EarlierAnswer(filled(module.text(wording, lang), known), words)
