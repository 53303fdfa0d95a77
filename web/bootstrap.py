"""The only composition root: settings in, services out. Web, worker and CLI share it; a test can
replace any part."""

from __future__ import annotations

import random
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from engine.storage.database import Database
from engine.storage.database_state import (
    DatabaseState,
    UnusableState,
    inspect_database,
    latest_revision,
    why_unusable,
)
from engine.storage.library import Library
from engine.storage.work import Units
from engine.values.clock import Clock, SystemClock
from lti.tool import LtiTool, build_tool
from lti.wire.http import GuardedHttp
from web.pages import blueprints
from web.pages.lms.targets import is_ours
from web.services import Services
from web.settings import Settings, SettingsFault
from web.site.app import create_app
from web.words.terminal import gettext as _


def build(
    settings: Settings, *, clock: Clock | None = None, rng: random.Random | None = None
) -> Services:
    """Builds the services on the database that the settings name. Raises ``SettingsFault`` if it
    cannot be reached."""
    db = open_database(settings.database_url)
    clock = clock or SystemClock()
    channels = settings.channels(clock.wall)
    units = Units(db, Library(db), clock, rng or random.SystemRandom())
    tool = lti_tool(settings, units)
    return Services(settings, units, channels, tool)


def web_app(services: Services, *more: Blueprint) -> Flask:
    """The WSGI app that serves our pages, plus the blueprints in ``more``, on these services."""
    return create_app(services, (*blueprints(), *more))


def lti_tool(settings: Settings, units: Units) -> LtiTool:
    """The tool that communicates with LMSs, through the guarded HTTP client."""
    http = GuardedHttp(allowed=settings.lti_allow_nets)
    return build_tool(units, http, settings.secret_key, is_ours(settings.base_url))


def open_database(url: str) -> Database:
    """Opens the database once it has answered and is known to be ours. The folder of a SQLite file
    is created if missing, for this user alone.

    Raises ``SettingsFault``, leaving the database unchanged.
    """
    address = make_url(url)
    try:
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        seen = inspect_database(url)
        if what := why_unusable(seen):
            raise SettingsFault(_strangeness(named(url), what, seen))
        db = Database(url)
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (
        SQLAlchemyError,
        OSError,
        ValueError,
        TypeError,
    ) as wrong:  # the last two: options that a driver does not understand
        raise SettingsFault(database_fault(wrong, named(url))) from wrong
    return db


def named(url: str) -> str:
    """The name of the setting and its value, without password or options (which may contain
    one)."""
    return f"RELECTURE_DATABASE_URL ({make_url(url).set(query={}).render_as_string()})"


def database_fault(wrong: Exception, name: str) -> str:
    """One line that says what the database called ``name``, or the connection to it, reported, and
    what to do about it."""
    why = str(getattr(wrong, "orig", None) or wrong).strip().partition("\n")[0]
    if "malformed" in why:
        return _(
            "%(database)s is damaged (%(why)s). Restore a backup: docs/operating.md says how.",
            database=name,
            why=why,
        )
    if "not a database" in why:
        return _(
            "%(database)s is no SQLite database, or a damaged one (%(why)s). Name another file, or "
            "restore a backup.",
            database=name,
            why=why,
        )
    if "is locked" in why:
        return _(
            "%(database)s is kept locked by another program. Wait for that program or stop it, "
            "then try again.",
            database=name,
        )
    return _(
        "%(database)s cannot be reached: %(why)s. Check that the server runs and that this user "
        "may write there.",
        database=name,
        why=why,
    )


def _strangeness(name: str, what: UnusableState, seen: DatabaseState) -> str:
    """Why a database is not used, and what to do."""
    if what == "newer":
        return _(
            "%(database)s was written by a newer version of Relecture (its tables are those of "
            "%(theirs)s, this one knows none after %(ours)s). Install the newer version again, or "
            "restore a backup made before it. Nothing was changed.",
            database=name,
            theirs=max(seen.revisions),
            ours=latest_revision(),
        )
    few = ", ".join(sorted(seen.tables)[:3]) + (", …" if len(seen.tables) > 3 else "")
    return _(
        "%(database)s holds the tables of another program (%(tables)s). Name a database that is "
        "Relecture’s alone. Nothing was changed.",
        database=name,
        tables=few,
    )
