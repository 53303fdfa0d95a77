"""The way in: an invitation that says who sent it, the contract behind its link, and the first
experience behind the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.courses import members
from engine.courses.effort import Effort, effort_of
from engine.delivery.channels.mime import mime
from engine.delivery.message import Message
from engine.journey.joining import learner_of
from engine.packs.new import new_pack
from engine.people.invitations import invite
from engine.storage.tables import Account, Course, Enrolment, Invitation, Learner, Tenant
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY, PACK, queries
from web import worker

pytestmark = pytest.mark.both_databases
LINK = re.compile(r"https?://[^/\s]+(/invitation/\S+)")


@dataclass
class Door:
    """A house with a course of one experience, and Dominique, who runs it."""

    house: House
    facilitator: Visitor

    def invited(self, email: str = "noe@example.org") -> Message:
        """Dominique invites that address; the mail that it gets."""
        here = "/courses/course/invitations"
        self.facilitator.get(here)
        assert self.facilitator.post(here, {"emails": email}).status_code == 303
        worker.tick(self.house.services)
        return self.last_mail(email)

    def last_mail(self, to: str) -> Message:
        return [mail for mail in self.house.outbox.messages if mail.to == to][-1]

    def rows(self, table: type) -> list:
        with self.house.services.db.read("town") as unit:
            return list(unit.scalars(select(table)))

    def change(self, table: type, **values: object) -> None:
        with self.house.services.db.write("town") as unit:
            for row in unit.scalars(select(table)):
                for name, value in values.items():
                    setattr(row, name, value)
            unit.commit()

    def starts_on(self, day: str | None) -> None:
        [course] = self.rows(Course)
        self.change(Course, outline={**course.outline, "starts_on": day})


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = house(tmp_path, "town")
    made.services.library.install(new_pack(PACK), MONDAY)
    account = made.account(email="dominique@example.org", role="facilitator")
    with made.services.db.write("town") as unit:
        course = builders.course(unit)
        me = unit.get_one(Account, ("town", account.id))
        me.name = "Dominique Roux"
        members.enrol(unit, course, me, MONDAY, "facilitator")
        unit.commit()
    visitor = made.client()
    visitor.sign_in("dominique@example.org")
    yield Door(made, visitor)
    made.services.close()


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def link_of(mail: Message) -> str:
    found = LINK.search(mail.text)
    assert found, mail.text
    return found[1]


# --- an invitation that one trusts


def test_an_invitation_says_who_sends_it_to_what_and_for_how_many_minutes(door: Door) -> None:
    mail = door.invited()
    assert mail.subject == "Dominique Roux vous invite\u202f: Un cours"
    text = mail.text.replace("\n", " ")
    assert "Dominique Roux (Town) vous invite" in text and "«\u202fUn cours\u202f»" in text
    assert "Une courte expérience de 6 minutes." in text
    assert "3 minutes au plus, et jamais plus de 6 minutes sur sept jours" in text
    assert "arrêtez quand vous voulez" in text and "sept jours" in text
    assert "Dominique Roux, Town" in text, "it is signed"
    for said in ("Dominique Roux", "6 minutes", "Un cours"):
        assert said in unescape(mail.html)


def test_a_reply_goes_to_who_invited_and_the_sender_is_the_organisation(door: Door) -> None:
    mail = door.invited()
    assert (mail.sender, mail.headers["Reply-To"]) == ("Town", "dominique@example.org")
    sent = mime(mail, "Relecture <post@example.org>", MONDAY)
    assert str(sent["From"]) == "Town <post@example.org>"
    assert str(sent["Reply-To"]) == "dominique@example.org"


def test_an_organisation_writes_under_the_name_that_it_chose(door: Door) -> None:
    door.change(Tenant, sender_name="Mairie de Saint-Aubry, formation")
    mail = door.invited()
    sent = mime(mail, "post@example.org", MONDAY)
    assert sent["From"].addresses[0].display_name == "Mairie de Saint-Aubry, formation"
    assert sent["From"].addresses[0].addr_spec == "post@example.org"


def test_what_the_command_line_invites_is_signed_by_the_organisation(door: Door) -> None:
    door.change(Tenant, contact="formation@town.example")
    with door.house.services.write("town") as work:
        course = work.session.scalars(select(Course)).one()
        invite(work, course, ["noe@example.org"])
        work.commit()
    worker.tick(door.house.services)
    mail = door.last_mail("noe@example.org")
    assert mail.subject == "Town vous invite\u202f: Un cours"
    assert mail.headers["Reply-To"] == "formation@town.example"


def test_an_invitation_says_on_which_day_the_first_experience_opens(door: Door) -> None:
    door.starts_on("2027-01-18")
    assert "La première ouvre le lundi 18 janvier." in door.invited().text


def test_a_question_comes_from_the_organisation_and_a_reply_goes_to_its_contact(
    door: Door,
) -> None:
    visitor = door.house.client()
    link = link_of(door.invited())
    visitor.get(link)
    here = visitor.post(link).location
    while found := re.search(r'name="number" value="(\d+)"', page := visitor.get(here).text):
        option = re.search(r'name="choice" value="([^"]+)"', page)
        assert option
        visitor.post(here, {"number": found[1], "choice": option[1]})
    door.change(Tenant, contact="formation@town.example")
    door.house.clock.later(days=1)
    worker.tick(door.house.services)
    mail = door.last_mail("noe@example.org")
    assert mail.sender == "Town" and "List-Unsubscribe" in mail.headers
    sent = mime(mail, "Relecture <post@example.org>", MONDAY)
    assert str(sent["From"]) == "Town <post@example.org>"
    assert str(sent["Reply-To"]) == "formation@town.example", "and not to who invited"


@pytest.mark.parametrize(("starts_on", "opens"), [(None, None), ("2027-01-18", date(2027, 1, 18))])
def test_what_a_course_asks_is_counted_from_what_is_placed(
    door: Door, starts_on: str | None, opens: date | None
) -> None:
    door.starts_on(starts_on)
    with door.house.services.db.read("town") as unit:
        course = unit.scalars(select(Course)).one()
        assert effort_of(unit, course) == Effort(1, 6, 6, opens)


# --- two screens


def test_from_the_invitation_to_the_story_there_is_the_contract_and_nothing_else(
    door: Door,
) -> None:
    visitor, link = door.house.client(), link_of(door.invited())
    page = visitor.get(link)
    assert "pari de la confiance" in page.text and "Dominique Roux (Town)" in plain(page.text)
    assert "vers 8\u202fh\u202f40" in page.text and "week-ends et jours fériés" in page.text
    assert door.rows(Enrolment) == [], "opening the link changes nothing"
    begun = visitor.post(link)
    assert begun.location.startswith("/experience/")
    assert 'name="choice"' in visitor.get(begun.location).text
    [noe] = [one for one in door.rows(Learner) if one.contract_at]
    assert (noe.hour.isoformat("minutes"), noe.gap_days) == ("08:40", 2)


def test_who_wants_another_rhythm_joins_and_changes_it_first(door: Door) -> None:
    visitor, link = door.house.client(), link_of(door.invited())
    visitor.get(link)
    assert visitor.post(link, {"change": "1"}).location == "/rhythm?first=1"
    assert visitor.get("/rhythm?first=1").status_code == 200
    assert door.rows(Enrolment) == []


def test_where_nothing_is_open_yet_home_says_when_the_first_opens(door: Door) -> None:
    door.starts_on("2027-01-18")
    visitor, link = door.house.client(), link_of(door.invited())
    visitor.get(link)
    assert visitor.post(link).location == "/home"
    assert "Votre première expérience ouvre le lundi 18 janvier" in plain(visitor.get("/home").text)


def test_home_contract_and_path_name_the_course_the_organisation_and_who_runs_it(
    door: Door,
) -> None:
    visitor, link = door.house.client(), link_of(door.invited())
    visitor.get(link)
    visitor.post(link)
    for page in ("/home", "/contract", "/path"):
        assert "Town · Un cours · avec Dominique Roux" in plain(visitor.get(page).text), page


def test_where_nobody_runs_the_course_whoever_invited_is_named(door: Door) -> None:
    mail = door.invited()
    with door.house.services.db.write("town") as unit:
        unit.delete(unit.scalars(select(builders.members.Membership)).one())
        unit.commit()
    visitor, link = door.house.client(), link_of(mail)
    visitor.get(link)
    visitor.post(link)
    with queries(door.house.services.db) as seen:
        page = visitor.get("/home").text
    assert "avec Dominique Roux" in plain(page)
    assert sum("invitation" in one for one in seen) == 1


def test_the_zone_of_the_organisation_is_that_of_who_joins(door: Door) -> None:
    door.change(Tenant, zone="America/Martinique")
    visitor, link = door.house.client(), link_of(door.invited())
    visitor.get(link)
    visitor.post(link)
    assert [one.zone for one in door.rows(Learner) if one.contract_at] == ["America/Martinique"]


def test_who_is_signed_in_with_a_password_goes_on_without_signing_in_again(door: Door) -> None:
    door.house.account()
    visitor, link = door.house.client(), link_of(door.invited("lea@example.org"))
    visitor.sign_in()
    visitor.get(link)
    assert visitor.post(link).location.startswith("/experience/")


def test_a_password_is_asked_of_anybody_else_before_they_join(door: Door) -> None:
    lea = door.house.account()
    visitor, link = door.house.client(), link_of(door.invited("lea@example.org"))
    visitor.get(link)
    assert visitor.post(link).location == "/sign-in"
    with door.house.services.db.read("town") as unit:
        assert learner_of(unit, lea.id).contract_at is None


# --- links that come too late


def test_a_used_link_leads_home_whoever_is_signed_in(door: Door) -> None:
    visitor, link = door.house.client(), link_of(door.invited())
    visitor.get(link)
    visitor.post(link)
    assert visitor.get(link).location == "/home"
    visitor.get("/home")
    assert visitor.post(link).location == "/home"


def test_an_expired_link_asks_for_a_new_one_which_is_mailed_at_once(door: Door) -> None:
    old = link_of(door.invited())
    door.house.clock.later(days=8)
    visitor = door.house.client()
    page = visitor.get(old)
    assert page.status_code == 410 and "Envoyez-moi un nouveau lien" in page.text
    assert 'href="/sign-in"' not in page.text.split("<main")[1].split("</main")[0]
    assert "Un lien est en route" in visitor.post(f"{old}/again").text
    worker.tick(door.house.services)
    new = link_of(door.last_mail("noe@example.org"))
    assert new != old
    visitor.get(new)
    assert visitor.post(new).location.startswith("/experience/")


def test_pressing_for_a_new_link_again_and_again_sends_one(door: Door) -> None:
    old = link_of(door.invited())
    door.house.clock.later(days=8)
    visitor = door.house.client()
    visitor.get(old)
    for _ in range(3):
        assert visitor.post(f"{old}/again").status_code == 200
        worker.tick(door.house.services)
    assert len([m for m in door.house.outbox.messages if m.to == "noe@example.org"]) == 2
    visitor.post(f"{old}/again")
    assert visitor.post(f"{old}/again").status_code == 429


def test_an_invitation_that_is_gone_says_the_same_and_sends_nothing(door: Door) -> None:
    old = link_of(door.invited())
    with door.house.services.db.write("town") as unit:
        unit.delete(unit.scalars(select(Invitation)).one())
        unit.commit()
    visitor = door.house.client()
    visitor.get(old)
    before = len(door.house.outbox.messages)
    assert "Un lien est en route" in visitor.post(f"{old}/again").text
    worker.tick(door.house.services)
    assert len(door.house.outbox.messages) == before


def test_an_invitation_is_sent_only_when_it_left(door: Door) -> None:
    here = "/courses/course/invitations"
    door.facilitator.get(here)
    door.facilitator.post(here, {"emails": "noe@example.org"})
    door.change(Invitation, accepted_at=MONDAY)
    worker.tick(door.house.services)
    [row] = door.rows(Invitation)
    assert (row.state, row.sent_at) == ("withdrawn", None)
    assert door.house.outbox.messages == []
