"""The declarative base: constraint names by convention, and the mixin for rows that belong to an
organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from engine.storage.types import Line, UtcDateTime

NAMES = {
    "ix": "ix__%(table_name)s__%(column_0_N_name)s",
    "uq": "uq__%(table_name)s__%(column_0_N_name)s",
    "ck": "ck__%(table_name)s__%(constraint_name)s",
    "fk": "fk__%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s",
    "pk": "pk__%(table_name)s",
}


class Base(DeclarativeBase):
    """Base class of all tables. ``dict`` and ``list`` columns are JSON; datetimes are aware UTC."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        list[int]: JSON,
        list[str]: JSON,
    }


class Tenant(Base):
    """An organisation. Global. ``rhythm``: by which its learners begin, as
    ``engine.journey.rhythms`` writes it; None: by the default.

    ``sender_name``: as whom it writes mails, None: by its name. ``contact``: the address for
    questions about what is kept. ``language`` and ``zone``: those of people who have not chosen
    theirs, None: those of the installation. ``documents``: its own words (Markdown) for public
    pages, by page. ``floor``: from how many people on they see of each other what they chose;
    None: from the default on. ``conformity``: how far its site conforms with the RGAA, as an audit
    found (full, partial, none); None: nobody said. ``retention``: in how many days kinds of rows go
    that would be kept longer, by the key of their rule.
    """

    __tablename__ = "tenant"
    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(Line(200))
    created_at: Mapped[datetime]
    rhythm: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    floor: Mapped[int | None]
    sender_name: Mapped[str | None] = mapped_column(Line(120))
    contact: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str | None] = mapped_column(String(5))
    zone: Mapped[str | None] = mapped_column(String(60))
    documents: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    conformity: Mapped[str | None] = mapped_column(String(10))
    retention: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def sender(self) -> str:
        """As whom it writes mails."""
        return self.sender_name or self.name


class TenantRow:
    """A row that belongs to one organisation: ``tenant`` comes first in its primary key, and
    sessions filter on it."""

    @declared_attr
    def tenant(cls) -> Mapped[str]:
        return mapped_column(String(60), ForeignKey("tenant.id"), primary_key=True, sort_order=-1)
