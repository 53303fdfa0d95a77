"""The administrator's pages: people found, invited, given roles, exported, merged and erased; the
organisation's settings, packs, mails, and who did what. Nobody else gets in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.courses.members import enrol
from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.packs.new import new_pack
from engine.people.accounts import add_account
from engine.storage.tables import (
    Account,
    AuditEntry,
    Course,
    Delivery,
    Enrolment,
    Tenant,
    Touch,
)
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY

pytestmark = pytest.mark.both_databases

PAGES = (
    "/admin/people",
    "/admin/organisation",
    "/admin/organisation/words/privacy",
    "/admin/packs",
    "/admin/deliveries",
    "/admin/log",
    "/admin/retention",
)


@dataclass
class There:
    """An organisation with an administrator who is signed in, a learner who lived something, and
    another organisation."""

    house: House
    visitor: Visitor
    eva: str
    lea: str
    foreign: str

    def rows(self, table: type[Any], tenant: str = "town") -> list[Any]:
        with self.house.services.db.read(tenant) as unit:
            return list(unit.scalars(select(table)))

    def log(self) -> list[tuple[str, str | None, str | None]]:
        found = sorted(self.rows(AuditEntry), key=lambda one: (one.at, one.action))
        return [(one.action, one.by, one.about) for one in found]

    def post(self, path: str, form: dict[str, Any] | None = None) -> TestResponse:
        """Submits a form, with the token of a page seen before."""
        self.visitor.get("/admin/retention")
        return self.visitor.post(path, form)

    def said(self, path: str) -> str:
        page = self.visitor.get(path)
        assert page.status_code == 200, path
        return page.text


@pytest.fixture
def there(tmp_path: Path) -> There:
    made = house(tmp_path, "town", "village", maildir=str(tmp_path / "mail"))
    services = made.services
    services.library.install(new_pack(builders.PACK), MONDAY)
    eva = made.account(email="eva@example.org", role="administrator")
    foreign = made.account("village", email="bo@example.net")
    with services.db.write("town") as unit:
        world = builders.World(services.db, services.library)
        course = builders.course(unit)
        lea = builders.learner(unit, services.library, course)
        builders.lived(unit, world, lea, course)
        unit.commit()
        key = lea.id
    visitor = made.client()
    visitor.sign_in("eva@example.org")
    visitor.get("/admin/people")
    return There(made, visitor, eva.id, key, foreign.id)


def test_every_page_answers_an_administrator_and_nobody_else(there: There) -> None:
    there.house.account(email="fa@example.org", role="facilitator")
    there.house.account(email="de@example.org", role="designer")
    own = (*PAGES, f"/admin/people/{there.lea}", f"/admin/people/{there.lea}/merge")
    for page in own:
        assert there.visitor.get(page).status_code == 200, page
    for email, seen in (("fa@example.org", []), ("de@example.org", ["/admin/packs"])):
        other = there.house.client()
        other.sign_in(email)
        assert [page for page in own if other.get(page).status_code != 404] == seen
    nobody = there.house.client()
    assert all("/sign-in" in nobody.get(page).headers["Location"] for page in own)


def test_people_are_found_by_name_address_and_role_fifty_a_page(there: There) -> None:
    with there.house.services.db.write("town") as unit:
        for n in range(60):
            add_account(unit, f"x{n}@example.org", f"Zoé {n:02}", "facilitator", "fr", MONDAY)
        unit.commit()
    first = there.said("/admin/people?q=zoé+example&role=facilitator")
    assert first.count("@example.org</td>") == 50 and "Zoé 49" in first and "Zoé 50" not in first
    assert "Zoé 59" in there.said("/admin/people?q=zoé&page=2")
    for nobody in ("bo%40example.net", "100%25_", "x" * 300):
        assert there.said(f"/admin/people?q=a+{nobody}&page=7").count("<tbody>") == 0


def test_a_list_of_many_costs_as_many_queries_as_one_of_few(there: There) -> None:
    def asked() -> int:
        with builders.queries(there.house.services.db) as seen:
            there.said("/admin/people")
        return len(seen)

    before = asked()
    with there.house.services.db.write("town") as unit:
        for n in range(120):
            add_account(unit, f"x{n}@example.org", f"Zoé {n}", "learner", "fr", MONDAY)
        unit.commit()
    assert asked() == before


def test_whoever_is_invited_gets_a_mail_that_leads_to_a_password(there: There) -> None:
    told = there.post(
        "/admin/people/invite",
        {"email": " Noe@Example.org ", "name": "Noé", "roles": ["facilitator", "designer"]},
    )
    assert told.status_code == 303
    [noe] = [one for one in there.rows(Account) if one.email == "noe@example.org"]
    assert noe.roles == {"facilitator", "designer"}
    assert there.log() == [("invite", there.eva, noe.id)]
    there.house.clock.later(days=6)
    newcomer = there.house.client()
    link = there.house.outbox.link()
    assert newcomer.get(link).status_code == 200
    assert newcomer.post(link, {"password": "trois mots simples"}).status_code == 303
    assert newcomer.get("/courses/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nobody", "roles": ["learner"]}, "email"),
        ({"email": "lea@example.org", "roles": ["learner"]}, "email"),
        ({"email": "noe@example.org", "roles": []}, "roles"),
        ({"email": "noe@example.org", "roles": ["owner"]}, "roles"),
    ],
)
def test_an_invitation_that_cannot_be_is_said_beside_its_field(
    there: There, wrong: dict[str, object], field: str
) -> None:
    told = there.post("/admin/people/invite", wrong)
    assert told.status_code == 422 and f'id="{field}-fault"' in told.text
    assert len(there.rows(Account)) == 2 and there.log() == []


def test_roles_are_given_and_taken_and_written_down(there: There) -> None:
    path = f"/admin/people/{there.lea}/roles"
    assert there.post(path, {"roles": ["learner", "designer"]}).status_code == 303
    [lea] = [one for one in there.rows(Account) if one.id == there.lea]
    assert lea.roles == {"learner", "designer"}
    [entry] = there.rows(AuditEntry)
    assert (entry.about, entry.detail) == (there.lea, {"given": ["designer"], "taken": []})
    last = there.post(f"/admin/people/{there.eva}/roles", {"roles": ["learner"]})
    assert last.status_code == 409 and len(there.log()) == 1


def test_everything_kept_about_a_person_is_given_and_it_is_written_down_who_took_it(
    there: There,
) -> None:
    there.said(f"/admin/people/{there.lea}")
    taken = there.post(f"/admin/people/{there.lea}/data.json")
    data = json.loads(taken.data)
    assert data["account"]["email"] == "lea@example.org" and len(data["experiences"]) == 1
    assert "password_hash" not in data["account"]
    assert there.log() == [("export", there.eva, there.lea)]
    assert there.visitor.get(f"/admin/people/{there.lea}/data.json").status_code == 405


def test_erasing_asks_first_and_leaves_an_id_in_the_log(there: There) -> None:
    path = f"/admin/people/{there.lea}/erase"
    for half in (
        {},
        {"sure": "yes"},
        {"called": "lea@example.org"},
        {"sure": "yes", "called": "x"},
    ):
        assert there.post(path, half).status_code == 422
    assert len(there.rows(Account)) == 2
    assert there.post(path, {"sure": "yes", "called": "lea@example.org"}).status_code == 303
    assert [one.id for one in there.rows(Account)] == [there.eva]
    assert there.rows(Enrolment) == []
    assert there.log() == [("erase", there.eva, there.lea)]
    told = there.said("/admin/log")
    assert there.lea[:8] in told and "lea@example.org" not in told


def test_a_merge_is_shown_before_it_is_done(there: There) -> None:
    with there.house.services.db.write("town") as unit:
        twin = add_account(unit, "lea2@example.org", "Léa L.", "designer", "fr", MONDAY)
        enrol(unit, unit.scalars(select(Course)).one(), twin, MONDAY)
        unit.commit()
    path = f"/admin/people/{there.lea}/merge"
    assert f"other={twin.id}" in there.said(f"{path}?q=lea2")
    shown = there.said(f"{path}?other={twin.id}")
    assert "lea2@example.org" in shown and len(there.rows(Account)) == 3
    assert there.post(path, {"other": twin.id}).status_code == 422
    assert there.post(path, {"other": twin.id, "sure": "yes"}).status_code == 303
    assert {one.id for one in there.rows(Account)} == {there.eva, there.lea}
    assert there.log() == [("merge", there.eva, there.lea)]


def test_nobody_merges_themselves_away_nor_with_somebody_elsewhere(there: There) -> None:
    path = f"/admin/people/{there.lea}/merge"
    there.said(path)
    for other, status in ((there.eva, 422), (there.lea, 422), (there.foreign, 404), ("", 404)):
        done = there.post(path, {"other": other, "sure": "yes"})
        assert done.status_code == status, other
    assert len(there.rows(Account)) == 2 and len(there.rows(Account, "village")) == 1


def test_what_belongs_to_another_organisation_is_not_found(there: There) -> None:
    there.said("/admin/people")
    for way in ("", "/merge", "/erase"):
        assert there.visitor.get(f"/admin/people/{there.foreign}{way}").status_code == 404
    for way in ("/roles", "/data.json", "/erase", "/merge"):
        form = {"roles": ["learner"], "sure": "yes", "called": "bo@example.net", "other": there.lea}
        assert there.post(f"/admin/people/{there.foreign}{way}", form).status_code == 404
    assert there.log() == [] and there.rows(AuditEntry, "village") == []


def test_every_change_needs_the_token_of_a_form(there: There) -> None:
    forms = (
        "people/invite",
        f"people/{there.lea}/roles",
        f"people/{there.lea}/data.json",
        f"people/{there.lea}/erase",
        f"people/{there.lea}/merge",
        "organisation",
        "organisation/words/legal",
        "organisation/test-mail",
        "deliveries/retry",
        "deliveries/park",
        "deliveries/retry-all",
    )
    for form in forms:
        assert there.visitor.client.post(f"/admin/{form}").status_code == 400, form
    assert there.log() == [] and there.house.outbox.messages == []


GOOD = {
    "name": "Communauté de communes",
    "sender_name": "Léa du Pays",
    "contact": "DPO@example.org",
    "language": "en",
    "zone": "America/Martinique",
}


def test_what_an_organisation_says_of_itself_is_kept_and_written_down(there: There) -> None:
    there.said("/admin/organisation")
    assert there.post("/admin/organisation", GOOD).status_code == 303
    with there.house.services.db.shared() as unit:
        own = unit.get_one(Tenant, "town")
        assert (own.name, own.sender_name, own.contact) == (
            GOOD["name"],
            GOOD["sender_name"],
            "dpo@example.org",
        )
        assert (own.language, own.zone) == ("en", "America/Martinique")
    [entry] = there.rows(AuditEntry)
    assert entry.detail == {"changed": ["name", "sender_name", "contact", "language", "zone"]}
    assert there.post("/admin/organisation", GOOD).status_code == 303
    assert len(there.log()) == 1, "nothing changed, nothing is written"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 201),
        ("sender_name", "x" * 121),
        ("contact", "nobody"),
        ("language", "de"),
        ("zone", "Moon/Crater"),
    ],
)
def test_a_wrong_setting_changes_nothing_and_says_which(
    there: There, field: str, value: str
) -> None:
    there.said("/admin/organisation")
    told = there.post("/admin/organisation", {**GOOD, field: value})
    assert told.status_code == 422 and f'id="{field}-fault"' in told.text
    with there.house.services.db.shared() as unit:
        assert unit.get_one(Tenant, "town").name == "Town"


class Refusing:
    """A channel whose server takes nothing."""

    def send(self, message: Message) -> None:
        raise Refusal("550 5.1.1 no such user", permanent=True)

    def release(self) -> None:
        """Nothing is kept."""


def test_a_test_mail_goes_to_whoever_asks_and_says_what_the_server_answered(
    there: There, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.said("/admin/organisation")
    page = there.post("/admin/organisation/test-mail")
    assert page.status_code == 200 and 'role="status"' in page.text
    assert [one.to for one in there.house.outbox.messages] == ["eva@example.org"]
    monkeypatch.setitem(there.house.services.channels, "mail", Refusing())
    page = there.post("/admin/organisation/test-mail")
    assert "550 5.1.1 no such user" in page.text and 'role="alert"' in page.text


def deliver(there: There, state: str, **more: object) -> None:
    wall = there.house.clock.wall()
    with there.house.services.db.write("town") as unit:
        touch = unit.scalars(select(Touch).where(Touch.state == "planned")).one()
        touch.state, touch.opened_at = "open", wall
        unit.add(
            Delivery(
                learner=there.lea,
                touch=touch.number,
                channel="mail",
                state=state,
                next_at=wall,
                **more,
            )
        )
        unit.commit()


def test_a_mail_that_was_refused_says_why_and_is_tried_again(there: There) -> None:
    deliver(there, "parked", error="550 <nobody> here", attempts=8)
    told = there.said("/admin/deliveries")
    assert "550 &lt;nobody&gt; here" in told
    key = {"learner": there.lea, "touch": "1", "channel": "mail"}
    assert there.post("/admin/deliveries/retry", key).status_code == 303
    [one] = there.rows(Delivery)
    assert (one.state, one.attempts, one.error) == ("waiting", 0, None)
    assert there.post("/admin/deliveries/park", key).status_code == 303
    assert there.rows(Delivery)[0].state == "parked"
    assert there.post("/admin/deliveries/retry-all").status_code == 303
    assert there.rows(Delivery)[0].state == "waiting"
    assert sorted(action for action, _by, _about in there.log()) == ["park", "retry", "retry"]


def test_a_mail_that_left_or_is_being_sent_is_left_alone(there: There) -> None:
    deliver(there, "sending")
    key = {"learner": there.lea, "touch": "1", "channel": "mail"}
    there.said("/admin/deliveries?state=sending")
    for act in ("retry", "park"):
        assert there.post(f"/admin/deliveries/{act}", key).status_code == 303
    odd = {**key, "touch": "x"}
    assert there.post("/admin/deliveries/retry", odd).status_code == 422
    assert there.rows(Delivery)[0].state == "sending" and there.log() == []


def test_packs_say_how_many_people_are_on_which_version(there: There) -> None:
    newer = {**new_pack(builders.PACK)}
    manifest = newer["pack.yaml"].replace(b"0.1.0", b"0.2.0")
    there.house.services.library.install({**newer, "pack.yaml": manifest}, MONDAY)
    told = there.said("/admin/packs")
    old = told.split("0.1.0", 1)[1].split("</tr>")[0]
    assert told.index("0.2.0") < told.index("0.1.0") and old.count(">1</td>") == 3


def test_the_log_is_filtered_by_what_whom_and_when(there: There) -> None:
    there.said("/admin/people")
    there.post(f"/admin/people/{there.lea}/roles", {"roles": ["designer"]})
    there.house.clock.later(days=40)
    there.said("/admin/organisation")
    there.post("/admin/organisation", GOOD)

    def shown(query: str) -> int:
        return there.said(f"/admin/log?{query}").split("<tbody>")[-1].count("<tr>")

    assert shown("") == 2
    assert shown("action=roles") == 1 and shown("action=erase") == 0
    assert shown(f"person={there.lea}") == 1 and shown(f"person={there.eva}") == 2
    assert shown("days=30") == 1 and shown("days=90") == 2 and shown("days=x&page=9") == 2
    assert shown("person=%00'--") == 0 and shown("days=99999999999") == 2
