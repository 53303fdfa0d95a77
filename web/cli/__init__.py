"""The command line: one group a subject, each in its own file. Thin: it reads, calls, prints."""

from __future__ import annotations

import importlib

import click

GROUPS = ("serve", "admin", "settings", "pack", "course", "mail", "demo", "lti")
"""Each is a file here that offers a command or group of its own name."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="relecture", prog_name="relecture")
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

    What is refused is said in one line, with exit code 2. Faults in a file that you wrote, and
    limits of a course that cannot all hold, give exit code 1.
    """


for group in GROUPS:
    main.add_command(getattr(importlib.import_module(f"web.cli.{group}"), group))
