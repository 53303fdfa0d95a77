"""Our installation, as it is served, plugged into a school whose LMS we did not write."""

from __future__ import annotations

import html
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.packs.new import new_pack
from engine.values.clock import SystemClock
from lti.platforms import registrations
from lti.platforms.registrations import Registration
from tests import builders
from tests.apps import House, Visitor, house
from tests.browser.live import serving
from tests.integration.lti.doors import EXPERIENCE
from tests.integration.lti.lms import TOOL
from tests.peers import school as peer
from tests.peers.school import School
from web.bootstrap import lti_tool, web_app
from web.site.sessions import COOKIE


@dataclass
class Plugged:
    """The installation, registered with the school by hand."""

    house: House
    school: School
    registration: Registration = field(init=False)

    def __post_init__(self) -> None:
        services, at = self.house.services, self.school.base
        said = Registration(
            tenant="town",
            id="",
            issuer=self.school.issuer,
            client_id=peer.CLIENT,
            login_url=f"{at}/auth",
            token_url=f"{at}/token",
            keys_url=f"{at}/jwks",
        )
        with services.write("town") as work:
            self.registration = registrations.add(work, said)
            registrations.accept_deployment(work, self.registration.id, peer.DEPLOYMENT)
            work.commit()

    def rows(self, table: type[Any]) -> list[Any]:
        """Everything in a table of the organisation."""
        with self.house.services.db.read("town") as unit:
            return list(unit.scalars(select(table)))

    def browser(self) -> Guest:
        """A browser that nobody knows yet."""
        return Guest(self, self.house.client())


@dataclass
class Guest:
    """A browser between the two: it asks the school over HTTP, and us as a browser asks a site
    with TLS."""

    there: Plugged
    visitor: Visitor

    def come_back(self, user: str, link: str) -> dict[str, str]:
        """Follow a link of the school through both logins; the form that its page posts to us."""
        begun = requests.get(
            f"{self.there.school.base}/open/{user}/{link}", allow_redirects=False, timeout=10
        )
        assert begun.is_redirect and begun.headers["location"].startswith(f"{TOOL}/lti/login?"), (
            begun.text
        )
        asked = self.visitor.client.get(begun.headers["location"].removeprefix(TOOL), base_url=TOOL)
        if asked.status_code == 303:  # whether this browser keeps its cookie
            asked = self.visitor.client.get(asked.location, base_url=TOOL)
        assert asked.status_code == 302, asked.get_data(as_text=True)
        page = requests.get(asked.location, timeout=10).text
        assert f'action="{TOOL}/lti/launch"' in page, page
        return {
            name: html.unescape(value)
            for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page)
        }

    def launch(self, user: str, link: str) -> TestResponse:
        """The whole way in; our answer to the school's form."""
        return self.visitor.client.post(
            "/lti/launch", data=self.come_back(user, link), base_url=TOOL
        )

    def enter(self, user: str, link: str) -> TestResponse:
        """The whole way in, and the page where it ends."""
        answer = self.launch(user, link)
        while answer.status_code in (302, 303):
            answer = self.visitor.get(answer.location.removeprefix(TOOL), base_url=TOOL)
        return answer

    def send_to_school(self, path: str, **form: str) -> requests.Response:
        """A form of ours that the browser posts to the school."""
        return requests.post(self.there.school.base + path, data=form, timeout=10)

    def secret(self) -> str:
        """What we recognise this browser by."""
        kept = self.visitor.client.get_cookie(COOKIE, domain=str(urlsplit(TOOL).hostname))
        assert kept is not None
        return kept.value


@contextmanager
def plugged(folder: Path) -> Iterator[Plugged]:
    """Both served, until the block is left; in real time, since the library looks at the clock
    on the wall. Readers reach us at ``TOOL``, the school fetches our keys from the port that we
    are served at."""
    made = house(folder, "town", base_url=TOOL, lti_allow_nets="127.0.0.0/8")
    made.services.library.install(new_pack(builders.PACK), SystemClock().now())
    services = made.services
    units = replace(services.units, clock=SystemClock())
    services = replace(services, units=units, lti=lti_tool(services.settings, units))
    made = replace(made, services=services, app=web_app(services))
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    ours = f"http://127.0.0.1:{door.getsockname()[1]}"
    tool = peer.Tool(
        f"{TOOL}/lti/login",
        f"{TOOL}/lti/launch",
        f"{ours}/lti/keys",
        EXPERIENCE,
        f"{TOOL}/lti/to/choose",
    )
    with serving(made.app, door), peer.served(tool) as school:
        yield Plugged(made, school)
    services.close()
