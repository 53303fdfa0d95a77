"""Which answers this browser gave through mailed links. It alone may take them back, or see what an
answer opened, without signing in: anybody to whom the mail was passed on holds the same link.

The browser's session keeps a keyed hash of each such answer. If the answer is replaced by another
one, the browser that gave the first does not know it any more.
"""

from __future__ import annotations

import json
from dataclasses import astuple

from flask import session

from engine.journey.answering import Asking
from engine.packs.prompts.base import Answer
from web.site import signing
from web.site.context import current_services, person
from web.site.links import AnswerLink

KEY = "answered"
MOST = 10
"""How many answers a browser remembers; a touch asks three questions at most."""


def remember(link: AnswerLink, asking: Asking, answer: Answer) -> None:
    """This browser gave that answer."""
    mark = _mark(link, asking, answer)
    others = [one for one in session.get(KEY, ()) if one != mark]
    session[KEY] = [*others, mark][-MOST:]


def knows(link: AnswerLink, asking: Asking, answer: Answer) -> bool:
    """Whether this browser gave that answer, or is signed in as the learner."""
    reader = person()
    if reader is not None and (reader.tenant, reader.id) == (link.tenant, link.learner):
        return True
    return _mark(link, asking, answer) in session.get(KEY, ())


def _mark(link: AnswerLink, asking: Asking, answer: Answer) -> str:
    said = json.dumps([link.tenant, link.learner, *astuple(asking), answer], sort_keys=True)
    return signing.blind(current_services().settings.secret_key, f"{KEY}:{said}")[:32]
