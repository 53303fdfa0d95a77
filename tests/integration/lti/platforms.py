"""The platform of our own, served over HTTP, and a tool made of the kernel alone that is plugged
into it."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from werkzeug.serving import make_server

from engine.storage.database import Database
from lti.campus import roster
from lti.campus.app import create_app
from lti.campus.campus import Campus
from lti.launch import deep_linking, login
from lti.launch.deep_linking import Item
from lti.launch.receive import Receiver
from lti.launch.values import Launch
from lti.platforms.dynamic import Registrar, Tool
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.registrations import Registration
from lti.platforms.tokens import Tokens
from lti.platforms.tool_keys import ToolKeys
from lti.services.call import Caller
from lti.wire import names
from lti.wire.http import Answer
from lti.wire.refusals import FetchRefused
from tests import builders
from tests.integration.lti.lms import NOW, Lms, Reply, http, invited, itself, rsa, units

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def served(members: int) -> Iterator[Campus]:
    """The platform with that many members, on a free port of 127.0.0.1, until the block is left."""
    campus = Campus("", roster.of_size(members), http(), lambda: NOW, rsa("platform"))
    server = make_server("127.0.0.1", 0, create_app(campus, "http://127.0.0.1:8000"), threaded=True)
    campus.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield campus
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Plugged:
    """A tool made of the kernel, registered with the platform by Dynamic Registration; and a
    browser going between the two."""

    campus: Campus
    lms: Lms
    db: Database
    now: datetime = NOW
    registration: Registration = field(init=False)

    def __post_init__(self) -> None:
        self.keys = ToolKeys(self.db, "a secret of the installation")
        self.lms.routes["/keys"] = lambda _: Reply.json(self.keys.key_set(NOW))
        self.units = units(self.db, lambda: self.now)
        self.receiver = Receiver(self.units, PlatformKeys(self.units, http()), self.own)
        self.caller = Caller(self.units, http(), Tokens(http(), self.keys, self.units.clock.wall))
        self.registration = self.register()

    def own(self, url: str) -> bool:
        """Every page of the tool may be launched."""
        return url.startswith(self.lms.base)

    def register(self, token: str | None = None, **differently: object) -> Registration:
        """Register once more, with a fresh token of the platform unless one is given."""
        said = {
            "login_url": self.lms.url("/login"),
            "launch_url": self.lms.url("/launch"),
            "keys_url": self.lms.url("/keys"),
            "home_url": self.lms.url("/"),
            "names": {"": "Relecture"},
            "descriptions": {"": "Experiences"},
            "launches": {
                names.RESOURCE_LINK_REQUEST: self.lms.url("/course"),
                names.DEEP_LINKING_REQUEST: self.lms.url("/choose"),
            },
            "claims": ("iss", "sub", "name"),
            "custom": {"link": "$ResourceLink.id"},
            **differently,
        }
        registrar = Registrar(self.units, http(), Tool(**said))
        return registrar.complete(
            invited(self.units),
            self.platform("/.well-known/openid-configuration"),
            token or self.campus.invite(),
        )

    def platform(self, path: str) -> str:
        """The full address of a page of the platform."""
        return self.campus.base + path

    def get(self, path: str) -> Answer:
        """A page of the platform, as a browser asks for it."""
        return http().send("GET", self.platform(path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """A form posted to the platform, as a browser does."""
        return http().send(
            "POST", self.platform(path), headers=FORM, body=urlencode(fields).encode()
        )

    def change(self, path: str, fields: Mapping[str, str]) -> None:
        """A form whose answer sends the browser on, which the guarded client does not follow."""
        with pytest.raises(FetchRefused, match="fetch-redirected"):
            self.post(path, fields)

    def log_in(self, page: str) -> login.StartedLogin:
        """Open a page of the platform that frames the tool, and let the tool answer the login
        that it begins."""
        text = self.get(page).body.decode()
        frame = re.search(r'<iframe id="tool"[^>]* data-src="([^"]+)"', text)
        assert frame, text
        params = dict(parse_qsl(urlsplit(html.unescape(frame[1])).query))
        return login.begin(
            self.units,
            params,
            redirect_uri=self.lms.url("/launch"),
            own=self.own,
            browser=None,
            crowded=lambda _registration: False,
        )

    def launch(self, page: str) -> Launch:
        """The whole way in: login, authentication request, form posted, launch verified."""
        begun = self.log_in(page)
        return self.receiver.receive(fields(http().send("GET", begun.url)), begun.browser, itself)

    def choose(self, launch: Launch, *items: Item) -> Answer:
        """Answer a deep linking launch, as the browser posts it."""
        assert launch.deep_linking is not None
        signed = deep_linking.response(
            self.keys,
            self.registration,
            launch.deployment,
            launch.deep_linking,
            items,
            NOW,
            "Voilà",
        )
        return self.post(urlsplit(launch.deep_linking.return_url).path, {"JWT": signed})


def fields(answer: Answer) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(
        r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.body.decode()
    )
    assert found, answer.body.decode()
    return {name: html.unescape(value) for name, value in found}


@contextmanager
def plugged(folder: Path, lms: Lms, members: int = 30) -> Iterator[Plugged]:
    """A fresh platform with that many members, and the tool plugged into it."""
    with served(members) as campus:
        yield Plugged(campus, lms, builders.database(folder, "town"))
