"""The mail by which an administrator finds out whether mails leave."""

from __future__ import annotations

import uuid

from engine.courses.hosts import organisation
from engine.delivery.message import Message
from engine.storage.work import Work
from web.mails.letters import Letters
from web.words import i18n


def trial(letters: Letters, work: Work, account: str, to: str, language: str) -> Message:
    """A test mail to that account's address; each has an id of its own, so that none is dropped as
    a second copy."""
    _ = i18n.catalogue(language).ugettext
    return letters.plain(
        to,
        language,
        _("A test email"),
        [_("If you read this, the emails of this installation reach you.")],
        (_("Back to Relecture"), letters.links.front_page()),
        key=("trial", work.tenant, account, uuid.uuid4().hex),
        about=[account],
        sender=organisation(work.session).sender,
    )
