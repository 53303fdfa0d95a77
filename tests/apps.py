"""Apps for tests: real pages on a real SQLite file, mails kept in a list, and a clock that only
tests move."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.test import TestResponse

from engine.delivery.channels.maildir import MaildirChannel
from engine.delivery.message import Message
from engine.journey.addresses import MAIL
from engine.people.accounts import add_account
from engine.storage.library import Library
from engine.storage.tables import Account
from engine.storage.work import Units
from engine.values.clock import Clock
from tests import builders
from tests.fakes import FakeClock
from web import settings, worker
from web.bootstrap import lti_tool, web_app
from web.demo.clock import DemoClock
from web.demo.pages import bp as demo_pages
from web.services import Bell, Services

SECRET = "kX9v2_QmZr7TnB4wLp8sYd3HfJc6GaEu1oRi5NtVxK0"
PASSWORD = "trois mots simples"
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""As cheap as argon2 allows: verification takes its cost from the hash itself."""


class Compiled(BytecodeCache):
    """Templates compiled once per process, however many apps there are."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class Outbox:
    """A channel that keeps the messages it is given."""

    messages: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.messages.append(message)

    def release(self) -> None:
        """Nothing is kept between two messages."""

    def link(self) -> str:
        """The path of the last mail's link."""
        found = re.search(r"https?://[^/\s]+(/\S+)", self.messages[-1].text)
        assert found, self.messages[-1].text
        return found[1]


@dataclass
class House:
    """An installation under test."""

    services: Services
    app: Flask
    clock: FakeClock
    outbox: Outbox

    def client(self, network: str = "127.0.0.1") -> Visitor:
        """A new browser at that network address."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = network
        return Visitor(client)

    def account(
        self, tenant: str = "town", email: str = "lea@example.org", role: str = "learner"
    ) -> Account:
        """Creates an account with the password ``PASSWORD``."""
        with self.services.db.write(tenant) as unit:
            made = add_account(unit, email, "Léa", role, "fr", self.clock.now())
            made.password_hash = PASSWORD_HASH
            unit.commit()
            return made


@dataclass
class Visitor:
    """A browser that sends the CSRF token of the last page it saw, as a real one does."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Gets a page."""
        return self._seen(self.client.get(path, **more))

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Submits a form from the last page seen (or from the front page if there was none)."""
        if not self.token:
            self.get("/sign-in")
        return self._seen(
            self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **more)
        )

    def sign_in(
        self, email: str = "lea@example.org", password: str = PASSWORD, **more: str
    ) -> TestResponse:
        """Signs in through the form."""
        self.get("/sign-in")
        return self.post("/sign-in", {"email": email, "password": password, **more})

    def sign_out(self) -> None:
        """Signs out by the button that every page has."""
        self.get("/nowhere")
        assert self.post("/sign-out").status_code == 303

    def _seen(self, response: TestResponse) -> TestResponse:
        found = re.search(
            r'name="csrf_token" value="([^"]+)"', response.get_data().decode("utf-8", "replace")
        )
        response.close()
        response.request.environ["wsgi.input"].close()  # werkzeug sends what is large from a file
        self.token = (
            found[1] if found else ("" if response.status_code in (302, 303) else self.token)
        )
        return response


def house(folder: Path, *tenants: str, demo: bool = False, **overrides: str) -> House:
    """An installation under ``folder`` with these organisations."""
    db = builders.database(folder, *tenants)
    clock, outbox = FakeClock(), Outbox()
    chosen = settings.load(
        demo=demo, dotenv=folder / ".env", overrides={"secret_key": SECRET, **overrides}
    )
    time: Clock = DemoClock(db, 0, lambda: True, clock.wall, clock.learning) if demo else clock
    units = Units(db, Library(db), time, Random(7))
    services = Services(chosen, units, {MAIL: outbox}, lti_tool(chosen, units))

    _send_at_once(services)
    app = web_app(services, *([demo_pages] if demo else ()))
    app.testing, app.jinja_env.bytecode_cache = True, COMPILED
    return House(services, app, clock, outbox)


def _send_at_once(services: Services) -> None:
    """Has the mails that somebody waits for leave while they ask."""

    def send() -> None:
        worker.work_off(services, worker.send_asked)

    services.bell.heard = send


def with_maildir(made: House) -> House:
    """The same installation without a mail server: mails are files in ``settings.maildir``."""
    chosen, clock = made.services.settings, made.services.clock
    box = MaildirChannel(chosen.maildir, chosen.mail_from, clock.wall)
    services = replace(made.services, channels={MAIL: box}, bell=Bell())
    _send_at_once(services)
    app = web_app(services)
    app.testing, app.jinja_env.bytecode_cache = True, COMPILED
    return replace(made, services=services, app=app)
