"""Monday's mail about a course: only for who wishes it, once a week, counts and names, nothing when
there is nothing, and ended by its own link."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine.courses import ending, members, mondays, outlines
from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.journey.addresses import MAIL
from engine.journey.forgetting import erase
from engine.journey.joining import learner_of
from engine.people import invitations
from engine.storage.tables import (
    Account,
    Course,
    Membership,
    MondayMail,
    Placement,
)
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MODULE, MONDAY, PACK, World
from web import worker

pytestmark = pytest.mark.both_databases

HERE = "/courses/course"
MORNING = datetime(2027, 1, 11, 7, 30, tzinfo=UTC)
"""Half past eight in Paris, on the Monday after ``MONDAY``."""


@dataclass
class Office:
    """A course that began last Monday, whose second section opens next Monday."""

    house: House
    visitor: Visitor

    def switch(self, wanted: str = "yes") -> str:
        self.visitor.get(f"{HERE}/desk")
        answer = self.visitor.post(f"{HERE}/monday", {"wanted": wanted})
        return self.visitor.get(answer.location).text

    def at(self, moment: datetime) -> list[Message]:
        """The mails about the course that have left once the worker has ticked at that moment."""
        clock = self.house.clock
        clock.learning = clock.walled = moment
        worker.tick(self.house.services)
        return self.mails()

    def mails(self) -> list[Message]:
        return [one for one in self.house.outbox.messages if "Cette semaine" in one.subject]

    def learner(self, name: str, *, lives: bool = False) -> str:
        services = self.house.services
        with services.write("town") as work:
            course = work.session.scalars(select(Course)).one()
            made = builders.learner(work.session, services.library, course, f"{name}@example.org")
            made.account.name = name
            if lives:
                there = World(services.db, services.library, now=self.house.clock.now())
                lived = builders.lived(work.session, there, made, course, "s2")
                lived.closed_at, lived.closed_as = MONDAY, "complete"
            work.commit()
            return made.id

    def rows(self) -> list[MondayMail]:
        with self.house.services.db.read("town") as unit:
            return list(unit.scalars(select(MondayMail)))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = house(tmp_path)
    services = made.services
    services.library.install(builders.new_pack(PACK), MONDAY)
    account = made.account(email="dominique@example.org", role="facilitator")
    with services.db.write("town") as unit:
        plan = replace(builders.outline(), starts_on=date(2027, 1, 4))
        course = outlines.import_outline(unit, plan, MONDAY)
        made_of = Placement(course=course.id, section="s2", pack=PACK, version="0.1.0")
        made_of.module, made_of.minutes, made_of.fit = MODULE, 6, 0.8
        unit.add(made_of)
        members.enrol(
            unit, course, unit.get_one(Account, ("town", account.id)), MONDAY, "facilitator"
        )
        unit.commit()
    visitor = made.client()
    visitor.sign_in("dominique@example.org")
    return Office(made, visitor)


def test_who_did_not_wish_for_it_gets_nothing(office: Office) -> None:
    office.learner("Anne")
    assert office.at(MORNING) == [] and office.rows() == []


def test_on_monday_at_half_past_eight_one_mail_tells_what_opens_and_who_has_not_begun(
    office: Office,
) -> None:
    office.switch()
    office.learner("Anne")
    with office.house.services.write("town") as work:
        course = work.session.scalars(select(Course)).one()
        invitations.invite(work, course, ["noe@example.org"])
        work.commit()
    assert office.at(MORNING - timedelta(minutes=1)) == []
    [mail] = office.at(MORNING)
    assert mail.to == "dominique@example.org" and "Un cours" in mail.subject
    for words in ("Section 2", "Anne", "noe@example.org", "Une personne est dans le cours"):
        assert words in mail.text and words in mail.html, words
    links = re.findall(r"https?://[^/\s]+(/courses/\S+)", mail.text)
    assert links == [f"{HERE}/people?state=invited", f"{HERE}/people?state=unbegun", f"{HERE}/desk"]
    for link in links:
        assert office.visitor.get(link).status_code == 200
    assert len(office.at(MORNING + timedelta(minutes=5))) == 1, "a week has one"
    assert len(office.at(MORNING + timedelta(days=7))) == 2
    one, other = office.mails()
    assert one.message_id != other.message_id


def test_there_is_no_mail_where_there_is_nothing_to_tell(office: Office) -> None:
    office.switch()
    assert len(office.at(MORNING)) == 1, "a section opens"
    office.house.clock.learning = MORNING + timedelta(days=3)
    office.learner("Anne", lives=True)
    assert len(office.at(MORNING + timedelta(days=7))) == 1
    assert [(row.week, row.state) for row in office.rows()] == [("2027-W03", "withdrawn")]


def test_a_course_whose_time_is_over_is_told_of_no_more(office: Office) -> None:
    office.switch()
    office.learner("Anne")
    assert office.at(MORNING + timedelta(weeks=8)) == []


def test_nobody_is_said_not_to_have_begun_before_anything_has_opened(office: Office) -> None:
    office.house.clock.learning = office.house.clock.walled = MORNING - timedelta(days=8)
    office.switch()
    office.learner("Anne")
    assert office.at(MORNING - timedelta(days=7)) == []
    assert "Anne" in office.at(MORNING)[0].text


@pytest.mark.parametrize("at_end", ["finish", "stop"])
def test_a_course_that_was_ended_is_told_of_no_more(office: Office, at_end: str) -> None:
    office.switch()
    office.learner("Anne")
    with office.house.services.write("town") as work:
        ending.end(work, work.session.scalars(select(Course)).one(), at_end)
        work.commit()
    assert office.at(MORNING) == []


def test_nothing_is_said_to_open_after_the_last_day_of_a_course(office: Office) -> None:
    office.switch()
    office.learner("Anne")
    with office.house.services.write("town") as work:
        course = work.session.scalars(select(Course)).one()
        course.ends_on = MORNING.date() - timedelta(days=1)
        work.commit()
    assert office.at(MORNING) == []


def test_it_comes_in_the_morning_of_where_the_facilitator_lives(office: Office) -> None:
    with office.house.services.db.write("town") as unit:
        account = unit.scalars(
            select(Account).where(Account.email == "dominique@example.org")
        ).one()
        learner_of(unit, account.id).zone = "America/Martinique"
        unit.commit()
    office.switch()
    office.learner("Anne")
    assert office.at(MORNING + timedelta(hours=4, minutes=59)) == []
    assert len(office.at(MORNING + timedelta(hours=5))) == 1


def test_its_own_link_ends_it_without_signing_in_and_opening_it_changes_nothing(
    office: Office,
) -> None:
    office.switch()
    office.learner("Anne")
    [mail] = office.at(MORNING)
    stop = mail.headers["List-Unsubscribe"].strip("<>")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in mail.text and stop in mail.html
    path = "/" + stop.split("/", 3)[3]
    stranger = office.house.client()
    assert "Arrêter ce courriel" in stranger.get(path).text and len(office.rows()) == 1
    program = office.house.app.test_client()
    posted = program.post(path, data={"List-Unsubscribe": "One-Click"})
    assert posted.status_code == 200 and office.rows() == []
    assert stranger.post(path).status_code == 200 and stranger.get(path).status_code == 200
    assert len(office.at(MORNING + timedelta(days=7))) == 1


def test_the_switch_on_the_desk_turns_it_on_and_off(office: Office) -> None:
    assert 'name="wanted" value="no"' in office.switch()
    office.switch()
    assert len(office.rows()) == 1
    assert 'name="wanted" value="yes"' in office.switch("no") and office.rows() == []
    office.visitor.get(f"{HERE}/desk")
    assert office.visitor.post(f"{HERE}/monday", {"wanted": "maybe"}).status_code == 404


def test_who_runs_the_course_no_more_hears_of_it_no_more(office: Office) -> None:
    office.switch()
    office.learner("Anne")
    with office.house.services.db.write("town") as unit:
        unit.scalars(
            select(Membership).where(Membership.role == "facilitator")
        ).one().role = "learner"
        unit.commit()
    assert office.at(MORNING) == [] and office.rows() == []


def test_a_mail_that_was_refused_is_kept_for_the_desk_and_the_next_week_is_tried_anew(
    office: Office,
) -> None:
    class Refusing:
        def send(self, _message: Message) -> None:
            raise Refusal("550 no such mailbox", permanent=True)

        def release(self) -> None:
            """Nothing is kept."""

    office.switch()
    office.learner("Anne")
    office.house.clock.learning = office.house.clock.walled = MORNING
    worker.tick(replace(office.house.services, channels={MAIL: Refusing()}))
    assert "550 no such mailbox" in office.visitor.get(f"{HERE}/desk").text
    assert len(office.at(MORNING + timedelta(days=7))) == 1


def test_a_worker_that_was_away_does_not_make_up_for_a_monday_long_past(office: Office) -> None:
    office.switch()
    office.learner("Anne")
    assert office.at(MORNING + timedelta(days=3)) == []
    assert len(office.at(MORNING + timedelta(days=7))) == 1


def test_the_wish_goes_with_the_person(office: Office) -> None:
    office.switch()
    with office.house.services.db.write("town") as unit:
        account = unit.scalars(
            select(Account).where(Account.email == "dominique@example.org")
        ).one()
        erase(unit, learner_of(unit, account.id))
        unit.commit()
    assert office.rows() == []


@pytest.mark.parametrize(
    ("now", "next_one"),
    [
        ("2027-01-11T08:29", "2027-01-11T08:30"),
        ("2027-01-11T08:30", "2027-01-18T08:30"),
        ("2027-01-17T23:59", "2027-01-18T08:30"),
        ("2027-03-22T09:00", "2027-03-29T08:30"),  # summer time begins on the Sunday between
        ("2026-10-19T09:00", "2026-10-26T08:30"),  # and ends
    ],
)
def test_the_next_monday_is_at_half_past_eight_by_the_clock_on_the_wall(
    now: str, next_one: str
) -> None:
    paris = ZoneInfo("Europe/Paris")
    at = datetime.fromisoformat(now).replace(tzinfo=paris)
    found = mondays.next_monday(at.astimezone(UTC), paris)
    assert found.astimezone(paris).strftime("%Y-%m-%dT%H:%M") == next_one
