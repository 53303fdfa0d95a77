"""What commands share: building and closing services, refusals on one line, the organisation a
command acts for.

Commands that need no database (those for authors of packs) never load one, so everything built on
it is imported where it is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from engine.values.errors import RelectureError
from engine.values.faults import Faults, printable
from engine.values.reasons import Reason
from web.cli.speaking import option
from web.words.faults import line, number
from web.words.marking import _ as N_
from web.words.terminal import gettext as _
from web.words.terminal import language

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from web.services import Services

P = ParamSpec("P")
R = TypeVar("R")

ORGANISATION = option(
    "--organisation", metavar="ID", help="Which organisation; needed only when there are several."
)
"""Of commands that act for one organisation: see ``tenant_of``."""


def with_services(command: Callable[Concatenate[Services, P], R]) -> Callable[P, R]:
    """Passes ``Services`` to the command as its first argument, with an up-to-date database;
    refusals are reported as by ``database_refusals``, and files are made as by
    ``private_files``."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from web import bootstrap, settings

        with private_files(), database_refusals(_("The database")):
            _legible(kwargs.values())
            services = bootstrap.build(settings.load())
            try:
                with database_refusals(bootstrap.named(services.settings.database_url)):
                    _bring_up_to_date(services.db.engine)
                    return command(services, *args, **kwargs)
            finally:
                services.close()

    return run


def _bring_up_to_date(engine: Engine) -> None:
    """Migrates the database. A SQLite file of a version that did not overwrite what it deleted is
    then rewritten, once; if that fails, the command goes on and the next one tries again."""
    from engine.storage import scrubbing
    from engine.storage.database_state import bring_up_to_date

    bring_up_to_date(engine)
    if scrubbing.must_be_rewritten(engine):
        click.echo(
            _(
                "Rewriting the database file, once: what was erased before may still be in it. "
                "This needs as much free disk space as the file takes."
            ),
            err=True,
        )
        done = scrubbing.rewrite_once(engine)
        click.echo(
            _("Rewritten. Backups made before now may still hold what was erased.")
            if done
            else _("It could not be rewritten now; the next command tries again."),
            err=True,
        )


@contextmanager
def private_files() -> Iterator[None]:
    """Makes every file and folder that is created inside the block this user's alone, whatever the
    umask of the shell: the database and its log, mails, secrets. Packs that somebody writes are
    theirs to share, and made outside of it."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _legible(given: Iterable[object]) -> None:
    """Refuses arguments that are not valid text. Python decodes bytes that are not UTF-8 to lone
    surrogates, which cannot be stored or printed, not even in a title taken from a file's name."""
    for said in given:
        if isinstance(said, tuple):
            _legible(said)
        elif isinstance(said, str | Path) and not _is_text(str(said)):
            shown = str(said).encode("utf-8", "backslashreplace").decode("utf-8")
            raise Refusal(
                _(
                    "“%(said)s” is not UTF-8. Write it in UTF-8; if it is a file, give it another "
                    "name first.",
                    said=shown,
                )
            )


def _is_text(said: str) -> bool:
    return said.encode("utf-8", "replace").decode("utf-8") == said


@contextmanager
def refusals() -> Iterator[None]:
    """Turns a refusal inside the block into a ``Refusal``, and faults in a file that a person wrote
    into a ``FaultyFile``."""
    try:
        yield
    except Faults as faulty:
        raise FaultyFile("\n".join(line(one, language()) for one in faulty.faults)) from None
    except RelectureError as wrong:
        raise Refusal(said(wrong.reason)) from None


@contextmanager
def database_refusals(name: str) -> Iterator[None]:
    """Like ``refusals``, but also turns bad settings and a locked, damaged or missing database into
    a ``Refusal``, which calls the database ``name``. Other database errors are bugs and
    propagate."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    from web.bootstrap import database_fault
    from web.settings import SettingsFault

    try:
        with refusals():
            yield
    except SettingsFault as wrong:
        raise Refusal(str(wrong)) from None
    except DatabaseError as wrong:
        if type(wrong) not in (DatabaseError, OperationalError):
            raise
        raise Refusal(database_fault(wrong, name)) from None


class Refusal(click.ClickException):
    """A refusal printed on stderr, with exit code 2 and no traceback."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Prints the lines without a prefix."""
        click.echo(self.format_message(), err=True)


class FaultyFile(Refusal):
    """Faults in a file that a person wrote, one per line, with exit code 1."""

    exit_code = 1


def read_file(path: Path, most: int) -> bytes:
    """What a file that a person named holds, up to ``most`` bytes. Reads no further, and believes
    no size that it is told: a device or a pipe may go on for ever. Raises ``Refusal``."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        name, why = printable(str(path)), strerror(error)
        raise Refusal(_("%(file)s cannot be read (%(why)s).", file=name, why=why)) from None
    if len(data) > most:
        raise Refusal(
            _(
                "%(file)s holds more than %(most)s MB, which is the limit. Nothing was kept.",
                file=printable(str(path)),
                most=number(most / 1e6, language()),
            )
        )
    return data


def said(reason: Reason) -> str:
    """The words of a reason, on one line that is safe for a terminal."""
    from web.words.reasons import words

    return printable(words(reason, language=language(), zone="UTC"))


def strerror(error: OSError) -> str:
    """What the system says is wrong, without the address that Python may add."""
    return _(str(error.strerror).partition(" (")[0])


SYSTEM = (
    N_("Permission denied"),
    N_("No such file or directory"),
    N_("Not a directory"),
    N_("Is a directory"),
    N_("File exists"),
    N_("No space left on device"),
    N_("Read-only file system"),
    N_("File name too long"),
    N_("Invalid argument"),
    N_("Address already in use"),
    N_("Cannot assign requested address"),
    N_("Name or service not known"),
    N_("Temporary failure in name resolution"),
)
"""What systems say that we have seen, for the catalogue; all else stays as the system says it."""


def tenant_of(services: Services, organisation: str | None) -> str:
    """The id of the organisation that a command acts for: the one named, or else the only one."""
    from sqlalchemy import select

    from engine.storage.tables import Tenant

    with services.db.shared() as session:
        known = list(session.scalars(select(Tenant.id).order_by(Tenant.id)))
    if organisation in known:
        return str(organisation)
    if organisation is None and len(known) == 1:
        return known[0]
    if not known:
        raise click.UsageError(
            _("There is no organisation yet. Make the first with “relecture admin create”.")
        )
    listed = ", ".join(known)
    raise click.UsageError(_("Say which organisation with --organisation: %(ids)s.", ids=listed))
