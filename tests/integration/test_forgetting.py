"""Being forgotten: all that is kept is given, then gone; of one course, what belongs to the
others stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine.courses.members import enrol
from engine.journey import answering, forgetting
from engine.journey.answering import Asking
from engine.journey.planning import write_plan
from engine.journey.record import read_record
from engine.journey.touches import open_touch, planned_one
from engine.packs.new import new_pack
from engine.spacing import values as spacing
from engine.storage.tables import (
    Account,
    Base,
    Course,
    Delivery,
    Enrolment,
    Learner,
    Placement,
    TenantRow,
    Touch,
    TouchPrompt,
)
from tests import builders
from tests.builders import MONDAY, World, work

pytestmark = pytest.mark.both_databases

OTHER = "other"


@pytest.fixture
def there(tmp_path: Path) -> World:
    made = builders.world(tmp_path)
    made.library.install(new_pack(OTHER), MONDAY)
    return made


@pytest.fixture
def unit(there: World) -> Iterator[Session]:
    with there.db.write(there.tenant) as session:
        yield session


def open_with(unit: Session, who: Learner, *lived: Enrolment) -> Touch:
    """An open touch that asks the first question of each of these experiences; its mail waits."""
    prompts = tuple(spacing.PlannedPrompt(one.id, "lundi", 1, 1, ()) for one in lived)
    write_plan(
        work(unit),
        read_record(work(unit), who),
        spacing.Touch(MONDAY, MONDAY + timedelta(days=7), prompts, len(prompts)),
    )
    touch = planned_one(unit, who.id)
    assert touch is not None
    open_touch(work(unit, now=MONDAY), who, touch)
    unit.add(Delivery(learner=who.id, touch=touch.number, channel="mail", next_at=MONDAY))
    unit.flush()
    return touch


def answer(there: World, unit: Session, touch: Touch, one: Enrolment) -> None:
    answering.answer(
        work(unit, library=there.library, now=there.now, rng=there.rng),
        touch.learner,
        Asking(touch.number, one.id, "lundi", 1),
        {"text": "Nadia"},
    )


def another_course(unit: Session) -> Course:
    """With the same story in a pack of its own."""
    made = builders.course(unit, OTHER)
    placement = unit.scalars(select(Placement).where(Placement.course == made.id)).one()
    placement.pack = OTHER
    unit.flush()
    return made


def test_being_forgotten_leaves_no_row_of_that_person_and_every_row_of_the_others(
    there: World, unit: Session
) -> None:
    made = builders.course(unit)
    gone = builders.learner(unit, there.library, made)
    stays = builders.learner(unit, there.library, made, "other@example.org")
    for who in (gone, stays):
        lived = builders.lived(unit, there, who, made)
        answer(there, unit, open_with(unit, who, lived), lived)
    exported = forgetting.export(work(unit, library=there.library), gone, "fr")
    assert (
        exported["answers"][0]["content"] == {"text": "Nadia"}
        and "password_hash" not in exported["account"]
    )
    before = counts(unit)
    forgetting.erase(unit, gone)
    after = counts(unit)
    personal = {
        "account",
        "learner",
        "membership",
        "enrolment",
        "act",
        "answer",
        "touch",
        "touch_prompt",
    }
    assert all(after[name] * 2 == before[name] for name in personal)
    assert gone.id not in str(
        [list(unit.execute(select(m)).all()) for m in (Enrolment, Touch, TouchPrompt)]
    )


def counts(unit: Session) -> dict[str, int]:
    tables = [m.class_ for m in Base.registry.mappers if issubclass(m.class_, TenantRow)]
    return {t.__tablename__: unit.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def test_every_table_with_a_person_in_it_is_given_out_and_erased() -> None:
    about_people = {
        mapper.class_
        for mapper in Base.registry.mappers
        if {"account", "learner", "enrolment", "seat", "email"}
        & {column.key for column in mapper.columns}
    }
    assert {*forgetting.KEPT.values(), Account} == about_people


def test_an_open_touch_that_has_nothing_left_to_ask_is_over_without_harm(
    there: World, unit: Session
) -> None:
    course = builders.course(unit)
    who = builders.learner(unit, there.library, course)
    kept = builders.lived(unit, there, who, course)
    other = another_course(unit)
    enrol(unit, other, who.account, MONDAY)
    gone = builders.lived(unit, there, who, other)
    touch = open_with(unit, who, kept, gone)
    answer(there, unit, touch, kept)
    forgetting.forget_course(
        work(unit, library=there.library, now=there.now, rng=there.rng), who, other.id
    )
    assert (touch.state, who.missed_in_a_row, unit.scalars(select(Delivery.state)).all()) == (
        "answered",
        0,
        ["withdrawn"],
    )
    assert planned_one(unit, who.id) is not None


def test_an_open_touch_that_asks_something_else_too_stays_open(there: World, unit: Session) -> None:
    course = builders.course(unit)
    who = builders.learner(unit, there.library, course)
    kept = builders.lived(unit, there, who, course)
    other = another_course(unit)
    enrol(unit, other, who.account, MONDAY)
    touch = open_with(unit, who, kept, builders.lived(unit, there, who, other))
    forgetting.forget_course(
        work(unit, library=there.library, now=there.now, rng=there.rng), who, other.id
    )
    assert touch.state == "open" and unit.scalars(select(Delivery.state)).all() == ["waiting"]


@pytest.mark.parametrize("other_goes_on", [True, False])
def test_an_open_question_whether_to_slow_down_is_over_when_no_debrief_goes_on(
    there: World, unit: Session, other_goes_on: bool
) -> None:
    course = builders.course(unit)
    who = builders.learner(unit, there.library, course)
    touch = open_with(unit, who, builders.lived(unit, there, who, course))
    unit.execute(delete(TouchPrompt))
    touch.kind = "lighten"
    if other_goes_on:
        other = another_course(unit)
        enrol(unit, other, who.account, MONDAY)
        builders.lived(unit, there, who, other)
    forgetting.forget_course(
        work(unit, library=there.library, now=there.now, rng=there.rng), who, course.id
    )
    assert touch.state == ("open" if other_goes_on else "snoozed")
    waiting = ["waiting"] if other_goes_on else ["withdrawn"]
    assert unit.scalars(select(Delivery.state)).all() == waiting
