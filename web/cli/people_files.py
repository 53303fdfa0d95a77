"""What ``relecture course invite --list`` says of a list of people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from engine.people.lists import MAX_BYTES, Person, read_people
from engine.values.faults import printable
from web.cli.shell import FaultyFile, read_file, said


def people_in(file: Path) -> Sequence[Person]:
    """Whom a list names; who is left out, and why, is printed. Raises ``FaultyFile``."""
    reading = read_people(read_file(file, MAX_BYTES))
    for reason in reading.left_out:
        click.echo(f"  {said(reason)}", err=True)
    if reading.refused:
        raise FaultyFile(f"{printable(str(file))}: {said(reading.refused)}")
    return reading.people
