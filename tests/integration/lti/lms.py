"""A small platform for tests: real RS256 keys, served over HTTP on a free port of loopback, and
launches signed by them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.work import Units, Work
from lti.launch import login, states
from lti.launch.receive import Receiver
from lti.launch.states import Login
from lti.launch.values import Launch
from lti.platforms import invites, registrations
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.addresses import read_networks
from lti.wire.http import GuardedHttp
from tests import builders

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
TOOL = "https://relecture.example.org"
TARGET = f"{TOOL}/lti/course"
LAUNCH = f"{TOOL}/lti/launch"
CLIENT = "client-1"
DEPLOYMENT = "deployment-1"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


@cache
def rsa(name: str) -> RSAKey:
    """A real RSA key of 2 048 bits, one a name and a test run."""
    return RSAKey.generate_key(2048, {"kid": name, "alg": "RS256", "use": "sig"})


def public(*keys: str) -> list[dict[str, Any]]:
    """The public halves of these keys, as a platform publishes them."""
    return [dict(rsa(key).as_dict(private=False)) for key in keys]


@dataclass(frozen=True)
class Request:
    """What a test's platform was asked: method, path, query, headers (lower case), body."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What it answers."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, said: Any, status: int = 200, **headers: str) -> Reply:
        """An answer in JSON; ``content_type`` and other headers by name."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(json.dumps(said).encode(), status, {"content-type": "application/json", **named})


Route = Callable[[Request], Reply]


class Lms:
    """The served platform: routes by path, and everything it was asked."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.asked: list[Request] = []
        self.routes: dict[str, Route] = {
            "/jwks": lambda _: Reply.json({"keys": public("platform")})
        }

    def publish(self, *keys: str) -> None:
        """From now on these keys are the key set."""
        self.routes["/jwks"] = lambda _: Reply.json({"keys": public(*keys)})

    def count(self, path: str) -> int:
        """How often that path was asked."""
        return sum(request.path == path for request in self.asked)

    def url(self, path: str) -> str:
        """The full address of a path."""
        return self.base + path


@contextmanager
def serve():
    """A platform on a free port of 127.0.0.1, until the block is left."""
    lms = Lms("")

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, parts.path, parse_qs(parts.query), headers, body)
            lms.asked.append(request)
            route = lms.routes.get(parts.path)
            reply = route(request) if route else Reply(b"", 404)
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    lms.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield lms
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Town:
    """An organisation of ours with one registration of that platform, and time that only tests
    move."""

    lms: Lms
    db: Database
    registration: Registration
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.units = units(self.db, lambda: self.now)
        self.keys = PlatformKeys(self.units, http())
        self.receiver = Receiver(self.units, self.keys, own)

    def register(self, **differently: Any) -> Registration:
        """One more registration of the same platform, deployment accepted."""
        return register(self.db, self.lms, **differently)

    def accept(self, deployment: str) -> None:
        """The administrator accepts a deployment."""
        with self.units.write("town") as work:
            registrations.accept_deployment(work, self.registration.id, deployment)
            work.commit()

    def known_hosts(self) -> frozenset[str]:
        """Where services of the platform may live."""
        with self.units.read("town") as work:
            return registrations.known_hosts(work, self.registration)

    def login_of(self, state: str) -> Login | None:
        """What is kept of a login."""
        with self.db.across("lti-lookup") as door:
            return states.find(door, state)


@dataclass(frozen=True)
class Hands:
    """A clock whose time, of both kinds, somebody else tells."""

    told: Callable[[], datetime]

    def now(self) -> datetime:
        return self.told()

    wall = now


def units(
    db: Database, told: Callable[[], datetime], library: Library = builders.NO_PACKS
) -> Units:
    """What opens units of work on that database, at that time."""
    return Units(db, library, Hands(told), Random(7))


def invited(units: Units, tenant: str = "town") -> str:
    """An invite of that organisation."""
    with units.write(tenant) as work:
        token = invites.invite(work)
        work.commit()
        return token


def itself(_work: Work, _login: Login, launch: Launch) -> Launch:
    """Makes nothing of a launch: the launch itself."""
    return launch


def http(**limits: Any) -> GuardedHttp:
    """The guarded client, loopback allowed as an administrator of an on-premise platform would."""
    return GuardedHttp(allowed=read_networks("127.0.0.0/8"), **limits)


def own(url: str) -> bool:
    """The two pages of ours that launches may end on."""
    return url in (TARGET, f"{TOOL}/lti/choose")


def register(db: Database, lms: Lms, **differently: Any) -> Registration:
    """A registration of that platform, with its deployment accepted."""
    said = {
        "tenant": "town",
        "id": "",
        "issuer": "https://lms.example.org",
        "client_id": CLIENT,
        "login_url": "https://lms.example.org/auth?school=7",
        "token_url": lms.url("/token"),
        "keys_url": lms.url("/jwks"),
    }
    wanted = Registration(**{**said, **differently})
    with units(db, lambda: NOW).write(wanted.tenant) as work:
        made = registrations.add(work, wanted)
        registrations.accept_deployment(work, made.id, DEPLOYMENT)
        work.commit()
    return made


def town(folder: Path, lms: Lms, *others: str, **differently: Any) -> Town:
    """A fresh organisation on a fresh database, registered with that platform."""
    db = builders.database(folder, "town", *others)
    return Town(lms, db, register(db, lms, **differently))


@dataclass
class Attempt:
    """A launch on its way, right in every part until a test spoils one."""

    there: Town
    begun: login.StartedLogin
    claims: dict[str, Any]
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "platform"})
    key: Any = None
    sign: Callable[[Attempt], str] | None = None
    params: dict[str, str | None] = field(default_factory=dict)
    browser: str | None = None

    def token(self) -> str:
        """The id_token, signed."""
        if self.sign:
            return self.sign(self)
        return jwt.encode(
            self.header, self.claims, self.key or rsa("platform"), algorithms=["RS256"]
        )

    def form(self) -> dict[str, str]:
        """What the browser posts."""
        fields = {"state": self.begun.state, "id_token": self.token(), **self.params}
        return {name: value for name, value in fields.items() if value is not None}

    def post(self) -> Launch:
        """Let the tool receive it."""
        return self.there.receiver.receive(self.form(), self.browser, itself)


def login_params(registration: Registration, **differently: str | None) -> dict[str, str]:
    """The parameters of a login request; None leaves one out."""
    said = {
        "iss": registration.issuer,
        "client_id": registration.client_id,
        "login_hint": "user-7",
        "target_link_uri": TARGET,
        "lti_message_hint": "hint & more",
        **differently,
    }
    return {name: value for name, value in said.items() if value is not None}


def attempt(
    there: Town, registration: Registration | None = None, **differently: str | None
) -> Attempt:
    """A login that was answered, and a resource-link launch of a student ready to be posted
    back."""
    registration = registration or there.registration
    begun = login.begin(
        there.units,
        login_params(registration, **differently),
        redirect_uri=LAUNCH,
        own=own,
        browser=None,
        crowded=lambda _registration: False,
    )
    return Attempt(
        there,
        begun,
        launch_claims(registration, begun.nonce, there.now),
        browser=begun.browser,
    )


def launch_claims(registration: Registration, nonce: str, now: datetime) -> dict[str, Any]:
    """What a platform says of a student who opens a link, with everything that is required and
    the usual extras."""
    return {
        "iss": registration.issuer,
        "aud": registration.client_id,
        "sub": "user-7",
        "nonce": nonce,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(hours=1)).timestamp()),
        "name": "Léa Martin",
        "given_name": "Léa",
        "family_name": "Martin",
        "email": "lea@example.org",
        names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST,
        names.VERSION: "1.3.0",
        names.DEPLOYMENT: DEPLOYMENT,
        names.TARGET: TARGET,
        names.ROLES: [LEARNER],
        names.RESOURCE_LINK: {"id": "link-1", "title": "Semaine 3"},
        names.CONTEXT: {
            "id": "course-1",
            "label": "ECO",
            "title": "Économie",
            "type": ["CourseSection"],
        },
        names.PRESENTATION: {
            "document_target": "iframe",
            "return_url": "https://lms.example.org/back",
            "locale": "fr-FR",
        },
        names.CUSTOM: {"module": "starter/la-vitrine"},
        names.AGS: {
            "scope": [names.SCOPE_SCORE],
            "lineitems": "https://school.example.net/items",
            "lineitem": "https://school.example.net/items/1?type_id=1",
        },
        names.NRPS: {
            "context_memberships_url": "https://school.example.net/members",
            "service_versions": ["2.0"],
        },
    }


def deep_linking(claims: dict[str, Any]) -> None:
    """Turn a launch into a deep linking request of a teacher."""
    del claims[names.RESOURCE_LINK]
    claims[names.MESSAGE_TYPE] = names.DEEP_LINKING_REQUEST
    claims[names.ROLES] = [TEACHER]
    claims[names.DL_SETTINGS] = {
        "deep_link_return_url": "https://lms.example.org/placed",
        "accept_types": ["link", "ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window"],
        "accept_multiple": True,
        "accept_lineitem": True,
        "data": "opaque-7",
        "title": "À placer",
        "text": "Choisissez",
    }
