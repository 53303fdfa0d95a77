"""``relecture serve``: pages and worker in one process, until it is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from types import FrameType
from urllib.parse import urlsplit

import click
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Blueprint

from engine.people import first_run
from web import worker
from web.bootstrap import web_app
from web.cli.listening import address, listen
from web.cli.shell import with_services
from web.cli.speaking import Command, option
from web.cli.start_warnings import start_warnings
from web.services import Bell, Services
from web.site import logs
from web.watching import watch
from web.words.terminal import gettext as _


@click.command(cls=Command)
@option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port; that of RELECTURE_BASE_URL when left out, else 8000.",
)
@option(
    "--threads",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="Requests served at the same time.",
)
@with_services
def serve(services: Services, host: str, port: int | None, threads: int) -> None:
    """Serve the pages and run the worker, in this one process.

    The database is migrated first. Stop it with Ctrl+C or SIGTERM: requests and what the worker is
    doing are finished.

    \b
    Examples:
      RELECTURE_SECRET_KEY=… relecture serve
      relecture serve --host 0.0.0.0 --port 8080       behind a reverse proxy
    """
    logs.configure(services.settings.log_level)
    for line in start_warnings(services.settings):
        click.echo(line, err=True)
    own_port = urlsplit(services.settings.base_url).port
    run(services, host, own_port or 8000 if port is None else port, threads)


def run(services: Services, host: str, port: int, threads: int, *more: Blueprint) -> None:
    """Serves the pages, and the blueprints in ``more``, until SIGTERM or SIGINT. Raises ``Refusal``
    if the port is taken."""
    services.lti.keys.tend(services.clock.wall())
    proxies = services.settings.trusted_proxies > 0
    server = listen(web_app(services, *more), host, port, threads, behind_proxies=proxies)
    services.pulse.note(worker.JOBS, services.clock.wall())  # their first tick is still to come
    scheduler = ticking(services)
    signal.signal(signal.SIGTERM, _stop)
    click.echo(greeting(address(server), services.settings.base_url))
    for line in first_steps(services):
        click.echo(line)
    try:
        server.run()
    finally:
        services.bell.heard = Bell().heard  # what is asked for now waits for the next start
        scheduler.shutdown(wait=True)
        worker.leave(services)
        server.close()


def first_steps(services: Services) -> Iterator[str]:
    """The one-time link that opens an installation which nobody administers yet."""
    with services.db.across("sign-in") as door:
        if services.settings.demo or not first_run.is_needed(door):
            return
    with services.db.shared(write=True) as unit:
        token = first_run.offer(unit, services.clock.wall())
        unit.commit()
    yield _(
        "Nobody administers this installation yet. Open this link once, within a day, to set it up:"
    )
    yield f"{services.settings.base_url}/setup/{token}"


def greeting(here: str, base_url: str) -> str:
    """The address of the pages on this machine and, if different, the one that readers use."""
    where = _("Relecture is at %(page)s. Ctrl+C stops it.", page=here)
    readers = _(
        "Readers reach it at %(page)s (RELECTURE_BASE_URL): links in emails lead there.",
        page=base_url,
    )
    return where if base_url == here else f"{where}\n{readers}"


def ticking(services: Services) -> BackgroundScheduler:
    """The worker's jobs, every so many seconds, and its tidying, at once and every hour, each in a
    thread of its own; a slow one is never overtaken by the next, and holds up no other."""
    scheduler = BackgroundScheduler(timezone="UTC")
    for job in worker.JOBS:
        scheduler.add_job(
            worker.work_off,
            "interval",
            (services, job),
            id=job.__name__,
            seconds=services.settings.tick_seconds,
            # who asks for a mail while others are being sent does not wait for the next tick
            max_instances=2 if job is worker.send_asked else 1,
            coalesce=True,
        )
    scheduler.add_job(
        worker.tidy,
        "interval",
        (services,),
        hours=1,
        next_run_time=datetime.now(UTC),
        max_instances=1,
        coalesce=True,
    )
    scheduler.add_job(
        worker.read_bounces, "interval", (services,), minutes=5, max_instances=1, coalesce=True
    )
    scheduler.add_job(
        worker.beat,
        "interval",
        (services,),
        minutes=1,
        next_run_time=datetime.now(UTC),
        max_instances=1,
        coalesce=True,
    )
    scheduler.add_job(watch, "interval", (services,), minutes=5, max_instances=1, coalesce=True)
    services.bell.heard = lambda: _at_once(scheduler, worker.send_asked)
    scheduler.start()
    return scheduler


def _at_once(scheduler: BackgroundScheduler, job: worker.Job) -> None:
    scheduler.modify_job(job.__name__, next_run_time=datetime.now(UTC))


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
