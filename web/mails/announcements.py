"""The mail that only announces: it asks nothing, and has a way out of its own. Made without a
request."""

from __future__ import annotations

from collections.abc import Sequence

from engine.courses.hosts import organisation
from engine.delivery.message import Message
from engine.storage.tables import Account, Announcement
from engine.storage.work import Work
from web.mails.announced import Told
from web.mails.letters import Letters
from web.site.links import AnswerLink
from web.words import i18n


def announcement(
    letters: Letters, work: Work, row: Announcement, account: Account, news: Sequence[Told]
) -> Message:
    """One message of a local day, to the learner whose account this is."""
    _ = i18n.catalogue(account.language).ugettext
    touch = next((one.touch for one in news if one.touch is not None), None)
    if touch is not None and len(news) == 1:
        link = AnswerLink(row.tenant, row.learner, touch, account.link_epoch)
        button = _("See the question"), letters.links.answer(link, work.wall)
    else:
        button = _("See it"), letters.links.home_page()
    stop = letters.links.no_announcements(row.tenant, row.learner, work.wall)
    house = organisation(work.session)
    return letters.plain(
        account.email or "",
        account.language,
        news[0].subject,
        [one.sentence for one in news],
        button,
        key=("announcement", row.tenant, row.learner, row.day.isoformat()),
        about=[row.learner],
        sender=house.sender,
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            **({"Reply-To": house.contact} if house.contact else {}),
        },
        small=[
            (_("Change my rhythm"), letters.links.settings_page()),
            (_("No more announcements, questions alone"), stop),
        ],
    )
