"""What nobody types by hand, and what goes wrong by accident: answered in the reader's words,
and nothing is lost or changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import members
from engine.delivery.channels.mime import mime
from engine.delivery.opening import open_due
from engine.journey import showing
from engine.packs.new import new_pack
from engine.people import accounts
from engine.people.accounts import hashed
from engine.storage.tables import Account, Act, Answer, Invitation, Learner, TenantRow, Touch
from engine.storage.work import Units
from tests import builders
from tests.apps import PASSWORD, House, Visitor, house
from tests.builders import MONDAY
from tests.integration.learners import RHYTHM
from web import worker
from web.mails import letters
from web.site import logs

RAW = re.compile(r"Traceback|Error\b|Exception|None\b|sqlalchemy|\b[a-z]+(-[a-z]+)+-unknown\b")


@dataclass
class Home:
    """A learner who lived one experience and has an open touch that asks for a text, and the
    course's facilitator."""

    house: House
    learner: str
    enrolment: str
    number: int

    def rows(self) -> str:
        """Everything the organisation keeps but sessions and throttles."""
        with self.house.services.db.read("town") as unit:
            return repr(
                [
                    [getattr(row, c.key) for c in table.__table__.columns]
                    for table in sorted(TenantRow.__subclasses__(), key=lambda t: t.__name__)
                    for row in unit.scalars(select(table))
                ]
            )

    def entered(self, email: str = "lea@example.org") -> Visitor:
        visitor = self.house.client()
        assert visitor.sign_in(email).status_code == 303
        visitor.get("/sign-in/mail")
        return visitor

    def answer(self, text: str) -> dict[str, str]:
        return {"enrolment": self.enrolment, "prompt": "lundi", "occurrence": "1", "text": text}

    @property
    def touch(self) -> str:
        return f"/touch/{self.number}"


def settle(unit: Session, made: House) -> tuple[str, str]:
    course, library = builders.course(unit), made.services.library
    world = builders.World(made.services.db, library)
    learner = builders.learner(unit, library, course)
    runs_it = accounts.add_account(unit, "fa@example.org", "Fa", "facilitator", "fr", MONDAY)
    members.enrol(unit, course, runs_it, MONDAY, "facilitator")
    learner.account.password_hash = runs_it.password_hash = hashed(PASSWORD)
    enrolment = builders.lived(unit, world, learner, course)
    unit.commit()
    return learner.id, enrolment.id


def home_in(folder: Path) -> Home:
    made = house(folder)
    made.services.library.install(new_pack(builders.PACK), MONDAY)
    with made.services.db.write("town") as unit:
        learner, enrolment = settle(unit, made)
        made.clock.learning = made.clock.walled = unit.scalars(select(Touch.due_at)).one()
    services = made.services
    assert open_due(Units(services.db, services.library, made.clock, services.rng)) == 1
    return Home(made, learner, enrolment, 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """For what must change nothing: one home serves every such test, and each sees that it is as
    it was."""
    made = home_in(tmp_path_factory.mktemp("bad"))
    yield made
    made.house.services.close()


@pytest.fixture(scope="module")
def learner(home: Home) -> Visitor:
    return home.entered()


@pytest.fixture(scope="module")
def facilitator(home: Home) -> Visitor:
    return home.entered("fa@example.org")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Home]:
    """For what changes something: a home of one's own."""
    made = home_in(tmp_path)
    yield made
    made.house.services.close()


@pytest.fixture(autouse=True)
def unchanged(request: pytest.FixtureRequest) -> Iterator[None]:
    if "home" not in request.fixturenames:
        yield
        return
    kept: Home = request.getfixturevalue("home")
    before = kept.rows()
    yield
    assert kept.rows() == before


def refused(
    visitor: Visitor, path: str, form: dict[str, Any] | None, status: int, words: str = ""
) -> str:
    """Sent as a form (or looked at, when None); the page has that status, says so in French, and
    nothing of the inside."""
    if form is not None and not visitor.token:
        visitor.get("/nowhere")
    page = visitor.get(path) if form is None else visitor.post(path, form)
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert page.status_code == status, (path, form, main)
    assert words in main.replace("\u202f", " ") and not RAW.search(re.sub(r"<[^>]+>", " ", main)), (
        main
    )
    return main


ABSURD = [
    ({"hour": "25:00"}, "heure"),
    ({"hour": "08:40Z"}, "heure"),
    ({"hour": "08:40+02:00"}, "heure"),
    ({"hour": ""}, "heure"),
    ({"hour": "18:30"}, "heure"),
    ({"opens": "00:00"}, "8 h 30"),
    ({"closes": "23:59"}, "18 h 30"),
    ({"opens": "18:00", "closes": "09:00"}, ""),
    ({"zone": "Mars/Olympus"}, "fuseau"),
    ({"zone": "2027-99-99"}, "fuseau"),
    ({"zone": "../../etc/passwd"}, "fuseau"),
    ({"channel": "pigeon"}, ""),
    ({"language": "tlh"}, ""),
    ({"country": "XX"}, "pays"),
    ({"days_off": [str(n) for n in range(1, 8)]}, "jour"),
    ({"days_off": ["0"]}, "jour"),
    ({"days_off": ["-1"]}, "entier"),
    ({"days_off": ["9" * 30]}, "entier"),
    ({"touch_minutes": "nan"}, "minutes"),
    ({"touch_minutes": "1e999"}, "minutes"),
    ({"touch_minutes": "-1"}, "minutes"),
    ({"touch_minutes": "0"}, "minutes"),
    ({"week_minutes": "600"}, "minutes"),
    ({"week_minutes": "1", "touch_minutes": "3"}, "minutes"),
    ({"week_minutes": "²"}, "minutes"),
]


@pytest.mark.parametrize(("wish", "words"), ABSURD, ids=str)
def test_an_absurd_rhythm_is_refused_beside_its_field(
    learner: Visitor, home: Home, wish: dict[str, Any], words: str
) -> None:
    main = refused(learner, "/rhythm", RHYTHM | wish, 422, words)
    assert 'class="fault"' in main


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/settings/pause", {"until": "2020-01-01"}, 422),
        ("/settings/pause", {"until": "9999-12-31"}, 422),
        ("/settings/pause", {"until": "demain"}, 422),
        ("/settings/pause", {}, 422),
        ("/settings/2027-99-99", {}, 404),
        ("/settings/2027-01-01T10:00<script>", {}, 404),
        ("/settings/0001-01-01T00:00", {}, 404),
        ("/touch/snooze", {"days": "3"}, 422),
        ("/touch/snooze", {"days": "-7"}, 422),
        ("/touch/snooze", {"days": "9" * 400}, 422),
        ("/touch/early", {"enrolment": "x", "prompt": "y"}, 404),
        ("/leave", {"sure": "no"}, 422),
        ("/language", {"language": "xx"}, 422),
        ("/sign-in/organisation", {"token": "x.y", "organisation": "town"}, 404),
        ("/courses/2027-99-99/2027-99-99/begin", {}, 404),
        ("/courses/course/slot", {"weekly_minutes": "5"}, 404),
        ("/courses/course/invitations", {"emails": "x@example.org"}, 404),
    ],
)
def test_a_form_that_no_page_offers_changes_nothing(
    learner: Visitor, home: Home, path: str, form: dict[str, str], status: int
) -> None:
    refused(learner, path, form, status)


@pytest.mark.parametrize(
    "path",
    [
        "/touch/0",
        "/touch/-1",
        "/touch/99",
        "/touch/" + "9" * 30,
        "/touch/" + "9" * 5000,
        "/touch/١",
        "/touch/1.0",
        "/experience/%00",
        "/experience/%ff%fe",
        "/experience/" + "x" * 20000,
        "/experience/'; drop table step;--",
        "/packs/starter/9.9.9/la-vitrine/x.png",
        "/packs/starter/0.1.0/la-vitrine/..%2f..%2fpack.yaml",
        "/packs/..%2f..%2fetc/0.1.0/x/passwd",
        "/packs/starter/0.1.0/la-vitrine/%2e%2e",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/pyproject.toml",
        "/l/" + "x" * 9000,
        "/l/é.é",
        "/u/%00",
        "/sign-in/mail/..",
        "/courses/course",
        "/courses/course/people",
        "/path.html/..%2f..",
        "/2027-99-99",
    ],
)
def test_an_address_that_leads_nowhere_says_so(learner: Visitor, home: Home, path: str) -> None:
    refused(learner, path, None, 404)


@pytest.mark.parametrize("path", ["/settings/pause", "/touch/early", "/sign-out"])
def test_what_only_a_form_may_do_cannot_be_looked_at(
    learner: Visitor, home: Home, path: str
) -> None:
    refused(learner, path, None, 405)
    put = learner.client.put("/home", data={"csrf_token": learner.token})
    assert put.status_code == 405 and "GET" in put.headers["Allow"]


def test_nobody_is_led_to_the_host_that_a_request_claims(learner: Visitor, home: Home) -> None:
    for path in ("/courses", "/home/", "//home", "/sign-in/", "//evil.example//home"):
        answer = home.house.app.test_client().get(path, base_url="http://evil.example/")
        assert "evil.example" not in answer.headers.get("Location", ""), path


@pytest.mark.parametrize("host", ["a..b", "..", f"{'x' * 64}.example.org"])
def test_a_host_that_is_no_name_gets_a_page_of_ours(home: Home, host: str) -> None:
    for path in ("/sign-in", "/static/style.css", "/nowhere"):
        answer = home.house.app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400 and "Content-Security-Policy" in answer.headers, (
            host,
            path,
        )
        assert "<h1>" in answer.get_data(as_text=True)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_answer_of_ten_megabytes_is_refused_and_not_kept(home: Home, language: str) -> None:
    visitor = home.entered()
    visitor.get(home.touch)
    page = visitor.post(
        home.touch, home.answer("é" * 5_000_000), headers={"Accept-Language": language}
    )
    assert page.status_code == 413 and "trop long" in page.text


def test_2001_characters_are_one_too_many_and_come_back_to_be_shortened(
    learner: Visitor, home: Home
) -> None:
    main = refused(learner, home.touch, home.answer("mot " * 500 + "b"), 422, "2 001 caractères")
    assert "mot mot" in main and "</textarea>" in main


@pytest.mark.parametrize(
    "nothing", ["", "   \r\n ", "\x00\x01\x02", "\u202e", "\u200b\u200d\ufeff"]
)
def test_an_answer_that_shows_nothing_is_no_answer(
    learner: Visitor, home: Home, nothing: str
) -> None:
    refused(learner, home.touch, home.answer(nothing), 422)


@pytest.mark.parametrize(
    "form",
    [
        {"prompt": "nope"},
        {"enrolment": "x"},
        {"occurrence": "2"},
        {"occurrence": "-1"},
        {"occurrence": "9" * 50},
        {"occurrence": "1e3"},
        {"occurrence": ""},
        {"prompt": "regard"},
    ],
)
def test_an_answer_to_what_is_not_asked_is_refused(
    learner: Visitor, home: Home, form: dict[str, str]
) -> None:
    learner.get("/settings")
    page = learner.post(home.touch, home.answer("Un mot") | form)
    assert page.status_code in (404, 422) and not RAW.search(page.text.partition("<main")[2])


def test_a_choice_that_the_story_does_not_offer_is_refused(learner: Visitor, home: Home) -> None:
    for number, option in (
        ("5", "planning"),
        ("999999999", "x"),
        ("0", "planning"),
        ("5", "2027-99-99"),
        ("5", "x" * 9000),
    ):
        refused(
            learner,
            f"/experience/{home.enrolment}",
            {"number": number, "choice": option},
            422,
            "choix",
        )
    for number in ("-1", "x", "", "9" * 40, "١"):
        refused(
            learner,
            f"/experience/{home.enrolment}",
            {"number": number, "choice": "planning"},
            422,
            "nombre entier",
        )


def test_a_choice_taken_in_another_tab_stands(learner: Visitor, home: Home) -> None:
    learner.get("/settings")
    answer = learner.post(f"/experience/{home.enrolment}", {"number": "1", "choice": "nadia"})
    assert answer.status_code == 303 and "late=1" in answer.headers["Location"]


@pytest.mark.parametrize(
    "form",
    [
        {"weekly_minutes": "0"},
        {"weekly_minutes": "601"},
        {"weekly_minutes": "-3"},
        {"weekly_minutes": "9" * 60},
    ],
)
def test_minutes_that_no_week_has_are_refused(
    facilitator: Visitor, home: Home, form: dict[str, str]
) -> None:
    refused(facilitator, "/courses/course/slot", form, 422)


@pytest.mark.parametrize(
    "form",
    [
        {"pin": "nope", "section": "s1"},
        {"pin": "la-vitrine", "section": "nope"},
        {"ban": "2027-99-99"},
        {"pin": "la-vitrine"},
        {"unpin": "<b>x</b>"},
    ],
)
def test_what_a_course_does_not_have_cannot_be_pinned(
    facilitator: Visitor, home: Home, form: dict[str, str]
) -> None:
    main = refused(facilitator, "/courses/course/slot", form, 404)
    assert "<b>x" not in main


@pytest.mark.parametrize(
    "address",
    [
        "a\r\nBcc: victim@example.org",
        "a\x00b@example.org",
        "a\u200bb@example.org",
        "a@b@example.org",
        "group:a@example.org",
        "<a@b@example.org>",
        "@example.org",
        "a@",
        "a@localhost",
        "x" * 260 + "@example.org",
        "2027-99-99",
    ],
)
def test_a_malformed_address_invites_nobody_before_it_was_shown(
    facilitator: Visitor, home: Home, address: str
) -> None:
    sent = len(home.house.outbox.messages)
    facilitator.get("/courses/course/invitations")
    form = {"emails": f"good@example.org\n{address}"}
    answer = facilitator.post("/courses/course/invitations", form)
    assert answer.status_code == 422 or answer.location.startswith("/people/")
    if answer.location:
        main = refused(facilitator, answer.location, None, 200)
        assert "good@example.org" in main and "Laissé de côté" in main
        facilitator.post(answer.location, {"do": "drop"})
    with home.house.services.read("town") as work:
        assert not work.session.scalars(select(Invitation)).all()
    assert len(home.house.outbox.messages) == sent


@pytest.mark.parametrize(
    "email",
    ["2027-99-99", "a\x00@example.org", "lea", "", "a\r\nTo: b@example.org", "é" * 300, "<script>"],
)
def test_a_malformed_address_signs_nobody_in_and_mails_nobody(home: Home, email: str) -> None:
    sent, visitor = len(home.house.outbox.messages), home.house.client()
    for path in ("/sign-in", "/sign-in/mail", "/password"):
        visitor.get(path)
        refused(visitor, path, {"email": email, "password": PASSWORD}, 422)
    assert len(home.house.outbox.messages) == sent


def test_a_session_that_somebody_else_began_is_not_taken_over(home: Home) -> None:
    visitor = home.house.client()
    visitor.get("/sign-in")
    before = visitor.client.get_cookie("relecture")
    with visitor.client.session_transaction() as session:
        session["planted"], csrf = "yes", session["csrf_token"]
    visitor.sign_in()
    with visitor.client.session_transaction() as session:
        assert "planted" not in session and session.get("csrf_token") != csrf
    assert visitor.client.get_cookie("relecture") != before


# --- what a learner or an author writes is words, wherever it comes back
# -------------------------------------------------------

EVIL = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [lien](javascript:alert(1)) "
    "![i](https://evil.example/i.png) **gras** `code` {{7*7}} %(x)s {choice.lundi} "
    "https://evil.example \"'>"
)


def test_what_a_learner_writes_is_shown_as_written_wherever_it_comes_back(own: Home) -> None:
    visitor, services = own.entered(), own.house.services
    visitor.get(own.touch)
    assert visitor.post(own.touch, own.answer(EVIL)).status_code == 303
    with services.db.write("town") as unit:
        unit.scalars(select(Account).where(Account.id == own.learner)).one().name = EVIL[:100]
        own.house.clock.learning = own.house.clock.walled = unit.scalars(
            select(Touch.due_at).where(Touch.state == "planned")
        ).one()
        unit.commit()
    worker.tick(services)
    texts = [
        visitor.get(path).text
        for path in ("/home", "/path", "/path.html", "/inbox", "/touch/1", "/touch/2", "/settings")
    ]
    facilitator = own.entered("fa@example.org")
    texts += [facilitator.get("/courses/course/people").text, own.house.outbox.messages[-1].html]
    for text in texts:
        assert not re.search(
            r"<script>|<img[^>]+onerror|href=\"javascript|src=\"https?://evil|<strong>gras", text
        )
    assert "&lt;script&gt;" in texts[1] and "{{7*7}}" in texts[1] and "{choice.lundi}" in texts[1]


@pytest.mark.parametrize(
    "title",
    ["Budget\r\nBcc: x@example.org", "Budget\u2028Bcc: x@example.org", "Budget\x85\x0b\x1cX: y"],
)
def test_a_title_never_becomes_a_header_of_a_mail(home: Home, title: str) -> None:
    made = letters.Letters(home.house.services.settings)
    sent = mime(
        made.plain(
            "a@example.org", "fr", title, ["Bonjour"], ("Entrer", "/x"), key=("a", "b"), about=[]
        ),
        "Relecture <r@example.org>",
        MONDAY,
    )
    assert (sent["Bcc"], sent["X"]) == (None, None) and str(sent["Subject"]).startswith("Budget")


# --- twice, late, and back in time
# ---------------------------------------------------------------------------------------------


def test_a_touch_already_answered_keeps_its_first_answer(own: Home) -> None:
    visitor = own.entered()
    visitor.get(own.touch)
    token = visitor.token
    for _ in range(2):
        assert (
            visitor.post(
                own.touch, own.answer("Le premier mot") | {"csrf_token": token}
            ).status_code
            == 303
        )
    visitor.get("/settings")
    refused(visitor, own.touch, own.answer("Un autre mot"), 409, "première réponse est gardée")
    with own.house.services.db.read("town") as unit:
        assert [row.content for row in unit.scalars(select(Answer))] == [{"text": "Le premier mot"}]


def test_a_clock_that_goes_backwards_breaks_no_page_and_plans_nothing_in_the_past(
    own: Home,
) -> None:
    visitor = own.entered()
    own.house.clock.learning = MONDAY
    for path in ("/home", "/path", "/inbox", own.touch, "/settings"):
        assert visitor.get(path).status_code == 200, path
    visitor.get(own.touch)
    assert visitor.post(own.touch, own.answer("Un mot")).status_code == 303
    worker.tick(own.house.services)
    with own.house.services.db.read("town") as unit:
        planned = unit.scalars(select(Touch).where(Touch.state == "planned")).one()
        opened = unit.scalars(select(Touch).where(Touch.number == 1)).one()
        assert opened.opened_at is not None and planned.due_at > opened.opened_at
        assert showing.answers_of(unit, own.enrolment) == {"lundi": {"text": "Un mot"}}


def test_a_form_without_its_token_keeps_nothing(home: Home, learner: Visitor) -> None:
    for token in ("", "x", learner.token + "x"):
        page = learner.client.post(home.touch, data=home.answer("Un mot") | {"csrf_token": token})
        assert page.status_code == 400 and "formulaire" in page.text


def test_a_page_that_breaks_does_not_write_down_the_address_that_broke_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    made = house(tmp_path)
    made.app.testing = False
    logs.configure("INFO")

    @made.app.get("/bug/<token>")
    def bug(token: str) -> str:
        raise RuntimeError("broken")

    assert made.client().get("/bug/a-token-of-somebody").status_code == 500
    structlog.reset_defaults()
    made.services.close()
    said = capsys.readouterr()
    assert (
        "a-token-of-somebody" not in said.out + said.err + caplog.text
        and "RuntimeError" in said.err
    )


def test_nothing_was_lost_of_what_was_there(home: Home) -> None:
    with home.house.services.db.read("town") as unit:
        assert len(unit.scalars(select(Act)).all()) == 4
        assert (
            unit.scalars(select(Learner).where(Learner.id == home.learner)).one().channel == "mail"
        )
        assert unit.scalars(select(Answer)).all() == []
