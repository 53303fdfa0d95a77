"""Two at once: tabs, workers and a farewell side by side on SQLite; whatever the order, each
thing happens once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import ORMExecuteState, Session

from engine.courses import outlines
from engine.courses.members import enrol
from engine.delivery.message import Message
from engine.journey import playing
from engine.journey.addresses import MAIL
from engine.journey.forgetting import erase
from engine.journey.joining import learner_of
from engine.packs.new import new_pack
from engine.people import invitations
from engine.people.accounts import add_account, still_signed_in
from engine.storage.database import Database
from engine.storage.tables import (
    Account,
    Act,
    Answer,
    Course,
    Delivery,
    Enrolment,
    Learner,
    Membership,
    Touch,
    TouchPrompt,
)
from engine.values.errors import Invalid
from tests import builders
from tests.apps import House, house
from tests.builders import MONDAY, work
from web import worker

pytestmark = pytest.mark.both_databases

TOGETHER = 4


@dataclass
class Town:
    """An installation, and learners who did as told."""

    house: House
    learners: list[str]

    def tab(self, who: int = 0) -> FlaskClient:
        """A browser in which that learner is signed in."""
        client = self.house.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = f"town:{self.learners[who]}:0", True
        return client

    def rows(self, table: type[Any]) -> list[Any]:
        with self.house.services.db.read("town") as unit:
            return list(unit.scalars(select(table)))

    def to_due(self) -> None:
        """On to the moment when every planned touch has fallen due."""
        self.house.clock.learning = self.house.clock.walled = max(
            t.due_at for t in self.rows(Touch) if t.state == "planned"
        )


def town(
    folder: Path, did: Callable[[Session, builders.World, Learner, Course], Any], people: int = 1
) -> Town:
    made = house(folder)
    made.services.library.install(new_pack(builders.PACK), MONDAY)
    # That forms need their token is for test_security to see; the tabs of one browser share it
    # anyway.
    made.app.config["WTF_CSRF_METHODS"] = set()
    with made.services.db.write("town") as unit:
        course = builders.course(unit)
        learners = [
            builders.learner(unit, made.services.library, course, f"p{n}@example.org")
            for n in range(people)
        ]
        for learner in learners:
            did(unit, builders.World(made.services.db, made.services.library), learner, course)
        unit.commit()
    return Town(made, [learner.id for learner in learners])


def began(unit: Session, there: builders.World, who: Learner, course: Course) -> None:
    playing.begin(work(unit, library=there.library, now=there.now), who, course.id, "s1")


def nothing_yet(*_: object) -> None:
    """Only joined."""


def at_once(does: Callable[[int], Any]) -> list[Any]:
    """What each of several threads returned; they start together."""
    start = Barrier(TOGETHER)

    def run(number: int) -> Any:
        start.wait()
        return does(number)

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(run, range(TOGETHER)))


def test_an_experience_begun_in_several_tabs_is_one(tmp_path: Path) -> None:
    there = town(tmp_path, nothing_yet)
    path = f"/courses/{there.rows(Course)[0].id}/s1/begin"
    answers = at_once(lambda _n: there.tab().post(path))
    assert {a.status_code for a in answers} == {303} and len({a.location for a in answers}) == 1
    assert len(there.rows(Enrolment)) == 1


def test_of_administrators_who_leave_at_once_one_stays(tmp_path: Path) -> None:
    there = town(tmp_path, nothing_yet, people=TOGETHER)
    with there.house.services.db.write("town") as unit:
        for account in unit.scalars(select(Account)):
            account.roles = frozenset({"administrator"})
        unit.commit()
    answers = at_once(lambda n: there.tab(n).post("/leave", data={"sure": "yes"}))
    assert sorted(a.status_code for a in answers) == [303] * (TOGETHER - 1) + [409]
    [stays] = there.rows(Account)
    assert stays.roles == {"administrator"}


def test_the_same_choice_in_several_tabs_is_one_step(tmp_path: Path) -> None:
    there = town(tmp_path, began)
    path = f"/experience/{there.rows(Enrolment)[0].id}"
    answers = at_once(lambda _n: there.tab().post(path, data={"number": "1", "choice": "planning"}))
    assert [a.status_code for a in answers] == [303] * TOGETHER and not any(
        "late" in a.location for a in answers
    )
    assert [(act.number, act.said) for act in there.rows(Act)] == [(1, {"choice": "planning"})]


def test_of_different_choices_one_stands_and_the_other_tabs_say_so(tmp_path: Path) -> None:
    there, options = town(tmp_path, began), ("planning", "nadia", "planning", "peinture")
    path = f"/experience/{there.rows(Enrolment)[0].id}"
    answers = at_once(lambda n: there.tab().post(path, data={"number": "1", "choice": options[n]}))
    stands = [act.said["choice"] for act in there.rows(Act)]
    assert len(stands) == 1
    assert ["late" in a.location for a in answers] == [option != stands[0] for option in options]


def asked(there: Town) -> tuple[str, dict[str, str]]:
    """Where the open touch is answered, and the form of its first question."""
    there.to_due()
    worker.tick(there.house.services)
    first = there.rows(TouchPrompt)[0]
    return f"/touch/{first.touch}", {
        "enrolment": first.enrolment,
        "prompt": first.prompt,
        "occurrence": str(first.occurrence),
    }


def test_the_same_answer_in_several_tabs_is_kept_once(tmp_path: Path) -> None:
    there = town(tmp_path, builders.lived)
    path, form = asked(there)
    answers = at_once(lambda _n: there.tab().post(path, data=form | {"text": "Un mot"}))
    assert [a.status_code for a in answers] == [303] * TOGETHER
    assert [row.content for row in there.rows(Answer)] == [{"text": "Un mot"}]
    assert sum(touch.state == "planned" for touch in there.rows(Touch)) == 1


def test_of_different_answers_one_is_kept_and_the_other_tabs_say_so(tmp_path: Path) -> None:
    there = town(tmp_path, builders.lived)
    path, form = asked(there)
    answers = at_once(lambda n: there.tab().post(path, data=form | {"text": f"Mot {n}"}))
    assert sorted(a.status_code for a in answers) == [303, 409, 409, 409]
    kept = next(n for n, a in enumerate(answers) if a.status_code == 303)
    assert [row.content for row in there.rows(Answer)] == [{"text": f"Mot {kept}"}]


def test_an_answer_that_meets_the_end_of_its_touch_is_kept_or_refused_never_half(
    tmp_path: Path,
) -> None:
    there = town(tmp_path, builders.lived)
    path, form = asked(there)
    there.house.clock.learning = next(t.expires_at for t in there.rows(Touch) if t.state == "open")
    answers = at_once(
        lambda n: (
            worker.tick(there.house.services)
            if n % 2
            else there.tab().post(path, data=form | {"text": "Un mot"})
        )
    )
    ended = next(t.state for t in there.rows(Touch) if path.endswith(f"/{t.number}"))
    said, expired = (
        {answers[0].status_code, answers[2].status_code},
        answers[1].expired + answers[3].expired,
    )
    assert (ended, said, expired, len(there.rows(Answer))) in [
        ("answered", {303}, 0, 1),
        (
            "answered",
            {303},
            1,
            1,
        ),  # it had closed, and took the answer all the same
    ]


def test_workers_side_by_side_open_and_mail_each_touch_once(tmp_path: Path) -> None:
    there = town(tmp_path, builders.lived, people=6)
    there.to_due()
    counts = at_once(lambda _n: worker.tick(there.house.services))
    counts += at_once(lambda _n: worker.tick(there.house.services))
    assert (
        sum(c.opened for c in counts),
        sum(c.sent for c in counts),
        sum(c.failed for c in counts),
    ) == (6, 6, 0)
    assert sorted(m.to for m in there.house.outbox.messages) == [
        f"p{n}@example.org" for n in range(6)
    ]
    assert [(d.state, d.attempts) for d in there.rows(Delivery)] == [("sent", 1)] * 6


@dataclass
class Farewell:
    """A channel during whose sending the recipient asks to be forgotten."""

    there: Town

    def send(self, _message: Message) -> None:
        with self.there.house.services.db.write("town") as unit:
            erase(unit, learner_of(unit, self.there.learners[0]))
            unit.commit()

    def release(self) -> None:
        """Nothing is kept between two messages."""


def test_who_is_forgotten_while_their_mail_leaves_stays_forgotten(tmp_path: Path) -> None:
    there = town(tmp_path, builders.lived)
    there.to_due()
    worker.tick(replace(there.house.services, channels={MAIL: Farewell(there)}))
    about_them = (Account, Learner, Touch, TouchPrompt, Delivery, Enrolment, Act, Answer)
    assert [table.__name__ for table in about_them if there.rows(table)] == []
    assert worker.tick(there.house.services) == worker.Counts()


def test_people_who_leave_while_workers_send_leave_nothing_behind_and_hold_nobody_up(
    tmp_path: Path,
) -> None:
    there = town(tmp_path, builders.lived, people=4)
    there.to_due()
    answers = at_once(
        lambda n: (
            worker.tick(there.house.services)
            if n % 2
            else there.tab(n).post("/leave", data={"sure": "yes"})
        )
    )
    worker.tick(there.house.services)
    stayed = {there.learners[1], there.learners[3]}
    assert [answers[n].status_code for n in (0, 2)] == [303, 303]
    assert {learner.id for learner in there.rows(Learner)} == stayed
    assert {(d.learner, d.state) for d in there.rows(Delivery)} == {
        (learner, "sent") for learner in stayed
    }
    assert {t.learner for t in there.rows(Touch)} | {
        p.learner for p in there.rows(TouchPrompt)
    } == stayed


def test_a_sign_in_link_opened_in_several_browsers_signs_one_of_them_in(tmp_path: Path) -> None:
    there = town(tmp_path, nothing_yet)
    there.house.app.test_client().post("/sign-in/mail", data={"email": "p0@example.org"})
    path = there.house.outbox.link()
    answers = at_once(lambda _n: there.house.app.test_client().post(path))
    assert sorted(a.status_code for a in answers) == [303, 404, 404, 404]


def after_another(
    db: Database, does: Callable[[Session], Any], meanwhile: Callable[[Session], Any]
) -> Any:
    """What ``does`` returned in a unit that met one still open, in which ``meanwhile`` was done."""

    def run() -> Any:
        with db.write("town") as unit:
            done = does(unit)
            unit.commit()
            return done

    with ThreadPoolExecutor(1) as pool, db.write("town") as first:
        meanwhile(first)
        second = pool.submit(run)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.5)
        first.commit()
        return second.result(timeout=20)


def test_who_accepts_two_invitations_at_once_has_one_account_in_both_courses(
    tmp_path: Path,
) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        courses = [outlines.import_outline(unit, builders.outline(c), MONDAY) for c in "ab"]
        for course in courses:
            invitations.invite(work(unit), course, ["noe@example.org"])
        unit.commit()
    a, b = (course.id for course in courses)
    after_another(
        db,
        lambda unit: invitations.accept(work(unit), b, "noe@example.org", 1),
        lambda unit: invitations.accept(work(unit), a, "noe@example.org", 1),
    )
    with db.read("town") as unit:
        [account] = unit.scalars(select(Account))
        members = unit.scalars(select(Membership)).all()
    assert {(one.account, one.course) for one in members} == {(account.id, a), (account.id, b)}


def test_who_becomes_a_member_twice_at_once_is_one_member(tmp_path: Path) -> None:
    there = builders.world(tmp_path)
    with there.db.write("town") as unit:
        course = builders.course(unit)
        account = add_account(unit, "noe@example.org", "Noé", "learner", "fr", MONDAY)
        unit.commit()

    def become_one(unit: Session) -> str:
        return enrol(unit, course, account, MONDAY).account

    assert after_another(there.db, become_one, become_one) == account.id
    with there.db.read("town") as unit:
        assert len(unit.scalars(select(Membership)).all()) == 1


def test_an_address_taken_at_this_very_moment_is_taken(tmp_path: Path) -> None:
    db = builders.database(tmp_path)

    def take(unit: Session) -> str:
        return add_account(unit, "noe@example.org", "Noé", "learner", "fr", MONDAY).id

    with pytest.raises(Invalid, match="email-taken"):
        after_another(db, take, take)


def test_who_writes_for_somebody_holds_their_row_and_who_reads_does_not(tmp_path: Path) -> None:
    there = town(tmp_path, nothing_yet)
    asked: list[str] = []

    def note(state: ORMExecuteState) -> None:
        asked.append(str(state.statement.compile(dialect=postgresql.dialect())))

    for opened in (there.house.services.db.read, there.house.services.db.write):
        with opened("town") as unit:
            event.listen(unit, "do_orm_execute", note)
            learner_of(unit, there.learners[0])
            still_signed_in(unit, there.learners[0], 0)
    assert ["FOR UPDATE" in statement for statement in asked] == [False, False, True, True]
