"""``relecture pack formats``: which kind of experience serves an aim, with what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

import click

from engine.packs.base import Aim
from engine.packs.formats import MEANS, Means, Suggestion, Wanted, example, suggest
from engine.packs.model import Module, Pack
from engine.packs.new import STARTERS
from engine.packs.read import read_folder, read_pack
from engine.values.faults import Faults
from web.cli.shell import said
from web.cli.speaking import Command, argument, option
from web.words.faults import number
from web.words.terminal import gettext as _
from web.words.terminal import language
from web.words.terminal import ngettext as _n

SHIPPED = Path(__file__).parents[2] / "content_packs"
Folders = tuple[Path, ...]


@click.command(cls=Command)
@argument(
    "paths",
    metavar="[PATH]...",
    nargs=-1,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@option("--aim", required=True, type=click.Choice(get_args(Aim)), help="The aim of the alliance.")
@option("--minutes", required=True, type=click.IntRange(1, 600), help="Minutes that there are.")
@option("--people", default=1, show_default=True, type=click.IntRange(1), help="How many people.")
@option(
    "--means",
    default="screens",
    show_default=True,
    type=click.Choice(MEANS),
    help="A room with one screen, a screen each, or no screen: voices, hands, paper.",
)
@option(
    "--maturity",
    default=1,
    show_default=True,
    type=click.IntRange(1, 4),
    help="From 1, for who begins, to 4.",
)
def formats(
    paths: Folders, aim: Aim, minutes: int, people: int, means: Means, maturity: int
) -> None:
    """Say which two or three kinds of experience would serve, and why.

    Each with its reasons for (+) and against (-), what it costs to prepare one that is written or
    to write one, and one to live at once: of the packs in PATH, or else of those that come with the
    program.
    """
    wanted = Wanted(aim, minutes, people, means, maturity)
    packs = dict(_packs(paths or sorted(path.parent for path in SHIPPED.glob("*/pack.yaml"))))
    for n, one in enumerate(suggest(wanted), start=1):
        if n > 1:
            click.echo()
        found = example(one.kind, wanted, packs.values())
        for line in _lines(n, one, packs, found):
            click.echo(line)


def _packs(folders: Iterable[Path]) -> Iterator[tuple[Path, Pack]]:
    """The packs that can be read; what is wrong with another, ``check`` says."""
    for folder in folders:
        try:
            yield folder, read_pack(read_folder(folder))
        except Faults:
            continue


def _lines(
    number_: int, one: Suggestion, packs: dict[Path, Pack], found: tuple[Pack, Module] | None
) -> Iterator[str]:
    yield f"{number_}. {one.kind}"
    yield from (f"   + {said(reason)}" for reason in one.why)
    yield from (f"   - {said(reason)}" for reason in one.but)
    days = _n("%(num)s day", "%(num)s days", one.write)
    minutes = _("%(minutes)s min", minutes=number(one.prepare, language()))
    yield "   " + _(
        "To prepare: %(minutes)s. To write your own: %(days)s.", minutes=minutes, days=days
    )
    if found:
        pack, module = found
        folder = next(folder for folder, one in packs.items() if one is pack)
        command = f"relecture pack preview {folder} --module {module.id}"
        yield "   " + _("To live one at once: %(command)s", command=command)
    elif one.kind in STARTERS:
        command = f"relecture pack new my-pack --kind {one.kind}"
        yield "   " + _("To start from one: %(command)s", command=command)
