"""Connections as administrators see them: made by hand, looked after, switched off, given out,
erased; found by nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine.courses import members
from engine.delivery.opening import open_due
from engine.journey import answering, joining, playing, showing
from engine.journey.answering import Asking
from engine.people import accounts
from engine.storage.tables import (
    Account,
    Answer,
    Course,
    Enrolment,
    LtiContext,
    LtiDeployment,
    LtiHost,
    LtiInvite,
    LtiPerson,
    LtiPlatformKeys,
    LtiRegistration,
    Outbox,
    Placement,
    Touch,
)
from engine.storage.work import Units
from lti.platforms import health, lookups
from lti.platforms.health import State
from lti.platforms.lookups import Named
from tests import builders
from tests.builders import work
from tests.fakes import FakeClock
from tests.integration.lti.doors import Guest, Plugged, plugged, teacher
from tests.integration.lti.lms import DEPLOYMENT, NOW, TOOL, Lms, Reply, Request, register
from tests.integration.lti.test_door import RHYTHM

pytestmark = pytest.mark.both_databases


@dataclass
class Desk:
    """An administrator of ``town`` at the connection that the harness made."""

    there: Plugged
    visitor: Guest

    @property
    def id(self) -> str:
        return self.there.registration.id

    def get(self, path: str = "") -> TestResponse:
        """A page under the connection."""
        return self.look(f"/lms/{self.id}{path}")

    def post(self, path: str, **data: str | list[str]) -> TestResponse:
        """A form under the connection."""
        return self.send(f"/lms/{self.id}{path}", **data)

    def look(self, path: str) -> TestResponse:
        return self.visitor.visitor.get(path, base_url=TOOL)

    def send(self, path: str, **data: str | list[str]) -> TestResponse:
        self.look("/lms")
        return self.visitor.visitor.post(path, data, base_url=TOOL)

    def standing(self) -> health.ConnectionHealth:
        with self.there.house.services.db.read("town") as unit:
            return health.connection(unit, self.id)

    def count(self, table: type, *where: object) -> int:
        with self.there.house.services.db.read("town") as unit:
            return unit.scalars(select(func.count()).select_from(table).where(*where)).one()


def sign_in(there: Plugged, tenant: str, role: str) -> Guest:
    """A browser in which somebody of that role is signed in."""
    guest = there.browser()
    with there.house.services.db.write(tenant) as unit:
        account = accounts.add_account(unit, f"{role}@{tenant}.example.org", role, role, "fr", NOW)
        unit.commit()
    with guest.visitor.client.session_transaction(base_url=TOOL) as session:
        session["_user_id"], session["_fresh"] = f"{tenant}:{account.id}:0", True
    return guest


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Plugged]:
    made = plugged(tmp_path, lms, "town", "village")
    yield made
    made.house.services.close()


@pytest.fixture
def desk(there: Plugged) -> Desk:
    return Desk(there, sign_in(there, "town", "administrator"))


RIGHT = {
    "name": "École",
    "issuer": "https://school.example.org",
    "client_id": "c-7",
    "deployment": "1",
    "login_url": "https://school.example.org/auth",
    "token_url": "https://school.example.org/token",
    "keys_url": "https://school.example.org/jwks",
}


# Making


def test_a_new_connection_is_a_link_shown_once_and_kept_as_its_hash(desk: Desk) -> None:
    page = desk.send("/lms/invite").text
    link = re.search(r'id="link" value="https://relecture.example.org/lti/register/([^"]+)"', page)
    assert link and link[1] not in desk.look("/lms").text
    assert desk.count(LtiInvite) == 1 and desk.count(LtiInvite, LtiInvite.token == link[1]) == 0


def test_by_hand_our_addresses_are_there_to_copy_and_theirs_are_kept(desk: Desk) -> None:
    page = desk.look("/lms/by-hand").text
    for address in (
        "/lti/login",
        "/lti/launch",
        "/lti/keys",
        "/lti/to/course",
        "/lti/to/choose",
        "/static/favicon.svg",
    ):
        assert f'value="{TOOL}{address}"' in page
    assert 'value="relecture.example.org"' in page
    made = desk.send(
        "/lms/by-hand",
        **RIGHT,
        scopes=[registrations_scope()],
        anonymous="yes",
        audiences="a\nb\na",
        frames="https://Other.example.org/\n",
    )
    assert made.status_code == 303
    with desk.there.house.services.db.across("lti-lookup") as door:
        found = lookups.find(door, Named("https://school.example.org", "c-7"))
    assert (found.name, found.scopes, found.anonymous, found.audiences) == (
        "École",
        (registrations_scope(),),
        True,
        ("a", "b"),
    )
    assert found.frames == ("https://other.example.org",)
    assert (
        desk.count(
            LtiDeployment, LtiDeployment.registration == found.id, LtiDeployment.state == "accepted"
        )
        == 1
    )
    assert "École" in desk.look("/lms").text


def registrations_scope() -> str:
    return "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


FAULTS: dict[str, tuple[str, str, str]] = {
    "issuer-missing": ("issuer", "", "connection-missing"),
    "issuer-no-address": ("issuer", "moodle", "connection-address"),
    "issuer-over-255": ("issuer", "https://a.example/" + "x" * 240, "connection-too-long"),
    "issuer-with-password": ("issuer", "https://me:secret@a.example", "connection-address"),
    "client-id-missing": ("client_id", " ", "connection-missing"),
    "client-id-over-255": ("client_id", "c" * 256, "connection-too-long"),
    "client-id-with-a-zero": ("client_id", "c\0d", "connection-unprintable"),
    "login-missing": ("login_url", "", "connection-missing"),
    "login-a-script": ("login_url", "javascript:alert(1)", "connection-address"),
    "login-plain-http": ("login_url", "http://192.0.2.1/auth", "connection-https"),
    "token-over-2000": ("token_url", "https://a.example/" + "x" * 2000, "connection-too-long"),
    "token-plain-http": ("token_url", "http://192.0.2.1/token", "connection-https"),
    "keys-a-file": ("keys_url", "file:///etc/passwd", "connection-address"),
    "keys-with-a-space": ("keys_url", "https://a.example/a b", "connection-address"),
    "keys-host-that-is-more": ("keys_url", "https://a.example; img-src */", "connection-address"),
    "name-over-200": ("name", "n" * 201, "connection-too-long"),
    "audience-over-2000": ("token_audience", "a" * 2001, "connection-too-long"),
    "deployment-over-255": ("deployment", "d" * 256, "connection-too-long"),
    "frames-no-origin": ("frames", "https://a.example.org/path", "connection-origin"),
    "frames-everybody": ("frames", "https://*", "connection-origin"),
    "frames-a-directive": ("frames", "https://a.example.org; script-src *", "connection-origin"),
    "frames-plain-http": ("frames", "http://192.0.2.1", "connection-https"),
    "frames-too-many": (
        "frames",
        "\n".join(f"https://a{n}.example" for n in range(21)),
        "connection-too-many",
    ),
    "audiences-too-long": ("audiences", "a" * 256, "connection-too-long"),
    "taken": ("client_id", "client-1", "connection-taken"),
}


@pytest.mark.parametrize(("field", "value", "code"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(
    desk: Desk, field: str, value: str, code: str
) -> None:
    there = {**RIGHT, "issuer": "https://lms.example.org"} if code == "connection-taken" else RIGHT
    page = desk.send("/lms/by-hand", **{**there, field: value})
    assert page.status_code == 422 and f'id="{field}-fault"' in page.text
    assert page.text.count('class="fault"') == 1 and desk.count(LtiRegistration) == 1
    if value.strip() and "\0" not in value:
        assert 'value="https://school.example.org/token"' in page.text or field == "token_url", (
            "the rest stays written"
        )


@pytest.mark.parametrize("taken", [True, False])
def test_what_another_organisation_has_is_not_told_when_it_is_entered_or_changed(
    desk: Desk, taken: bool
) -> None:
    if taken:
        its = {"issuer": RIGHT["issuer"], "client_id": RIGHT["client_id"]}
        register(desk.there.house.services.db, desk.there.lms, tenant="village", **its)
    made = desk.send("/lms/by-hand", **RIGHT)
    assert made.status_code == 303
    page = desk.look(made.location)
    assert "est connectée" in page.text and 'class="fault"' not in page.text
    assert desk.count(LtiRegistration, LtiRegistration.tenant == "town") == 2
    assert desk.send(f"{made.location}/edit", **{**RIGHT, "client_id": "c-8"}).status_code == 303
    assert desk.send(f"{made.location}/edit", **RIGHT).status_code == 303


def test_every_fault_is_told_at_once(desk: Desk) -> None:
    page = desk.send("/lms/by-hand", name="x" * 201, frames="nowhere").text
    assert page.count('class="fault"') == 7


def test_plain_http_is_taken_from_networks_that_are_allowed(desk: Desk) -> None:
    base = desk.there.lms.base
    made = desk.send(
        "/lms/by-hand",
        **{
            **RIGHT,
            "issuer": base,
            "login_url": f"{base}/auth",
            "token_url": f"{base}/token",
            "keys_url": f"{base}/jwks",
            "frames": base,
        },
    )
    assert made.status_code == 303


def test_one_issuer_has_many_connections_and_each_many_deployments(desk: Desk) -> None:
    desk.send("/lms/by-hand", **{**RIGHT, "issuer": "https://lms.example.org"})
    assert desk.count(LtiRegistration, LtiRegistration.issuer == "https://lms.example.org") == 2
    for deployment in ("a", "b"):
        assert desk.post("/deployments", deployment=deployment).status_code == 303
    assert len(desk.standing().deployments) == 3


# Looking after


def test_settings_are_changed_and_another_key_address_forgets_the_keys_of_the_old_one(
    desk: Desk,
) -> None:
    desk.there.browser().enter()
    assert (
        desk.count(LtiPlatformKeys, LtiPlatformKeys.fetched_at.is_not(None)) == 1
        and desk.count(LtiHost) == 1
    )
    before = desk.there.registration
    form = {
        "name": "Lycée",
        "issuer": before.issuer,
        "client_id": before.client_id,
        "login_url": before.login_url,
        "token_url": before.token_url,
        "keys_url": before.keys_url,
    }
    assert 'value="client-1"' in desk.get("/edit").text
    assert (
        desk.post("/edit", **form).status_code == 303
        and desk.standing().registration.name == "Lycée"
    )
    assert (
        desk.count(LtiPlatformKeys, LtiPlatformKeys.fetched_at.is_not(None)) == 1
        and desk.count(LtiHost) == 1
    )
    assert (
        desk.post("/edit", **{**form, "keys_url": desk.there.lms.url("/other")}).status_code == 303
    )
    assert (
        desk.count(LtiPlatformKeys, LtiPlatformKeys.fetched_at.is_not(None)) == 0
        and desk.count(LtiHost) == 0
    )
    assert [one.accepted for one in desk.standing().deployments] == [True]


def test_a_faulty_change_changes_nothing(desk: Desk) -> None:
    other = {**RIGHT, "issuer": "https://lms.example.org"}
    desk.send("/lms/by-hand", **other)
    page = desk.post("/edit", **{**other, "name": "Autre"})
    assert (
        page.status_code == 422
        and 'id="client_id-fault"' in page.text
        and 'value="Autre"' in page.text
    )
    assert desk.standing().registration.client_id == "client-1"


def test_switched_off_nobody_comes_in_and_whoever_is_inside_is_out(desk: Desk) -> None:
    guest = desk.there.browser()
    guest.enter()
    assert desk.post("/switch").status_code == 303
    assert guest.get("/path.json").status_code == 410
    asked = desk.there.browser()
    refused = asked.visitor.client.get(
        "/lti/login",
        query_string={
            "iss": "https://lms.example.org",
            "client_id": "client-1",
            "login_hint": "u",
            "target_link_uri": TOOL,
        },
        base_url=TOOL,
    )
    assert refused.status_code == 400 and "registration-disabled" in refused.text
    desk.post("/switch", on="yes")
    assert desk.there.browser().enter().status_code == 200


def test_a_deployment_that_launched_waits_until_it_is_accepted_and_can_be_withdrawn(
    desk: Desk,
) -> None:
    def elsewhere(claims: dict[str, object]) -> None:
        claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"] = "second"

    assert desk.there.browser().launch(elsewhere).status_code == 400
    assert desk.standing().state == "waiting" and "attend d’être accepté" in desk.get().text
    desk.post("/deployments", deployment="second")
    inside, beside = desk.there.browser(), desk.there.browser()
    assert inside.launch(elsewhere).status_code == 303 and desk.standing().state == "well"
    beside.enter()
    desk.post("/deployments", deployment="second", state="withdrawn")
    assert desk.there.browser().launch(elsewhere).status_code == 400
    assert (
        inside.get("/path.json").status_code == 410 and beside.get("/path.json").status_code == 200
    )


@pytest.mark.parametrize("deployment", ["", " ", "d" * 256, "a\tb"])
def test_what_is_no_deployment_is_said_so(desk: Desk, deployment: str) -> None:
    page = desk.post("/deployments", deployment=deployment)
    assert (
        page.status_code == 422
        and 'id="deployment-fault"' in page.text
        and desk.count(LtiDeployment) == 1
    )


def test_health_says_what_happened_last_in_words(desk: Desk) -> None:
    states: list[State] = [desk.standing().state]
    guest = desk.there.browser()
    guest.enter(lambda claims: claims.update(iat=claims["iat"] + 7))
    states.append(desk.standing().state)
    desk.there.house.clock.later(minutes=1)
    desk.there.browser().launch(lambda claims: claims.update(nonce="another"))
    states.append(desk.standing().state)
    desk.post("/switch")
    states.append(desk.standing().state)
    assert states == ["new", "well", "failing", "off"]
    page = desk.get().text
    assert "nonce-mismatch" in page and "7 secondes d’avance" in page and "lundi 4 janvier" in page


def test_a_clock_that_is_off_is_named_by_what_other_platforms_say(desk: Desk) -> None:
    """A launch that is dated 70 seconds ahead is refused: clocks may differ by a minute."""
    desk.there.browser().launch(lambda claims: claims.update(iat=claims["iat"] + 70))
    page = desk.get().text
    assert "iat-future" in page and "70 secondes d’avance" in page and "c’est celle" not in page
    other = register(desk.there.house.services.db, desk.there.lms, client_id="client-2")
    desk.there.at(desk.there.house).registration = other
    guest = desk.there.browser()
    asked = guest.log_in(other)
    claims = guest.claims(asked) | {"aud": "client-2"}
    assert guest.post(asked, claims).status_code == 303
    assert "c’est celle de cette plateforme" in desk.get().text


def test_check_now_says_of_keys_and_token_what_came_of_each(desk: Desk) -> None:
    lms = desk.there.lms
    lms.routes["/token"] = lambda _: Reply.json({"access_token": "t", "token_type": "Bearer"})
    page = desk.post("/check").text
    assert "Une clé utilisable a été relue." in page and "Demandé, et reçu." in page

    def grades_alone(asked: Request) -> Reply:
        return (
            Reply.json({"access_token": "t"})
            if b"score" in asked.body and b"nrps" not in asked.body
            else Reply(b"", 400)
        )

    lms.routes["/token"] = grades_alone
    assert "Demandé, et reçu." in desk.post("/check").text, (
        "one service at least is switched on there"
    )
    lms.routes["/jwks"] = lambda _: Reply.json({"keys": []})
    lms.routes["/token"] = lambda _: Reply.json({"error": "invalid_client"}, 401)
    page = desk.post("/check").text
    assert (
        "platform-keys-none" in page
        and "service-answered" in page
        and "Demandé, et reçu." not in page
    )
    assert "Ses clés\u202f:</span>" in page and "Dernière erreur" not in page, (
        "what was checked just now is the last word"
    )
    assert lms.count("/jwks") == 3
    del lms.routes["/jwks"]
    assert "fetch-not-json" in desk.post("/check").text


def test_what_is_asked_of_the_platform_is_listed(desk: Desk) -> None:
    page = desk.get().text
    for words in (
        "Un identifiant pour chaque personne",
        "Les colonnes du carnet",
        "Les notes",
        "Les résultats",
        "Les membres",
    ):
        assert words in page


# Giving out, erasing, deleting


def live(there: Plugged, *, answer: bool = True) -> str:
    """Léa comes from the LMS, takes the wager, lives the experience, is asked and answers; a
    teacher comes. The course's slug."""
    guest = there.browser()
    guest.enter()
    guest.send("/contract", change="1")
    guest.send("/rhythm", first="1", **RHYTHM)
    there.browser().enter(teacher)
    db, services = there.house.services.db, there.house.services
    with db.write("town") as unit:
        course = unit.scalars(select(Course)).one()
        lea = unit.scalars(select(Account).where(Account.name == "Léa Martin")).one()
        learner = joining.learner_of(unit, lea.id)
        placed = unit.scalars(select(Placement)).one()
        enrolment = playing.begin(
            work(unit, library=services.library, now=there.house.clock.now()),
            learner,
            course.id,
            placed.section,
        )
        while not (
            scene := playing.scene(work(unit, library=services.library), learner, enrolment.id)
        ).screen.finished:
            playing.act(
                work(unit, library=services.library, now=there.house.clock.now(), rng=services.rng),
                learner,
                enrolment.id,
                scene.number,
                scene.screen.form.sample,
            )
        due = unit.scalars(select(Touch.due_at)).one()
        unit.commit()
    open_due(Units(db, services.library, FakeClock(due, due), services.rng))
    with db.write("town") as unit:
        asked = showing.touch_view(work(unit, library=services.library), learner.id, 1, "fr").left[
            0
        ]
        if answer:
            answering.answer(
                work(unit, library=services.library, now=due, rng=services.rng),
                learner.id,
                Asking(1, enrolment.id, asked.prompt, asked.occurrence),
                {"text": "mes propres mots", "grade": "3", "point": "3"},
            )
            unit.commit()
    return course.slug


def test_what_is_kept_can_be_downloaded_without_a_word_that_a_learner_wrote(desk: Desk) -> None:
    slug = live(desk.there)
    for path in ("/data.json", f"/courses/{slug}/data.json"):
        answer = desk.get(path)
        said = json.loads(answer.text)
        assert (
            "attachment" in answer.headers["Content-Disposition"]
            and "mes propres mots" not in answer.text
        )
        assert [one["slug"] for one in said["courses"]] == [slug] and said["connection"][
            "client_id"
        ] == "client-1"
        names = {one["account"]["name"]: one for one in said["people"]}
        assert set(names) == {"Léa Martin", "Paul Roy"} and names["Léa Martin"]["subjects"] == [
            "user-7"
        ]
        assert len(names["Léa Martin"]["experiences"]) == len(names["Léa Martin"]["answers"]) == 1
        assert not {"content", "act", "password_hash"} & {
            key for row in names["Léa Martin"]["answers"] for key in row
        }


def test_erasing_a_course_takes_a_box_and_its_name_then_everything_is_gone(desk: Desk) -> None:
    slug = live(desk.there)
    erase = f"/courses/{slug}/erase"
    assert "Économie" in desk.get(erase).text
    for form in (
        {},
        {"sure": "yes"},
        {"sure": "yes", "called": "Economie"},
        {"called": "Économie"},
    ):
        assert desk.post(erase, **form).status_code == 422
    assert desk.count(Account) == 3
    assert desk.post(erase, sure="yes", called=" Économie ").status_code == 303
    for table in (Course, LtiContext, LtiPerson, Enrolment, Answer, Touch, Outbox):
        assert desk.count(table) == 0, table
    assert desk.count(Account) == 1 and desk.count(LtiRegistration) == 1
    assert desk.post(erase, sure="yes", called="Économie").status_code == 404
    assert desk.there.browser().enter().status_code == 200, "the platform may begin anew"


@pytest.mark.parametrize("answer", [True, False], ids=["answered", "asked-just-now"])
def test_who_is_also_here_otherwise_stays_without_what_they_lived_there(
    desk: Desk, answer: bool
) -> None:
    slug = live(desk.there, answer=answer)
    with desk.there.house.services.db.write("town") as unit:
        lea = unit.scalars(select(Account).where(Account.name == "Léa Martin")).one()
        other = builders.course(unit, "other")
        members.enrol(unit, other, lea, desk.there.house.clock.now())
        unit.commit()
    desk.post(f"/courses/{slug}/erase", sure="yes", called="Économie")
    assert (
        desk.count(Account, Account.id == lea.id) == 1
        and desk.count(Account, Account.name == "Paul Roy") == 0
    )
    assert desk.count(Enrolment) == desk.count(Answer) == 0 and desk.count(Course) == 1
    assert desk.count(Touch, Touch.state == "open") == 0, "nothing of it is asked any more"
    assert desk.count(LtiPerson, LtiPerson.account == lea.id) == 1
    desk.post("/erase", sure="yes", called="lms.example.org")
    assert desk.count(Account, Account.id == lea.id) == 1 and desk.count(LtiPerson) == 0


def test_erasing_a_whole_connection_leaves_it_empty_and_at_work(desk: Desk) -> None:
    live(desk.there)
    desk.there.browser().enter(
        lambda claims: claims.update(
            {
                "sub": "user-8",
                "https://purl.imsglobal.org/spec/lti/claim/context": {
                    "id": "course-2",
                    "title": "Droit",
                },
            }
        )
    )
    sign_in(desk.there, "town", "learner")
    assert desk.count(Course) == 2
    assert desk.post("/erase", sure="yes", called="lms.example.org").status_code == 303
    assert desk.count(Course) == desk.count(LtiPerson) == 0 and desk.count(Account) == 2
    assert desk.there.browser().enter().status_code == 200


def test_deleted_a_connection_leaves_people_and_courses_unless_that_is_asked_for(
    desk: Desk,
) -> None:
    live(desk.there)
    assert "cochez la première case" in desk.get("/delete").text
    assert desk.post("/delete", sure="yes").status_code == 422
    assert desk.post("/delete", sure="yes", called="lms.example.org").status_code == 303
    assert desk.count(LtiRegistration) == desk.count(LtiPerson) == desk.count(LtiContext) == 0
    assert desk.count(Course) == 1 and desk.count(Answer) == 1 and desk.count(Account) == 3


def test_deleted_with_its_people_nothing_of_it_is_left(desk: Desk) -> None:
    live(desk.there)
    desk.post("/delete", sure="yes", called="lms.example.org", people="erase")
    assert (
        desk.count(LtiRegistration) == desk.count(Course) == desk.count(Answer) == 0
        and desk.count(Account) == 1
    )


# Who may

PAGES = ("", "/edit", "/erase", "/delete", "/data.json")
FORMS: dict[str, dict[str, str]] = {
    "/check": {},
    "/edit": RIGHT,
    "/switch": {},
    "/deployments": {"deployment": DEPLOYMENT, "state": "withdrawn"},
    "/erase": {"sure": "yes", "called": "lms.example.org"},
    "/delete": {"sure": "yes", "called": "lms.example.org"},
}


@pytest.mark.parametrize(
    ("tenant", "role"), [("village", "administrator"), ("town", "facilitator"), ("town", "learner")]
)
def test_nobody_but_its_own_administrators_finds_a_connection(
    there: Plugged, tenant: str, role: str
) -> None:
    stranger = Desk(there, sign_in(there, tenant, role))
    for page in PAGES:
        assert stranger.get(page).status_code == 404, page
    for path, form in FORMS.items():
        assert stranger.post(path, **form).status_code == 404, path
    assert (
        stranger.standing().registration == there.registration
        and stranger.standing().deployments[0].accepted
    )
    assert stranger.look("/lms").status_code == (200 if role == "administrator" else 404)
    assert "lms.example.org" not in stranger.look("/lms").text


def test_administrators_alone_have_it_in_their_menu_and_never_inside_an_lms(desk: Desk) -> None:
    assert 'href="/lms"' in desk.look("/courses/").text
    guest = desk.there.browser()
    page = guest.enter(teacher)
    assert '/lms"' not in page.text and guest.get("/lms").status_code == 404
    assert (
        desk.look("/lms/experience").status_code == 404
        and desk.look(f"/lms/{'0' * 32}").status_code == 404
    )
