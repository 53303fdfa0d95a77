"""Two organisations, every route, every role: nobody reads or changes a word of another
organisation or of another learner."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import JSON, create_engine, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.courses import members, outlines, uploads
from engine.delivery.opening import open_due
from engine.journey import answering, showing
from engine.journey.answering import Asking
from engine.packs.new import new_pack
from engine.people import accounts
from engine.storage.tables import Account, Course, LtiContext, Tenant, TenantRow, Touch
from engine.storage.work import Units
from lti.platforms import registrations
from lti.platforms.registrations import Registration
from tests import builders
from tests.apps import SECRET, House, house
from tests.builders import MONDAY, work
from tests.fakes import FakeClock
from web.site import signing
from web.site.links import ADDRESS, ANSWER, GUEST, INVITATION, MONDAY_MAIL, UNSUBSCRIBE

ANSWERS = {"grade": "3", "if": "il pleut", "then": "je rappelle", "happened": "yes", "note": ""}
HERE, ELSEWHERE = "north", "south"
LEARNERS = {"ada": "a", "bo": "a", "cy": "b"}
"""Of each organisation, with their course: two in one, one in another."""
DOORS = {
    ANSWER: "/l/",
    UNSUBSCRIBE: "/u/",
    "magic": "/sign-in/mail/",
    ADDRESS: "/address/",
    INVITATION: "/invitation/",
    MONDAY_MAIL: "/m/",
    GUEST: "/w/",
}
OWNED = {"slug", "course", "enrolment", "connection", "account", "upload"}
"""Parameters that name what belongs to somebody: in the place of another's, nothing is found."""
ROLES = ("learner", "facilitator", "administrator", "visitor")


@dataclass
class Org:
    """One organisation; every text in it says whose it is."""

    courses: dict[str, Course]
    accounts: dict[str, Account]
    enrolments: dict[str, str]
    connection: str
    upload: str


@dataclass
class Land:
    """The installation, its two organisations, and what each answer link would be."""

    house: House
    orgs: dict[str, Org]

    def signed(self, purpose: str, payload: list[object]) -> str:
        """A good token for that purpose."""
        return signing.sign(SECRET, purpose, payload, self.house.clock.wall() + timedelta(days=1))

    def digest(self, tenant: str) -> str:
        """Of every row of an organisation, and of the names of all."""
        whole = hashlib.sha256()
        with self.house.services.db.across("sign-in") as door:
            for table in sorted(TenantRow.__subclasses__(), key=lambda t: t.__name__):
                rows = [
                    repr([getattr(row, column.key) for column in table.__table__.columns])
                    for row in door.scalars(select(table).where(table.tenant == tenant))
                ]
                whole.update("\n".join(sorted(rows)).encode())
            whole.update(repr(sorted(door.scalars(select(Tenant.name)))).encode())
        return whole.hexdigest()


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Land]:
    folder: Path = tmp_path_factory.mktemp("sweep")
    made = house(folder, HERE, ELSEWHERE, demo=True, maildir=str(folder / "mail"))
    made.services.library.install(new_pack(builders.PACK), MONDAY)
    # That forms need their token is for test_security to see; here every request gets as far as it
    # can.
    made.app.config["WTF_CSRF_METHODS"] = set()
    orgs = {tenant: settle(made, tenant) for tenant in (HERE, ELSEWHERE)}
    fill_empty_tables(folder / "test.db")
    yield Land(made, orgs)
    made.services.close()


def settle(made: House, tenant: str) -> Org:
    """Courses, people, lives and answers; whatever can be read says ``tenant`` and whose it is
    (addresses of pages do not)."""
    services = made.services
    with services.db.write(tenant) as unit:
        unit.get_one(Tenant, tenant).name = f"{tenant}-organisation"
        held = {name: course_of(unit, tenant, name) for name in ("a", "b")}
        people = {
            role: accounts.add_account(
                unit, f"{tenant}-{role}@example.org", f"{tenant}-{role}", role, "fr", MONDAY
            )
            for role in ("facilitator", "administrator")
        }
        members.enrol(unit, held["a"], people["facilitator"], MONDAY, "facilitator")
        enrolments = {}
        for name, course in LEARNERS.items():
            learner = builders.learner(
                unit, services.library, held[course], f"{tenant}-{name}@example.org"
            )
            learner.account.name = f"{tenant}-{name}"
            people[name] = learner.account
            world = builders.World(services.db, services.library, tenant)
            enrolments[name] = builders.lived(unit, world, learner, held[course]).id
        unit.commit()
    for _ in range(2):
        answer_all(made, tenant, people)
    open_all(made, tenant)
    return Org(
        held,
        people,
        enrolments,
        connect(made, tenant, held["a"]),
        hand_in(made, tenant, people["ada"].id, held["a"]),
    )


def hand_in(made: House, tenant: str, by: str, course: Course) -> str:
    """A list that somebody brought who leads no course now; its id."""
    with made.services.write(tenant) as work:
        data = f"titre;semaine\n{tenant}-section;1\n".encode()
        row = uploads.hand_in(work, by, "outline", course, f"{tenant}.csv", data)
        work.commit()
        return row.id


def connect(made: House, tenant: str, course: Course) -> str:
    """A platform of that organisation that opened this course; the connection's id."""
    base = f"https://{tenant}-lms.example.org"
    said = Registration(
        tenant,
        "",
        base,
        f"{tenant}-client",
        f"{base}/in",
        f"{base}/token",
        f"{base}/keys",
        name=f"{tenant}-lms",
    )
    with made.services.write(tenant) as work:
        known = registrations.add(work, said)
        registrations.accept_deployment(work, known.id, "1")
        work.session.add(
            LtiContext(
                registration=known.id,
                deployment="1",
                context="1",
                course=course.id,
                opened_at=MONDAY,
            )
        )
        work.commit()
    return known.id


def fill_empty_tables(file: Path) -> None:
    """A row of ``ELSEWHERE`` in every table that nobody's life reached, those of tomorrow
    included."""
    kinds: dict[type, object] = {
        str: f"{ELSEWHERE}-row",
        int: 7,
        float: 0.5,
        bool: True,
        bytes: b"x",
    }
    engine = create_engine(f"sqlite:///{file}")  # one that does not mind foreign keys
    with engine.begin() as connection:
        for table in (row.__table__ for row in TenantRow.__subclasses__()):
            if (
                connection.execute(table.select().where(table.c.tenant == ELSEWHERE)).first()
                is None
            ):
                row = {
                    c.key: {} if isinstance(c.type, JSON) else kinds.get(c.type.python_type, MONDAY)
                    for c in table.columns
                }
                connection.execute(table.insert().values(row | {"tenant": ELSEWHERE}))
    engine.dispose()


def course_of(unit: Session, tenant: str, name: str) -> Course:
    made = builders.course(unit, f"{name}-{tenant[0]}")
    plain = builders.outline(made.slug)
    sections = tuple(
        replace(s, title=f"{tenant}-section-{name}", text=f"Commerce {tenant}")
        for s in plain.sections
    )
    return outlines.import_outline(
        unit, replace(plain, title=f"{tenant}-course-{name}", sections=sections), MONDAY
    )


def open_all(made: House, tenant: str) -> None:
    with made.services.db.read(tenant) as unit:
        due = max(
            unit.scalars(select(Touch.due_at).where(Touch.state == "planned")), default=MONDAY
        )
    open_due(Units(made.services.db, made.services.library, FakeClock(due, due), made.services.rng))


def answer_all(made: House, tenant: str, accounts: Mapping[str, Account]) -> None:
    open_all(made, tenant)
    with made.services.db.write(tenant) as unit:
        for name in LEARNERS:
            for touch in list(
                unit.scalars(
                    select(Touch).where(Touch.learner == accounts[name].id, Touch.state == "open")
                )
            ):
                view = showing.touch_view(
                    work(unit, library=made.services.library), touch.learner, touch.number, "fr"
                )
                for asked in view.left:
                    form = ANSWERS | {"text": f"{tenant}-words-of-{name}"}
                    answering.answer(
                        work(
                            unit,
                            library=made.services.library,
                            now=touch.due_at,
                            rng=made.services.rng,
                        ),
                        touch.learner,
                        Asking(touch.number, asked.enrolment, asked.prompt, asked.occurrence),
                        form,
                    )
        unit.commit()


def who_is(role: str) -> str:
    return "ada" if role == "learner" else role


def forbidden(role: str) -> list[str]:
    """What this reader of ``HERE`` must never see."""
    words = [f"{HERE}-words-of-{name}" for name in LEARNERS if name != who_is(role)]
    names, other_course = (
        [f"{HERE}-bo", f"{HERE}-cy"],
        [f"{HERE}-course-b", f"{HERE}-section-b", f"{HERE}-lms"],
    )
    more = {
        "learner": names + other_course,
        "facilitator": [names[1], *other_course],
        "administrator": [],
        "visitor": [*names, *other_course, f"{HERE}-ada", f"{HERE}-course-a"],
    }[role]
    return [f"{ELSEWHERE}-", *words, *more]


def values_of(land: Land, role: str, rule: str) -> dict[str, list[str]]:
    """For each parameter a route may have, what belongs to others, or what leads to others beside
    one's own.

    A signed link of somebody else opens what it was signed for, whoever has it; it is tried on
    every other route.
    """
    south, north = land.orgs[ELSEWHERE], land.orgs[HERE]
    other = south.accounts["ada"].id
    foreign = {
        purpose: land.signed(purpose, payload)
        for purpose, payload in (
            (ANSWER, [ELSEWHERE, other, 1]),
            (UNSUBSCRIBE, [ELSEWHERE, other]),
            ("magic", [(ELSEWHERE, other, 0)]),
            (ADDRESS, [ELSEWHERE, other, "x@example.org"]),
            (GUEST, [ELSEWHERE, other, south.enrolments["ada"]]),
            (MONDAY_MAIL, [ELSEWHERE, south.courses["a"].id, south.accounts["facilitator"].id]),
            (INVITATION, [ELSEWHERE, south.courses["a"].id, f"{ELSEWHERE}-ada@example.org", 1, 0]),
        )
    }
    own = [land.signed(ANSWER, [HERE, north.accounts["ada"].id, 1])] if role == "learner" else []
    crossed = land.signed(ANSWER, [HERE, other, 1])
    tokens = [token for purpose, token in foreign.items() if not rule.startswith(DOORS[purpose])]
    return {
        "slug": [south.courses["a"].slug, south.courses["a"].id]
        + [north.courses["b"].slug] * (role != "administrator"),
        "course": [south.courses["a"].id, north.courses["b"].id],
        "section": ["s1"],
        "enrolment": [south.enrolments["ada"], north.enrolments["bo"]],
        "number": ["1", "3"],
        "prompt": ["lundi", "nobody"],
        "token": [*tokens, *own, crossed, crossed[:-2] + "AA"],
        "pack": [builders.PACK],
        "version": ["0.1.0"],
        "module": [builders.MODULE],
        "name": ["x.png", "..%2Fpack.yaml"],
        "action": ["lighter", "later"],
        "persona": ["learner", "facilitator"],
        "mail_id": ["x"],
        "registration": ["f" * 32],
        "upload": [south.upload, north.upload],
        "filename": ["style.css", "..%2Fapp.py"],
        "item": ["course", "experience?module=x"],
        "account": [other] + [north.accounts["bo"].id] * (role != "administrator"),
        "connection": [south.connection] + [north.connection] * (role != "administrator"),
    }


def form_of(land: Land, enrolment: str) -> dict[str, str]:
    """Every field that some form has, filled with what is not one's own."""
    south = land.orgs[ELSEWHERE]
    return {
        "enrolment": enrolment,
        "prompt": "lundi",
        "occurrence": "1",
        "text": "mots",
        "choice": "planning",
        "option": "planning",
        "number": "1",
        "grade": "3",
        "days": "7",
        "until": "2027-02-01",
        "pin": f"{builders.PACK}/{builders.MODULE}",
        "section": "s2",
        "organisation": ELSEWHERE,
        "language": "fr",
        "account": south.accounts["ada"].id,
        "weekly_minutes": "12",
        "token": land.signed(UNSUBSCRIBE, [ELSEWHERE, south.accounts["ada"].id]),
        "emails": "someone@example.org",
        "email": "x@example.org",
        "called": f"{ELSEWHERE}-lms",
        "deployment": "1",
        "state": "withdrawn",
        "people": "erase",
        "wanted": "yes",
        "do": "make",
        "who": south.accounts["ada"].id,
    }


def addresses(rule: Rule, values: Mapping[str, list[str]]) -> Iterator[str]:
    names = sorted(rule.arguments)
    for chosen in product(*(values[name] for name in names)):
        path = rule.rule
        for name, value in zip(names, chosen, strict=True):
            start = path.rindex("<", 0, path.index(f"{name}>"))
            path = path[:start] + value + path[path.index(">", start) + 1 :]
        yield path


def visit(land: Land, role: str, method: str, path: str, enrolment: str) -> TestResponse:
    client = land.house.app.test_client()
    if role != "visitor":
        account = land.orgs[HERE].accounts[who_is(role)]
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"{HERE}:{account.id}:0", True
    return client.open(
        path, method=method, data=form_of(land, enrolment) if method == "POST" else None
    )


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_or_changes_what_is_not_theirs(land: Land, role: str) -> None:
    never, before, seen = forbidden(role), (land.digest(ELSEWHERE), others_of(land, role)), 0
    for rule in land.house.app.url_map.iter_rules():
        values = values_of(land, role, rule.rule)
        for method in sorted(rule.methods or ()):
            named = bool(rule.arguments - {"number"})
            for path, enrolment in product(
                addresses(rule, values),
                values["enrolment"][: 1 if named or method != "POST" else 2],
            ):
                with visit(land, role, method, path, enrolment) as answer:
                    told = answer.get_data(as_text=True) + str(answer.headers)
                    assert answer.status_code < 500, (method, path)
                    assert [word for word in never if word in told] == [], (method, path)
                    assert not rule.arguments & OWNED or hidden(answer, method), (method, path)
                    seen += answer.status_code == 200
        assert (land.digest(ELSEWHERE), others_of(land, role)) == before, rule
    assert seen > 50


def hidden(answer: TestResponse, method: str) -> bool:
    """Not found, or asked to sign in (or to read the contract) first; what no route answers to
    says nothing either."""
    return (
        answer.status_code == 404
        or method == "OPTIONS"
        or (answer.location or "").startswith(("/sign-in", "/contract"))
    )


def others_of(land: Land, role: str) -> str:
    """What no request of this reader may change in their own organisation: the lives of other
    learners."""
    north = land.orgs[HERE]
    with land.house.services.db.read(HERE) as unit:
        kept = []
        for name in ("bo", "cy"):
            touches = unit.scalars(
                select(Touch).where(Touch.learner == north.accounts[name].id).order_by(Touch.number)
            )
            kept += [(t.number, t.state, t.kind) for t in touches]
            kept += sorted(showing.answers_of(unit, north.enrolments[name]).items())
            account = unit.scalars(
                select(Account).where(Account.id == north.accounts[name].id)
            ).one()
            kept.append((account.email, sorted(account.roles), account.epoch, account.language))
        if role != "administrator":
            course = outlines.course_by_slug(unit, north.courses["b"].slug)
            kept.append((course.pins, course.bans, course.weekly_minutes, course.slotted_at))
    return repr(kept)


def test_the_words_looked_for_are_there_for_whom_they_are_meant(land: Land) -> None:
    assert f"{HERE}-words-of-ada" in visit(land, "learner", "GET", "/path", "").text
    progress = visit(land, "facilitator", "GET", "/courses/a-n/people", "").text
    assert f"{HERE}-bo" in progress and f"{HERE}-words-of" not in progress
    assert f"{HERE}-cy" in visit(land, "administrator", "GET", "/courses/b-n/people", "").text


def test_every_parameter_of_every_route_is_known_to_the_sweep(land: Land) -> None:
    known = set(values_of(land, "learner", "/"))
    new = {name for rule in land.house.app.url_map.iter_rules() for name in rule.arguments} - known
    assert new == set(), (
        "say in values_of what this parameter may be, above all what belongs to others"
    )
