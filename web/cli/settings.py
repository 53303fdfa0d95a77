"""``relecture settings``: prints the table of settings, as in the manual."""

from __future__ import annotations

import click

from web.cli.speaking import Command
from web.settings import as_markdown


@click.command(cls=Command)
def settings() -> None:
    """Every setting, as a Markdown table. They are read from the environment, then from .env in
    this folder."""
    click.echo(as_markdown(), nl=False)
