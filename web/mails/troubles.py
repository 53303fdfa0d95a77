"""The mail that tells an administrator what is wrong, or well again."""

from __future__ import annotations

from datetime import datetime

from engine.delivery.message import Message
from engine.people.troubles import CONNECTION, News
from engine.storage.tables import Account
from web.mails.letters import Letters
from web.words import i18n


def about(letters: Letters, to: Account, news: News, wall: datetime) -> Message:
    """What began and what is over, a line each."""
    _ = i18n.catalogue(to.language).ugettext
    wrong = [_named(key, to.language) for key in news.wrong]
    well = [_named(key, to.language) for key in news.well]
    text = [_("Something is wrong: %(what)s.") % {"what": "; ".join(wrong)}] if wrong else []
    text += [_("Well again: %(what)s.") % {"what": "; ".join(well)}] if well else []
    page = "/lms" if any(key.startswith(CONNECTION) for key in (*news.wrong, *news.well)) else ""
    return letters.plain(
        str(to.email),
        to.language,
        _("Something needs you in Relecture") if wrong else _("Well again in Relecture"),
        text,
        (_("See"), f"{letters.settings.base_url}{page or '/admin/deliveries'}"),
        key=("trouble", to.tenant, to.id, *news.wrong, "|", *news.well, wall.isoformat()),
        about=[to.id],
    )


def _named(key: str, language: str) -> str:
    _ = i18n.catalogue(language).ugettext
    if key.startswith(CONNECTION):
        return str(_("a connection with an LMS (for more than a day)"))
    return str(
        _("the disk is almost full")
        if key == "disk"
        else _("a job of the worker has stopped: mails and questions wait")
    )
