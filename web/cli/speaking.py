"""click in the language of the terminal: its own words and ours. Help is written in English where
the commands are, and put into words when it is shown."""

from __future__ import annotations

import sys
from copy import copy
from functools import partial
from typing import TypeVar

import click

from web.words.marking import _ as N_
from web.words.messages import counted
from web.words.terminal import gettext, help_in_words, language

Helpful = TypeVar("Helpful", click.Command, click.Option)
METAVARS = (
    N_("[OPTIONS]"),
    N_("COMMAND [ARGS]..."),
    N_("TEXT"),
    N_("INTEGER"),
    N_("INTEGER RANGE"),
    N_("FLOAT"),
    N_("FLOAT RANGE"),
    N_("FILE"),
    N_("FOLDER"),
    N_("PATH"),
    N_("[PEOPLE]"),
    N_("[EMAILS]..."),
)
"""What click makes of types and names for usages and helps, for the catalogue."""


def _ngettext(one: str, many: str, number: int) -> str:
    return counted(language(), one, many, number)


def _teach_click() -> None:
    """Gives click our catalogue. It asks the standard library, which reads compiled catalogues in a
    folder of its own layout, and would heed ``LANGUAGE`` beside the variables of POSIX."""
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            for theirs, ours in (("_", gettext), ("ngettext", _ngettext)):
                if hasattr(module, theirs):
                    setattr(module, theirs, ours)


_teach_click()


class Command(click.Command):
    """A command whose help is put into the reader's language."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help."""
        return click.Command.get_short_help_str(_said(self), limit)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the help."""
        click.Command.format_help_text(_said(self), ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What follows the name of the command in its usage."""
        return [gettext(piece) for piece in super().collect_usage_pieces(ctx)]


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type


class Option(click.Option):
    """An option whose help and value are named in the reader's language."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What its value is called."""
        return gettext(super().make_metavar(ctx))

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help."""
        return click.Option.get_help_record(_said(self), ctx)


class Argument(click.Argument):
    """An argument that is named in the reader's language."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What it is called."""
        return gettext(super().make_metavar(ctx))


option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)


def _said(one: Helpful) -> Helpful:
    """A copy with its help in the reader's language."""
    said = copy(one)
    said.help = help_in_words(one.help) if one.help else None
    return said
