"""``relecture lti``: what concerns learning management systems (LMSs) and LTI."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from lti.addresses import read_networks
from lti.net import GuardedHttp
from lti.platform import roster
from lti.platform.app import create_app
from lti.platform.campus import Campus
from web.cli.listening import listen

LOOPBACK = read_networks("127.0.0.0/8 ::1/128")


@click.group()
def lti() -> None:
    """LMSs that Relecture is plugged into, by LTI 1.3."""


@lti.command()
@click.option("--port", type=click.IntRange(1, 65535), default=9001, show_default=True, help="Port on this machine.")
@click.option("--tool", default="http://127.0.0.1:8000", show_default=True, help="Where Relecture is, as browsers see it.")
@click.option("--members", type=click.IntRange(1, 100_000), default=30, show_default=True,
              help="Members of the course: one teacher, the others students.")
def platform(port: int, tool: str, members: int) -> None:
    """Be a small LMS, to develop and test with: one course, fictional members, nothing kept once it stops.

    It registers tools (Dynamic Registration), opens them in a frame as any member, lets teachers place links (Deep
    Linking), serves its roster and gradebook (NRPS, AGS), and keeps what a tool asks it to when cookies are blocked
    (Platform Storage). Each has its page. Only this machine can reach it.

    Look at it on localhost and run Relecture on 127.0.0.1: to a browser the two are then different sites, as in real life.

    \b
    In one terminal, Relecture, told that it may speak to this machine:
      RELECTURE_LTI_ALLOW_NETS=127.0.0.0/8,::1/128 RELECTURE_BASE_URL=http://127.0.0.1:8000 relecture serve
    In another one:
      relecture lti platform --members 1800
      relecture lti invite                     prints a link: paste it under "Register a tool"
    Then, on http://localhost:9001:
      Place links                              as teacher-1: choose what goes into the course
      Open                                     as student-1, or anybody of the roster
      Gradebook                                what came back
      Roster                                   who joins and leaves: the tool is told the differences

    \b
    Paths for scripts:
      /links/ID/open?user=student-7            &locale=en-GB, &storage=off (no storage frame)
      /tools/CLIENT/place?user=teacher-1       Deep Linking
    """
    campus = Campus(f"http://localhost:{port}", roster.of_size(members), GuardedHttp(allowed=LOOPBACK), lambda: datetime.now(UTC))
    server = listen(create_app(campus, tool.rstrip("/")), "127.0.0.1", port, threads=8)
    click.echo(f"The platform is at {campus.base}, with {members} members. Ctrl+C stops it.")
    try:
        server.run()
    finally:
        server.close()
