"""What is done with a report that a mail came back, whichever way it reached us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import inspect, select

from engine.delivery.mailbox import Mailbox
from engine.delivery.notices import Notice, read_notice
from engine.delivery.returning import MailKey, ReturnAddresses
from engine.journey import refused
from engine.storage.tables import AddressClaim, Announcement, Invitation, MondayMail, Tenant
from engine.storage.work import Units, Work

TABLES: Mapping[str, type[Any]] = {
    table.__tablename__: table for table in (Invitation, Announcement, AddressClaim, MondayMail)
}
"""The tables of the mails that come back otherwise than those with questions."""


@dataclass(frozen=True)
class Bounces:
    """Takes reports for one installation."""

    units: Units
    addresses: ReturnAddresses

    def take(self, notice: Notice) -> bool:
        """Counts a report against whoever the mail was for; returns whether it is about a mail of
        ours. A temporary failure, and an address that we did not sign, change nothing."""
        with self.units.db.shared() as unit:
            tenants = list(unit.scalars(select(Tenant.id)))
        found = (self.addresses.read(address, tenants) for address in notice.to)
        key = next((key for key in found if key is not None), None)
        if key is None:
            return False
        if notice.permanent:
            with self.units.write(key.tenant) as work:
                if isinstance(key, MailKey):
                    self._park(work, key, f"{notice.status} {notice.said}".strip())
                else:
                    refused.came_back(work, key.learner, key.touch, notice.status, notice.said)
                work.commit()
        return True

    def _park(self, work: Work, key: MailKey, words: str) -> None:
        """The mail is parked with the server's words, so that whoever sent it sees that it did not
        arrive; not a second time, and not once it was asked for anew."""
        table = TABLES[key.kind]
        names = [column.key for column in inspect(table).primary_key if column.key != "tenant"]
        left = select(*(getattr(table, name) for name in names)).where(
            table.number == key.number, table.state.in_(refused.COUNTED)
        )
        for row in work.session.execute(left):
            if self.addresses.mark_of(key.tenant, key.kind, row) == key.mark:
                found = work.session.get_one(table, (key.tenant, *row))
                found.state, found.error = "parked", words
                found.owner = found.lease_until = None

    def take_mail(self, data: bytes) -> bool:
        """The same for a whole mail; anything but a report changes nothing. One that cannot be
        handled is logged, and holds up no other."""
        notice = read_notice(data)
        try:
            return notice is not None and self.take(notice)
        except Exception:
            structlog.get_logger("bounces").exception("report-not-taken")
            return False

    def collect(self, mailbox: Mailbox) -> int:
        """Takes every report that lies unread in a mailbox; returns how many mails were read.
        Raises ``MailboxFault``."""
        return mailbox.read(self.take_mail)
