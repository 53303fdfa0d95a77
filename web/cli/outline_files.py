"""What ``relecture course import`` says of a file: how it was read, what was left out, the
sections."""

from __future__ import annotations

from collections.abc import Iterator

import click

from engine.curriculum.outline import Outline
from engine.curriculum.reading import Reading
from engine.curriculum.reasons import NoSections
from engine.curriculum.vocabulary import FIELDS, Field
from engine.sheets.values import Column
from engine.values.faults import Faults, printable
from web.cli.shell import FaultyFile, said
from web.words.terminal import gettext as _


def column(written: str) -> tuple[int, Field]:
    """The column (from 0) and the field that an option such as ``3=title`` says."""
    number, sign, field = written.partition("=")
    if not sign or not number.isdecimal() or int(number) < 1 or field not in FIELDS:
        fields = ", ".join(filter(None, FIELDS))
        raise click.BadParameter(
            _(
                "“%(said)s” should read NUMBER=FIELD, such as 3=title; the fields are %(fields)s",
                said=written,
                fields=fields,
            ),
            param_hint="--column",
        )
    return int(number) - 1, field


def outline_of(reading: Reading) -> Outline:
    """The outline of a reading. Raises ``Faults``, or ``FaultyFile`` for what is none."""
    if reading.faults:
        raise Faults(reading.faults)
    if reading.outline is None:
        raise FaultyFile(f"{printable(reading.name)}: {said(reading.refused or NoSections())}")
    return reading.outline


def how_read(reading: Reading) -> Iterator[str]:
    """How a table was read, column by column, and what was left out; nothing of our own YAML."""
    if reading.columns:
        yield _source(reading)
        yield from map(_column, reading.columns)
    if reading.left_out:
        yield _("Left out, or read otherwise than it stands:")
        yield from (f"  {said(reason)}" for reason in reading.left_out)


def sections(outline: Outline) -> Iterator[str]:
    """Each section of an outline on a line."""
    yield f"{printable(outline.title)} ({outline.language}):"
    for section, week in zip(outline.sections, outline.weeks(), strict=True):
        days = " → ".join(f"{day}" for day in (section.starts, section.ends) if day)
        about = (
            _("week %(week)s", week=week),
            days,
            f"{section.minutes} min" if section.minutes else "",
        )
        yield f"  {printable(section.title)} ({', '.join(filter(None, about))})"


def _source(reading: Reading) -> str:
    source = reading.source
    sign = _("tab") if source.delimiter == "\t" else source.delimiter
    delimiter = _("delimiter %(sign)s", sign=sign) if sign else _("no delimiter")
    about = (
        source.format.upper(),
        source.encoding,
        delimiter if source.format == "csv" else "",
        _("sheet “%(name)s”", name=printable(reading.sheet)) if reading.sheet else "",
        _("headings on line %(line)s", line=reading.heading)
        if reading.heading
        else _("no headings"),
        _("language %(lang)s", lang=reading.outline.language) if reading.outline else "",
    )
    return _("Read as %(how)s:", how=", ".join(filter(None, about)))


def _column(column: Column) -> str:
    samples = "; ".join(printable(sample) for sample in column.samples)
    heading = printable(column.heading) or _("no heading")
    field = column.field or _("not used")
    line = _("%(heading)s: %(field)s", heading=heading, field=field)
    return f"  {column.number + 1} {line}{f' ({samples})' if samples else ''}"
