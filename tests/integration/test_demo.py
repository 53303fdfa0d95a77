"""The demo: seeded through the same doors as everybody uses, kept from run to run, and walked
through by a visitor."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from engine.courses import progress
from engine.courses.outlines import course_by_slug
from engine.journey.joining import Preferences, accept_contract, learner_of, set_preferences
from engine.people import accounts
from engine.storage.library import Library
from engine.storage.tables import Delivery, Enrolment, Learner, Placement, PlayTable, Touch
from tests import builders
from tests.apps import Visitor, house
from tests.builders import MONDAY, work
from web import worker
from web.bootstrap import web_app
from web.demo import running
from web.demo.pages import bp as demo_pages
from web.demo.people import CHARACTERS, COMPANION, LEARNER, address, live_one
from web.demo.seed import TENANT, seed
from web.services import Services

PACKS = Path(__file__).parents[2] / "content_packs"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working directory of its own, as after cloning."""
    here, folder = Path.cwd(), tmp_path_factory.mktemp("demo")
    os.chdir(folder)
    yield folder
    os.chdir(here)


@pytest.fixture(scope="module")
def services(home: Path) -> Iterator[Services]:
    made = running.prepare(8000, 480)
    yield made
    made.close()


@pytest.fixture
def visitor(services: Services) -> Visitor:
    app: Flask = web_app(services, demo_pages)
    app.testing = True
    there = Visitor(app.test_client())
    there.get("/")
    return there


def says_that_time_runs(visitor: Visitor, page: str) -> bool:
    text = unescape(visitor.get(page).text)
    stands = (
        "time stands still until you answer" in text
        or "le temps s’arrête jusqu’à votre réponse" in text
    )
    assert stands != ("time runs" in text or "le temps passe" in text or "le temps avance" in text)
    return not stands


def states(services: Services) -> dict[str, str]:
    with services.read(TENANT) as work:
        course = course_by_slug(work.session, "modeles-socio-economiques")
        return {p.name: p.state for p in progress.progress(work, course).people}


def camille(services: Services) -> Learner:
    with services.db.read(TENANT) as unit:
        account = accounts.account_by_email(unit, address(LEARNER))
        assert account is not None
        return learner_of(unit, account.id)


def test_the_course_has_every_experience_of_the_pack_that_ships(services: Services) -> None:
    with services.db.read(TENANT) as unit:
        placed = {row.module for row in unit.scalars(select(Placement))}
    shipped = {path.parent.name for path in PACKS.glob("modeles-socio-economiques/*/module.yaml")}
    assert len(shipped) == 5 and shipped <= placed


def test_people_are_at_every_point_of_the_road(services: Services) -> None:
    found = states(services)
    names = {character.name for character in CHARACTERS}
    assert set(found) == {LEARNER.title(), COMPANION.title(), *names}
    assert found[LEARNER.title()] == "joined"
    assert {"active", "paused", "quiet"} <= set(found.values())


def test_a_table_waits_for_one_more_and_another_is_in_the_middle(services: Services) -> None:
    with services.db.read(TENANT) as unit:
        tables = {row.id: row for row in unit.scalars(select(PlayTable))}
        seated = Counter(
            table for table in unit.scalars(select(Enrolment.table)) if table in tables
        )
    begun = {seated[one.id] for one in tables.values() if one.begun_at is not None}
    assert begun == {3} and {seated[one.id] for one in tables.values() if one.begun_at is None} == {
        5
    }


def test_one_visitor_enters_as_two(services: Services, visitor: Visitor) -> None:
    page = unescape(visitor.get("/demo/two").text)
    assert "http://127.0.0.1/demo/second" not in page and ":80/demo/second" in page
    second = Visitor(web_app(services, demo_pages).test_client())
    assert "Inès" in unescape(second.get("/demo/second").text)
    assert second.post("/demo/enter/companion").location == "/home"
    assert "La table attend" in (home := unescape(second.get("/home").text)) or "navette" in home


def test_somebody_went_through_a_whole_debrief(services: Services) -> None:
    with services.read(TENANT) as work:
        course = course_by_slug(work.session, "modeles-socio-economiques")
        assert any(p.debriefs_done for p in progress.progress(work, course).people)


def test_somebody_has_also_when_the_visitor_comes_on_a_monday(tmp_path: Path) -> None:
    """On that day of the week the least time has passed."""
    db = builders.database(tmp_path)
    seed(db, Library(db), PACKS, MONDAY, Random(1))
    with db.read(TENANT) as unit:
        assert "complete" in unit.scalars(select(Enrolment.closed_as)).all()
    db.close()


def test_the_lives_that_were_lived_kept_within_every_limit(services: Services) -> None:
    with services.db.read(TENANT) as unit:
        touches = unit.scalars(
            select(Touch).where(Touch.state != "planned").order_by(Touch.learner, Touch.opened_at)
        ).all()
        assert len(touches) > 40
        for one, other in pairwise(touches):
            assert one.minutes <= 3
            if one.learner == other.learner and one.opened_at and other.opened_at:
                assert other.opened_at - one.opened_at > timedelta(days=1)
        assert unit.scalar(select(func.count()).select_from(Delivery)) == 0


def test_a_second_start_finds_everything_where_it_was(services: Services) -> None:
    before, now = states(services), services.clock.now()
    again = running.prepare(8000, 480)
    try:
        assert states(again) == before
        assert again.clock.now() >= now
        assert again.settings.secret_key == services.settings.secret_key
    finally:
        again.close()


def test_the_secret_is_readable_by_its_owner_alone(services: Services, home: Path) -> None:
    assert (home / "var" / "demo-secret").stat().st_mode & 0o077 == 0


def test_a_visitor_enters_as_a_learner_who_has_promised_nothing_yet(
    services: Services, visitor: Visitor
) -> None:
    response = visitor.post("/demo/enter/learner")
    assert (response.status_code, response.location) == (303, "/home")
    assert visitor.get("/home").location == "/contract"
    assert camille(services).contract_at is None


def test_a_visitor_enters_as_whoever_runs_the_course(visitor: Visitor) -> None:
    visitor.post("/demo/enter/facilitator")
    assert visitor.get("/", follow_redirects=True).status_code == 200


def test_nobody_else_can_be_entered_as(visitor: Visitor) -> None:
    assert visitor.post("/demo/enter/aicha").status_code == 404


def test_the_doors_need_the_button_that_leads_there(services: Services, visitor: Visitor) -> None:
    assert visitor.client.post("/demo/enter/learner").status_code == 400
    assert visitor.client.post("/demo/next-day").status_code == 400


def test_visitors_who_are_nobody_yet_find_no_mailbox_and_move_no_time(
    services: Services, visitor: Visitor
) -> None:
    now = services.clock.now()
    assert visitor.get("/demo/mailbox").status_code == 404
    visitor.get("/")
    assert visitor.post("/demo/next-day").status_code == 404
    assert services.clock.now() - now < timedelta(hours=12)


def test_without_anything_lived_there_is_no_next_question(
    services: Services, visitor: Visitor
) -> None:
    visitor.post("/demo/enter/learner")
    visitor.get("/", follow_redirects=True)
    assert visitor.post("/demo/next-question").location == "/home"


def test_the_whole_road_from_the_contract_to_the_first_mail(
    services: Services, visitor: Visitor
) -> None:
    with services.db.write(TENANT) as unit:
        learner = learner_of(unit, camille(services).id)
        accept_contract(work(unit, now=services.clock.now()), learner)
        set_preferences(
            work(unit, library=services.library, now=services.clock.now(), rng=services.rng),
            learner,
            Preferences(),
        )
        live_one(
            work(unit, library=services.library, now=services.clock.now(), rng=services.rng),
            learner,
        )
        unit.commit()
    visitor.post("/demo/enter/learner")
    visitor.get("/home")
    asked = visitor.post("/demo/next-question")
    assert (asked.status_code, asked.location) == (303, "/touch/1")
    running.bent(services).beat()
    stands = services.clock.now()
    assert not running.bent(services).running
    assert says_that_time_runs(visitor, asked.location) is False
    for state, runs in (("answered", True), ("open", False)):
        with services.db.write(TENANT) as unit:
            unit.scalars(
                select(Touch).where(Touch.learner == camille(services).id, Touch.number == 1)
            ).one().state = state
            unit.commit()
        assert says_that_time_runs(visitor, "/home") is runs, (
            "the banner waits for no beat of the clock"
        )

    mailbox = visitor.get("/demo/mailbox").text
    found = re.findall(r'href="(/demo/mail/[0-9a-f]+)"', mailbox)
    assert len(found) == 1
    mail = visitor.get(found[0])
    assert (
        "srcdoc=" in mail.text and 'sandbox="allow-top-navigation-by-user-activation"' in mail.text
    )
    assert "style-src 'self' 'unsafe-inline'" in mail.headers["Content-Security-Policy"]
    assert "script-src 'self'" in mail.headers["Content-Security-Policy"]
    assert services.clock.now() == stands

    visitor.get("/home")
    visitor.post("/demo/next-day")
    assert services.clock.now() > stands

    visitor.get("/touch/1")
    visitor.post("/touch/snooze", {"days": "2"})
    for _day in range(14):
        visitor.get("/home")
        visitor.post("/demo/next-day")
        if "Une question vous attend" in visitor.get("/home").text:
            break
    assert "Une question vous attend" in visitor.get("/home").text, (
        "days go by, and no question is passed over"
    )

    visitor.get("/", follow_redirects=True)
    visitor.post("/demo/enter/facilitator")
    assert visitor.get(found[0]).status_code == 404, "a mail is for whom it was sent to"


def test_people_go_on_living_while_the_demo_runs(services: Services) -> None:
    clock = running.bent(services)
    answered = count(services)
    for _ in range(12):
        clock.jump_to(clock.now() + timedelta(hours=20))
        worker.tick(services)
        running.lives(services)
    assert count(services) > answered


def test_who_was_forgotten_is_invited_again_at_the_door(
    services: Services, visitor: Visitor
) -> None:
    visitor.post("/demo/enter/learner")
    visitor.get("/leave")
    before = camille(services).id
    assert visitor.post("/leave", {"sure": "yes"}).status_code == 303
    visitor.get("/")
    assert visitor.post("/demo/enter/learner").location == "/home"
    assert camille(services).id != before and camille(services).contract_at is None
    assert states(services)[LEARNER.title()] == "joined"


def test_where_there_is_no_demo_course_nobody_is_invited(tmp_path: Path) -> None:
    for tenants in (("north",), (TENANT,)):
        folder = tmp_path / tenants[0]
        folder.mkdir()
        assert (
            house(folder, *tenants, demo=True).client().post("/demo/enter/learner").status_code
            == 404
        )


def count(services: Services) -> int:
    with services.db.read(TENANT) as unit:
        return len(unit.scalars(select(Touch).where(Touch.state == "answered")).all())


def test_outside_the_demo_its_doors_do_not_exist(tmp_path: Path) -> None:
    app = house(tmp_path).app
    assert not [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("demo.")]
