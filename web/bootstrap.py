"""The only composition root: settings in, services out. Web, worker and CLI share it; a test replaces any part."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from engine.clock import Clock, SystemClock
from engine.delivery.channels.base import Channel
from engine.delivery.channels.maildir import MaildirChannel
from engine.delivery.channels.smtp import SmtpChannel
from engine.storage.database import Database
from engine.storage.library import Library
from lti.net import GuardedHttp
from lti.office import Office, furnish
from web.lms.doors import is_ours
from web.mailer import Mailer
from web.settings import Settings, SettingsFault


@dataclass(frozen=True)
class Services:
    """Everything a page, the worker or a command needs. ``dataclasses.replace`` swaps one part."""

    settings: Settings
    db: Database
    clock: Clock
    rng: random.Random
    library: Library
    mail: Channel
    mailer: Mailer
    lti: Office

    def close(self) -> None:
        """Let the last mails leave and give back every connection."""
        self.mailer.close()
        self.db.close()


def build(settings: Settings, *, clock: Clock | None = None, rng: random.Random | None = None) -> Services:
    """Services on the database that the settings name. Raises ``SettingsFault`` when it cannot be reached."""
    db = open_database(settings.database_url)
    clock = clock or SystemClock()
    mail = _mail(settings, clock)
    return Services(settings, db, clock, rng or random.SystemRandom(), Library(db), mail, Mailer(mail),
                    lti_office(settings, db, clock))


def lti_office(settings: Settings, db: Database, clock: Clock) -> Office:
    """What deals with LMSs, over the guarded client."""
    http = GuardedHttp(allowed=settings.lti_allow_nets)
    return furnish(db, http, settings.secret_key, is_ours(settings.base_url), clock.wall)


def _mail(settings: Settings, clock: Clock) -> Channel:
    """The mail server, or the maildir where there is none."""
    if settings.smtp is not None:
        return SmtpChannel(settings.smtp, settings.mail_from, clock.wall)
    return MaildirChannel(settings.maildir, settings.mail_from, clock.wall)


def open_database(url: str) -> Database:
    """The database, once it has answered. The folder of a SQLite file is made when missing, for this user alone.

    Raises ``SettingsFault``.
    """
    address = make_url(url)
    try:
        if address.get_backend_name() == "sqlite" and address.database:
            Path(address.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        db = Database(url)
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as wrong:
        why = str(getattr(wrong, "orig", None) or wrong).strip().partition("\n")[0]
        raise SettingsFault(f"RELECTURE_DATABASE_URL ({address.render_as_string()}) cannot be reached: {why}. "
                            "Check that the server runs and that this user may write there.") from wrong
    return db
