"""Names of drafts that a browser keeps for itself (``static/drafts.js``): keyed hashes, so that
what lies in a browser tells neither whose it is nor what was asked."""

from __future__ import annotations

from collections.abc import Iterable

from engine.journey.showing import StoredAnswer
from web.site import signing
from web.site.context import current_services


def owner(tenant: str, account: str) -> str:
    """The name of a person's drafts: those of anybody else are thrown away when their page opens
    in the same browser."""
    return _name("owner", tenant, account)


def question(enrolment: str, prompt: str, occurrence: int) -> str:
    """The name of the draft of an answer."""
    return _name("question", enrolment, prompt, str(occurrence))


def of(enrolment: str, given: Iterable[StoredAnswer]) -> str:
    """The names of the drafts of these answers, which are kept and no drafts any more."""
    return " ".join(question(enrolment, one.prompt, one.occurrence) for one in given)


def _name(*parts: str) -> str:
    secret = current_services().settings.secret_key
    return signing.blind(secret, "\n".join(("draft", *parts)))[:24]
