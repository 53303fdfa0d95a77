"""The same tool as ``raw``, its rows through SQLAlchemy's ORM: one session and one transaction a
launch."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, redirect
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskRequest
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from lti.platforms.registrations import Registration
from lti.wire import names
from tests.bench.peers.raw import DAY, config


class Base(DeclarativeBase):
    """The tables of ``raw``."""


class Cached(Base):
    """One entry of the cache."""

    __tablename__ = "cache"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    expires: Mapped[float]


class User(Base):
    """Somebody of a platform."""

    __tablename__ = "user"
    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    email: Mapped[str | None]
    roles: Mapped[str]
    seen: Mapped[float]


class SessionRow(Base):
    """A session."""

    __tablename__ = "session"
    id: Mapped[str] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    launch: Mapped[str]
    expires: Mapped[float]


@dataclass
class Cache:
    """What PyLTI1p3 calls a cache, over a session."""

    unit: Session

    def get(self, key: str) -> Any:
        found = self.unit.scalars(
            select(Cached).where(Cached.key == key, Cached.expires > time.time())
        ).one_or_none()
        return json.loads(found.value) if found else None

    def set(self, key: str, value: Any, seconds: int | None = None) -> None:
        self.unit.merge(
            Cached(key=key, value=json.dumps(value), expires=time.time() + (seconds or DAY))
        )


def app(file: Path, registration: Registration) -> Flask:
    """The tool."""
    made, told = Flask("orm"), config(registration)
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"timeout": 30, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @made.post("/lti/launch")
    def launch() -> Response:
        with Session(engine) as unit:
            storage = FlaskCacheDataStorage(Cache(unit))
            taken = FlaskMessageLaunch(FlaskRequest(), told, launch_data_storage=storage)
            key = enter(unit, taken.get_launch_data(), taken.get_launch_id())
            unit.commit()
        return redirect(f"/in/{key}/home", 303)

    return made


def enter(unit: Session, said: dict[str, Any], launch: str) -> str:
    """The user found or made, a session opened; its key."""
    user = unit.get(User, (said["iss"], said["sub"]))
    if user is None:
        user = User(issuer=said["iss"], subject=said["sub"])
        unit.add(user)
    user.name, user.email = said.get("name"), said.get("email")
    user.roles, user.seen = json.dumps(said[names.ROLES]), time.time()
    key = secrets.token_urlsafe(32)
    unit.add(
        SessionRow(
            id=key,
            issuer=said["iss"],
            subject=said["sub"],
            launch=launch,
            expires=time.time() + DAY,
        )
    )
    return key
