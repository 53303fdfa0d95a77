"""What to do when a launch is refused: calm words for the learner or teacher who sees the page, by
class of refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import get_locale

from web.words import i18n
from web.words.marking import _


@dataclass(frozen=True)
class Advice:
    """The text of the page for a refused launch: what happened, and what to do. The page adds a
    short reference."""

    title: str
    text: str


AGAIN = Advice(
    _("Start again from your course"),
    _(
        "This page was opened too late, or twice. Nothing is lost: go back to your course and "
        "open the link again."
    ),
)
OTHER_BROWSER = Advice(
    _("We did not recognise your browser"),
    _(
        "Nothing is lost: go back to your course and open the link again. If it happens again, "
        "open your course in a window of its own that is not private, or in another browser."
    ),
)
COOKIES = Advice(
    _("Your browser does not remember us"),
    _(
        "On the way in, your browser has to remember for a moment that it is you, and it is set "
        "not to. Open your course in another browser, or in a window that is not private; then "
        "open the link again."
    ),
)
CONNECTION = Advice(
    _("Your site is not connected"),
    _(
        "Relecture does not take people from this site for the moment, and you can do nothing "
        "about it yourself. Give the reference below to whoever runs your learning site; then "
        "open the link again."
    ),
)
SAID_NO = Advice(
    _("Your learning site did not let you through"),
    _(
        "Go back to your course and open the link again. If it happens again, give the "
        "reference below to whoever runs your learning site: the answer came from there."
    ),
)
LINK = Advice(
    _("This link needs to be repaired"),
    _(
        "The link in your course does not lead where it should. Tell your teacher, or whoever "
        "runs your learning site, and give them the reference below. If you have just placed "
        "it yourself, remove it and place it again."
    ),
)
UNVERIFIED = Advice(
    _("This visit could not be verified"),
    _(
        "You did nothing wrong. What your learning site sent us does not pass our checks, so "
        "we opened nothing. Go back to your course and try once more; if it happens again, "
        "give the reference below to whoever runs your learning site."
    ),
)

_CLASSES: Mapping[Advice, frozenset[str]] = {
    AGAIN: frozenset(
        {
            "state-unknown",
            "state-expired",
            "state-reused",
            "nonce-missing",
            "nonce-mismatch",
            "expired",
            "iat-stale",
        }
    ),
    OTHER_BROWSER: frozenset({"state-missing", "state-other-browser"}),
    COOKIES: frozenset({"cookies-refused"}),
    CONNECTION: frozenset(
        {
            "registration-unknown",
            "registration-ambiguous",
            "registration-disabled",
            "deployment-unknown",
        }
    ),
    SAID_NO: frozenset({"platform-error"}),
    LINK: frozenset(
        {
            "login-target-missing",
            "login-target-foreign",
            "target-missing",
            "target-mismatch",
            "target-foreign",
            "resource-link-missing",
            "deep-linking-return-missing",
            "deep-linking-types-missing",
            "submission-review-incomplete",
        }
    ),
}
"""All other codes say that what the platform sent cannot be trusted."""


def advice(code: str, *, language: str | None = None) -> Advice:
    """What to tell a person whose login or launch was refused with that code, in ``language`` (the
    request's if None)."""
    found = next((advice for advice, codes in _CLASSES.items() if code in codes), UNVERIFIED)
    words = i18n.catalogue(language or str(get_locale() or "en"))
    return Advice(words.ugettext(found.title), words.ugettext(found.text))
