"""The worker's touches: opened when due and still allowed, decided anew otherwise, closed when
their time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select

from engine.delivery.expiring import end_debriefs, expire_due
from engine.delivery.opening import open_due
from engine.journey import pausing, rereading
from engine.journey.joining import learner_of
from engine.journey.record import read_record
from engine.spacing.limits import limits_of
from engine.spacing.until import open_until
from engine.storage.tables import Delivery, Enrolment, Learner, Touch, TouchPrompt
from engine.storage.work import Units
from tests import builders
from tests.builders import work
from tests.fakes import FakeClock

pytestmark = pytest.mark.both_databases


@dataclass
class Shift:
    """A worker's units, and learners who each have a planned touch."""

    units: Units
    clock: FakeClock
    learners: list[str]

    def touches(self, who: int = 0) -> list[Touch]:
        with self.units.db.read("town") as unit:
            return list(
                unit.scalars(
                    select(Touch).where(Touch.learner == self.learners[who]).order_by(Touch.number)
                )
            )

    def learner(self, who: int = 0) -> Learner:
        with self.units.db.read("town") as unit:
            return learner_of(unit, self.learners[who])

    def deliveries(self) -> list[Delivery]:
        with self.units.db.read("town") as unit:
            return list(unit.scalars(select(Delivery)))

    def change(self, who: int = 0, **values: Any) -> None:
        with self.units.db.write("town") as unit:
            learner = learner_of(unit, self.learners[who])
            for name, value in values.items():
                setattr(learner, name, value)
            unit.commit()

    def go_to_due(self) -> datetime:
        self.clock.learning = max(
            t.due_at for who in range(len(self.learners)) for t in self.touches(who)
        )
        return self.clock.learning


def shift(folder: Path, people: int = 1) -> Shift:
    there = builders.world(folder)
    with there.db.write("town") as unit:
        course = builders.course(unit)
        learners = [
            builders.learner(unit, there.library, course, f"p{n}@example.org")
            for n in range(people)
        ]
        for learner in learners:
            builders.lived(unit, there, learner, course)
        unit.commit()
    clock = FakeClock()
    return Shift(
        Units(there.db, there.library, clock, Random(3)),
        clock,
        [learner.id for learner in learners],
    )


def test_nothing_opens_before_it_is_due(tmp_path: Path) -> None:
    there = shift(tmp_path)
    assert open_due(there.units) == 0
    assert [t.state for t in there.touches()] == ["planned"]


def test_a_due_touch_is_in_the_inbox_once_with_seven_days_to_answer_and_one_mail(
    tmp_path: Path,
) -> None:
    there = shift(tmp_path)
    now = there.go_to_due()
    assert [open_due(there.units), open_due(there.units)] == [1, 0]
    [touch] = there.touches()
    assert (touch.state, touch.opened_at, touch.expires_at) == (
        "open",
        now,
        open_until(now, ZoneInfo("Europe/Paris")),
    )
    assert [(d.channel, d.state, d.next_at) for d in there.deliveries()] == [
        ("mail", "waiting", there.clock.wall())
    ]


def test_who_chose_the_inbox_gets_no_mail(tmp_path: Path) -> None:
    there = shift(tmp_path)
    there.change(channel="inbox")
    there.go_to_due()
    assert open_due(there.units) == 1
    assert there.deliveries() == []


def test_hours_are_checked_again_at_send_and_the_touch_waits_for_the_next_allowed_moment(
    tmp_path: Path,
) -> None:
    there = shift(tmp_path)
    there.go_to_due()
    late = there.clock.learning.astimezone(ZoneInfo("Europe/Paris")).replace(hour=21)
    there.clock.learning = late
    assert open_due(there.units) == 0
    [touch] = there.touches()
    local = touch.due_at.astimezone(ZoneInfo("Europe/Paris"))
    assert (
        touch.state == "planned"
        and touch.due_at > late
        and time(8, 30) <= local.time() < time(18, 30)
    )


def test_a_learner_who_moved_to_another_zone_meanwhile_is_not_woken_at_night(
    tmp_path: Path,
) -> None:
    there = shift(tmp_path)
    there.change(zone="America/Montreal")
    there.go_to_due()
    assert open_due(there.units) == 0
    assert there.touches()[0].due_at.astimezone(ZoneInfo("America/Montreal")).time() >= time(8, 30)


def test_a_pause_begun_after_the_plan_holds_without_a_replan(tmp_path: Path) -> None:
    there = shift(tmp_path)
    due = there.go_to_due()
    there.change(paused_until=due.date() + timedelta(days=10))
    assert open_due(there.units) == 0
    assert there.touches()[0].due_at.date() >= due.date() + timedelta(days=10)


def test_a_withdrawn_consent_leaves_nothing_planned(tmp_path: Path) -> None:
    there = shift(tmp_path)
    due = there.go_to_due()
    there.change(stopped_at=due)
    assert open_due(there.units) == 0
    assert there.touches() == []


def test_after_a_long_standstill_of_the_worker_there_is_one_touch_not_a_queue(
    tmp_path: Path,
) -> None:
    there = shift(tmp_path)
    there.go_to_due()
    there.clock.later(days=30)
    assert open_due(there.units) == 0
    [touch] = there.touches()
    assert touch.state == "planned" and touch.due_at >= there.clock.now()
    there.go_to_due()
    assert open_due(there.units) == 1


def test_an_unanswered_touch_is_closed_when_its_time_is_over_and_the_pace_slows(
    tmp_path: Path,
) -> None:
    there = shift(tmp_path)
    there.change(channel="inbox")
    there.go_to_due()
    open_due(there.units)
    there.clock.learning = there.touches()[0].expires_at - timedelta(microseconds=1)
    assert expire_due(there.units) == 0
    there.clock.later(minutes=1)
    assert [expire_due(there.units), expire_due(there.units)] == [1, 0]
    missed, planned = there.touches()
    assert (missed.state, missed.closed_at, planned.state) == (
        "missed",
        there.clock.now(),
        "planned",
    )
    assert (there.learner().missed_in_a_row, there.learner().gap_factor) == (1, 1.5)


def test_what_still_waits_to_be_sent_when_its_touch_closes_is_withdrawn(tmp_path: Path) -> None:
    there = shift(tmp_path)
    there.go_to_due()
    open_due(there.units)
    there.clock.later(days=8)
    assert expire_due(there.units) == 1
    assert [d.state for d in there.deliveries()] == ["withdrawn"]


def test_after_three_missed_touches_the_next_one_asks_once_to_go_lighter(tmp_path: Path) -> None:
    there = shift(tmp_path)
    there.change(channel="inbox")
    for _ in range(4):
        there.go_to_due()
        open_due(there.units)
        there.clock.later(days=8)
        expire_due(there.units)
    there.go_to_due()
    open_due(there.units)
    assert [t.kind for t in there.touches()] == ["prompts"] * 3 + ["lighten", "prompts"]


def test_one_bad_touch_does_not_keep_the_others_and_is_put_off(tmp_path: Path) -> None:
    there = shift(tmp_path, people=3)
    there.change(1, zone="Mars/Olympus")
    now = there.go_to_due()
    assert open_due(there.units) == 2
    [touch] = there.touches(1)
    assert (touch.state, touch.due_at) == ("planned", now + timedelta(hours=1))


def test_one_touch_that_cannot_be_closed_does_not_keep_the_others(tmp_path: Path) -> None:
    there = shift(tmp_path, people=3)
    there.go_to_due()
    assert open_due(there.units) == 3
    with there.units.db.write("town") as unit:
        for enrolment in unit.scalars(
            select(Enrolment).where(Enrolment.learner == there.learners[1])
        ):
            enrolment.module = "gone"
        unit.commit()
    there.clock.later(days=8)
    assert expire_due(there.units) == 2
    assert there.touches(1)[0].expires_at == there.clock.now() + timedelta(hours=1)


def test_no_more_than_the_limit_is_done_in_one_go_the_oldest_first(tmp_path: Path) -> None:
    there = shift(tmp_path, people=3)
    there.go_to_due()
    assert [open_due(there.units, 2), open_due(there.units, 2)] == [2, 1]


def test_a_snooze_while_the_touch_is_open_is_no_miss(tmp_path: Path) -> None:
    there = shift(tmp_path)
    there.go_to_due()
    open_due(there.units)
    with there.units.db.write("town") as unit:
        pausing.snooze(
            work(unit, library=there.units.library, now=there.clock.now(), rng=Random(1)),
            learner_of(unit, there.learners[0]),
            7,
        )
        unit.commit()
    there.clock.later(days=8)
    assert expire_due(there.units) == 0
    assert there.learner().missed_in_a_row == 0


def test_a_clock_that_goes_backwards_neither_opens_nor_closes_anything(tmp_path: Path) -> None:
    there = shift(tmp_path)
    there.go_to_due()
    open_due(there.units)
    there.clock.later(days=-40)
    assert (open_due(there.units), expire_due(there.units)) == (0, 0)
    assert [t.state for t in there.touches()] == ["open"]


def test_a_debrief_ends_on_its_last_day_though_nobody_answers_any_more(tmp_path: Path) -> None:
    there = shift(tmp_path)
    for _touch in range(8):
        if not any(touch.state == "planned" for touch in there.touches()):
            break
        there.go_to_due()
        open_due(there.units)
        there.clock.later(days=8)
        expire_due(there.units)
    there.clock.learning = builders.MONDAY + timedelta(days=100)
    assert end_debriefs(there.units) == 0
    there.clock.later(days=2)
    assert [end_debriefs(there.units), end_debriefs(there.units)] == [1, 0]
    with there.units.db.read("town") as unit:
        [lived] = unit.scalars(select(Enrolment))
        learner = learner_of(unit, lived.learner)
        assert lived.closed_as == "ended"
        its = work(unit, library=there.units.library, now=there.clock.now())
        assert rereading.offers(its, learner)[lived.id].readable


def test_however_many_small_touches_came_all_their_minutes_count(tmp_path: Path) -> None:
    there = shift(tmp_path)
    with there.units.db.write("town") as unit:
        [learner] = unit.scalars(select(Learner))
        unit.execute(delete(TouchPrompt))
        unit.execute(delete(Touch))
        for number in range(1, 30):
            unit.add(
                Touch(
                    learner=learner.id,
                    number=number,
                    state="answered",
                    due_at=builders.MONDAY,
                    minutes=0.2,
                    expires_at=builders.MONDAY,
                    opened_at=builders.MONDAY + timedelta(minutes=number),
                )
            )
        unit.flush()
        at = work(unit, library=there.units.library, now=there.clock.now())
        state = read_record(at, learner).state(at.library)
        assert limits_of(state).week_left(builders.MONDAY.date()) == pytest.approx(6 - 29 * 0.2)
