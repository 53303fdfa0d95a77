"""Options tapped in a mail that are not kept yet: each stays filled in, in this browser, until its
question is answered.

The session keeps a keyed hash of each, so that neither the question nor the option can be read
from its cookie. The installation stores nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import session

from engine.journey.showing import AskedPrompt
from web.site import signing
from web.site.context import current_services

KEY = "tapped"
MOST = 10
"""How many questions a browser remembers an option of."""


def filled_in(
    learner: str, left: Sequence[AskedPrompt], brought: Mapping[str, str]
) -> dict[str, str]:
    """The option to show filled in for the first question that is left: the one that this request
    brought, else the one that this browser brought last."""
    if not left:
        return {}
    asked = left[0]
    marks = {
        _mark(learner, asked, field, option.id): (field, option.id)
        for field, option in asked.question.form.taps()
    }
    now = next((mark for mark, (field, id) in marks.items() if brought.get(field) == id), None)
    before = session.get(KEY, [])
    if now is not None and now not in before:
        session[KEY] = [*(one for one in before if one not in marks), now][-MOST:]
    chosen = now or next((mark for mark in marks if mark in before), None)
    return dict([marks[chosen]]) if chosen else {}


def _mark(learner: str, asked: AskedPrompt, field: str, option: str) -> str:
    of = [learner, asked.enrolment, asked.prompt, asked.occurrence, field, option]
    secret = current_services().settings.secret_key
    return signing.blind(secret, f"{KEY}:{json.dumps(of)}")[:32]
