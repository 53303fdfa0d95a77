"""The mails that somebody asked for, as queues: how each row becomes a message, at the moment when
it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from engine.delivery.asked import Queue
from engine.delivery.message import Message
from engine.people import accounts
from engine.storage.tables import AddressClaim, AskedLink, Course, Invitation, MondayMail
from web.mails import account_mail, invitations, mondays
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

    return Queue(AskedLink, partial(db.shared, write=True), render, SOON, patience=None)


def confirmations(services: Services) -> Callable[[str], Queue[AddressClaim]]:
    """By organisation, addresses to confirm."""
    letters = Letters(services.settings)

    def render(claim: AddressClaim) -> Message | None:
        return account_mail.to_confirm(letters, claim, services.clock.wall())

    return lambda tenant: Queue(AddressClaim, partial(services.db.write, tenant), render)


def invited(services: Services) -> Callable[[str], Queue[Invitation]]:
    """By organisation, invitations to its courses."""
    letters = Letters(services.settings)

    def render(row: Invitation) -> Message | None:
        with services.read(row.tenant) as work:
            course = work.session.get(Course, (row.tenant, row.course))
            account = accounts.account_by_email(work.session, row.email)
        if course is None or row.accepted_at is not None:
            return None
        epoch = account.epoch if account else None
        return invitations.invitation(letters, row, course.title, epoch, work.wall)

    return lambda tenant: Queue(Invitation, partial(services.db.write, tenant), render)


def on_mondays(services: Services) -> Callable[[str], Queue[MondayMail]]:
    """By organisation, what those who run courses hear of them on Mondays."""
    letters = Letters(services.settings)

    def render(row: MondayMail) -> Message | None:
        with services.read(row.tenant) as work:
            return mondays.monday_mail(letters, work, row)

    return lambda tenant: Queue(MondayMail, partial(services.db.write, tenant), render)
