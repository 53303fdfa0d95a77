"""The table of people whose mails come back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow


class MailRefusal(TenantRow, Base):
    """How often in a row mails to somebody came back for good; see ``engine.journey.refused``.

    ``last_touch`` is the last one counted, ``status`` and ``said`` what the mail server reported of
    it. ``refused_at`` is set when no more is sent. Wall time.
    """

    __tablename__ = "mail_refusal"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant", "account"], ["account.tenant", "account.id"], ondelete="CASCADE"
        ),
    )
    account: Mapped[str] = mapped_column(String(32), primary_key=True)
    in_a_row: Mapped[int]
    last_touch: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    said: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    refused_at: Mapped[datetime | None]
