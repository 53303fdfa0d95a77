"""What commands share: services built from the settings and given back, refusals in one line,
the organisation they act for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, OperationalError

from engine.storage.migrate import upgrade
from engine.storage.tables import Tenant
from engine.values.errors import RelectureError
from engine.values.faults import Faults
from web import settings
from web.bootstrap import build, database_fault, named
from web.services import Services
from web.settings import SettingsFault
from web.words.reasons import words

P = ParamSpec("P")
R = TypeVar("R")


def with_services(command: Callable[Concatenate[Services, P], R]) -> Callable[P, R]:
    """The command gets ``Services`` first, on a database that is up to date; what is refused is
    said as ``refusals`` says it."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with refusals():
            _legible(kwargs.values())
            services = build(settings.load())
            try:
                with refusals(named(services.settings.database_url)):
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
def refusals(database: str = "The database") -> Iterator[None]:
    """What is refused inside ends the command as a ``Refusal``; faults in a file that a person
    wrote as a ``FaultyFile``.

    So does a database that is locked, damaged or gone; its words call it ``database``. Its other
    errors are bugs, and stay.
    """
    try:
        yield
    except Faults as faulty:
        raise FaultyFile(said(faulty)) from None
    except (SettingsFault, RelectureError) as wrong:
        raise Refusal(said(wrong)) from None
    except DatabaseError as wrong:
        if type(wrong) not in (DatabaseError, OperationalError):
            raise
        raise Refusal(database_fault(wrong, database)) from None


class Refusal(click.ClickException):
    """A refusal in words on stderr, exit code 2, no traceback."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """The lines themselves, without a prefix."""
        click.echo(self.format_message(), err=True)


class FaultyFile(Refusal):
    """Faults in a file that a person wrote, one a line: exit code 1."""

    exit_code = 1


def said(wrong: SettingsFault | RelectureError) -> str:
    """The words of a refusal, one fault a line."""
    return (
        str(wrong)
        if isinstance(wrong, SettingsFault | Faults)
        else words(wrong.reason, language="en", zone="UTC")
    )


def counted(number: int, one: str, many: str = "") -> str:
    """« 1 try », « 2 tries »; an s makes the plural when none is given."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def tenant_of(services: Services, organisation: str | None) -> str:
    """The id of the organisation a command acts for: the one named, or the only one there is."""
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
