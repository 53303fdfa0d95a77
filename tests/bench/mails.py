"""A morning: the touches of a whole organisation fall due at once under the real ``serve``, with a
mail server on loopback; mails a second, and what somebody who turns pages notices of it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.values.clock import SystemClock
from tests.bench import people, product
from tests.bench.row import Row, at_least, at_most, p95
from tests.bench.serving import Browser, free_port, looking, served

LEARNERS, QUIET, LONGEST = 1_800, 20, 90
"""How many; seconds before they fall due, in which pages are looked at undisturbed; and for how
many seconds after the first mail they are counted."""
PAGES = ("/home", "/path", "/inbox", "/settings")


@dataclass
class Postman:
    """Takes every mail and remembers when."""

    at: list[float] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        self.at.append(perf_counter())
        return "250 OK"

    def wait(self, count: int, longest: float) -> float:
        """Until all have come or the time is over; mails a second since the first."""
        end = perf_counter() + longest + 60
        while len(self.at) < count and perf_counter() < end:
            if self.at and perf_counter() > self.at[0] + longest:
                return len(self.at) / (perf_counter() - self.at[0])
            time.sleep(0.05)
        if len(self.at) < 2:
            return 0.0
        return (len(self.at) - 1) / (self.at[-1] - self.at[0])


def morning(
    learners: int, quiet: float, longest: float, **more: str
) -> tuple[float, float, float, int]:
    """Mails a second, the p95 of pages before and meanwhile in milliseconds, and how many mails
    came."""
    now = SystemClock().now()
    postman = Postman()
    server = Controller(postman, hostname="127.0.0.1", port=free_port())
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), 1, now)
        who = product.learner(there, zone=product.waking_zone(now))
        product.play(there, who, 1)
        people.copied(there.db, there.course, product.LEARNER, learners - 1)
        product.fall_due(there, SystemClock().now() + timedelta(seconds=quiet + 4))
        made.services.close()
        due = perf_counter() + quiet + 4
        port = free_port()
        smtp = f"smtp://127.0.0.1:{server.port}?starttls=no"
        server.start()
        try:
            with (
                served(Path(folder), port, RELECTURE_SMTP_URL=smtp, **more),
                Browser(port) as browser,
            ):
                browser.sign_in(product.LEARNER)
                for page in PAGES:
                    browser.get(page)
                with looking(browser, PAGES) as before:
                    time.sleep(max(1.0, due - perf_counter()))
                with looking(browser, PAGES) as meanwhile:
                    rate = postman.wait(learners, longest)
        finally:
            server.stop()
    return rate, p95(before), p95(meanwhile), len(postman.at)


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """The rate, and the pages."""
    learners, quiet, longest = (3, 1, 5) if tiny else (LEARNERS, QUIET, LONGEST)
    more = {"RELECTURE_TICK_SECONDS": "1"} if tiny else {}
    rate, before, meanwhile, came = morning(learners, quiet, longest, **more)
    note = f"{came} of {learners} came within {longest} s of the first"
    yield Row("mails due at once, real serve", rate, "a second", at_least(60), note)
    note = f"p95 {before:.0f} ms before, {meanwhile:.0f} ms meanwhile"
    yield Row("pages while mails leave, against before", meanwhile / before, "", at_most(2), note)
