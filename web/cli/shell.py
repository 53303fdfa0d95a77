"""What commands share: services built from the settings and given back, refusals in one line, the organisation they act for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import click
from sqlalchemy import select

from engine.errors import RelectureError
from engine.faults import Faults
from engine.storage.tables import Tenant
from web import settings
from web.bootstrap import Services, build
from web.settings import SettingsFault
from web.words import words

P = ParamSpec("P")
R = TypeVar("R")


def with_services(command: Callable[Concatenate[Services, P], R]) -> Callable[P, R]:
    """The command gets ``Services`` first. What is refused is said on stderr in one line a fault, and the exit code is 2."""
    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            services = build(settings.load())
            try:
                return command(services, *args, **kwargs)
            finally:
                services.close()
        except (SettingsFault, RelectureError) as wrong:
            raise Refusal(wrong) from None
    return run


class Refusal(click.ClickException):
    """A refusal in words, exit code 2, no traceback."""

    exit_code = 2

    def __init__(self, wrong: SettingsFault | RelectureError) -> None:
        super().__init__(said(wrong))

    def show(self, file: Any = None) -> None:
        """The lines themselves, without a prefix."""
        click.echo(self.format_message(), err=True)


def said(wrong: SettingsFault | RelectureError) -> str:
    """The words of a refusal, one fault a line."""
    if isinstance(wrong, SettingsFault | Faults):
        return str(wrong)
    return words(wrong.reason, language="en", zone="UTC") if isinstance(wrong, RelectureError) else str(wrong)


def tenant_of(services: Services, organisation: str | None) -> str:
    """The id of the organisation a command acts for: the one named, or the only one there is."""
    with services.db.shared() as session:
        known = list(session.scalars(select(Tenant.id).order_by(Tenant.id)))
    if organisation in known:
        return str(organisation)
    if organisation is None and len(known) == 1:
        return known[0]
    listed = ", ".join(known) or "none yet: relecture admin create makes the first"
    raise click.UsageError(f"Say which organisation with --organisation. There are: {listed}.")
