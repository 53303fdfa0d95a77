"""Procrastinate with a task that does nothing, as its documentation runs a worker: one job at a
time, each fetched and finished in transactions of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector


def create(conninfo: str) -> None:
    """Its tables."""
    app = App(connector=SyncPsycopgConnector(conninfo=conninfo))
    with app.open():
        app.schema_manager.apply_schema()


def wait(conninfo: str, count: int) -> None:
    """So many more jobs that wait."""
    app = App(connector=SyncPsycopgConnector(conninfo=conninfo))
    with app.open():
        app.configure_task(name="nothing").batch_defer(*({"number": n} for n in range(count)))


async def work(conninfo: str, ready: Callable[[], object]) -> None:
    """One worker, until no job is left; says when it is connected."""
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    app = App(connector=PsycopgConnector(conninfo=conninfo))

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        return None

    async with app.open_async():
        ready()
        await app.run_worker_async(
            wait=False,
            concurrency=1,
            listen_notify=False,
            install_signal_handlers=False,
        )
