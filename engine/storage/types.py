"""Column types and defaults shared by all tables: aware UTC datetimes, titles and
names, JSON, ids."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from engine.values.lines import one_line


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, always UTC. Naive ones are refused, since they would be somebody's local
    time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


class Line(TypeDecorator[str]):
    """A title or a name: one line when it is stored."""

    impl = String
    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else one_line(value)


def new_id() -> str:
    """A new random id (UUID 4, 32 hex digits), which reveals nothing about who or how many."""
    return uuid.uuid4().hex
