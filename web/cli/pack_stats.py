"""``relecture pack stats``: the figures of a pack, for who designs it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from random import Random

import click

from engine.packs.lint import report
from engine.packs.read import read_folder
from engine.packs.scripts import Script
from engine.packs.stats import Asked, Chances, Ended, Stats
from engine.packs.stats import stats as stats_of
from engine.values.faults import Faults
from web.cli.shell import refusals
from web.cli.speaking import Command, argument, option
from web.words.faults import number
from web.words.marking import _ as N_
from web.words.terminal import gettext as _
from web.words.terminal import language
from web.words.terminal import ngettext as _n

SCRIPTS = {
    "voice": N_("like the voice of %(of)s"),
    "lowest": N_("the lowest, or the first, each time"),
    "middle": N_("the middle each time"),
    "highest": N_("the highest, or the last, each time"),
    "early": N_("the highest once, then the middle"),
    "late": N_("the middle twice, then the highest"),
    "random": N_("at random (%(of)s)"),
}
"""How the first seat plays, in words."""
Table = Sequence[Sequence[str]]


@click.command(cls=Command)
@argument("path", metavar="PATH", type=click.Path(exists=True, file_okay=False, path_type=Path))
@option("--module", metavar="ID", help="Only this module.")
@option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def stats(path: Path, module: str | None, as_json: bool) -> None:
    """Say what the modules of a pack are in figures, before a learner meets them.

    PATH is the folder that holds pack.yaml; a pack with faults is refused. For each module: the
    minutes that its words take, words a screen, how often chance comes to each ending, what nobody
    can reach, prompts by stage. What is lived by several is played by script as well, with the
    other seats by their recorded voices: who ends with what. An insight that these numbers do not
    carry is not there.
    """
    with refusals():
        found = report(read_folder(path))
        if found.pack is None or any(one.severity == "fault" for one in found.faults):
            raise Faults(found.faults)
    known = found.pack.modules
    if module and module not in known:
        missing = _("there is no module “%(module)s”", module=module)
        raise click.BadParameter(missing, param_hint="--module")
    told = [stats_of(one, Random) for id, one in known.items() if module in (None, id)]
    if as_json:
        click.echo(json.dumps(_as_json(told, found.minutes), ensure_ascii=False, indent=2))
        return
    for n, one in enumerate(told):
        if n:
            click.echo()
        for line in _lines(one, known[one.module].spec.minutes, found.minutes[one.module]):
            click.echo(line.rstrip())


def _as_json(
    told: Sequence[Stats], minutes: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, object]]:
    return {one.module: {"minutes": minutes[one.module], **asdict(one)} for one in told}


def _lines(told: Stats, stated: int, minutes: Mapping[str, float]) -> Iterator[str]:
    yield f"{told.module} ({told.kind})"
    for lang, words in told.words.items():
        yield "  " + _(
            "in “%(lang)s”: %(takes)s min of %(stated)s stated; %(mean)s words a screen, %(most)s "
            "on the longest (%(screen)s)",
            lang=lang,
            takes=number(minutes[lang], language()),
            stated=stated,
            mean=round(words.mean),
            most=words.most,
            screen=words.key,
        )
    yield ""
    yield from _chances(told.chances)
    yield ""
    yield "  " + _("prompts, by stage")
    yield from _table([*_prompts(told.prompts)])
    if told.played:
        yield ""
        yield "  " + _("by script: how the first seat plays, and who ends with what")
        yield from _table([*_played(told.played)])
        never = _nobody(told)
        if never:
            yield "  " + _("endings that no play came to: %(ids)s", ids=", ".join(never))


def _chances(told: Chances) -> Iterator[str]:
    if told.exact:
        how = _n("endings, over the only play", "endings, over all %(num)s plays", told.plays)
    else:
        how = _("endings, over %(plays)s plays drawn at random", plays=told.plays)
    yield f"  {how}"
    yield from _table([[_percent(chance), id] for id, chance in told.endings.items()])
    for ids, exactly, drawn in (
        (
            told.choices,
            N_("choices that nobody is ever offered: %(ids)s"),
            N_("choices that none of these plays was offered: %(ids)s"),
        ),
        (
            told.texts,
            N_("words that nobody ever reads: %(ids)s"),
            N_("words that none of these plays showed: %(ids)s"),
        ),
    ):
        if ids:
            yield "  " + _(exactly if told.exact else drawn, ids=", ".join(ids))


def _percent(chance: float) -> str:
    percent = round(100 * chance)
    return _("%(percent)s%%", percent=percent if percent or not chance else "<1")


def _prompts(prompts: Sequence[Asked]) -> Iterator[list[str]]:
    for (stage, day), those in groupby(prompts, key=lambda one: (one.stage, one.day)):
        asked = list(those)
        kinds = ", ".join(one.kind for one in asked)
        minutes = number(sum(one.minutes for one in asked), language())
        yield [stage, _("day %(day)s", day=day), _("%(minutes)s min", minutes=minutes), kinds]


def _played(played: Sequence[Ended]) -> Iterator[list[str]]:
    names = list(played[0].numbers)
    yield ["", *names, _("ending")]
    for one in played:
        numbers = [str(round(one.numbers[name])) for name in names]
        yield [_script(one.script), *numbers, one.ending]


def _script(script: Script) -> str:
    return _(SCRIPTS[script.way], of=script.of)


def _nobody(told: Stats) -> list[str]:
    """The endings that neither chance nor a script came to."""
    met = {one.ending for one in told.played}
    return [id for id, chance in told.chances.endings.items() if not chance and id not in met]


def _table(rows: Table) -> Iterator[str]:
    """Rows in columns, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if cell[:1].isdigit() or cell[:1] == "<" else cell.ljust(width)
            for cell, width in zip(row, widths, strict=True)
        )
        yield "    " + "  ".join(cells)
