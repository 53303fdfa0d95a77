"""An installation with its pages, plugged into a served platform: the whole way in, as a browser
goes it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from werkzeug.test import TestResponse

from engine.packs.new import new_pack
from lti.platforms.registrations import Registration
from lti.wire import names
from tests import builders
from tests.apps import House, Visitor, house
from tests.integration.lti.lms import (
    NOW,
    TEACHER,
    TOOL,
    Lms,
    deep_linking,
    launch_claims,
    login_params,
    register,
    rsa,
)
from web.site.sessions import COOKIE

Change = Callable[[dict[str, Any]], None]
"""Spoils or changes the claims of a launch."""
EXPERIENCE = f"{TOOL}/lti/to/experience?module={builders.PACK}%2F{builders.MODULE}"


@dataclass
class Plugged:
    """The installation at ``TOOL``, and one registration of that platform."""

    house: House
    lms: Lms
    registration: Registration = field(init=False)

    def __post_init__(self) -> None:
        self.registration = register(self.house.services.db, self.lms)

    def at(self, house: House) -> Plugged:
        """The same registration, at other services on the same database."""
        made = copy(self)
        made.house = house
        return made

    def browser(self) -> Guest:
        """A browser that nobody knows yet."""
        return Guest(self, self.house.client())


@dataclass
class Guest:
    """A browser between the two. ``at``: the path of the visit it is in."""

    there: Plugged
    visitor: Visitor
    at: str = ""

    def log_in(
        self, registration: Registration | None = None, **differently: str | None
    ) -> dict[str, str]:
        """Follow a link of the platform; what the tool asks of it."""
        params = login_params(
            registration or self.there.registration,
            **{"target_link_uri": EXPERIENCE, **differently},
        )
        asked = self.begin(params)
        assert asked.status_code == 302, asked.get_data(as_text=True)
        return dict(parse_qsl(urlsplit(asked.location).query))

    def begin(self, params: dict[str, str], *, cookies: bool = True) -> TestResponse:
        """Begin a login. A browser that nobody knows is sent here once more, to see whether it
        keeps the cookie that it was given."""
        answer = self.visitor.client.get("/lti/login", query_string=params, base_url=TOOL)
        if answer.status_code == 303:
            if not cookies:
                self.forget_cookies()
            answer = self.visitor.client.get(answer.location, base_url=TOOL)
        return answer

    def log_in_with_storage(self) -> tuple[dict[str, str], str]:
        """As ``log_in``, where the browser keeps no cookie and the platform offers to keep our
        state; and the secret that it is given to keep."""
        params = login_params(
            self.there.registration, target_link_uri=EXPERIENCE, lti_storage_target="_parent"
        )
        page = self.begin(params, cookies=False).get_data(as_text=True)
        said = {
            name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', page)
        }
        return dict(parse_qsl(urlsplit(said["next"]).query)), said["value"]

    def claims(self, asked: dict[str, str], *changes: Change) -> dict[str, Any]:
        """What the platform says of a student who opens the placed experience."""
        claims = launch_claims(
            self.there.registration, asked["nonce"], self.there.house.clock.wall()
        )
        claims[names.TARGET], claims[names.CUSTOM] = EXPERIENCE, {}
        for change in changes:
            change(claims)
        return claims

    def post(
        self, asked: dict[str, str], claims: dict[str, Any], *, key: str = "platform", **more: Any
    ) -> TestResponse:
        """Post the signed claims, as the platform's page lets the browser do."""
        token = jwt.encode({"alg": "RS256", "kid": key}, claims, rsa(key), algorithms=["RS256"])
        form = {"state": asked["state"], "id_token": token, **more.pop("form", {})}
        return self.visitor.client.post("/lti/launch", data=form, base_url=TOOL, **more)

    def launch(self, *changes: Change, **differently: str | None) -> TestResponse:
        """The whole way in. The answer that sends the browser on to its visit is remembered."""
        asked = self.log_in(**differently)
        answer = self.post(asked, self.claims(asked, *changes))
        if answer.status_code == 303:
            self.at = "/".join(urlsplit(answer.location).path.split("/")[:3])
        return answer

    def enter(self, *changes: Change, **differently: str | None) -> TestResponse:
        """The whole way in, and the page where it ends."""
        answer = self.launch(*changes, **differently)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.follow(answer)

    def get(self, path: str) -> TestResponse:
        """A page of the visit."""
        return self.visitor.get(self.at + path, base_url=TOOL)

    def send(self, path: str, **data: str) -> TestResponse:
        """A form of the visit's page seen last, and where it leads."""
        return self.follow(self.visitor.post(self.at + path, data, base_url=TOOL))

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where redirects lead."""
        while answer.status_code in (302, 303):
            answer = self.visitor.get(answer.location.removeprefix(TOOL), base_url=TOOL)
        return answer

    def where(self, page: TestResponse) -> str:
        """The path of a page inside the visit."""
        return page.request.path.removeprefix(self.at)

    def forget_cookies(self) -> None:
        """What a browser does that keeps none inside a frame."""
        self.visitor.client.delete_cookie(COOKIE, domain="relecture.example.org")


def teacher(claims: dict[str, Any]) -> None:
    """The launch is a teacher's."""
    claims[names.ROLES], claims["sub"], claims["name"] = [TEACHER], "teacher-1", "Paul Roy"
    claims["email"] = "paul@example.org"


CHOOSE = f"{TOOL}/lti/to/choose"


def choosing(**settings: object) -> Change:
    """The launch is a teacher's who chooses what goes into the course; ``settings`` as Deep
    Linking names them, None: left out."""

    def change(claims: dict[str, Any]) -> None:
        deep_linking(claims)
        teacher(claims)
        claims[names.TARGET], claims[names.CUSTOM] = CHOOSE, {}
        said = claims[names.DL_SETTINGS] | settings
        claims[names.DL_SETTINGS] = {
            name: value for name, value in said.items() if value is not None
        }

    return change


def plugged(folder: Path, lms: Lms, *tenants: str, **settings: str) -> Plugged:
    """An installation under ``folder`` with the starter pack, plugged into that platform."""
    made = house(
        folder, *(tenants or ("town",)), base_url=TOOL, lti_allow_nets="127.0.0.0/8", **settings
    )
    made.services.library.install(new_pack(builders.PACK), NOW)
    return Plugged(made, lms)
