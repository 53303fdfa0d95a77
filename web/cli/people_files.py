"""What ``relecture course invite --list`` says of a list of people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from engine.people.lists import MAX_BYTES, Person, read_people
from engine.values.faults import printable
from web.cli.shell import FaultyFile, read_file
from web.words.reasons import words


def people_in(file: Path) -> Sequence[Person]:
    """Whom a list names; who is left out, and why, is printed. Raises ``FaultyFile``."""
    reading = read_people(read_file(file, MAX_BYTES))
    for reason in reading.left_out:
        click.echo(f"  {printable(words(reason, language='en', zone='UTC'))}", err=True)
    if reading.refused:
        why = words(reading.refused, language="en", zone="UTC")
        raise FaultyFile(f"{printable(str(file))}: {why}")
    return reading.people
