"""What an operator is told when ``serve`` starts: settings that contradict each other, and files
that other users of the machine can reach. Nothing is changed."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from web.settings import Settings
from web.words.terminal import gettext as _


def start_warnings(settings: Settings, dotenv: Path = Path(".env")) -> Iterator[str]:
    """Yields a line for each thing to put right, with how to."""
    if settings.https and not settings.trusted_proxies:
        yield (
            _(
                "RELECTURE_BASE_URL begins with https://, so a proxy stands in front, but "
                "RELECTURE_TRUSTED_PROXIES is 0: all visitors are counted as one, and one of them "
                "can shut the sign-in page for all. Set it to the number of proxies."
            )
        )
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        database = Path(url.database)
        yield from _readable(database, f"{shlex.quote(str(database))}*")
        if _mode(database.parent) & 0o002:
            yield (
                _(
                    "Every user of this machine can put files into %(folder)s, where the database "
                    "is. Close it: %(command)s",
                    folder=database.parent,
                    command=f"chmod go-w {shlex.quote(str(database.parent))}",
                )
            )
    if settings.smtp is None:
        yield from _readable(settings.maildir)
    yield from _readable(dotenv)


def _readable(path: Path, pattern: str = "") -> Iterator[str]:
    """A warning if others may open this file or folder, and get as far as there."""
    way = _mode(path.parent)
    reached = (0o070 if way & 0o010 else 0) | (0o007 if way & 0o001 else 0)
    if _mode(path) & reached:
        yield (
            _(
                "Other users of this machine can open %(file)s. Close it: %(command)s",
                file=path,
                command=f"chmod go= {pattern or shlex.quote(str(path))}",
            )
        )


def _mode(path: Path) -> int:
    """The permissions of a file, 0 if there is none."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0
