"""The door with its pages: who comes in by a launch sees the right page, in the LMS's frame, and
nobody else does."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import func, select

from engine.delivery import parked as parking
from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.journey import rhythms
from engine.journey.addresses import MAIL
from engine.people.invitations import invite
from engine.spacing.values import Rhythm
from engine.storage.tables import (
    Account,
    Course,
    Enrolment,
    Learner,
    LtiHealth,
    LtiLink,
    LtiPerson,
    LtiState,
    LtiVisit,
    Membership,
    Placement,
)
from lti.courses import people
from lti.platforms import registrations
from lti.wire import names
from tests import builders
from tests.builders import work
from tests.integration.lti.doors import EXPERIENCE, Change, Guest, Plugged, plugged, teacher
from tests.integration.lti.lms import TOOL, Lms, login_params, register
from web import worker

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    return plugged(tmp_path, lms)


def rows(there: Plugged, table: type) -> int:
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(func.count()).select_from(table)).one()


def test_a_learner_reads_the_contract_first_then_lives_the_experience_that_was_placed(
    there: Plugged,
) -> None:
    guest = there.browser()
    page = guest.enter()
    assert "pari de la confiance" in page.get_data(as_text=True)
    page = guest.send("/contract")
    assert guest.where(page).startswith("/lms/experience/")
    with there.house.services.db.read("town") as unit:
        placed = unit.scalars(select(Placement)).one()
        assert (placed.module, placed.pinned) == (builders.MODULE, True)
        assert unit.scalars(select(Course.title)).one() == "Économie"
        assert unit.scalars(select(Membership.role)).one() == "learner"
        link = unit.scalars(select(LtiLink)).one()
        assert (link.item, link.graded, link.line_item) == (
            "experience",
            True,
            "https://school.example.net/items/1?type_id=1",
        )
    page = guest.send(f"/courses/{placed.course}/{placed.section}/begin")
    assert guest.where(page).startswith("/experience/")


RHYTHM = {
    "channel": "inbox",
    "language": "fr",
    "zone": "Europe/Paris",
    "hour": "08:40",
    "opens": "08:30",
    "closes": "18:30",
    "days_off": "6",
    "country": "FR",
    "touch_minutes": "3",
    "week_minutes": "6",
    "gap_days": "2",
}


def test_a_link_that_is_shown_before_its_week_says_from_which_day_it_opens(
    there: Plugged,
) -> None:
    guest = there.browser()
    guest.enter()
    guest.send("/contract")
    with there.house.services.db.write("town") as unit:
        course = unit.scalars(select(Course)).one()
        course.outline = {**course.outline, "starts_on": "2099-01-05"}
        begin = f"/courses/{course.id}/{unit.scalars(select(Placement.section)).one()}/begin"
        unit.commit()
    cover = guest.enter()
    assert guest.where(cover).startswith("/lms/experience/")
    assert "à partir du lundi 5 janvier" in cover.text and begin not in cover.text
    refused = guest.send(begin)
    assert refused.status_code == 409 and "lundi 5 janvier" in unescape(refused.text)
    assert rows(there, Enrolment) == 0


def test_a_teacher_lands_on_the_course(there: Plugged) -> None:
    guest = there.browser()
    page = guest.enter(teacher)
    assert guest.where(page).startswith("/courses/economie-")
    assert page.status_code == 200


def test_the_same_person_is_found_again_and_another_one_is_not(there: Plugged) -> None:
    there.browser().enter()
    there.browser().enter()
    assert (rows(there, Account), rows(there, Course), rows(there, LtiVisit)) == (1, 1, 2)
    there.browser().enter(lambda claims: claims.update(sub="user-8"))
    assert rows(there, Account) == 2


def test_one_address_on_two_platforms_makes_two_people(there: Plugged) -> None:
    there.browser().enter()
    there.house.account(email="lea@example.org")
    with there.house.services.db.read("town") as unit:
        assert sorted(unit.scalars(select(Account.email)), key=str) == [None, "lea@example.org"]
    guest = joined(there)
    assert 'value="lea@example.org"' in guest.get("/address").text


def test_an_address_that_a_platform_claims_lets_nobody_into_its_person(there: Plugged) -> None:
    mallory = joined(there, lambda claims: claims.update(sub="mallory", email="victim@example.org"))
    with there.house.services.db.write("town") as unit:
        course = unit.scalars(select(Course)).one()
        invite(work(unit, now=there.house.clock.now()), course, ["victim@example.org"])
        unit.commit()
    worker.tick(there.house.services)
    visitor, link = there.house.client(), there.house.outbox.link()
    visitor.get(link, base_url=TOOL)
    assert visitor.post(link, base_url=TOOL).status_code == 303
    with there.house.services.db.read("town") as unit:
        invited = unit.scalars(select(Account).where(Account.email == "victim@example.org")).one()
    assert invited.id != account_of(there, "mallory").id
    exported = mallory.get("/path.json").json
    assert exported is not None and exported["account"]["id"] == account_of(there, "mallory").id
    assert exported["account"]["email"] is None
    assert [visit["about"]["email"] for visit in exported["visits"]] == ["victim@example.org"], (
        "what their platform said of them"
    )


def test_a_visit_keeps_of_its_launch_only_what_its_pages_read(there: Plugged) -> None:
    guest = joined(there)
    exported = guest.get("/path.json").json
    assert exported is not None
    [visit] = exported["visits"]
    read = {"message", "deployment", "return_url", "course", "deep_linking", "for_user", "email"}
    assert set(visit["about"]) == read | {"frames", "grades", "product"}


def test_inside_an_lms_nobody_is_invited_by_address(there: Plugged) -> None:
    guest = there.browser()
    course = guest.where(guest.enter(teacher))
    assert (
        guest.visitor.post(
            f"{guest.at}{course}/invitations", {"emails": "carol@example.org"}, base_url=TOOL
        ).status_code
        == 404
    )


def test_a_key_that_needs_no_cookie_opens_nothing_when_it_is_passed_on(there: Plugged) -> None:
    guest = there.browser()
    asked, secret = guest.log_in_with_storage()
    guest.forget_cookies()
    entered = guest.post(
        asked, guest.claims(asked), form={"browser": secret}, headers={"Origin": TOOL}
    )
    at = "/".join(entered.location.split("/")[:3])
    for site, dest, status in (
        ("cross-site", "document", 410),
        ("none", "document", 410),
        ("cross-site", "iframe", 200),
        ("same-origin", "document", 200),
    ):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": dest}
        assert (
            there.browser()
            .visitor.get(f"{at}/contract", base_url=TOOL, headers=headers)
            .status_code
            == status
        )


def test_a_launch_over_a_connection_that_is_off_is_told_to_its_administrator(
    there: Plugged,
) -> None:
    services = there.house.services
    with services.write("town") as work:
        registrations.switch(work, there.registration.id, False)
        work.commit()
    params = login_params(there.registration, target_link_uri=f"{TOOL}/lti/to/course")
    refused = there.browser().visitor.get("/lti/login", query_string=params, base_url=TOOL)
    assert refused.status_code == 400 and "registration-disabled" in refused.text
    with services.db.read("town") as unit:
        assert unit.scalars(select(LtiHealth.error)).one()["code"] == "registration-disabled"


def test_a_teacher_of_one_course_is_a_learner_of_another(there: Plugged) -> None:
    def learning_elsewhere(claims: dict[str, object]) -> None:
        claims["sub"] = "teacher-1"
        claims[names.CONTEXT] = {"id": "course-2", "title": "Autre"}

    there.browser().enter(teacher)
    guest = there.browser()
    guest.enter(learning_elsewhere)
    assert guest.get("/courses/").status_code == 404


def test_a_visit_belongs_to_its_browser_and_its_page_may_be_framed_by_its_lms_alone(
    there: Plugged,
) -> None:
    guest = there.browser()
    page = guest.enter()
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors https://lms.example.org https://school.example.net;" in policy + ";"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    stranger = there.browser()
    stranger.at = guest.at
    refused = stranger.get("/home")
    assert refused.status_code == 410 and "Léa" not in refused.get_data(as_text=True)
    assert (
        "frame-ancestors 'none'"
        in stranger.visitor.get("/sign-in").headers["Content-Security-Policy"]
    )


def test_a_visit_ends(there: Plugged) -> None:
    guest = there.browser()
    guest.enter()
    there.house.clock.later(hours=9)
    assert guest.get("/home").status_code == 410


def test_who_comes_in_next_finds_no_visit_of_who_was_at_that_computer_before(
    there: Plugged,
) -> None:
    lea, again = joined(there), other("user-7")
    before = lea.at
    lea.launch(again)
    assert lea.get("/home").status_code == 200
    lea.at, second = before, lea.at
    assert lea.get("/home").status_code == 200, "her other tab, with another course"

    noe = Guest(there, lea.visitor)
    noe.enter(other("user-8"))
    for at in (before, second):
        lea.at = at
        gone = lea.get("/home")
        assert gone.status_code == 410 and "Léa" not in gone.text
    assert noe.get("/contract").status_code == 200

    lea.log_in()
    assert noe.get("/contract").status_code == 200, "nobody came in"


def test_in_a_browser_of_their_own_nobody_else_ends_a_visit(there: Plugged) -> None:
    lea = joined(there)
    there.browser().enter(other("user-8"))
    assert lea.get("/home").status_code == 200


def other(subject: str) -> Change:
    """The launch is that person's, into a course of their own."""

    def change(claims: dict[str, object]) -> None:
        claims["sub"], claims[names.CONTEXT] = subject, {"id": f"course of {subject}", "title": "X"}

    return change


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_visit_is_left_by_its_button_which_says_how_to_come_back(
    there: Plugged, lang: str
) -> None:
    guest = joined(there)
    first = guest.at
    guest.launch(lambda claims: claims[names.PRESENTATION].update(locale=lang))
    assert '/lms/quit"' in guest.get("/home").text
    left = guest.send("/lms/quit")
    assert left.status_code == 200 and left.headers["Clear-Site-Data"] == '"cache"'
    assert LEFT[lang] in unescape(left.text) and "Léa" not in left.text
    assert "https://lms.example.org" in left.headers["Content-Security-Policy"]
    assert guest.get("/home").status_code == 410
    assert guest.visitor.post(f"{guest.at}/lms/quit", base_url=TOOL).status_code == 410
    guest.at = first
    assert guest.get("/home").status_code == 410
    assert guest.enter().status_code == 200


LEFT = {"fr": "rouvrez Relecture depuis votre cours", "en": "open Relecture from your course again"}


def test_a_visit_without_cookies_is_left_as_well(there: Plugged) -> None:
    guest = there.browser()
    asked, secret = guest.log_in_with_storage()
    guest.forget_cookies()
    entered = guest.post(
        asked, guest.claims(asked), form={"browser": secret}, headers={"Origin": TOOL}
    )
    guest.follow(entered)
    guest.at = "/".join(entered.location.split("/")[:3])
    guest.get("/contract")
    assert guest.send("/lms/quit").status_code == 200
    assert guest.get("/contract").status_code == 410


def test_nothing_but_a_visit_s_own_pages_is_in_it(there: Plugged) -> None:
    guest = there.browser()
    guest.enter()
    for path in ("/sign-in", "/lti/keys", "/lms/choose"):
        assert guest.get(path).status_code == 404
    assert guest.visitor.get("/lms/privacy", base_url=TOOL).status_code == 404


def test_without_a_cookie_a_window_is_offered_before_the_platform_is_asked(there: Plugged) -> None:
    guest = there.browser()
    params = login_params(there.registration, target_link_uri=EXPERIENCE)
    offered = guest.begin(params, cookies=False)
    [again] = re.findall(r'href="(/lti/login[^"]+)"', offered.text)
    assert offered.status_code == 200 and "relecture_window=1" in again
    assert "https://lms.example.org" in offered.headers["Content-Security-Policy"]
    assert (rows(there, LtiState), rows(there, LtiVisit)) == (0, 0)
    window = there.browser()
    tried = window.visitor.client.get(unescape(again), base_url=TOOL)
    asked = window.visitor.client.get(tried.location, base_url=TOOL)
    assert asked.location.startswith("https://lms.example.org/auth?")
    said = dict(parse_qsl(urlsplit(asked.location).query))
    assert window.follow(window.post(said, window.claims(said))).status_code == 200


def test_who_keeps_no_cookie_in_a_window_either_is_told_so(there: Plugged) -> None:
    params = login_params(there.registration, target_link_uri=EXPERIENCE)
    told = there.browser().begin(params | {"relecture_window": "1"}, cookies=False)
    assert told.status_code == 400 and "cookies-refused" in told.text
    assert (rows(there, LtiState), rows(there, LtiVisit)) == (0, 0)


def test_a_browser_that_is_known_is_sent_to_the_platform_at_once(there: Plugged) -> None:
    guest = there.browser()
    guest.enter()
    params = login_params(there.registration, target_link_uri=EXPERIENCE)
    asked = guest.visitor.client.get("/lti/login", query_string=params, base_url=TOOL)
    assert asked.status_code == 302 and asked.location.startswith("https://lms.example.org/auth?")


def test_a_login_by_post_is_tried_as_one_by_get_is(there: Plugged) -> None:
    guest = there.browser()
    params = login_params(there.registration, target_link_uri=EXPERIENCE)
    tried = guest.visitor.client.post("/lti/login", data=params, base_url=TOOL)
    asked = guest.visitor.client.get(tried.location, base_url=TOOL)
    assert (tried.status_code, asked.status_code) == (303, 302)


def test_a_launch_that_comes_back_to_a_browser_without_its_cookie_opens_nothing(
    there: Plugged,
) -> None:
    guest = there.browser()
    asked = guest.log_in()
    guest.forget_cookies()
    page = guest.post(asked, guest.claims(asked))
    assert page.status_code == 400 and "state-other-browser" in page.text
    assert rows(there, LtiVisit) == 0


def test_a_secret_that_the_platform_kept_opens_a_shorter_visit_without_cookies(
    there: Plugged,
) -> None:
    guest = there.browser()
    asked, secret = guest.log_in_with_storage()
    guest.forget_cookies()
    page = guest.post(asked, guest.claims(asked)).get_data(as_text=True)
    assert f'data-key="{asked["state"]}"' in page and secret not in page
    entered = guest.post(
        asked, guest.claims(asked), form={"browser": secret}, headers={"Origin": TOOL}
    )
    assert entered.status_code == 303
    guest.follow(entered)
    guest.at = "/".join(entered.location.split("/")[:3])
    assert guest.get("/path.json").status_code == 200
    there.house.clock.later(hours=2, minutes=1)
    assert guest.get("/path.json").status_code == 410


def test_a_secret_posted_from_another_site_lets_nobody_in_as_somebody_else(there: Plugged) -> None:
    attacker, victim = there.browser(), there.browser()
    asked, secret = attacker.log_in_with_storage()
    for origin in ({"Origin": "https://evil.example.net"}, {"Origin": "null"}, {}):
        victim.post(asked, victim.claims(asked), form={"browser": secret}, headers=origin)
    assert rows(there, LtiVisit) == 0


def test_a_launch_twice_opens_one_visit(there: Plugged) -> None:
    guest = there.browser()
    asked = guest.log_in()
    claims = guest.claims(asked)
    assert guest.post(asked, claims).status_code == 303
    again = guest.post(asked, claims)
    assert again.status_code == 400 and rows(there, LtiVisit) == 1
    assert "state-reused" in again.get_data(as_text=True)


def nameless(claims: dict[str, object]) -> None:
    for name in ("name", "given_name", "family_name", "email"):
        claims.pop(name)


def joined(there: Plugged, *changes: Change) -> Guest:
    """Somebody who came in by the experience, took the wager and kept a rhythm."""
    guest = there.browser()
    guest.enter(*changes)
    assert guest.where(guest.send("/contract", change="1")) == "/rhythm"
    guest.send("/rhythm", first="1", **RHYTHM)
    return guest


def account_of(there: Plugged, subject: str = "user-7") -> Account:
    with there.house.services.db.read("town") as unit:
        found = people.find(unit, there.registration.id, subject)
        assert found is not None
        return found


def test_who_comes_without_an_address_may_add_one_that_they_confirm(there: Plugged) -> None:
    guest = joined(there, nameless)
    assert (
        "Revenir au cours" in guest.get("/settings").text
        and "/address" in guest.get("/settings").text
    )
    guest.get("/address")
    assert "lea@example.org" in guest.send("/address", email="lea@example.org").text
    link = there.house.outbox.link()
    visitor = there.house.client()
    visitor.get(link, base_url=TOOL)
    assert account_of(there).email is None
    assert "lea@example.org" in visitor.post(link, base_url=TOOL).text
    assert account_of(there).email == "lea@example.org"
    assert visitor.post(link, base_url=TOOL).status_code == 404


def test_an_address_that_somebody_else_has_is_never_taken_over(there: Plugged) -> None:
    there.house.account(email="lea@example.org")
    guest = joined(there, nameless)
    guest.get("/address")
    guest.send("/address", email="lea@example.org")
    visitor = there.house.client()
    link = there.house.outbox.link()
    visitor.get(link, base_url=TOOL)
    assert visitor.post(link, base_url=TOOL).status_code == 422
    assert account_of(there).email is None


def test_an_address_that_the_mail_server_refuses_is_shown_in_its_words_and_can_be_corrected(
    there: Plugged,
) -> None:
    services = there.house.services

    class Refusing:
        def send(self, message: Message) -> None:
            raise Refusal("550 no such mailbox", permanent=True)

        def release(self) -> None:
            """Nothing is kept between two messages."""

    refusing = replace(services, channels={MAIL: Refusing()})
    services.bell.heard = lambda: None
    guest = joined(there, nameless)
    guest.get("/address")
    guest.send("/address", email="gone@example.org")
    assert worker.tick(refusing).failed == 1
    with services.db.read("town") as unit:
        [parked] = parking.parked(unit)
    assert (parked.to, parked.error) == ("gone@example.org", "550 no such mailbox")
    assert "550 no such mailbox" in guest.get("/address").text
    guest.send("/address", email="lea@example.org")
    assert worker.tick(services).sent == 1
    assert there.house.outbox.messages[-1].to == "lea@example.org"
    exported = guest.get("/path.json").json
    assert exported is not None
    assert [one["email"] for one in exported["address_claims"]] == ["lea@example.org"]


def test_behind_a_proxy_that_ends_https_launches_work(tmp_path: Path, lms: Lms) -> None:
    there = plugged(tmp_path, lms, trusted_proxies="1")
    guest = there.browser()
    asked = guest.log_in()
    claims = guest.claims(asked)
    passed_on = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "relecture.example.org",
        "X-Forwarded-For": "203.0.113.7",
    }
    answer = guest.post(asked, claims, headers=passed_on)
    assert answer.status_code == 303
    page = guest.follow(answer)
    assert page.status_code == 200 and "http://" not in page.text.replace("http://www.w3.org", "")


def test_anonymous_launches_are_off_until_the_registration_allows_them(there: Plugged) -> None:
    def anonymous(claims: dict[str, object]) -> None:
        nameless(claims)
        del claims["sub"]

    assert there.browser().launch(anonymous).status_code == 400
    there.registration = register(
        there.house.services.db, there.lms, client_id="anonymous", anonymous=True
    )
    there.browser().enter(anonymous)
    there.browser().enter(anonymous)
    assert rows(there, Account) == 2 and rows(there, LtiPerson) == 0


def data_privacy(claims: dict[str, object]) -> None:
    """An administrator of the platform asks about user-7."""
    for name in (names.RESOURCE_LINK, names.CONTEXT, names.CUSTOM):
        claims.pop(name, None)
    claims |= {
        "sub": "admin",
        names.MESSAGE_TYPE: names.DATA_PRIVACY_REQUEST,
        names.FOR_USER: {"user_id": "user-7"},
        names.TARGET: f"{TOOL}/lti/to/privacy",
    }


def test_a_data_privacy_launch_exports_and_erases_one_person(there: Plugged) -> None:
    joined(there)
    officer = there.browser()
    page = officer.enter(data_privacy, target_link_uri=f"{TOOL}/lti/to/privacy")
    assert "Léa Martin" in page.text
    exported = officer.visitor.post(f"{officer.at}/lms/privacy/export", base_url=TOOL)
    assert exported.json is not None and exported.json["account"]["name"] == "Léa Martin"
    assert exported.json["subjects"] == ["user-7"]
    officer.get("/lms/privacy")
    assert officer.visitor.post(f"{officer.at}/lms/privacy/erase", base_url=TOOL).status_code == 422
    assert "Rien n’est conservé" in officer.send("/lms/privacy/erase", sure="yes").text
    assert rows(there, LtiPerson) == 1  # the officer


def test_who_is_forgotten_goes_back_to_the_course_which_may_say_so(there: Plugged) -> None:
    guest = joined(there)
    guest.get("/leave")
    answer = guest.visitor.post(f"{guest.at}/leave", {"sure": "yes"}, base_url=TOOL)
    assert (
        'href="https://lms.example.org/back?lti_msg=Tout' in answer.text
        and "Léa" not in answer.text
    )
    assert (rows(there, Account), rows(there, LtiPerson), rows(there, LtiVisit)) == (0, 0, 0)
    assert guest.get("/home").status_code == 410


def review(claims: dict[str, object]) -> None:
    """A teacher looks at what user-7 handed in."""
    teacher(claims)
    claims |= {
        names.MESSAGE_TYPE: names.SUBMISSION_REVIEW_REQUEST,
        names.FOR_USER: {"user_id": "user-7"},
        names.TARGET: f"{TOOL}/lti/to/review",
    }


def test_a_submission_review_shows_counts_and_no_words(there: Plugged) -> None:
    joined(there)
    guest = there.browser()
    page = guest.enter(review, target_link_uri=f"{TOOL}/lti/to/review")
    assert guest.where(page) == "/lms/review" and "Léa Martin" in page.text
    learner = there.browser()
    learner.enter()
    assert learner.get("/lms/review").status_code == 404


@pytest.mark.parametrize(
    ("locale", "language"), [("en-GB", "en"), ("fr_CA", "fr"), ("de", "fr"), (None, "fr")]
)
def test_the_language_is_that_of_the_launch(
    there: Plugged, locale: str | None, language: str
) -> None:
    page = there.browser().enter(lambda claims: claims[names.PRESENTATION].update(locale=locale))
    assert f'<html lang="{language}">' in page.text


def test_a_refused_launch_may_be_shown_in_its_lms_says_what_to_do_and_logs_why(
    there: Plugged, capsys: pytest.CaptureFixture[str]
) -> None:
    page = there.browser().launch(lambda claims: claims.update(exp=0))
    assert page.status_code == 400 and "expired" in page.text
    assert "frame-ancestors https://lms.example.org" in page.headers["Content-Security-Policy"]
    logged = capsys.readouterr().out
    assert "code=expired" in logged and "eyJ" not in logged


def test_no_address_with_a_visit_s_key_is_logged(
    there: Plugged, capsys: pytest.CaptureFixture[str]
) -> None:
    guest = joined(there)
    assert guest.at.removeprefix("/in/") not in capsys.readouterr().out


def home_of(there: Plugged) -> tuple[str, str]:
    with there.house.services.db.read("town") as unit:
        learner = unit.scalars(select(Learner)).one()
        return learner.zone, learner.country


NOUMEA = "Pacific/Noumea"


@pytest.mark.parametrize(
    "said",
    [
        lambda claims: claims.update(zoneinfo=NOUMEA),
        lambda claims: claims[names.CUSTOM].update(person_timezone=NOUMEA),
        lambda claims: claims.update(zoneinfo=f" {NOUMEA}\n"),
    ],
)
def test_the_zone_of_the_platform_is_offered_with_the_holidays_of_there(
    there: Plugged, said: Change
) -> None:
    guest = there.browser()
    page = guest.enter(said)
    assert f'<option value="{NOUMEA}" selected' in page.text
    guest.send("/contract", zone=NOUMEA)
    assert home_of(there) == (NOUMEA, "NC")


@pytest.mark.parametrize(
    "said",
    ["Mars/Olympus", "", "99", "GMT+3", "$Person.address.timezone", 3, None, [NOUMEA]],
)
def test_what_is_no_zone_leaves_the_usual_one(there: Plugged, said: object) -> None:
    def change(claims: dict[str, Any]) -> None:
        claims["zoneinfo"] = said
        claims[names.CUSTOM]["person_timezone"] = said

    page = there.browser().enter(change)
    assert page.status_code == 200 and "pari de la confiance" in page.text
    assert home_of(there) == ("Europe/Paris", "FR")


def test_a_later_launch_never_overrides_the_zone_that_the_learner_chose(there: Plugged) -> None:
    guest = there.browser()
    guest.enter(lambda claims: claims.update(zoneinfo=NOUMEA))
    guest.send("/contract", zone="America/Martinique")
    guest.launch(lambda claims: claims.update(zoneinfo="Indian/Reunion"))
    assert home_of(there) == ("America/Martinique", "MQ")


def test_the_organisation_s_own_holidays_hold_for_who_is_not_said_to_be_elsewhere(
    there: Plugged,
) -> None:
    with there.house.services.db.write("town") as unit:
        rhythms.set_organisations(unit, Rhythm(country="BE"))
        unit.commit()
    guest = there.browser()
    guest.enter(lambda claims: claims.update(zoneinfo="Europe/Paris"))
    guest.send("/contract")
    assert home_of(there) == ("Europe/Paris", "BE")
