"""Composing a question: one of a prompt's wordings, with the learner's own choices and words in
it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.debrief.values import Answer, Question
from engine.debrief.words import filled, known_words, moments, plan_words
from engine.packs.activities.base import Acts
from engine.packs.model import Module
from engine.packs.prompts import Choice, DidItHappen, Prompt, Recall, Scale
from engine.packs.texts import holes


def compose(
    module: Module,
    prompt: Prompt,
    occurrence: int,
    acts: Acts,
    answers: Mapping[str, Answer],
    lang: str,
) -> Question:
    """The question as the learner reads it the ``occurrence``-th time (from 1): wordings take
    turns, those that quote what this learner never did or said are left out. ``answers`` maps
    prompt ids to the latest answer.

    Raises ``Invalid`` when ``acts`` cannot have happened.
    """
    known = known_words(module, acts, answers, lang)
    variant = _variant(module, prompt, occurrence, known, lang)
    text = module.text(prompt.variant(variant), lang)
    lived = moments(module, acts, lang)
    takeaway = (
        module.text(f"takeaway.{prompt.takeaway}", lang) if isinstance(prompt, Recall) else None
    )
    plan = answers.get(prompt.plan) if isinstance(prompt, DidItHappen) else None
    low, high = (
        (module.text(end, lang) for end in prompt.ends) if isinstance(prompt, Scale) else ("", "")
    )
    return Question(
        prompt,
        variant,
        filled(text, known),
        moment=next(
            (lived[name] for name in holes(text) if name in lived and name != "ending"), None
        ),
        options=_options(module, prompt, lang),
        low=low,
        high=high,
        takeaway=takeaway,
        plan=plan_words(plan, lang) if plan else None,
    )


def _variant(
    module: Module, prompt: Prompt, occurrence: int, known: Mapping[str, str], lang: str
) -> int:
    """Whose turn it is among the wordings that can be filled; failing all, the one that lacks
    least."""
    lacks = {
        n: len(set(holes(module.text(prompt.variant(n), lang))) - set(known))
        for n in range(1, prompt.variants + 1)
    }
    usable = [n for n, lacking in lacks.items() if lacking == min(lacks.values())]
    return usable[(occurrence - 1) % len(usable)]


def _options(module: Module, prompt: Prompt, lang: str) -> tuple[tuple[str, str], ...]:
    if isinstance(prompt, Choice):
        return tuple(
            (option, module.text(prompt.option(option), lang)) for option in prompt.options
        )
    if isinstance(prompt, Scale):
        return tuple((str(n), str(n)) for n in range(1, prompt.points + 1))
    return ()
