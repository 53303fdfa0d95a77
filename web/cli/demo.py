"""``relecture demo``: the whole product on your own machine, with fictional people and a fast
clock."""

from __future__ import annotations

import click

from web.cli.serve import run
from web.cli.shell import database_refusals, private_files
from web.cli.speaking import Command, option
from web.demo.pages import bp as demo_pages
from web.demo.running import DATABASE, beating, prepare
from web.site import logs
from web.words.terminal import gettext as _


@click.command(cls=Command)
@option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port on 127.0.0.1.",
)
@option(
    "--speed",
    type=click.FloatRange(0, 86400),
    default=480,
    show_default=True,
    help="Learning seconds that pass in a second; 480 makes a day of three minutes.",
)
@option(
    "--reset", is_flag=True, help="Forget everything that was lived in the demo, then start anew."
)
def demo(port: int, speed: float, reset: bool) -> None:
    """Walk through Relecture with a course, packs and people that are there already.

    Data is kept under var/ (demo.db, demo-mail, demo-secret) between runs. The clock runs fast, and
    stops while you have a question to answer. Only this machine can reach the pages.

    \b
    Examples:
      relecture demo
      relecture demo --port 8080 --speed 1440          a day a minute
      relecture demo --reset
    """
    logs.configure("WARNING")
    if reset or not DATABASE.exists():
        click.echo(
            _(
                "Making the demo: a course, its experiences, eleven weeks in the lives of eight "
                "people (once, ten seconds)…"
            )
        )
    with private_files():
        _run(port, speed, reset)


def _run(port: int, speed: float, reset: bool) -> None:
    with database_refusals(_("The database")):
        services = prepare(port, speed, reset=reset)
    beat = beating(services)
    try:
        run(services, "127.0.0.1", port, 8, demo_pages)
    finally:
        beat.shutdown(wait=True)
        services.close()
