"""Playing without keeping anything: the acts come with the request, and are played anew each time.
What an author sees of a pack and what a facilitator tries of a course are made of this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from engine.forms.base import Said
from engine.packs.activities.base import ALONE, Act, Acts, Screen
from engine.packs.model import Module
from engine.packs.prompts.base import Answer
from engine.packs.reasons import ActImpossible
from engine.values.errors import Invalid
from engine.values.reasons import Reason
from web.site import forms
from web.words.reasons import words

AT = datetime(2000, 1, 1, tzinfo=UTC)
"""The fixed time at which everything begins that is played here, which has no clock."""
MONTH = timedelta(days=31)
"""So long after the act before it each act is done: longer than any activity waits for a day."""


def seen(module: Module, acts: Acts) -> Screen:
    """The screen that ``acts`` lead to, when all that there is to wait for has passed."""
    return module.spec.activity.screen(acts, ALONE, _next_at(acts))


def wait(module: Module, acts: Acts) -> Screen | None:
    """The screen on which a learner waits for that one, if they do."""
    if not acts:
        return None
    screen = module.spec.activity.screen(acts, ALONE, acts[-1].at)
    return None if screen.finished or screen.form.fields else screen


def _next_at(acts: Acts) -> datetime:
    return acts[-1].at + MONTH if acts else AT


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
    screen = seen(module, acts)
    if not screen.form.fields:
        raise Invalid(ActImpossible())
    return Act(ALONE, screen.form.parse(said), _next_at(acts))


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
