"""``relecture admin``: the first administrator, and the organisation they belong to."""

from __future__ import annotations

import sys

import click

from engine.curriculum.names import slug
from engine.programme import accounts
from web.bootstrap import Services
from web.cli.shell import with_services


@click.group()
def admin() -> None:
    """People who run this installation."""


@admin.command()
@click.option("--email", required=True, help="Address they sign in with.")
@click.option("--name", required=True, help="How pages call them.")
@click.option("--organisation", required=True, help="Their organisation's name, or its id; made when it is new.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@with_services
def create(services: Services, email: str, name: str, organisation: str, language: str, password_stdin: bool) -> None:
    """Make an administrator, and their organisation if need be.

    \b
    Examples:
      relecture admin create --email ada@example.org --name Ada --organisation "Ville de Saint-Aubry"
      printf %s "$PASSWORD" | relecture admin create … --password-stdin
    """
    tenant = slug(organisation)
    if not tenant:
        raise click.BadParameter("it needs a letter or a digit", param_hint="--organisation")
    password = (sys.stdin.readline().rstrip("\r\n") if password_stdin
                else click.prompt("Password (12 characters at least)", hide_input=True, confirmation_prompt=True))
    now = services.clock.now()
    with services.db.write(tenant) as unit:
        accounts.open_organisation(unit, tenant, organisation, now)
        accounts.create(unit, email=email, name=name, role="administrator", language=language, now=now, password=password)
        unit.commit()
    click.echo(f"Organisation: {tenant}. {email} can sign in at {services.settings.base_url}/sign-in")
