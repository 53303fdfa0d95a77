"""Playing without keeping anything: the acts come with the request, and are played anew each time.
What an author sees of a pack and what a facilitator tries of a course are made of this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from engine.forms.base import Said
from engine.packs.activities.base import ALONE, Act, Acts
from engine.packs.model import Module
from engine.packs.prompts.base import Answer
from engine.packs.reasons import ActImpossible
from engine.values.errors import Invalid
from engine.values.reasons import Reason
from web.site import forms
from web.words.reasons import words

AT = datetime(2000, 1, 1, tzinfo=UTC)
"""The fixed time of everything that is played here, which has no clock."""


def as_far_as_possible(module: Module, wished: Sequence[str]) -> Acts:
    """The longest prefix of the acts in a request that can still be played: the story may have
    changed since."""
    acts: Acts = ()
    for one in wished:
        try:
            acts = (*acts, next_act(module, acts, brought(one)))
        except Invalid:
            break
    return acts


def next_act(module: Module, acts: Acts, said: Said) -> Act:
    """Parses the act submitted on the screen that ``acts`` lead to. Raises ``Invalid``."""
    screen = module.spec.activity.screen(acts, ALONE, AT)
    if not screen.form.fields:
        raise Invalid(ActImpossible())
    return Act(ALONE, screen.form.parse(said), AT)


def written(said: Answer) -> str:
    """An act, or an answer, as it is written in a request, such as ``choice=ines``."""
    return urlencode(forms.as_written(said), doseq=True)


def brought(one: str) -> Said:
    """The form fields that ``written`` wrote."""
    return forms.said(MultiDict(parse_qsl(one, keep_blank_values=True)))


def samples(module: Module) -> dict[str, Answer]:
    """A sample answer to each prompt, in brackets, so that prompts that quote it can be
    displayed."""
    return {
        prompt.id: {
            field: words(value) if isinstance(value, Reason) else value
            for field, value in prompt.example().items()
        }
        for prompt in module.spec.debrief.prompts
    }
