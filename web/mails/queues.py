"""The mails that somebody asked for, and announcements, as queues: how each row becomes a
message, at the moment when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import inspect

from engine.courses.hosts import organisation
from engine.delivery import announcing
from engine.delivery.asked import Queue
from engine.delivery.message import Message
from engine.journey.term import is_over
from engine.people import accounts
from engine.people.offers import offer_of
from engine.storage.tables import (
    AddressClaim,
    Announcement,
    AskedLink,
    Course,
    Invitation,
    Learner,
    MondayMail,
)
from web.mails import account_mail, invitations, mondays
from web.mails.announced import Reader, told
from web.mails.announcements import announcement
from web.mails.letters import Letters
from web.services import Services

SOON = tuple(timedelta(minutes=m) for m in (1, 2, 4, 8, 12))
"""The waits for a mail whose link lives for half an hour."""


def links(services: Services) -> Queue[AskedLink]:
    """Links to sign in and to set a new password, for all organisations."""
    letters, db = Letters(services.settings), services.db

    def render(asked: AskedLink) -> Message | None:
        with db.across("sign-in") as door:
            people = accounts.with_email(door, asked.email)
        if not people or asked.until <= services.clock.wall():
            return None
        return account_mail.with_link(letters, asked, people)

    # A table must not tell who has an account.
    return Queue(
        AskedLink, partial(db.shared, write=True), render, SOON, paced=False, nobody="sent"
    )


def confirmations(services: Services) -> Callable[[str], Queue[AddressClaim]]:
    """By organisation, addresses to confirm."""
    letters = Letters(services.settings)

    def render(claim: AddressClaim) -> Message | None:
        with services.read(claim.tenant) as work:
            sender = organisation(work.session).sender
            mail = account_mail.to_confirm(letters, claim, sender, work.wall)
        return _returning(services, claim, mail)

    return lambda tenant: Queue(AddressClaim, partial(services.db.write, tenant), render)


def invited(services: Services) -> Callable[[str], Queue[Invitation]]:
    """By organisation, invitations to its courses."""
    letters = Letters(services.settings)

    def render(row: Invitation) -> Message | None:
        with services.read(row.tenant) as work:
            offer = offer_of(work.session, row)
            course = work.session.get(Course, (row.tenant, row.course))
            over = course is not None and is_over(course, work.now, services.settings.time_zone)
        if offer is None or over or row.accepted_at is not None:
            return None
        mail = invitations.invitation(letters, row, offer, work.wall, work.now)
        return _returning(services, row, mail)

    return lambda tenant: Queue(Invitation, partial(services.db.write, tenant), render)


def announced(services: Services) -> Callable[[str], Queue[Announcement]]:
    """By organisation, what its learners are told beside their questions."""
    letters = Letters(services.settings)

    def render(row: Announcement) -> Message | None:
        with services.write(row.tenant) as work:
            items = announcing.ready(work, row)
            work.commit()
        with services.read(row.tenant) as work:
            learner = work.session.get(Learner, (row.tenant, row.learner)) if items else None
            if learner is None:
                return None
            reader = Reader(learner.id, learner.account.language, learner.zone)
            news = told(work, reader, items)
            mail = announcement(letters, work, row, learner.account, news) if news else None
        return _returning(services, row, mail)

    return lambda tenant: Queue(Announcement, partial(services.db.write, tenant), render)


def on_mondays(services: Services) -> Callable[[str], Queue[MondayMail]]:
    """By organisation, what those who run courses hear of them on Mondays."""
    letters = Letters(services.settings)

    def render(row: MondayMail) -> Message | None:
        with services.read(row.tenant) as work:
            mail = mondays.monday_mail(letters, work, row)
        return _returning(services, row, mail)

    return lambda tenant: Queue(MondayMail, partial(services.db.write, tenant), render)


def _returning(
    services: Services,
    row: Invitation | Announcement | AddressClaim | MondayMail,
    mail: Message | None,
) -> Message | None:
    """The mail of that row, with the address that it comes back to if nobody can get it."""
    table: type[Any] = type(row)
    its = [getattr(row, key.key) for key in inspect(table).primary_key if key.key != "tenant"]
    back = services.settings.return_addresses.of_row(row.tenant, row.__tablename__, its, row.number)
    return replace(mail, returns=back) if mail else None
