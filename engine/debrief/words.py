"""Words that may be put into words: the learner's acts and answers as Markdown that a prompt, a
reveal or the path can hold.

Author's text is Markdown and stays so; what a learner typed is escaped, so that it reads as typed
and does nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.packs.activities.base import Acts
from engine.packs.model import Module
from engine.packs.prompts.base import Answer
from engine.packs.texts import fill, holes

MISSING = "…"


def known_words(
    module: Module, acts: Acts, seat: int, answers: Mapping[str, Answer], lang: str
) -> dict[str, str]:
    """Everything a text may quote by now: hole name → Markdown. ``answers`` maps prompt ids to
    the latest answer."""
    quotes, values = module.spec.activity.quotes(acts, seat), _values(module, acts)
    said = {name: _quote(module, string_id, lang, values) for name, string_id in quotes.items()}
    for prompt in module.spec.debrief.prompts:
        answer = answers.get(prompt.id)
        if answer is not None and (quoted := prompt.quoted(answer, module.strings(lang), lang)):
            said[f"answer.{prompt.id}"] = quoted
    return said


def moments(module: Module, acts: Acts, seat: int, lang: str) -> dict[str, str]:
    """What each act stood for, in full: hole name → Markdown of the label chosen (or of the
    ending's trace)."""
    quotes, values = module.spec.activity.quotes(acts, seat), _values(module, acts)
    return {
        name: spoken(module, string_id.removesuffix(".quote"), lang, values)
        for name, string_id in quotes.items()
    }


def spoken(
    module: Module, string_id: str, lang: str, values: Mapping[str, Mapping[str, str]]
) -> str:
    """A string of the story, its numbers filled in as they were then (``values``: string id →
    hole → number)."""
    return fill(module.text(string_id, lang), values.get(string_id, {}))


def filled(text: str, known: Mapping[str, str]) -> str:
    """``text`` with every hole filled; « … » where nothing is known, which the linter keeps from
    happening."""
    return fill(text, dict.fromkeys(holes(text), MISSING) | dict(known))


def _quote(
    module: Module, string_id: str, lang: str, values: Mapping[str, Mapping[str, str]]
) -> str:
    """A quotable string, or the label itself when the reader's language has no shorter form of
    it."""
    texts = module.texts.get(lang) or module.texts[module.written_in]
    return spoken(
        module, string_id if string_id in texts else string_id.removesuffix(".quote"), lang, values
    )


def _values(module: Module, acts: Acts) -> dict[str, Mapping[str, str]]:
    """The numbers on screen when something was said with a string, by string id (the last time, if
    said again). ``acts`` can have happened."""
    screens = [
        (module.spec.activity.screen(acts[:n], act.seat, act.at), act) for n, act in enumerate(acts)
    ]
    return {
        string: screen.values
        for screen, act in screens
        for string in screen.form.said_with(act.said)
    }
