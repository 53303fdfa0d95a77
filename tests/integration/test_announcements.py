"""Announcements on their way: at most one mail a local day, beside the question of that day if
there is one, and each with a way out of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from engine.delivery.announcing import announce_due
from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.journey.addresses import MAIL
from engine.journey.forgetting import erase, export, forget_course
from engine.journey.joining import learner_of
from engine.packs.new import new_pack
from engine.storage.retention import forget_old
from engine.storage.tables import (
    Announcement,
    Course,
    Learner,
    LtiContext,
    LtiRegistration,
    Placement,
    Tenant,
    Touch,
)
from tests.apps import Visitor
from tests.builders import MODULE, MONDAY, queries, work
from tests.integration.learners import TENANT, There, installed, live
from web import worker

pytestmark = pytest.mark.both_databases
OPENS = date(2027, 1, 11)


@dataclass
class Opening:
    """A course whose experience opens on 11 January, and Léa, who joined a week before."""

    there: There
    lea: Visitor

    def at(self, day: int, hour: int = 9, minute: int = 0, month: int = 1) -> None:
        """Both clocks move there (UTC)."""
        clock = self.there.house.clock
        to = datetime(2027, month, day, hour, minute, tzinfo=UTC)
        clock.later(seconds=(to - clock.now()).total_seconds())

    def tick(self, **channels: object) -> worker.Counts:
        services = self.there.house.services
        return worker.tick(replace(services, channels=channels) if channels else services)

    def mails(self) -> list[Message]:
        return self.there.house.outbox.messages

    def change(self, table: type, **values: object) -> None:
        with self.there.house.services.db.write(TENANT) as unit:
            for row in unit.scalars(select(table)):
                for name, value in values.items():
                    setattr(row, name, value)
            unit.commit()

    def rows(self, table: type) -> list:
        return self.there.rows(table)


def dated(there: There, starts_on: str | None = OPENS.isoformat()) -> None:
    with there.house.services.db.write(TENANT) as unit:
        course = there.course(unit)
        course.outline = {**course.outline, "starts_on": starts_on}
        unit.commit()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    made = installed(tmp_path, "village")
    yield made
    made.house.services.close()


@pytest.fixture
def opening(there: There) -> Opening:
    dated(there)
    return Opening(there, there.enrolled())


def test_an_experience_that_opens_is_told_on_its_day_in_the_learners_hours(
    opening: Opening,
) -> None:
    opening.at(10, 20)
    assert opening.tick().announced == 0
    opening.at(11, 7)
    opening.tick()
    assert opening.mails() == [], "eight in the morning is too early"
    opening.at(11, 8)
    assert opening.tick() == worker.Counts(announced=1, sent=1)
    [mail] = opening.mails()
    assert mail.to == "lea@example.org" and mail.subject.endswith("5 minutes")
    assert "est ouverte" in mail.text and "Un cours" in mail.text
    assert mail.sender == "Town" and mail.headers["Auto-Submitted"] == "auto-generated"
    assert "Reply-To" not in mail.headers, "the organisation named nobody who reads replies"
    assert opening.tick() == worker.Counts()


def test_a_reply_to_what_is_announced_goes_to_the_contact_of_the_organisation(
    opening: Opening,
) -> None:
    opening.change(Tenant, contact="formation@town.example")
    opening.at(11, 8)
    opening.tick()
    [mail] = opening.mails()
    assert mail.headers["Reply-To"] == "formation@town.example"


def test_a_day_has_one_message_whatever_wakes_the_worker(opening: Opening) -> None:
    opening.at(11)
    for _ in range(4):
        opening.change(Learner, announce_at=datetime(2027, 1, 1, tzinfo=UTC))
        opening.tick()
    assert len(opening.mails()) == 1
    assert len(opening.rows(Announcement)) == 1


def test_two_workers_at_once_tell_it_once(opening: Opening) -> None:
    opening.at(11)
    units, told = opening.there.house.services.units, list[int]()
    workers = [Thread(target=lambda: told.append(announce_due(units))) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sum(told) == 1 and len(opening.rows(Announcement)) == 1


def test_a_kill_after_the_mail_left_sends_it_again_under_the_same_id(opening: Opening) -> None:
    class Killed(BaseException):
        """The process ends."""

    seen: list[Message] = []

    class Server:
        def send(self, message: Message) -> None:
            seen.append(message)
            if len(seen) == 1:
                raise Killed

        def release(self) -> None:
            """Nothing is kept."""

    opening.at(11)
    with pytest.raises(Killed):
        opening.tick(**{MAIL: Server()})
    opening.at(11, 9, 20)
    opening.tick(**{MAIL: Server()})
    assert len(seen) == 2 and seen[0].message_id == seen[1].message_id


def test_after_a_worker_was_down_what_is_stale_is_dropped(opening: Opening) -> None:
    opening.at(16, 12)
    assert opening.tick() == worker.Counts()
    assert opening.mails() == []


def test_who_does_not_begin_is_told_once_after_a_week_and_then_left_alone(
    opening: Opening,
) -> None:
    for day in range(11, 31):
        opening.at(day)
        opening.tick()
    texts = [mail.text for mail in opening.mails()]
    assert len(texts) == 2 and "reste là pour vous" in texts[1]


def test_who_has_begun_is_not_told_that_they_have_not(opening: Opening) -> None:
    opening.at(11)
    opening.tick()
    opening.lea.sign_in()
    live(opening.there, opening.lea)
    opening.at(18)
    opening.tick()
    assert not [mail for mail in opening.mails() if "reste là pour vous" in mail.text]


def test_a_question_of_that_day_carries_the_announcement_and_no_second_mail_leaves(
    there: There,
) -> None:
    dated(there, None)
    here = Opening(there, there.enrolled())
    live(there, here.lea)
    [planned] = [one for one in there.rows(Touch) if one.state == "planned"]
    second, day = _second(there), planned.due_at.date().isoformat()
    with there.house.services.db.write(TENANT) as unit:
        unit.add(second)
        course = there.course(unit)
        outline = course.outline
        sections = [
            {**one, "starts": day, "ends": day} if one["id"] == "s2" else one
            for one in outline["sections"]
        ]
        course.outline = {**outline, "sections": sections}
        unit.commit()
    there.next_touch()
    here.tick()
    [mail] = here.mails()
    assert "Et aussi" in mail.text and "est ouverte" in mail.text and "/a/" in mail.text
    assert "Et aussi" in mail.html
    [row] = here.rows(Announcement)
    assert (row.state, row.touch) == ("carried", 1)
    there.house.clock.later(hours=2)
    assert here.tick() == worker.Counts()


def test_a_question_that_falls_due_after_the_announcement_waits_for_another_day(
    there: There,
) -> None:
    dated(there, None)
    here = Opening(there, there.enrolled())
    live(there, here.lea)
    [planned] = [one for one in there.rows(Touch) if one.state == "planned"]
    here.change(Learner, announced_on=planned.due_at.date())
    there.house.clock.later(seconds=(planned.due_at - there.house.clock.now()).total_seconds() + 60)
    assert here.tick() == worker.Counts() and here.mails() == []
    there.house.clock.later(days=1)
    assert here.tick().opened == 1 and len(here.mails()) == 1


def test_an_open_question_is_called_to_mind_on_its_fifth_day_once(there: There) -> None:
    dated(there, None)
    here = Opening(there, there.enrolled())
    live(there, here.lea)
    there.next_touch()  # Tuesday: the fifth day is a Sunday
    there.house.clock.later(hours=3)
    for _day in range(9):
        there.house.clock.later(days=1)
        here.tick()
    reminders = [mail for mail in here.mails() if "reste ouverte jusqu" in mail.subject]
    assert len(reminders) == 1
    link = re.search(r"https?://[^/\s]+(/l/\S+)", reminders[0].text)
    assert link and reminders[0].headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


# --- off


def test_one_click_stops_announcements_and_leaves_the_questions_alone(opening: Opening) -> None:
    opening.at(11)
    opening.tick()
    [mail] = opening.mails()
    link = re.search(r"<https?://[^/]+(/a/[^>]+)>", mail.headers["List-Unsubscribe"])
    assert link
    stranger = opening.there.house.client()
    page = stranger.get(link[1])
    assert page.status_code == 200 and "Plus d’annonces" in page.text
    assert opening.rows(Learner)[0].announcements, "opening the page changes nothing"
    posted = stranger.client.post(link[1], data={"List-Unsubscribe": "One-Click"})
    assert posted.status_code == 200, "a mail program has no token of ours"
    [lea] = opening.rows(Learner)
    assert (lea.announcements, lea.channel) == (False, "mail")
    opening.at(18)
    assert opening.tick().announced == 0


def test_the_settings_switch_announcements_off_and_on_again(opening: Opening) -> None:
    assert "annonces" in opening.lea.get("/settings").text
    opening.lea.post("/settings/announcements", {"wanted": "no"})
    opening.at(11)
    opening.tick()
    assert opening.mails() == []
    opening.lea.sign_in()
    opening.lea.get("/settings")
    opening.lea.post("/settings/announcements", {"wanted": "yes"})
    opening.tick()
    assert len(opening.mails()) == 1


def test_a_facilitator_switches_the_announcements_of_a_course_off(opening: Opening) -> None:
    opening.there.house.account(email="eva@example.org", role="administrator")
    desk = opening.there.house.client()
    desk.sign_in("eva@example.org")
    here = "/courses/course/announcements"
    page = desk.get(here).text
    assert "lundi 11 janvier" in page and "1 personne est jointe" in page
    assert desk.post(here, {"wanted": "no"}).location == here
    assert "désactivées" in desk.get(here).text
    opening.at(11)
    opening.tick()
    assert opening.mails() == []
    desk.sign_in("eva@example.org")
    desk.get(here)
    desk.post(here, {"wanted": "yes"})
    opening.tick()
    assert len(opening.mails()) == 1


def test_a_course_of_an_lms_announces_nothing_unless_its_teacher_says_so(
    opening: Opening,
) -> None:
    _of_an_lms(opening.there)
    opening.at(11)
    opening.tick()
    assert opening.mails() == []
    opening.change(Course, announces=True)
    opening.change(Learner, announce_at=datetime(2027, 1, 1, tzinfo=UTC))
    opening.tick()
    assert len(opening.mails()) == 1


@pytest.mark.parametrize("action", ["stop", "inbox-only"])
def test_who_stops_or_wants_no_mail_is_told_nothing(opening: Opening, action: str) -> None:
    opening.lea.get("/settings")
    opening.lea.post(f"/settings/{action}")
    opening.at(11)
    assert opening.tick() == worker.Counts()
    assert opening.mails() == []


# --- in the queue


def test_what_a_slow_server_keeps_past_the_hours_does_not_leave_at_night(
    opening: Opening,
) -> None:
    class Slow:
        def send(self, _message: Message) -> None:
            raise Refusal("451 slow down", permanent=False)

        def release(self) -> None:
            """Nothing is kept."""

    opening.at(11, 16)
    opening.tick(**{MAIL: Slow()})
    opening.at(11, 20)
    opening.tick()
    assert opening.mails() == []
    opening.at(12, 9)
    opening.tick()
    assert len(opening.mails()) == 1, "it is still news the day after"


def test_what_is_begun_before_its_mail_leaves_is_not_told(opening: Opening) -> None:
    opening.at(11)
    announce_due(opening.there.house.services.units)
    opening.lea.sign_in()
    live(opening.there, opening.lea)
    opening.tick()
    assert opening.mails() == []
    assert opening.rows(Announcement) == []


def test_a_learner_takes_what_they_were_told_along_and_erases_it(opening: Opening) -> None:
    opening.at(11)
    opening.tick()
    services = opening.there.house.services
    with services.db.write(TENANT) as unit:
        [row] = unit.scalars(select(Learner))
        lea = learner_of(unit, row.id)
        [told] = export(work(unit, library=services.library), lea, "fr")["announcements"]
        assert told["day"] == "2027-01-11"
        erase(unit, lea)
        unit.commit()
    assert opening.rows(Announcement) == []


def test_who_leaves_a_course_takes_what_was_told_of_it_along(opening: Opening) -> None:
    opening.at(11)
    opening.tick()
    services = opening.there.house.services
    with services.db.write(TENANT) as unit:
        [row] = unit.scalars(select(Learner))
        there = work(unit, library=services.library)
        forget_course(there, learner_of(unit, row.id), opening.there.course(unit).id)
        unit.commit()
    assert opening.rows(Announcement) == []


def test_what_was_told_is_forgotten_after_its_days(opening: Opening) -> None:
    opening.at(11)
    opening.tick()
    opening.there.house.clock.later(days=401)
    assert forget_old(opening.there.house.services.units) >= 1
    assert opening.rows(Announcement) == []


def test_a_tick_with_nothing_due_reads_no_learner(opening: Opening) -> None:
    opening.at(5)
    opening.tick()
    units = opening.there.house.services.units
    with queries(units.db) as seen:
        assert announce_due(units) == 0
    assert len([one for one in seen if "SELECT" in one]) == 1


# --- rows


def _second(there: There) -> Placement:
    """An experience of another pack, for the second section."""
    there.house.services.library.install(new_pack("second"), MONDAY)
    with there.house.services.db.read(TENANT) as unit:
        course = there.course(unit).id
    return Placement(
        course=course,
        section="s2",
        pack="second",
        version="0.1.0",
        module=MODULE,
        minutes=6,
        fit=0.5,
        reasons=[],
    )


def _of_an_lms(there: There) -> None:
    """The course is one of an LMS from now on."""
    urls = dict.fromkeys(("login_url", "token_url", "keys_url"), "https://school.example.net")
    with there.house.services.db.write(TENANT) as unit:
        lms = LtiRegistration(
            issuer="https://school.example.net", client_id="1", created_at=MONDAY, **urls
        )
        unit.add(lms)
        unit.flush()
        its = {"registration": lms.id, "deployment": "1", "context": "1"}
        unit.add(LtiContext(**its, course=there.course(unit).id, opened_at=MONDAY))
        unit.commit()
