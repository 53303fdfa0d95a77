"""What is done with a report that a mail came back, whichever way it reached us."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import select

from engine.delivery.mailbox import Mailbox
from engine.delivery.notices import Notice, read_notice
from engine.delivery.returning import ReturnAddresses
from engine.journey import refused
from engine.storage.tables import Tenant
from engine.storage.work import Units


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
                refused.came_back(work, key.learner, key.touch, notice.status, notice.said)
                work.commit()
        return True

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
