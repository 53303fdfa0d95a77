"""The learner's path, read back: one knot per experience, with choices, answers, the reveal and
takeaways, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from engine.debrief.compose import compose
from engine.debrief.reveal import reveal
from engine.debrief.words import Story
from engine.packs.activities.base import Acts
from engine.packs.activities.together import TABLE
from engine.packs.model import Module
from engine.packs.prompts.base import Answer
from engine.packs.texts import fill
from engine.values.reasons import Reason

Memory = Literal["fresh", "holding", "fading"]
FRESH, HOLDING = 0.9, 0.7
"""The retrievability (0–1) from which a takeaway counts as fresh, or as holding; below both it is
fading."""


@dataclass(frozen=True)
class GivenAnswer:
    """One answer of the learner: to which occurrence of which prompt, and when. ``module`` has the
    words that it answered, if they were mended since."""

    prompt: str
    occurrence: int
    at: datetime
    answer: Answer
    module: Module | None = None


@dataclass(frozen=True)
class LivedExperience:
    """One experience as the use case knows it.

    ``retrievability`` (0–1) is that of each takeaway recalled so far, by id; ``next`` says why the
    coming touch asks about this experience, and is empty if it does not.
    """

    enrolment: str
    module: Module
    acts: Acts
    seat: int
    finished_at: datetime | None
    given: tuple[GivenAnswer, ...] = ()
    revealed: bool = False
    retrievability: Mapping[str, float] = field(default_factory=dict)
    next: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Step:
    """One of the learner's own acts: what was on screen (Markdown), and what they said, in
    words."""

    moment: str
    said: str | Reason


@dataclass(frozen=True)
class AnsweredPrompt:
    """One answer in words: the question as it was asked, and the answer (a ``Reason`` if its words
    are the shell's)."""

    prompt: str
    occurrence: int
    at: datetime
    question: str
    words: str | Reason


@dataclass(frozen=True)
class RememberedTakeaway:
    """A takeaway and how well it is remembered; ``memory`` is None until its first recall."""

    takeaway: str
    words: str
    memory: Memory | None


@dataclass(frozen=True)
class Knot:
    """One experience, read back. ``ending`` is None until it is finished; reveal and takeaways are
    absent until revealed."""

    enrolment: str
    title: str
    finished_at: datetime | None
    steps: tuple[Step, ...]
    ending: str | None
    answers: tuple[AnsweredPrompt, ...]
    reveal: str | None
    takeaways: tuple[RememberedTakeaway, ...]
    next: tuple[Reason, ...]


def read_path(lived: Sequence[LivedExperience], lang: str) -> tuple[Knot, ...]:
    """The knots in the order given, in the reader's language; all words are Markdown. Raises
    ``Invalid`` for impossible acts."""
    return tuple(_knot(one, lang) for one in lived)


def remembered(retrievability: float) -> Memory:
    """Turns a probability of recall (0–1) into one of three words."""
    return (
        "fresh" if retrievability >= FRESH else "holding" if retrievability >= HOLDING else "fading"
    )


def _knot(one: LivedExperience, lang: str) -> Knot:
    latest = {given.prompt: given.answer for given in sorted(one.given, key=lambda g: g.at)}
    story = Story(one.module, one.acts, one.seat, lang)
    return Knot(
        one.enrolment,
        one.module.text("cover.title", lang),
        one.finished_at,
        tuple(_steps(one, lang)),
        ending=story.moments.get("ending"),
        answers=tuple(_answers(one, story)),
        reveal=reveal(one.module, one.acts, one.seat, latest, lang) if one.revealed else None,
        takeaways=tuple(_kept(one, lang)) if one.revealed else (),
        next=one.next,
    )


def _steps(one: LivedExperience, lang: str) -> Iterator[Step]:
    for n, act in enumerate(one.acts):
        if act.seat == one.seat and TABLE not in act.said:
            screen = one.module.spec.activity.screen(one.acts[:n], one.seat, act.at)
            told = "\n\n".join(one.module.text(text, lang) for text in screen.texts)
            moment = fill(told, screen.values)
            for said in screen.form.words(act.said, one.module.strings(lang), lang):
                yield Step(moment, fill(said, screen.values) if isinstance(said, str) else said)


def _answers(one: LivedExperience, story: Story) -> Iterator[AnsweredPrompt]:
    """The answers in the order they were given, each question worded with what was known before
    it."""
    before: dict[str, Answer] = {}
    for given in sorted(one.given, key=lambda g: g.at):
        module = given.module or one.module
        prompt = module.spec.prompt(given.prompt)
        if prompt is not None:
            then = story if module is one.module else replace(story, module=module)
            question = compose(then, prompt, given.occurrence, before)
            yield AnsweredPrompt(
                given.prompt,
                given.occurrence,
                given.at,
                question.text,
                prompt.words(given.answer, module.strings(story.lang), story.lang),
            )
        before[given.prompt] = given.answer


def _kept(one: LivedExperience, lang: str) -> Iterator[RememberedTakeaway]:
    for takeaway in one.module.spec.takeaways:
        known = one.retrievability.get(takeaway.id)
        yield RememberedTakeaway(
            takeaway.id,
            one.module.text(takeaway.string, lang),
            None if known is None else remembered(known),
        )
