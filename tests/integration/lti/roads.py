"""The whole road between an LMS in the manner of a profile and an installation with its pages: a
browser that goes between the two, and what happens in the weeks after."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.journey import answering, joining, playing, showing
from engine.journey.answering import Asking
from engine.journey.joining import Preferences, learner_of
from engine.journey.touches import open_touch, planned_one
from engine.packs.new import new_pack
from engine.packs.read import read_folder
from engine.storage.tables import Account, Placement
from lti.campus import ids, roster
from lti.campus.campus import Campus
from lti.campus.gradebook import Mark
from lti.campus.profiles import PROFILES
from lti.campus.profiles.profile import Kind
from lti.courses import people
from lti.platforms import health, registrations
from lti.platforms.dynamic import Registrar
from lti.platforms.registrations import Registration
from lti.wire.http import Answer
from lti.wire.refusals import FetchRefused
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import work
from tests.integration.lti.indoors import Inside
from tests.integration.lti.lms import NOW, TOOL, http, invited
from tests.integration.lti.platforms import FORM, fields, served
from tests.integration.lti.terms import FORMS
from web import worker
from web.pages.lms import targets
from web.services import Services

ROOT = Path(__file__).parents[3]
PACK = "modeles-socio-economiques"
WINDOW = f"{builders.PACK}/{builders.MODULE}"
GROCERY = f"{PACK}/l-epicerie-du-bourg"
KINDS: tuple[Kind, ...] = ("assistant", "mentor", "administrator", "test-user")


@dataclass
class Road:
    """A platform in the manner of a profile, an installation, and their connection."""

    campus: Campus
    house: House
    registration: Registration = field(init=False)

    def connect(self, tenant: str = "town") -> Registration:
        """The organisation is connected: by Dynamic Registration where that LMS has it, else by
        hand; and both administrators say yes."""
        if self.campus.profile.registering.dynamic:
            made = self._registered(tenant)
        else:
            made = self.entered(tenant)
        self.campus.enable(self.campus.client(made.client_id))
        self.accept(made)
        return made

    def _registered(self, tenant: str) -> Registration:
        services = self.house.services
        registrar = Registrar(services.units, services.lti.http, targets.tool(TOOL))
        return registrar.complete(
            invited(services.units, tenant),
            f"{self.campus.base}/.well-known/openid-configuration",
            self.campus.invite(),
        )

    def entered(
        self, tenant: str, client: str | None = None, claimed_at: datetime | None = None
    ) -> Registration:
        """An administrator enters what the platform's page tells, for a new client of it unless
        one is given."""
        campus = self.campus
        if client is None:
            self.change(
                "/tools/by-hand",
                name="Relecture",
                login=f"{TOOL}/lti/login",
                launch=f"{TOOL}/lti/launch",
                keys=f"{TOOL}/lti/keys",
                home=f"{TOOL}/lti/to/course",
                choose=f"{TOOL}/lti/to/choose",
            )
        said = Registration(
            tenant=tenant,
            id="",
            issuer=campus.issuer,
            client_id=client or list(campus.clients)[-1],
            login_url=f"{campus.base}/authorize",
            token_url=campus.token_url,
            keys_url=f"{campus.base}/keys",
            token_audience=campus.token_audience,
            claimed_at=claimed_at,
        )
        with self.house.services.units.write(tenant) as unit:
            made = registrations.add(unit, said)
            unit.commit()
        return made

    def accept(self, registration: Registration, deployment: str | None = None) -> None:
        """Our administrator accepts a deployment, the platform's unless another is given."""
        with self.house.services.units.write(registration.tenant) as unit:
            its = deployment or self.campus.profile.identity.deployment
            registrations.accept_deployment(unit, registration.id, its)
            unit.commit()

    def post(self, path: str, **said: str) -> Answer:
        """A form of the platform."""
        body = urlencode(said).encode()
        return http().send("POST", self.campus.base + path, headers=FORM, body=body)

    def change(self, path: str, **said: str) -> None:
        """A form of the platform whose answer sends the browser on."""
        with pytest.raises(FetchRefused, match="fetch-redirected"):
            self.post(path, **said)

    def browser(self) -> Browser:
        """A browser that nobody knows yet."""
        return Browser(self, self.house.client())

    def open(self, user: str, link: int = 1, **query: str) -> Browser:
        """Somebody follows a link in a browser of their own."""
        return self.browser().open(f"/links/link-{link}/open", user=user, **query)

    def choose(self, *items: str, **query: str) -> Answer:
        """The teacher places these experiences, in the usual terms; what the platform answers."""
        return self.browser().place(**query).choose(*items)

    def account(self, user: str) -> Account | None:
        """The account here of a member there."""
        campus, person = self.campus, self.campus.roster.find(user)
        assert person is not None
        subject = ids.subject(campus.profile, campus.base, person)
        with self.house.services.db.read("town") as unit:
            return people.find(unit, self.registration.id, subject)

    def live(self, user: str, module: str = WINDOW) -> None:
        """They say yes to the contract, and live that experience to its end."""
        account = self.account(user)
        assert account is not None
        lived(self.house.services, account, module)

    def answer_next(self, user: str) -> None:
        """Time goes on to their next touch, and they answer all of it."""
        account, house = self.account(user), self.house
        assert account is not None
        library, rng = house.services.library, house.services.rng
        with house.services.db.write("town") as unit:
            who = learner_of(unit, account.id)
            touch = planned_one(unit, who.id)
            assert touch is not None
            now = house.clock.later(
                seconds=max(0, (touch.due_at - house.clock.now()).total_seconds())
            )
            open_touch(work(unit, now=now), who, touch)
            of = work(unit, library=library)
            for asked in showing.touch_view(of, who.id, touch.number, "fr").left:
                answering.answer(
                    work(unit, library=library, now=now, rng=rng),
                    who.id,
                    Asking(touch.number, asked.enrolment, asked.prompt, asked.occurrence),
                    FORMS[asked.question.prompt.kind],
                )
            unit.commit()

    def send_scores(self) -> None:
        """A minute later the worker sends what is due."""
        self.house.clock.later(minutes=1)
        worker.send_scores(self.house.services)

    def read_roster(self) -> None:
        """A minute later the worker reads the roster."""
        self.house.clock.later(minutes=1)
        worker.sync_rosters(self.house.services)

    def grades(self, user: str) -> list[float | None]:
        """What the gradebook shows of a member, column by column."""
        book = self.campus.book
        marks = [book.marks.get((number, user)) for number in book.columns]
        return [mark.published if mark else None for mark in marks]

    def mark(self, user: str) -> Mark:
        """The one mark that a member has."""
        [mark] = [mark for (_, who), mark in self.campus.book.marks.items() if who == user]
        return mark

    @property
    def made(self) -> list[str]:
        """Who made each column."""
        return [column.made for column in self.campus.book.columns.values()]

    @property
    def state(self) -> str:
        """What our administrator is told of the connection."""
        with self.house.services.db.read("town") as unit:
            return health.connection(unit, self.registration.id).state


def lived(services: Services, account: Account, module: str) -> None:
    """Somebody says yes to the contract, and lives that experience to its end."""
    now, library, rng = services.clock.now(), services.library, services.rng
    with services.db.write(account.tenant) as unit:
        who = learner_of(unit, account.id)
        if who.contract_at is None:
            joining.accept_contract(work(unit, now=now), who)
            of = work(unit, library=library, now=now, rng=rng)
            joining.set_preferences(of, who, Preferences(channel="inbox"))
        placed = next(
            row for row in unit.scalars(select(Placement)) if f"{row.pack}/{row.module}" == module
        )
        begun = playing.begin(
            work(unit, library=library, now=now), who, placed.course, placed.section
        )
        scene = playing.scene(work(unit, library=library), who, begun.id)
        while not scene.screen.finished:
            sample = scene.screen.form.sample
            of = work(unit, library=library, now=now, rng=rng)
            scene = playing.act(of, who, begun.id, scene.number, sample)
        unit.commit()


@dataclass
class Browser:
    """``at``: the path of the visit it is in; ``page``: what it shows."""

    road: Road
    visitor: Visitor
    at: str = ""
    page: TestResponse = field(init=False)

    def form(self, path: str, **query: str) -> dict[str, str]:
        """Follow a link of the platform, as far as the form that it posts to us."""
        return fields(http().send("GET", self.asked(path, **query)))

    def asked(self, path: str, **query: str) -> str:
        """Follow a link of the platform, to the address at which we ask for the launch."""
        shown = http().send("GET", f"{self.road.campus.base}{path}?{urlencode(query)}")
        frame = re.search(r'id="tool"[^>]* data-src="([^"]+)"', shown.body.decode())
        assert frame, shown.body.decode()
        return self.logged_in(html.unescape(frame[1]))

    def logged_in(self, begun: str) -> str:
        """Go to where a login begins, and as far as we ask for the launch."""
        client = self.visitor.client
        if begun.startswith(self.road.campus.base):
            said = fields(http().send("GET", begun))
            answer = client.post("/lti/login", data=said, base_url=TOOL)
        else:
            said = dict(parse_qsl(urlsplit(begun).query))
            answer = client.get("/lti/login", query_string=said, base_url=TOOL)
        while answer.status_code == 303:
            answer = client.get(answer.location.removeprefix(TOOL), base_url=TOOL)
        if answer.status_code == 302:
            return answer.location
        kept = re.search(r'data-next="([^"]*)"', answer.text)
        assert kept, answer.text
        return html.unescape(kept[1])

    def open(self, path: str, **query: str) -> Browser:
        """Follow a link of the platform to the page of ours where it ends."""
        return self.land(self.form(path, **query))

    def land(self, form: Mapping[str, str]) -> Browser:
        """Post what the platform says, and go where that leads."""
        answer = self.visitor.client.post("/lti/launch", data=dict(form), base_url=TOOL)
        if answer.status_code == 303:
            self.at = "/".join(urlsplit(answer.location).path.split("/")[:3])
        self.page = self._follow(answer)
        return self

    def place(self, user: str = "teacher-1", **query: str) -> Browser:
        """Begin to choose links, at a placement of the platform."""
        client = self.road.registration.client_id
        return self.open(f"/tools/{client}/place", user=user, **query)

    def choose(self, *items: str, counts: str = "both") -> Answer:
        """Tick these, and let the platform have them; what it answers."""
        assert self.where == "/lms/choose", self.page.text
        said = {"counts": counts, "points": "100", "target": "iframe", "item": list(items)}
        page = self._follow(self.visitor.post(f"{self.at}/lms/choose", said, base_url=TOOL))
        action = re.search(r'action="([^"]+)"><input type="hidden" name="JWT"', page.text)
        signed = re.search(r'name="JWT" value="([^"]+)"', page.text)
        assert action and signed, page.text
        path = urlsplit(html.unescape(action[1])).path
        return self.road.post(path, JWT=signed[1])

    @property
    def where(self) -> str:
        """The path of its page inside the visit."""
        return self.page.request.path.removeprefix(self.at)

    def _follow(self, answer: TestResponse) -> TestResponse:
        while answer.status_code in (302, 303):
            answer = self.visitor.get(answer.location.removeprefix(TOOL), base_url=TOOL)
        return answer


def _a_moment_later(house: House) -> datetime:
    """Each question to the platform takes a moment, so that of two answers one is the last."""
    house.clock.walled += timedelta(milliseconds=1)
    return house.clock.walled


@contextmanager
def road(folder: Path, profile: str, *tenants: str, members: int = 12) -> Iterator[Road]:
    """A platform of that profile, with a teacher, learners, and one of each other kind that it
    knows; and an installation, not connected yet."""
    made = house(
        folder, *(tenants or ("town",)), base_url=TOOL, lti_allow_nets="127.0.0.0/8, ::1/128"
    )
    library = made.services.library
    library.install(new_pack(builders.PACK), NOW)
    library.install(read_folder(ROOT / "content_packs" / PACK), NOW)
    with served(members) as campus:
        campus.profile, campus.http = PROFILES[profile], Inside(made)
        campus.wall = lambda: _a_moment_later(made)
        for kind in KINDS:
            if kind in campus.profile.people.launch:
                campus.roster = roster.joined(campus.roster, 1, kind)
        yield Road(campus, made)
