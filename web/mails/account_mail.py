"""The mails of sign-in: a link to sign in, to set a new password, or to confirm an address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from engine.delivery.message import Message
from engine.storage.tables import Account
from web.mails.letters import Letters
from web.services import Services
from web.site.credentials import token

Kind = Literal["magic", "reset"]


def with_link(services: Services, kind: Kind, people: Sequence[Account]) -> Message:
    """The mail to the one address that these accounts share, in the language of the first. Call
    during a request."""
    to, language = people[0].email or "", people[0].language
    address = services.settings.base_url + url_for(
        f"account.{kind}_link", token=token(services, kind, people)
    )
    with force_locale(language):
        once = _(
            "This link works once, for thirty minutes. If you did not ask for it, leave it: "
            "nothing happens."
        )
        if kind == "magic":
            subject, button = _("Your link to sign in"), _("Sign in")
            text = _("You asked to sign in to Relecture without a password.")
        else:
            subject, button = _("A new password"), _("Choose it")
            text = _("You asked for a new password for Relecture.")
    letters, about = Letters(services.settings), [one.id for one in people]
    return letters.plain(to, language, subject, [text, once], (button, address), about=about)


def to_confirm(services: Services, email: str, link: str, language: str, account: str) -> Message:
    """The mail to an address that the owner of that account claims as theirs. Call during a
    request."""
    with force_locale(language):
        subject, button = _("Is this your address?"), _("See what it is about")
        text = _("In Relecture, somebody gave this address to get their questions by email.")
        once = _("This link works for one day. If it was not you, leave it: nothing happens.")
    button_to = button, services.settings.base_url + link
    letters = Letters(services.settings)
    return letters.plain(email, language, subject, [text, once], button_to, about=[account])
