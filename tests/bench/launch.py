"""Whole launches a second, from the platform's POST to the redirect: ours, and PyLTI1p3 doing the
same real work over SQLite, written raw and through an ORM.

All get the same tokens behind the same WSGI server: verify the launch, keep its data, find or make
the user, open a session, redirect. Ours also makes or finds the course, the member and the link;
each uses its own state, laid out before anything is measured. What PyLTI1p3 lets pass, ours also
looks at: a token used before, other audiences, a missing ``exp``, an old ``iat``.
"""

from __future__ import annotations

import http.client
import json
import logging
import multiprocessing
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import waitress
from flask import Flask
from joserfc import jwt

from engine.storage.database import Database
from engine.storage.work import Units
from engine.values.clock import SystemClock
from lti.launch import login
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.http import Answer
from tests.apps import SECRET
from tests.bench import product
from tests.bench.cost import Cost, cost
from tests.bench.peers import orm, raw
from tests.bench.row import Row, at_least, at_most
from tests.integration.lti.lms import Lms, launch_claims, login_params, public, register, rsa
from web import settings
from web.bootstrap import build, web_app
from web.pages.lms.targets import is_ours
from web.site.sessions import COOKIE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROUNDS, LAUNCHES, CONNECTIONS = 6, 60, 4
"""Rounds, launches a round and side, and how many are under way at once; the first round only
warms up."""
METER = "/processor"
TOOL = "https://relecture.example.org"
OURS, RAW, ORM = "Relecture", "PyLTI1p3, raw", "PyLTI1p3, ORM"


@dataclass(frozen=True)
class Post:
    """One launch as the browser posts it: form and cookies, good for either tool."""

    body: str
    cookies: str


class Published:
    """The platform's key set without a network."""

    def send(
        self,
        _method: str,
        _url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        return Answer(200, {}, json.dumps({"keys": public("platform")}).encode())


@dataclass
class Posts:
    """Writes launches that are good once: by newcomers, or by somebody known."""

    units: Units
    registration: Registration
    files: Sequence[Path]

    def write(self, count: int, subject: str) -> list[Post]:
        """``count`` launches; ``subject`` with a ``{}`` makes each another person."""
        made, nonces = [], []
        for n in range(count):
            now = SystemClock().wall()
            begun = login.begin(
                self.units,
                login_params(self.registration, target_link_uri=f"{TOOL}/lti/to/course"),
                redirect_uri=f"{TOOL}/lti/launch",
                own=is_ours(TOOL),
                browser=None,
                crowded=lambda _registration: False,
            )
            token = self._signed(begun.nonce, subject.format(n), now)
            nonces.append(begun.nonce)
            body = urlencode({"state": begun.state, "id_token": token})
            cookies = f"{COOKIE}={begun.browser}; lti1p3-{begun.state}={begun.state}"
            made.append(Post(body, cookies))
        for file in self.files:
            raw.lay_out(file, nonces)
        return made

    def _signed(self, nonce: str, subject: str, now: datetime) -> str:
        claims = launch_claims(self.registration, nonce, now)
        claims |= {
            "sub": subject,
            "email": f"{subject}@example.org",
            names.TARGET: f"{TOOL}/lti/to/course",
            names.CUSTOM: {},
        }
        header = {"alg": "RS256", "kid": "platform"}
        return jwt.encode(header, claims, rsa("platform"), algorithms=["RS256"])


@contextmanager
def tools(folder: Path) -> Iterator[tuple[dict[str, Flask], Posts, Database]]:
    """The three apps, and who writes launches for them."""
    made, _town = product.installed(folder, 1, SystemClock().now())
    db, units = made.services.db, replace(made.services.units, clock=SystemClock())
    registration = register(db, Lms("https://lms.example.org"))
    PlatformKeys(units, Published()).fetch(registration)
    chosen = settings.load(
        dotenv=folder / ".env",
        overrides={
            "secret_key": SECRET,
            "base_url": TOOL,
            "database_url": f"sqlite:///{folder / 'test.db'}",
            "maildir": str(folder / "mail"),
        },
    )
    services = build(chosen)
    files = folder / "raw.db", folder / "orm.db"
    for file in files:
        raw.create(file)
    apps = {
        OURS: web_app(services),
        RAW: raw.app(files[0], registration),
        ORM: orm.app(files[1], registration),
    }
    services.db.close()
    try:
        yield apps, Posts(units, registration, files), services.db
    finally:
        services.close()
        db.close()


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The app behind waitress in a process of its own; its port."""
    door = socket.create_server(("127.0.0.1", 0))
    child = multiprocessing.get_context("fork").Process(target=serve, args=(app, door), daemon=True)
    child.start()
    port = door.getsockname()[1]
    door.close()
    try:
        yield port
    finally:
        child.terminate()
        child.join()


def serve(app: Flask, door: socket.socket) -> None:
    """What the process does until it is ended."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.create_server(metered(app), sockets=[door], threads=CONNECTIONS).run()


def metered(app: Flask) -> WSGIApplication:
    """The app, which also says how many seconds of processor its process has used."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != METER:
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(process_time()).encode()]

    return answer


def processor(port: int) -> float:
    """What the meter says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", METER)
    with connection.getresponse() as answer:
        said = float(answer.read())
    connection.close()
    return said


@dataclass(frozen=True)
class Pace:
    """Launches a second, and milliseconds of processor for one: neighbours slow the former
    alone."""

    a_second: float
    processor: float


def pace(port: int, posts: Sequence[Post]) -> Pace:
    """How the server takes these launches, some at once. Ends the run when one is refused."""

    def send(some: Sequence[Post]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for post in some:
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "Host": "relecture.example.org",
                "Cookie": post.cookies,
            }
            connection.request("POST", "/lti/launch", post.body, headers)
            with connection.getresponse() as answer:
                said = answer.read().decode()
                if answer.status != 303:
                    sys.exit(f"a launch was refused with {answer.status}: {said[:500]}")
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        used, start = processor(port), perf_counter()
        list(pool.map(send, [posts[n::CONNECTIONS] for n in range(CONNECTIONS)]))
        a_second = len(posts) / (perf_counter() - start)
        return Pace(a_second, (processor(port) - used) / len(posts) * 1000)


def paces(apps: Mapping[str, Flask], posts: Sequence[Post], each: int) -> dict[str, Pace]:
    """The pace of each tool: the medians of interleaved rounds, each beginning with another
    tool."""
    measured: dict[str, list[Pace]] = {name: [] for name in apps}
    with ExitStack() as running:
        ports = [(name, running.enter_context(served(app))) for name, app in apps.items()]
        for n in range(len(posts) // each):
            first = n % len(ports)
            for name, port in ports[first:] + ports[:first]:
                measured[name].append(pace(port, posts[n * each : (n + 1) * each]))
    return {
        name: Pace(
            median(one.a_second for one in some[1:]), median(one.processor for one in some[1:])
        )
        for name, some in measured.items()
    }


def once(app: Flask, db: Database, post: Post) -> Cost:
    """What one launch asks of the database."""
    with cost(db) as seen:
        answer = app.test_client(use_cookies=False).post(
            "/lti/launch",
            data=post.body,
            base_url=TOOL,
            content_type="application/x-www-form-urlencoded",
            headers={"Cookie": post.cookies},
        )
        if answer.status_code != 303:
            sys.exit(f"a launch was refused with {answer.status_code}: nothing was counted")
    return seen


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Newcomers, then somebody known; each against both peers; and what one costs."""
    rounds, each = (2, 4) if tiny else (ROUNDS, LAUNCHES)
    for who, subject in (("newcomers", "new-{}"), ("known", "known")):
        with tempfile.TemporaryDirectory() as folder, tools(Path(folder)) as (apps, posts, db):
            found = paces(apps, posts.write(rounds * each, subject), each)
            warm, one = posts.write(2, "somebody-{}" if who == "newcomers" else "known")
            once(apps[OURS], db, warm)
            seen = once(apps[OURS], db, one)
        ours = found[OURS]
        for peer, goal in ((RAW, 0.8), (ORM, 2.5)):
            its = found[peer]
            note = (
                f"{ours.a_second:.0f} and {its.a_second:.0f} a second, {CONNECTIONS} at once; "
                f"processor {ours.processor:.1f} and {its.processor:.1f} ms a launch"
            )
            yield Row(
                f"launch, {who}, against {peer}",
                ours.a_second / its.a_second,
                "",
                at_least(goal),
                note,
            )
        yield Row(f"launch, {who}: statements", len(seen.statements))
        yield Row(f"launch, {who}: transactions", seen.transactions, "", at_most(3))
