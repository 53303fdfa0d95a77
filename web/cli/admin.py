"""``relecture admin``: the first administrator, and the organisation they belong to."""

from __future__ import annotations

import re
import sys

import click

from engine.programme import accounts
from engine.storage.migrate import upgrade
from web.bootstrap import Services
from web.cli.shell import with_services


@click.group()
def admin() -> None:
    """People who run this installation."""


@admin.command()
@click.option("--email", required=True, help="Address they sign in with.")
@click.option("--name", required=True, help="How pages call them.")
@click.option("--organisation", required=True, metavar="ID", help="Their organisation's id (a-z, 0-9, -); made when it is new.")
@click.option("--organisation-name", metavar="NAME", help="Its name in words; the id when left out.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@with_services
def create(services: Services, email: str, name: str, organisation: str, organisation_name: str | None, language: str,
           password_stdin: bool) -> None:
    """Make an administrator, and their organisation if need be.

    \b
    Examples:
      relecture admin create --email ada@example.org --name Ada --organisation example
      printf %s "$PASSWORD" | relecture admin create … --password-stdin
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", organisation):
        raise click.UsageError("An organisation's id is made of a-z, 0-9 and -, such as ville-de-saint-aubry.")
    password = (sys.stdin.readline().rstrip("\r\n") if password_stdin
                else click.prompt("Password (12 characters at least)", hide_input=True, confirmation_prompt=True))
    upgrade(services.db.engine)
    now = services.clock.now()
    with services.db.shared(write=True) as unit:
        accounts.open_organisation(unit, organisation, organisation_name or organisation, now)
        unit.commit()
    with services.db.write(organisation) as unit:
        accounts.create(unit, email=email, name=name, role="administrator", language=language, now=now, password=password)
        unit.commit()
    click.echo(f"{email} can sign in at {services.settings.base_url}/sign-in")
