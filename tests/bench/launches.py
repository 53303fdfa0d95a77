"""Verified launches a second: ours, PyLTI1p3's Flask adapter, and a bare RS256 check, each behind
the same WSGI server.

All three get the same tokens and do the same work: verify the launch, render one small page. Each
token is good for one launch; states and nonces are laid out before anything is measured. Ours keeps
them in SQLite, as an installation does, and marks each one used; PyLTI1p3 is given the fastest
there is, a dict in memory, and the platform's key set in its configuration. What it lets pass, ours
also looks at: a token used before, other audiences, a missing ``exp``, an old ``iat``.
"""

from __future__ import annotations

import http.client
import json
import logging
import multiprocessing
import os
import platform
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import waitress
from flask import Flask, request
from jinja2 import Environment
from joserfc import jwt
from pylti1p3.contrib.flask import FlaskCacheDataStorage, FlaskMessageLaunch, FlaskRequest
from pylti1p3.tool_config import ToolConfDict

from engine.values.clock import SystemClock
from lti.launch import login
from lti.launch.receive import Receiver
from lti.platforms.platform_keys import PlatformKeys
from lti.wire import names
from lti.wire.http import Answer
from tests import builders
from tests.integration.lti.lms import (
    DEPLOYMENT,
    LAUNCH,
    Lms,
    launch_claims,
    login_params,
    own,
    public,
    register,
    rsa,
)

ROUNDS, LAUNCHES, CONNECTIONS = 7, 120, 4
"""Rounds, launches a round and side, and how many are under way at once; the first round only
warms up."""
PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><title>{{ course }}</title><h1>{{ name }}</h1><p>{{ course }}, {{ "
    "roles|join(', ') }}</p>"
)
COOKIE = "browser"


@dataclass(frozen=True)
class Post:
    """One launch as the browser posts it: form and cookies, good for either tool."""

    body: str
    cookies: str


@dataclass
class Memory:
    """What PyLTI1p3 calls a cache."""

    kept: dict[str, Any]

    def get(self, key: str) -> Any:
        return self.kept.get(key)

    def set(self, key: str, value: Any, _seconds: int | None = None) -> None:
        self.kept[key] = value


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


def page(name: str | None, course: str | None, roles: Sequence[str]) -> str:
    """What all three render."""
    return PAGE.render(name=name, course=course, roles=roles)


def tools(folder: Path, launches: int) -> tuple[dict[str, Flask], list[Post]]:
    """The three apps, and as many launches ready for each."""
    clock, db, memory = SystemClock(), builders.database(folder), Memory({})
    registration = register(db, Lms("https://lms.example.org"))
    keys = PlatformKeys(db, Published(), clock.wall)
    keys.fetch(registration)
    posts = []
    for _ in range(launches):
        begun = login.begin(
            db,
            login_params(registration),
            redirect_uri=LAUNCH,
            own=own,
            browser=None,
            wall=clock.wall(),
        )
        token = signed(launch_claims(registration, begun.nonce, clock.wall()))
        memory.set(f"lti1p3-nonce-{begun.nonce}", True)
        posts.append(
            Post(
                urlencode({"state": begun.state, "id_token": token}),
                f"{COOKIE}={begun.browser}; lti1p3-{begun.state}={begun.state}",
            )
        )
    db.close()
    config = ToolConfDict(
        {
            registration.issuer: {
                "client_id": registration.client_id,
                "auth_login_url": registration.login_url,
                "auth_token_url": registration.token_url,
                "key_set": {"keys": public("platform")},
                "deployment_ids": [DEPLOYMENT],
            }
        }
    )
    return {
        "Relecture": ours(Receiver(db, keys, own)),
        "PyLTI1p3": theirs(config, memory),
        "bare RS256": bare(),
    }, posts


def signed(claims: dict[str, Any]) -> str:
    return jwt.encode(
        {"alg": "RS256", "kid": "platform"}, claims, rsa("platform"), algorithms=["RS256"]
    )


def ours(receiver: Receiver) -> Flask:
    """Our kernel: one ``Launch``, its state used up."""
    app = Flask("ours")

    @app.post("/")
    def launch() -> str:
        taken = receiver.receive(
            request.form.to_dict(), request.cookies.get(COOKIE), datetime.now(UTC)
        )
        return page(taken.user.name, taken.context.title if taken.context else None, taken.roles)

    return app


def theirs(config: ToolConfDict, memory: Memory) -> Flask:
    """PyLTI1p3 as its own example uses it."""
    app = Flask("theirs")

    @app.post("/")
    def launch() -> str:
        storage = FlaskCacheDataStorage(memory)
        said = FlaskMessageLaunch(
            FlaskRequest(), config, launch_data_storage=storage
        ).get_launch_data()
        return page(said.get("name"), said[names.CONTEXT].get("title"), said[names.ROLES])

    return app


def bare() -> Flask:
    """No check but the signature's."""
    app = Flask("bare")

    @app.post("/")
    def launch() -> str:
        said = jwt.decode(request.form["id_token"], rsa("platform"), algorithms=["RS256"]).claims
        return page(said.get("name"), said[names.CONTEXT].get("title"), said[names.ROLES])

    return app


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
    waitress.create_server(app, sockets=[door], threads=CONNECTIONS).run()


def a_second(port: int, posts: Sequence[Post]) -> float:
    """How many of these launches the server takes a second, some at once. Ends the run when one
    is refused."""

    def send(some: Sequence[Post]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        for post in some:
            connection.request("POST", "/", post.body, {**kind, "Cookie": post.cookies})
            with connection.getresponse() as answer:
                if answer.status != 200 or "Léa Martin" not in answer.read().decode():
                    sys.exit(f"a launch was refused with {answer.status}: nothing was measured")
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        start = perf_counter()
        list(pool.map(send, [posts[n::CONNECTIONS] for n in range(CONNECTIONS)]))
        return len(posts) / (perf_counter() - start)


def rates() -> dict[str, float]:
    """Launches a second of each tool: the median of interleaved rounds, each beginning with
    another tool."""
    with tempfile.TemporaryDirectory() as folder:
        apps, posts = tools(Path(folder), ROUNDS * LAUNCHES)
        measured: dict[str, list[float]] = {name: [] for name in apps}
        with ExitStack() as running:
            ports = [(name, running.enter_context(served(app))) for name, app in apps.items()]
            for n in range(ROUNDS):
                first = n % len(ports)
                for name, port in ports[first:] + ports[:first]:
                    measured[name].append(a_second(port, posts[n * LAUNCHES : (n + 1) * LAUNCHES]))
        return {name: median(some[1:]) for name, some in measured.items()}


def report(say: Callable[[str], None]) -> None:
    """Measure, and say it in lines."""
    found = rates()
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("waitress", "joserfc", "pylti1p3next")
    )
    say(
        f"launches, {CONNECTIONS} at once, on Python {platform.python_version()}, "
        f"{os.cpu_count()} cores, {libraries}:"
    )
    for other in ("PyLTI1p3", "bare RS256"):
        say(
            f"verified launches a second, Relecture and {other}: {found['Relecture']:.0f} "
            f"and {found[other]:.0f}, ratio {found['Relecture'] / found[other]:.2f}"
        )
