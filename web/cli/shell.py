"""What commands share: services built from the settings and given back, refusals in one line,
the organisation they act for.

Commands that need no database (those for writers of packs) never load one, so what is built on it
is imported where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from engine.values.errors import RelectureError
from engine.values.faults import Faults

if TYPE_CHECKING:
    from web.services import Services

P = ParamSpec("P")
R = TypeVar("R")


def with_services(command: Callable[Concatenate[Services, P], R]) -> Callable[P, R]:
    """The command gets ``Services`` first, on a database that is up to date; what is refused is
    said as ``database_refusals`` says it."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        from engine.storage.migrate import upgrade
        from web import bootstrap, settings

        with database_refusals("The database"):
            _legible(kwargs.values())
            services = bootstrap.build(settings.load())
            try:
                with database_refusals(bootstrap.named(services.settings.database_url)):
                    upgrade(services.db.engine)
                    return command(services, *args, **kwargs)
            finally:
                services.close()

    return run


def _legible(given: Iterable[object]) -> None:
    """Refuse arguments that are no text. Python reads bytes that are not UTF-8 as halves of
    characters, which nothing can keep or print, not even a title made of a file's name."""
    for said in given:
        if isinstance(said, tuple):
            _legible(said)
        elif isinstance(said, str | Path) and not _is_text(str(said)):
            shown = str(said).encode("utf-8", "backslashreplace").decode("utf-8")
            raise Refusal(
                f"“{shown}” is not UTF-8. Write it in UTF-8; if it is a file, give it "
                "another name first."
            )


def _is_text(said: str) -> bool:
    return said.encode("utf-8", "replace").decode("utf-8") == said


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused inside ends the command as a ``Refusal``; faults in a file that a person
    wrote as a ``FaultyFile``."""
    try:
        yield
    except Faults as faulty:
        raise FaultyFile(str(faulty)) from None
    except RelectureError as wrong:
        raise Refusal(said(wrong)) from None


@contextmanager
def database_refusals(name: str) -> Iterator[None]:
    """As ``refusals``, and settings that are refused and a database that is locked, damaged or
    gone end the command as a ``Refusal`` too; its words call it ``name``. The other errors of a
    database are bugs, and stay."""
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
    """A refusal in words on stderr, exit code 2, no traceback."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The lines themselves, without a prefix."""
        click.echo(self.format_message(), err=True)


class FaultyFile(Refusal):
    """Faults in a file that a person wrote, one a line: exit code 1."""

    exit_code = 1


def said(wrong: RelectureError) -> str:
    """The words of a refusal."""
    from web.words.reasons import words

    return words(wrong.reason, language="en", zone="UTC")


def counted(number: int, one: str, many: str = "") -> str:
    """« 1 try », « 2 tries »; an s makes the plural when none is given."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def tenant_of(services: Services, organisation: str | None) -> str:
    """The id of the organisation a command acts for: the one named, or the only one there is."""
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
            "There is no organisation yet. Make the first with “relecture admin create”."
        )
    raise click.UsageError(f"Say which organisation with --organisation: {', '.join(known)}.")
