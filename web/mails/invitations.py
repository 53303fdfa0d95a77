"""The mail that invites a person to a course: who invites, to what, how long it takes, and a link
that accepts. Made without a request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.delivery.message import Message
from engine.journey.forgetting import trace_of
from engine.people.offers import Offer
from engine.storage.tables import Invitation
from engine.values.lines import one_line
from web.mails.letters import Letters
from web.site.links import InvitationLink
from web.words import i18n


def invitation(
    letters: Letters, invited: Invitation, offer: Offer, wall: datetime, now: datetime
) -> Message:
    """One invitation, signed by whoever sent it; a reply goes to them. ``now`` is learning time."""
    _ = i18n.catalogue(invited.language).ugettext
    named = {"course": one_line(offer.course), "who": one_line(offer.who)}
    who = invited.tenant, invited.email
    key = "invitation", invited.tenant, invited.course, invited.email, invited.asked_at.isoformat()
    said = InvitationLink(
        invited.tenant, invited.course, invited.email, invited.number, offer.epoch
    )
    return letters.plain(
        invited.email,
        invited.language,
        _("%(who)s invites you: %(course)s") % named,
        list(_paragraphs(invited, offer, named, now)),
        (_("See what it is about"), letters.links.invitation(said, wall)),
        key=key,
        about=[trace_of(*who), trace_of(*who, invited.course)],
        sender=offer.sender,
        headers={"Reply-To": offer.reply_to} if offer.reply_to else {},
    )


def _paragraphs(
    invited: Invitation, offer: Offer, named: dict[str, str], now: datetime
) -> Iterator[str]:
    _ = i18n.catalogue(invited.language).ugettext
    named = {**named, "organisation": one_line(offer.organisation)}
    if offer.inviter:
        yield (
            _(
                "%(who)s (%(organisation)s) invites you to the experiences that go with the course "
                "“%(course)s”."
            )
            % named
        )
    else:
        yield (
            _(
                "%(organisation)s invites you to the experiences that go with the course "
                "“%(course)s”."
            )
            % named
        )
    yield " ".join(effort_in_words(offer, invited.language, now))
    yield _("You go at your own pace, and stop at any time, without giving a reason.")
    yield _("This link is yours alone and works once, for seven days.") + (
        " " + _("A question? Reply to this email: %(who)s reads it.") % named
        if offer.reply_to
        else ""
    )
    yield ", ".join(dict.fromkeys((named["who"], named["organisation"])))


def effort_in_words(offer: Offer, language: str, now: datetime) -> Iterator[str]:
    """How long it takes, in all and in a week, and when it begins."""
    catalogue, effort = i18n.catalogue(language), offer.effort
    if effort.experiences:
        yield catalogue.ungettext(
            "One short experience of %(minutes)s.",
            "%(num)s short experiences: %(minutes)s in all, %(week)s a week at most.",
            effort.experiences,
        ) % {
            "num": effort.experiences,
            "minutes": i18n.in_minutes(effort.minutes, language),
            "week": i18n.in_minutes(effort.week_minutes, language),
        }
    yield catalogue.ugettext(
        "Afterwards, a question from time to time: %(touch)s at most, and %(week)s in any seven "
        "days."
    ) % {
        "touch": i18n.in_minutes(offer.rhythm.touch_minutes, language),
        "week": i18n.in_minutes(offer.rhythm.week_minutes, language),
    }
    if effort.opens and effort.opens > now.date():
        yield catalogue.ugettext("The first opens on %(day)s.") % {
            "day": i18n.day(effort.opens, language)
        }
