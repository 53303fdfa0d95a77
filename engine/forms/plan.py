"""One half of an if–then plan (implementation intention, Gollwitzer 1999): « si … » or « alors je …
»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from engine.forms import typed
from engine.forms.base import Field, Said, Strings, Value
from engine.forms.text import LINE_LIMIT
from engine.values.reasons import Reason

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
"""How a « then » begins if it already has a subject, or is an infinitive."""


@dataclass(frozen=True)
class Clause(Field):
    """One half of a plan: the moment (``if``) or the action (``then``), on one line.

    If the learner typed part of the frame (« si », « alors », « je »), it is not repeated; a « then
    » with another subject, or an infinitive, keeps it.
    """

    id: str
    half: Literal["if", "then"]
    kind: ClassVar[str] = "plan"
    minutes: ClassVar[float] = 0.5
    gain: ClassVar[float] = 0.35
    own_words: ClassVar[bool] = True
    limit: ClassVar[int] = LINE_LIMIT
    sample: ClassVar[str] = "…"

    def parse(self, said: Said) -> Value:
        return typed.read(said.get(self.id), self.id, self.limit)

    def bare(self, value: Value) -> Value:
        return ""

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        own = _OWN_IF if self.half == "if" else _OWN_THEN
        bare = own.sub("", value).strip(" .,;…")
        frame = _if if self.half == "if" else _then
        return f"{frame(bare, lang)}{typed.escape(bare)}"

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": self.limit}


def _if(moment: str, lang: str) -> str:
    if lang != "fr":
        return "if "
    if re.match(r"s['’]", moment, re.IGNORECASE):
        return ""
    return "s’" if re.match(r"ils?\b", moment, re.IGNORECASE) else "si "


def _then(deed: str, lang: str) -> str:
    if lang != "fr":
        return "then " if _OWN_SUBJECT["en"].match(deed) else "then I "
    if _OWN_SUBJECT["fr"].match(deed):
        return "alors "
    vowel = re.match("[aeiouyhàâéèêîôû]", deed, re.IGNORECASE)
    return "alors j’" if vowel else "alors je "
