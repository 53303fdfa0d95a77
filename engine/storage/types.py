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
from engine.values.roles import in_order


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, always UTC. Naive ones are refused, since they would be somebody's local
    time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        # On SQLite the text itself, as SQLAlchemy writes it: a moment is read and written by
        # nearly every statement, and three functions for each cost more than the look-up.
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        if dialect.name == "sqlite":
            return _from_text
        return super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a datetime without a zone cannot be stored")
    return value.astimezone(UTC)


_OFFSET = "+00:00"
"""That of UTC, which the text on SQLite does not repeat. Giving a moment another zone costs four
times as much as reading it with one."""


def _as_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    return _in_utc(value).isoformat(" ", "microseconds")[: -len(_OFFSET)]


def _from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + _OFFSET)


class RoleSet(TypeDecorator[frozenset[str]]):
    """Roles, several at once, as their words in order. They lie in the row of the account, which
    every page reads anyway."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(in_order(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str]:
        return frozenset((value or "").split())

    @property
    def python_type(self) -> type[Any]:
        return str


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
