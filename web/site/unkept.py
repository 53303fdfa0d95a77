"""Words that were sent and could not be kept, because a session had ended, a link was too old or
something broke: the page that says so shows them, and this browser holds them, sealed, until they
are back in their question and kept. The installation stores nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from flask import Response, after_this_request, current_app, request
from werkzeug.exceptions import HTTPException

from engine.journey.showing import AskedPrompt
from web.site import forms, signing
from web.site.context import current_services

View = TypeVar("View", bound=Callable[..., Any])

COOKIE, PURPOSE = "relecture-unkept", "unkept"
LASTS, SHOWN_FOR = timedelta(days=1), timedelta(minutes=10)
MOST_BYTES = 3_600
"""A browser drops a cookie of more than 4 096 bytes, its name and attributes included."""
_OURS = {"csrf_token", "enrolment", "prompt", "occurrence", "number"}
"""Fields of a form that the page wrote, not its reader."""
_TAP = re.compile(r"[a-z0-9-]*")
"""What a tapped option sends: an id, which is no word to show."""


@dataclass(frozen=True)
class _Held:
    """What a browser holds: since when, the page and the question it is for, the form's fields."""

    age: timedelta
    page: str
    question: list[str]
    said: Mapping[str, Any]


def may_hold_words(view: View) -> View:
    """What is posted to this view is somebody's own words, or their choice: they get it back if it
    cannot be kept. For no view that takes a secret."""
    vars(view)["holds words"] = True
    return view


def own_words() -> list[str]:
    """What the reader wrote into the form of this request, if it came from a page of ours."""
    return _words_in(_said())


def hold() -> bool:
    """Lets this browser hold what the reader said until it can be kept; returns whether it can.
    Inside an LMS browsers refuse such cookies."""
    said = _said()
    if not said or request.script_root or _question() is None:
        return False
    services = current_services()
    held = json.dumps([services.clock.wall().timestamp(), request.path, _question(), said])
    sealed = signing.seal(services.settings.secret_key, PURPOSE, held)
    if len(sealed) > MOST_BYTES:
        return False

    @after_this_request
    def set_cookie(response: Response) -> Response:
        seconds = int(LASTS.total_seconds())
        response.set_cookie(COOKIE, sealed, max_age=seconds, **_attributes())
        return response

    return True


def put_back(enrolment: str, prompt: str) -> dict[str, Any]:
    """What this browser holds for that question; nothing for any other, so that nobody finds what
    somebody else wrote: an experience is one person's."""
    held = _held()
    return dict(held.said) if held and held.question == [enrolment, prompt] else {}


def put_back_into(left: Sequence[AskedPrompt]) -> dict[str, Any]:
    """What this browser holds for the first question that is left."""
    asked = left[0] if left else None
    return put_back(asked.enrolment, asked.prompt) if asked else {}


def just_written(page: str) -> list[str]:
    """The words that this browser holds, for the page that asks to sign in before it leads back to
    ``page``: only at once, since the computer may be somebody else's in a minute."""
    held = _held()
    if held is None or held.page != page or held.age > SHOWN_FOR:
        return []
    return _words_in(held.said)


def forget() -> None:
    """What was held is kept now, or its writer has left."""
    if COOKIE not in request.cookies:
        return

    @after_this_request
    def delete_cookie(response: Response) -> Response:
        response.delete_cookie(COOKIE, **_attributes())
        return response


def _held() -> _Held | None:
    sealed = request.cookies.get(COOKIE)
    if not sealed or request.script_root:
        return None
    services = current_services()
    read = signing.unseal(services.settings.secret_key, PURPOSE, sealed)
    if read is None:
        return None
    at, page, question, said = json.loads(read)
    age = services.clock.wall() - datetime.fromtimestamp(at, UTC)
    return _Held(age, page, question, said) if age < LASTS else None


def _attributes() -> dict[str, Any]:
    return {"secure": current_services().settings.https, "httponly": True, "samesite": "Lax"}


def _question() -> list[str] | None:
    """The question that the form of this request is about."""
    enrolment = request.form.get("enrolment") or (request.view_args or {}).get("enrolment")
    prompt = request.form.get("prompt") or request.form.get("number")
    return [enrolment, prompt] if enrolment and prompt else None


def _said() -> Mapping[str, Any]:
    """The reader's part of the form, if the view holds words and the form came from a page of ours:
    another site's words would pass for the reader's own."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or not getattr(view, "holds words", False):
        return {}
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return {}
    try:
        return {name: one for name, one in forms.said(request.form).items() if name not in _OURS}
    except HTTPException:  # too long to be read at all
        return {}


def _words_in(said: Mapping[str, Any]) -> list[str]:
    texts = (text for one in said.values() for text in (one if isinstance(one, list) else [one]))
    return [text.strip() for text in texts if text.strip() and not _TAP.fullmatch(text)]
