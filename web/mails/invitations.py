"""The mail that invites a person to a course: who invites them, to what, and a link that signs them
in once."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from engine.delivery.message import Message
from engine.storage.tables import Account
from web.mails.letters import Letters
from web.services import Services
from web.site.credentials import INVITATION_LASTS, token


def send_invitations(services: Services, course_title: str, invited: Sequence[Account]) -> None:
    """Mails a link to each of them, in their language. Call during a request; the mails are sent in
    the background."""
    for account in invited:
        services.mailer.post(invitation(services, course_title, account))


def invitation(services: Services, course_title: str, account: Account) -> Message:
    """One invitation."""
    address = services.settings.base_url + url_for(
        "account.magic_link", token=token(services, "magic", [account], INVITATION_LASTS)
    )
    with force_locale(account.language):
        subject = _("An invitation: %(course)s", course=course_title)
        text = [
            _(
                "You are invited to the experiences that go with the course “%(course)s”.",
                course=course_title,
            ),
            _("Before anything starts, one page says what this asks of you, and you decide."),
            _(
                "This link works once, for seven days. Later, ask for another one on the "
                "sign-in page."
            ),
        ]
        button = _("Come in")
    to, by_button = account.email or "", (button, address)
    letters = Letters(services.settings)
    return letters.plain(to, account.language, subject, text, by_button, about=[account.id])
