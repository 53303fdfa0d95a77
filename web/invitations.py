"""The mail that invites someone to a course: who invites them, to what, and a link that signs them in once."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from engine.delivery.message import Message
from engine.storage.tables import Account
from web.bootstrap import Services
from web.doorway import INVITATION_LASTS, token
from web.mail import Letters


def send_invitations(the: Services, course_title: str, invited: Sequence[Account]) -> None:
    """Mail each of them a link, in their language. Made during a request; the mails leave aside."""
    for account in invited:
        the.mailer.post(invitation(the, course_title, account))


def invitation(the: Services, course_title: str, account: Account) -> Message:
    """One invitation."""
    address = the.settings.base_url + url_for("account.magic_link", token=token(the, "magic", [account], INVITATION_LASTS))
    with force_locale(account.language):
        subject = _("An invitation: %(course)s", course=course_title)
        text = [_("You are invited to the experiences that go with the course “%(course)s”.", course=course_title),
                _("Before anything starts, one page says what this asks of you, and you decide."),
                _("This link works once, for seven days. Later, ask for another one on the sign-in page.")]
        button = _("Come in")
    letters = Letters(the.settings, the.library, the.clock)
    return letters.plain(account.email or "", account.language, subject, text, (button, address))
