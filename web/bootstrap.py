"""The only composition root: settings in, services out. Web, worker and CLI share it; a test replaces any part."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from engine.clock import Clock, SystemClock
from engine.storage.database import Database
from engine.storage.library import Library
from web.settings import Settings, SettingsFault


@dataclass(frozen=True)
class Services:
    """Everything a page, the worker or a command needs. ``dataclasses.replace`` swaps one part."""

    settings: Settings
    db: Database
    clock: Clock
    rng: random.Random
    library: Library


def build(settings: Settings, *, clock: Clock | None = None, rng: random.Random | None = None) -> Services:
    """Services on the database that the settings name. Raises ``SettingsFault`` when it cannot be reached."""
    db = open_database(settings.database_url)
    return Services(settings, db, clock or SystemClock(), rng or random.SystemRandom(), Library(db))


def open_database(url: str) -> Database:
    """The database, once it has answered. The folder of a SQLite file is made when missing. Raises ``SettingsFault``."""
    address = make_url(url)
    try:
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        db = Database(url)
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as wrong:
        why = str(getattr(wrong, "orig", None) or wrong).strip().partition("\n")[0]
        raise SettingsFault(f"RELECTURE_DATABASE_URL ({address.render_as_string()}) cannot be reached: {why}. "
                            "Check that the server runs and that this user may write there.") from wrong
    return db
