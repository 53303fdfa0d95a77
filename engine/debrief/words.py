"""Words that may be put into words: the learner's acts and answers as Markdown that a prompt, a
reveal or the path can hold.

Author's text is Markdown and stays so; what a learner typed is escaped, so that it reads as typed
and does nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.debrief.values import Answer
from engine.packs.activities.base import Acts
from engine.packs.model import Module
from engine.packs.prompts import GRADES, Choice, DidItHappen, Plan, Prompt, Recall, Scale, Text
from engine.packs.texts import fill, holes
from engine.values.reasons import Reason

QUOTED_AT_MOST = 300
"""Characters of a free text that another prompt quotes; the rest is on the path."""
MISSING = "…"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BREAKABLE = re.compile(r"[^\S\u00a0\u202f]+")
_OWN_IF = re.compile(r"^(?:si|if)\b[\s,:…]*", re.IGNORECASE)
_OWN_THEN = re.compile(r"^(?:alors|then)\b[\s,:…]*", re.IGNORECASE)
_OWN_SUBJECT = {
    "fr": re.compile(
        r"(?:\S+\s+){0,2}(?:je\b|j['’]|(?:on|nous)\b)|(?:vous|ils?|elles?|c['’]est|mon|ma|mes|notre|nos|une?|des)\b"
        r"|\w+(?:er|ir|re)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"(?:\S+\s+){0,2}(?:I|we)\b|(?:you|he|she|it|they|my|our|the|an?|to)\b", re.IGNORECASE
    ),
}
"""How a « then » begins that has a subject already, or an infinitive."""


def one_line(text: str) -> str:
    """``text`` with every run of spaces and newlines as one space; French no-break spaces stay."""
    return _BREAKABLE.sub(" ", text).strip()


def escape(text: str) -> str:
    """Learner's text as Markdown that shows exactly those characters, on one line (CommonMark
    2.4: backslash escapes)."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def answer_words(prompt: Prompt, answer: Answer, module: Module, lang: str) -> str | Reason:
    """How an answer reads on the path, whole: Markdown, or a ``Reason`` when its words belong to
    the shell.

    ``Reason("grade", grade)``, ``("point", point, points, low, high)`` and ``("happened", happened,
    note)`` carry ids from ``engine.packs.prompts``, and Markdown for the rest.
    """
    match prompt:
        case Text():
            return "\\\n".join(escape(line) for line in answer["text"].splitlines() if line.strip())
        case Plan():
            return plan_words(answer, lang)
        case Choice():
            return module.text(prompt.option(answer["option"]), lang)
        case Recall():
            return Reason("grade", {"grade": GRADES[answer["grade"] - 1]})
        case Scale():
            low, high = (module.text(end, lang) for end in prompt.ends)
            return Reason(
                "point",
                {"point": answer["point"], "points": prompt.points, "low": low, "high": high},
            )
        case DidItHappen():
            return Reason(
                "happened", {"happened": answer["happened"], "note": escape(answer.get("note", ""))}
            )


def plan_words(answer: Answer, lang: str) -> str:
    """An if–then plan as one phrase: « si …, alors je … », “if …, then I …”. What the learner
    typed of the frame themself (« si », « alors », « je ») is not said twice, and a « then »
    with another subject, or an infinitive, keeps it."""
    if_, then = (
        own.sub("", answer[part]).strip(" .,;…")
        for part, own in (("if", _OWN_IF), ("then", _OWN_THEN))
    )
    if lang != "fr":
        return (
            f"if {escape(if_)}, then {'' if _OWN_SUBJECT['en'].match(then) else 'I '}{escape(then)}"
        )
    si = (
        ""
        if re.match(r"s['’]", if_, re.IGNORECASE)
        else "s’"
        if re.match(r"ils?\b", if_, re.IGNORECASE)
        else "si "
    )
    je = (
        ""
        if _OWN_SUBJECT["fr"].match(then)
        else "j’"
        if re.match("[aeiouyhàâéèêîôû]", then, re.IGNORECASE)
        else "je "
    )
    return f"{si}{escape(if_)}, alors {je}{escape(then)}"


def known_words(
    module: Module, acts: Acts, answers: Mapping[str, Answer], lang: str
) -> dict[str, str]:
    """Everything a text may quote by now: hole name → Markdown. ``answers`` maps prompt ids to
    the latest answer."""
    values = _values(module, acts)
    said = {
        name: _quote(module, string_id, lang, values)
        for name, string_id in module.spec.activity.quotes(acts).items()
    }
    for prompt in module.spec.debrief.prompts:
        if prompt.id in answers and (words := _short(prompt, answers[prompt.id], module, lang)):
            said[f"answer.{prompt.id}"] = words
    return said


def moments(module: Module, acts: Acts, lang: str) -> dict[str, str]:
    """What each act stood for, in full: hole name → Markdown of the label chosen (or of the
    ending's trace)."""
    values = _values(module, acts)
    quotes = module.spec.activity.quotes(acts)
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
    """The numbers on screen when each label was chosen, by the label's string id (the last time,
    if chosen again)."""
    screens = [(module.spec.activity.screen(acts[:n]), act) for n, act in enumerate(acts)]
    return {
        option.label: screen.values
        for screen, act in screens
        for option in screen.options
        if option.id == act
    }


def _short(prompt: Prompt, answer: Answer, module: Module, lang: str) -> str | None:
    """An answer in the middle of somebody's sentence; None when it has no words of its own."""
    match prompt:
        case Text():
            return escape(_cut(answer["text"]))
        case Scale():
            return f"{answer['point']} {'sur' if lang == 'fr' else 'out of'} {prompt.points}"
        case DidItHappen():
            return escape(answer.get("note", "")) or None
        case _:
            words = answer_words(prompt, answer, module, lang)
            return words if isinstance(words, str) else None


def _cut(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= QUOTED_AT_MOST else f"{text[:QUOTED_AT_MOST].rsplit(' ', 1)[0]}…"
