"""The first run in the browser: a one-time link, five steps, and the administrator is inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from engine.courses.examples import next_monday
from engine.curriculum.read import read_outline
from engine.curriculum.rows import outline_from_json
from engine.delivery.channels.smtp import Server, SmtpChannel
from engine.journey.addresses import MAIL
from engine.journey.rhythms import ZONES
from engine.journey.zones import FRENCH
from engine.packs.read import read_folder, read_pack
from engine.storage.tables import (
    Account,
    Course,
    Enrolment,
    FirstRun,
    Membership,
    Placement,
    Tenant,
)
from tests.apps import House, Visitor, house, with_maildir
from tests.integration.mailserver import Desk, serving
from web.bootstrap import web_app
from web.cli.serve import first_steps
from web.site import shipped

PACKS = Path(__file__).parents[2] / "content_packs"
pytestmark = pytest.mark.both_databases
ME = {
    "name": "Ada Martin",
    "email": "ada@example.org",
    "password": "une phrase assez longue",
    "organisation": "Mairie de Saint-Aubry",
}
TENANT = "mairie-de-saint-aubry"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    made = house(tmp_path, "village")
    yield made
    made.services.close()


def printed(made: House) -> str:
    """The path of the link that ``relecture serve`` prints."""
    *_, line = first_steps(made.services)
    return "/setup/" + line.rpartition("/setup/")[2]


def rows(made: House, table: type, tenant: str = TENANT) -> list:
    with made.services.db.read(tenant) as unit:
        return list(unit.scalars(select(table)))


def begun(made: House) -> Visitor:
    """Ada has used the link, and is signed in."""
    visitor, link = made.client(), printed(made)
    visitor.get(link)
    assert visitor.post(link, ME).location == "/setup/organisation"
    return visitor


def test_from_the_printed_link_to_a_course_with_experiences_that_begins_next_monday(
    empty: House,
) -> None:
    visitor = begun(empty)
    page = visitor.get("/setup/organisation").text
    assert "Mairie de Saint-Aubry" in page
    said = {
        "name": "Saint-Aubry",
        "sender_name": "Formation de Saint-Aubry",
        "contact": "dpo@example.org",
        "language": "fr",
        "zone": "America/Martinique",
    }
    assert visitor.post("/setup/organisation", said).location == "/setup/mail"
    assert "RELECTURE_SMTP_URL" in visitor.get("/setup/mail").text
    packs = visitor.get("/setup/packs").text
    wanted = re.findall(r'name="pack" value="([^"]+)"', packs)
    assert "modeles-socio-economiques" in wanted
    assert visitor.post("/setup/packs", {"pack": wanted}).location == "/setup/course"
    assert "lundi 11 janvier" in visitor.get("/setup/course").text
    done = visitor.post("/setup/course", {"example": "fr"}).location
    page = visitor.get(done).text
    with empty.services.db.shared() as unit:
        its = unit.get_one(Tenant, TENANT)
        assert (its.sender, its.contact) == ("Formation de Saint-Aubry", "dpo@example.org")
        assert (its.language, its.zone) == ("fr", "America/Martinique")
    [course] = rows(empty, Course)
    assert course.outline["starts_on"] == "2027-01-11" and len(rows(empty, Placement)) >= 3
    assert [one.role for one in rows(empty, Membership)] == ["facilitator"]
    assert f'href="/courses/{course.slug}/invite"' in page
    live = re.search(r'href="(/courses/[^"]+/try/[^"]+)"', page)
    assert live
    story = visitor.get(live[1])
    assert story.status_code == 200 and 'name="choice"' in story.text


def test_the_last_step_leads_whoever_runs_the_course_into_an_experience(
    empty: House,
) -> None:
    visitor = begun(empty)
    visitor.get("/setup/packs")
    visitor.post("/setup/packs", {"pack": ["modeles-socio-economiques"]})
    visitor.get("/setup/course")
    done = visitor.post("/setup/course", {"example": "fr"}).location
    here = re.search(r'href="(/courses/[^"]+/try/[^"]+)"', visitor.get(done).text)
    assert here
    page = visitor.get(here[1])
    assert page.status_code == 200 and 'name="choice"' in page.text
    assert rows(empty, Enrolment) == []
    assert visitor.get("/courses/nowhere/try/s1").status_code == 404


def test_a_pack_that_is_not_in_the_reader_s_language_is_offered_with_the_one_it_is_in(
    empty: House,
) -> None:
    visitor = begun(empty)
    visitor.get("/setup/packs")
    visitor.post("/language", {"language": "en", "next": "/setup/packs"})
    english = unescape(visitor.get("/setup/packs").text)
    theirs, ours = (
        read_pack(read_folder(PACKS / name)).manifest
        for name in ("partenariats", "modeles-socio-economiques")
    )
    assert f"{theirs.title['fr']} · Français · {theirs.version}" in english
    assert f"{ours.title['en']} · {ours.version}" in english


def test_the_link_serves_once(empty: House) -> None:
    link = printed(empty)
    first, second = empty.client(), empty.client()
    first.get(link)
    second.get(link)
    assert first.post(link, ME).status_code == 303
    refused = second.post(link, {**ME, "email": "eva@example.org", "organisation": "Autre"})
    assert refused.status_code == 404 and "Ce lien a servi" in unescape(refused.text)
    assert second.get(link).status_code == 404
    assert len(rows(empty, Account)) == 1


def test_of_two_who_press_at_once_one_administers(empty: House) -> None:
    link, answers = printed(empty), list[int]()
    visitors = [empty.client() for _ in range(2)]
    for one in visitors:
        one.get(link)

    def press(number: int) -> None:
        me = {**ME, "email": f"p{number}@example.org", "organisation": f"Mairie {number}"}
        answers.append(visitors[number].post(link, me).status_code)

    both = [Thread(target=press, args=(n,)) for n in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(answers) == [303, 404]


def test_a_new_start_prints_a_new_link_and_ends_the_old_one(empty: House) -> None:
    old, new = printed(empty), printed(empty)
    assert empty.client().get(old).status_code == 404
    assert empty.client().get(new).status_code == 200


def test_a_link_of_yesterday_says_how_to_get_another(empty: House) -> None:
    link = printed(empty)
    empty.clock.later(days=1, seconds=1)
    page = empty.client().get(link)
    assert page.status_code == 404 and "relancez-le" in unescape(page.text)


def test_the_token_is_not_stored(empty: House) -> None:
    token = printed(empty).rpartition("/")[2]
    with empty.services.db.shared() as unit:
        [row] = unit.scalars(select(FirstRun))
        assert token not in (row.digest, str(vars(row)))


def test_an_installation_with_an_administrator_prints_nothing_and_ends_the_link(
    empty: House,
) -> None:
    link = printed(empty)
    empty.account("village", "eva@example.org", "administrator")
    assert list(first_steps(empty.services)) == []
    assert empty.client().get(link).status_code == 404
    assert empty.client().post(link, ME).status_code == 404


def test_before_its_link_is_used_an_installation_says_where_to_find_it(empty: House) -> None:
    assert "relecture serve" in empty.client().get("/").text
    begun(empty)
    assert "relecture serve" not in empty.client().get("/").text


@pytest.mark.parametrize(
    ("field", "said"),
    [("name", " "), ("email", "ada"), ("password", "court"), ("organisation", "日本")],
)
def test_what_cannot_be_is_said_beside_its_field_and_the_link_stays_good(
    empty: House, field: str, said: str
) -> None:
    visitor, link = empty.client(), printed(empty)
    visitor.get(link)
    page = visitor.post(link, {**ME, field: said})
    assert page.status_code == 422 and f'id="{field}-fault"' in page.text
    if field != "email":
        assert "ada@example.org" in page.text, "nothing typed is lost"
    assert visitor.post(link, ME).status_code == 303


@pytest.mark.parametrize(
    ("field", "said"),
    [("name", ""), ("contact", "nobody"), ("language", "xx"), ("zone", "Mars/Base")],
)
def test_what_an_organisation_cannot_say_is_refused_beside_its_field(
    empty: House, field: str, said: str
) -> None:
    visitor = begun(empty)
    visitor.get("/setup/organisation")
    good = {"name": "A", "sender_name": "", "contact": "", "language": "fr", "zone": "Europe/Paris"}
    page = visitor.post("/setup/organisation", {**good, field: said})
    assert page.status_code == 422 and f'id="{field}-fault"' in page.text


def test_the_zones_of_the_country_are_the_first_to_choose_from(empty: House) -> None:
    visitor = begun(empty)
    for page in ("/setup/organisation", "/admin/organisation"):
        offered = re.search(r'<select id="zone".*?</select>', visitor.get(page).text, re.DOTALL)
        assert offered
        names = [one for one in re.findall(r'<option value="([^"]*)"', offered[0]) if one]
        assert names[: len(FRENCH)] == list(FRENCH) and set(names) == ZONES
        assert 'value="Europe/Paris" selected' in offered[0]


def test_a_course_of_ones_own_needs_no_example(empty: House) -> None:
    visitor = begun(empty)
    visitor.get("/setup/course")
    assert visitor.post("/setup/course", {"example": ""}).location == "/setup/done"
    assert "prêt pour un cours à vous" in visitor.get("/setup/done").text
    assert rows(empty, Course) == []


# --- mail


def test_the_mail_test_shows_what_the_server_answered(empty: House) -> None:
    visitor, desk = begun(empty), Desk()
    desk.data = "250 2.0.0 queued as 4F7"
    with serving(desk) as server:
        channel = SmtpChannel(server, "Relecture <r@example.org>", empty.clock.wall)
        page = _with_server(empty, channel, visitor).post("/setup/mail")
    assert "250 2.0.0 queued as 4F7" in page.text
    [mail] = desk.taken
    assert mail["To"] == "ada@example.org" and "Mairie de Saint-Aubry" in str(mail["From"])


@pytest.mark.parametrize("refuses", ["rcpt", "data"])
def test_a_server_that_refuses_is_quoted(empty: House, refuses: str) -> None:
    visitor, desk = begun(empty), Desk()
    setattr(desk, refuses, "554 5.7.1 relay access denied")
    with serving(desk) as server:
        channel = SmtpChannel(server, "Relecture <r@example.org>", empty.clock.wall)
        page = _with_server(empty, channel, visitor).post("/setup/mail")
    assert "554 5.7.1 relay access denied" in page.text and 'role="alert"' in page.text


def test_a_server_that_is_not_there_is_told_in_the_words_of_the_machine(empty: House) -> None:
    visitor = begun(empty)
    channel = SmtpChannel(Server("127.0.0.1", 1, "none"), "r@example.org", empty.clock.wall)
    page = _with_server(empty, channel, visitor).post("/setup/mail").text
    assert "refusé" in page and "ConnectionRefusedError" in page


def test_without_a_mail_server_every_page_that_sends_says_where_its_mail_is(
    empty: House, tmp_path: Path
) -> None:
    made = with_maildir(
        replace(
            empty,
            services=replace(
                empty.services,
                settings=replace(empty.services.settings, maildir=tmp_path / "mail"),
            ),
        )
    )
    visitor = begun(made)
    visitor.get("/setup/mail")
    assert str(tmp_path / "mail") in visitor.post("/setup/mail").text
    visitor.get("/setup/packs")
    visitor.post("/setup/packs", {"pack": ["modeles-socio-economiques"]})
    visitor.get("/setup/course")
    done = visitor.post("/setup/course", {"example": "fr"}).location
    invite = "/courses/modeles-socio-economiques/invitations"
    for page in (done, invite, "/courses/modeles-socio-economiques/announcements"):
        assert str(tmp_path / "mail") in visitor.get(page).text, page
    stranger = made.client()
    stranger.get("/sign-in/mail")
    asked = stranger.post("/sign-in/mail", {"email": "ada@example.org"}).text
    assert "pas encore de serveur de courriel" in asked
    assert str(tmp_path / "mail") not in asked, "a visitor is not told about folders"


def _with_server(made: House, channel: SmtpChannel, visitor: Visitor) -> Visitor:
    """The same browser, in front of an app that sends through that channel."""
    services = made.services
    server = replace(
        services,
        channels={MAIL: channel},
        settings=replace(services.settings, smtp=Server("127.0.0.1", 1, "none")),
    )
    app = web_app(server)
    app.testing = True
    client = app.test_client()
    kept = visitor.client.get_cookie("relecture")
    assert kept is not None
    client.set_cookie("relecture", kept.value)
    there = Visitor(client)
    there.get("/setup/mail")
    return there


# --- what comes with the program


@pytest.mark.parametrize(
    ("today", "monday"),
    [(date(2027, 1, 4), date(2027, 1, 11)), (date(2027, 1, 10), date(2027, 1, 11))],
)
def test_next_monday_is_never_today(today: date, monday: date) -> None:
    assert next_monday(today) == monday


def test_packs_and_examples_are_beside_the_program_wherever_one_stands(tmp_path: Path) -> None:
    assert [one.name for one in shipped.pack_folders(tmp_path / "none")]
    for path in shipped.EXAMPLES.values():
        assert read_outline(path.read_bytes(), path.name).sections


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_example_opens_its_first_experience_on_the_day_on_which_it_begins(
    empty: House, language: str
) -> None:
    services = empty.services
    visitor = begun(empty)
    wanted = re.findall(r'name="pack" value="([^"]+)"', visitor.get("/setup/packs").text)
    visitor.post("/setup/packs", {"pack": wanted})
    visitor.get("/setup/course")
    assert visitor.post("/setup/course", {"example": language}).status_code == 303
    [course] = rows(empty, Course)
    monday = next_monday(services.clock.now().date())
    opens = outline_from_json(course.outline).first_days()
    assert min(opens[placed.section] for placed in rows(empty, Placement)) == monday
