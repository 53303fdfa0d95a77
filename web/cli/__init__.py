"""The command line: one group a subject, each in its own file. Thin: it reads, calls, prints."""

from __future__ import annotations

import click

from web.cli.pack import pack


@click.group()
def main() -> None:
    """Slips short experiences into wider courses, then spaces out the prompts that debrief them."""


main.add_command(pack)
