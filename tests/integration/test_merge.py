"""Merging two accounts of one person: everything of the one is in the other, and nothing of anybody
else moves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses.members import enrol
from engine.delivery.opening import open_due
from engine.journey import playing
from engine.journey.forgetting import KEPT
from engine.packs.new import new_pack
from engine.people.merge import merge, plan
from engine.storage.tables import (
    Account,
    Announcement,
    Answer,
    Cohort,
    CohortMember,
    Course,
    CourseWord,
    Enrolment,
    Learner,
    LtiPerson,
    LtiRegistration,
    Membership,
    MondayMail,
    Placement,
    Shared,
    Touch,
    Upload,
)
from engine.values.errors import Invalid, NotFound
from tests import builders
from tests.builders import MONDAY, World, work
from tests.integration.test_forgetting import answer, open_with

pytestmark = pytest.mark.both_databases
OTHER = "other"


@pytest.fixture
def there(tmp_path: Path) -> World:
    made = builders.world(tmp_path, "town", "village")
    made.library.install(new_pack(OTHER), MONDAY)
    return made


@pytest.fixture
def unit(there: World) -> Iterator[Session]:
    with there.db.write(there.tenant) as session:
        yield session


def two(there: World, unit: Session) -> tuple[Course, Course, Learner, Learner]:
    """A person with two accounts, each in a course of its own; the second also by a platform."""
    first, second = builders.course(unit), builders.course(unit, OTHER)
    placement = unit.scalars(select(Placement).where(Placement.course == second.id)).one()
    placement.pack = OTHER
    stays = builders.learner(unit, there.library, first)
    goes = builders.learner(unit, there.library, second, "lea2@example.org")
    cohort = Cohort(course=second.id, name="Nord")
    unit.add_all([cohort, platform()])
    unit.flush()
    unit.add_all(
        [
            CohortMember(cohort=cohort.id, account=goes.id),
            LtiPerson(registration="r", subject="7", account=goes.id, seen_at=MONDAY),
        ]
    )
    unit.flush()
    return first, second, stays, goes


def platform() -> LtiRegistration:
    address = "https://lms.example.org"
    return LtiRegistration(
        id="r",
        issuer=address,
        client_id="c",
        login_url=address,
        token_url=address,
        keys_url=address,
        created_at=MONDAY,
    )


def run(there: World, unit: Session, stays: Learner, goes: Learner) -> None:
    merge(work(unit, library=there.library, now=there.now, rng=there.rng), stays.id, goes.id)


def named(unit: Session, account: str) -> list[str]:
    """The tables with a row that names this account."""
    unit.expire_all()
    tables = (*KEPT.values(), Account, Learner)
    return [
        table.__tablename__
        for table in tables
        if any(account in map(str, vars(row).values()) for row in unit.scalars(select(table)))
    ]


def test_what_both_lived_and_answered_is_one_persons_and_no_row_names_the_other(
    there: World, unit: Session
) -> None:
    first, second, stays, goes = two(there, unit)
    for who, course in ((stays, first), (goes, second)):
        lived = builders.lived(unit, there, who, course)
        answer(there, unit, open_with(unit, who, lived), lived)
    gone = goes.id
    run(there, unit, stays, goes)
    assert named(unit, gone) == []
    lives = unit.scalars(select(Enrolment)).all()
    assert {one.learner for one in lives} == {stays.id} and len(lives) == 2
    touches = {one.number for one in unit.scalars(select(Touch))}
    assert {one.touch for one in unit.scalars(select(Answer))} <= touches
    assert len(unit.scalars(select(Membership)).all()) == 2
    assert [one.account for one in unit.scalars(select(CohortMember))] == [stays.id]
    assert [one.account for one in unit.scalars(select(LtiPerson))] == [stays.id]
    planned = unit.scalars(select(Touch).where(Touch.state == "planned")).one()
    assert planned.number == max(touches) and unit.get_one(
        Learner, ("town", stays.id)
    ).last_touch == (planned.number - 1)


def test_what_the_other_account_shared_wrote_handed_in_and_asked_for_is_not_lost(
    there: World, unit: Session
) -> None:
    _first, second, stays, goes = two(there, unit)
    lived = builders.lived(unit, there, goes, second)
    answer(there, unit, open_with(unit, goes, lived), lived)
    its = {"enrolment": lived.id, "prompt": "lundi", "occurrence": 1}
    mail = {"email": "lea2@example.org", "next_at": MONDAY}
    unit.add_all(
        [
            Shared(**its, learner=goes.id, course=second.id, shared_at=MONDAY),
            CourseWord(course=second.id, account=goes.id, text="À jeudi.", written_at=MONDAY),
            MondayMail(course=second.id, account=goes.id, due_at=MONDAY, **mail),
            Upload(account=goes.id, kind="people", name="l", said={}, data=b"x", made_at=MONDAY),
            Announcement(learner=goes.id, day=MONDAY.date(), items=[], **mail),
        ]
    )
    unit.flush()
    stays_id, gone = stays.id, goes.id
    run(there, unit, stays, goes)
    unit.expire_all()
    for table in (CourseWord, MondayMail, Upload):
        assert [one.account for one in unit.scalars(select(table))] == [stays_id], table
    assert [one.learner for one in unit.scalars(select(Shared))] == [stays_id]
    assert [one.email for one in unit.scalars(select(MondayMail))] == ["lea@example.org"]
    assert unit.scalars(select(Announcement)).all() == [], "what was told was told to the other"
    assert named(unit, gone) == []


def test_questions_that_the_other_account_was_asked_are_asked_again(
    there: World, unit: Session
) -> None:
    _first, second, stays, goes = two(there, unit)
    lived = builders.lived(unit, there, goes, second)
    open_with(unit, goes, lived)
    run(there, unit, stays, goes)
    there.later(days=10)
    unit.commit()
    assert open_due(there.units()) == 0, "a plan that old is decided anew"
    with there.db.read("town") as after:
        states = [one.state for one in after.scalars(select(Touch).order_by(Touch.number))]
        assert states[0] == "snoozed" and len(states) == 2


def test_of_an_experience_lived_in_both_accounts_the_one_that_went_further_stays(
    there: World, unit: Session
) -> None:
    course = builders.course(unit)
    stays = builders.learner(unit, there.library, course)
    goes = builders.learner(unit, there.library, course, "lea2@example.org")
    begun = playing.begin(
        work(unit, library=there.library, now=there.now), stays, course.id, "s1"
    ).id
    finished = builders.lived(unit, there, goes, course)
    shown = plan(unit, stays.id, goes.id)
    assert [one.id for one in shown.dropped] == [begun]
    assert [one.id for one in shown.kept] == [finished.id]
    key = finished.id
    run(there, unit, stays, goes)
    left = unit.scalars(select(Enrolment)).one()
    assert (left.id, left.learner) == (key, stays.id)


def test_who_had_no_address_is_reached_at_the_other_ones(there: World, unit: Session) -> None:
    course = builders.course(unit)
    stays = builders.learner(unit, there.library, course)
    goes = builders.learner(unit, there.library, course, "lea2@example.org")
    stays.account.email, stays.channel, goes.account.password_hash = None, "inbox", "x"
    unit.flush()
    run(there, unit, stays, goes)
    account = unit.scalars(select(Account)).one()
    assert (account.email, account.password_hash) == ("lea2@example.org", "x")
    assert unit.scalars(select(Learner)).one().channel == "mail"


def test_the_trust_contract_of_the_one_that_goes_is_not_lost(there: World, unit: Session) -> None:
    course = builders.course(unit)
    stays = builders.learner(unit, there.library, course, joined=False)
    goes = builders.learner(unit, there.library, course, "lea2@example.org")
    goes.week_minutes = 3.0
    unit.flush()
    run(there, unit, stays, goes)
    left = unit.scalars(select(Learner)).one()
    assert left.contract_at is not None and left.week_minutes == 3.0


def test_an_account_is_not_merged_with_itself_nor_with_one_of_another_organisation(
    there: World, unit: Session
) -> None:
    course = builders.course(unit)
    own = builders.learner(unit, there.library, course)
    unit.commit()
    with there.db.write("village") as other:
        foreign = builders.learner(other, there.library, builders.course(other), "x@example.org")
        other.commit()
        key = foreign.id
    with there.db.write("town") as again:
        with pytest.raises(Invalid, match="merge-with-itself"):
            plan(again, own.id, own.id)
        for pair in ((own.id, key), (key, own.id)):
            with pytest.raises(NotFound, match="account-unknown"):
                merge(work(again, library=there.library), *pair)


def test_nobody_else_is_touched(there: World, unit: Session) -> None:
    first, _second, stays, goes = two(there, unit)
    third = builders.learner(unit, there.library, first, "noe@example.org")
    lived = builders.lived(unit, there, third, first)
    answer(there, unit, open_with(unit, third, lived), lived)
    enrol(unit, first, goes.account, MONDAY)

    def own() -> list[str]:
        unit.expire_all()
        rows = [
            *unit.scalars(select(Touch).where(Touch.learner == third.id)),
            *unit.scalars(select(Enrolment).where(Enrolment.learner == third.id)),
            *unit.scalars(select(Membership).where(Membership.account == third.id)),
        ]
        return sorted(
            repr({c.key: getattr(row, c.key) for c in row.__table__.columns}) for row in rows
        )

    before = own()
    run(there, unit, stays, goes)
    assert own() == before
