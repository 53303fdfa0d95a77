"""The mail by which an administrator sees whether mails leave."""

from __future__ import annotations

from datetime import datetime

from engine.delivery.message import Message
from engine.storage.tables import Tenant
from engine.values.lines import one_line
from web.mails.letters import Letters
from web.words import i18n


def trial(letters: Letters, to: str, language: str, house: Tenant, wall: datetime) -> Message:
    """A mail of that organisation which says only that it came."""
    _ = i18n.catalogue(language).ugettext
    said = _("If you read this, emails of %(organisation)s reach you.") % {
        "organisation": one_line(house.name)
    }
    address = f"{letters.settings.base_url}/admin/organisation"
    return letters.plain(
        to,
        language,
        _("A test email"),
        [said],
        (_("Back to the settings"), address),
        key=("test-mail", to, wall.isoformat()),
        about=(),
        sender=house.sender,
    )
