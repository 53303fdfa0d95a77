"""The command line: one file per group of commands. Thin: it reads arguments, calls use cases,
prints results."""

from __future__ import annotations

from importlib import import_module

import click

from web.cli.speaking import Group, Option
from web.words.marking import _ as N_
from web.words.terminal import gettext as _

SUMMARIES = {
    "admin": N_("People who run this installation."),
    "course": N_("Host courses: import an outline, slot modules into it, invite people."),
    "demo": N_("Walk through Relecture with a course, packs and people that are there already."),
    "lti": N_("LMSs that Relecture is plugged into, by LTI 1.3."),
    "mail": N_("Mails that could not be delivered."),
    "pack": N_("Write content packs: start one, check it, stamp its translations."),
    "serve": N_("Serve the pages and run the worker, in this one process."),
    "settings": N_("Every setting, as a Markdown table."),
}
"""The commands and groups, each in a file here with the same name, and the first line of its
help."""


class LazyGroup(Group):
    """A group that imports commands when they are run, not when they are listed: most need the
    database, the pages and a solver, which take seconds and a hundred megabytes to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUMMARIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUMMARIES:
            return None
        command: click.Command = getattr(import_module(f"web.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(summary)) for name, summary in SUMMARIES.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(
    package_name="relecture", prog_name="relecture", cls=Option, help="Show the version and exit."
)
def main() -> None:
    """Slips short experiences into wider courses, then spaces out the prompts that debrief them.

    \b
    To look around (data under var/, nothing to set):
      relecture demo

    \b
    To run it for real, set RELECTURE_SECRET_KEY at least (in the environment or in .env), then:
      relecture settings                       every setting, its default, what it is for
      relecture admin create --email you@example.org --name "Your name" --organisation example
      relecture pack check content_packs/*     every fault of a pack, with line and column
      relecture course import docs/examples/modeles-socio-economiques.yaml
      relecture course slot modeles-socio-economiques --dry-run
      relecture serve                          pages and worker, in one process

    A refusal is explained on one line, with exit code 2. Faults in a file that you wrote, and
    limits of a course that cannot all hold, give exit code 1.
    """
