"""Turns the learner's acts and answers into Markdown that a prompt, a reveal or the path can quote.

Authors' text is Markdown and stays so; what a learner typed is escaped, so that it shows exactly as
typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.forms.typed import cut, escape
from engine.packs.activities.base import Acts, Quote, Typed
from engine.packs.activities.together import TABLE
from engine.packs.model import Module
from engine.packs.prompts.base import Answer
from engine.packs.texts import fill, holes

MISSING = "…"


@dataclass(frozen=True)
class Story:
    """What a learner who sat at ``seat`` did in an experience, in the words of one language.

    It is computed once, however many texts quote it. Its methods raise ``Invalid`` if ``acts``
    cannot have happened.
    """

    module: Module
    acts: Acts
    seat: int
    lang: str

    def known(self, answers: Mapping[str, Answer]) -> dict[str, str]:
        """Everything a text can quote so far: hole name → Markdown. ``answers`` maps prompt ids to
        the latest answer."""
        said = dict(self._quoted)
        strings = self.module.strings(self.lang)
        for prompt in self.module.spec.debrief.prompts:
            answer = answers.get(prompt.id)
            if answer is not None and (quoted := prompt.quoted(answer, strings, self.lang)):
                said[f"answer.{prompt.id}"] = quoted
        return said

    @cached_property
    def moments(self) -> dict[str, str]:
        """The full text of each act: hole name → Markdown of the chosen label (or of the ending's
        trace)."""
        return {
            name: self.spoken(quote.removesuffix(".quote"))
            if isinstance(quote, str)
            else _plain(quote)
            for name, quote in self._quotes.items()
        }

    def spoken(self, string_id: str) -> str:
        """A string of the story, with the numbers of that moment filled in."""
        text = self.module.text(string_id, self.lang)
        return fill(text, self._values.get(string_id, {})) if holes(text) else text

    @cached_property
    def _quotes(self) -> Mapping[str, Quote]:
        return self.module.spec.activity.quotes(self.acts, self.seat)

    @cached_property
    def _quoted(self) -> dict[str, str]:
        """The quotable strings, or the label itself if the language has no shorter form."""
        texts = self.module.texts.get(self.lang) or self.module.texts[self.module.written_in]
        return {
            name: self.spoken(quote if quote in texts else quote.removesuffix(".quote"))
            if isinstance(quote, str)
            else _plain(quote)
            for name, quote in self._quotes.items()
        }

    @cached_property
    def _values(self) -> dict[str, Mapping[str, str]]:
        """The numbers on screen when each string was used to say something, by string id (the
        latest, if more than once)."""
        screen = self.module.spec.activity.screen
        said = ((n, act) for n, act in enumerate(self.acts) if TABLE not in act.said)
        shown = ((screen(self.acts[:n], act.seat, act.at), act) for n, act in said)
        return {
            string: seen.values for seen, act in shown for string in seen.form.said_with(act.said)
        }


def _plain(quote: Typed | float) -> str:
    """What was typed, or a number, as Markdown."""
    return escape(cut(quote.text)) if isinstance(quote, Typed) else f"{quote:g}"


def filled(text: str, known: Mapping[str, str]) -> str:
    """``text`` with every hole filled; « … » for an unknown one, which the linter prevents."""
    return fill(text, dict.fromkeys(holes(text), MISSING) | dict(known))
