"""The mail that invites a person to a course: to what, and a link that accepts. Made without a
request."""

from __future__ import annotations

from datetime import datetime

from engine.delivery.message import Message
from engine.journey.forgetting import trace_of
from engine.storage.tables import Invitation
from engine.values.lines import one_line
from web.mails.letters import Letters
from web.site.links import InvitationLink
from web.words import i18n


def invitation(
    letters: Letters, invited: Invitation, course: str, epoch: int | None, wall: datetime
) -> Message:
    """One invitation to the course of that title; ``epoch`` is that of the account that has the
    address, if one has."""
    _ = i18n.catalogue(invited.language).ugettext
    title = {"course": one_line(course)}
    text = [
        _("You are invited to the experiences that go with the course “%(course)s”.") % title,
        _("Before anything starts, one page says what this asks of you, and you decide."),
        _("This link works once, for seven days. Later, ask whoever invited you for another one."),
    ]
    who = invited.tenant, invited.email
    key = "invitation", invited.tenant, invited.course, invited.email, invited.asked_at.isoformat()
    said = InvitationLink(invited.tenant, invited.course, invited.email, invited.number, epoch)
    return letters.plain(
        invited.email,
        invited.language,
        _("An invitation: %(course)s") % title,
        text,
        (_("Come in"), letters.links.invitation(said, wall)),
        key=key,
        about=[trace_of(*who), trace_of(*who, invited.course)],
    )
