"""The days, hours, minutes and chances in the reasons of spacing, worked out a second time."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from fsrs import Card, Scheduler
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.spacing import memory, reasons
from engine.spacing.decide import decide_early
from engine.spacing.limits import check_at_send, may_open_early
from engine.spacing.values import LearnerState, Nothing, Rhythm, Touch
from engine.values.reasons import Reason

from .states import (
    ARC,
    MONDAY,
    PARIS,
    Step,
    answered,
    day_in,
    debrief,
    learner,
    planned,
    rhythms,
)
from .test_journeys import journeys

HIGHEST = {"touch_minutes": 3, "week_minutes": 6}


def minutes_left(state: LearnerState, day: date) -> float:
    """Of the week's minutes, what no touch within six days of that day used."""
    used = [
        past.minutes
        for past in state.touches
        if abs((day_in(state.rhythm.zone, past.sent_at) - day).days) <= 6
    ]
    return max(0.0, allowed(state, "week_minutes") - math.fsum(used))


def allowed(state: LearnerState, name: str) -> float:
    return min(HIGHEST[name], max(0, getattr(state.rhythm, name)))


def days_between(state: LearnerState) -> int:
    """The gap of the learner, 1.5 times as wide a missed touch, 30 days at most unless wished;
    two after a snooze."""
    if state.not_before:  # they named the day themselves
        return 2
    wished = max(2, state.rhythm.gap_days)
    return max(wished, min(30, math.ceil(wished * state.pace.gap_factor - 1e-9)))


def hours(state: LearnerState) -> tuple[time, time, time]:
    """When the hours open, the wished one, when they close."""
    opens = max(time(8, 30), state.rhythm.opens)
    closes = min(time(18, 30), state.rhythm.closes)
    return opens, max(opens, min(closes, state.rhythm.hour)), closes


def assert_true_of(reason: Reason, step: Step) -> None:
    """What one reason of a touch says of why it comes when it comes."""
    state, rhythm = step.state, step.state.rhythm
    due = day_in(rhythm.zone, step.touch.due_at)
    decided = day_in(rhythm.zone, step.decided_at)
    match reason:
        case reasons.YourHour():
            assert (reason.hour, reason.zone) == (hours(state)[1], rhythm.zone)
        case reasons.WeekMinutesLeft():
            assert reason.limit == allowed(state, "week_minutes")
            assert math.isclose(
                reason.left, minutes_left(state, due) - step.touch.minutes, abs_tol=1e-5
            )
        case reasons.WeekMinutes():
            assert decided <= reason.day < due and reason.limit == allowed(state, "week_minutes")
            assert math.isclose(reason.left, minutes_left(state, reason.day), abs_tol=1e-5)
        case reasons.Gap():
            assert reason.last == max(day_in(rhythm.zone, t.sent_at) for t in state.touches)
            assert reason.days == days_between(state) <= (due - reason.last).days
            assert reason.missed == state.pace.missed_in_a_row
        case reasons.DayOff():
            assert decided <= reason.day < due and reason.day.isoweekday() in rhythm.days_off
        case reasons.Holiday():
            assert decided <= reason.day < due
            assert reason.day in holidays.country_holidays(rhythm.country, years=reason.day.year)
        case reasons.HourPassed():
            hour = hours(state)[1]
            assert (reason.day, reason.hour) == (decided, hour)
            earliest = datetime.combine(decided, hour, ZoneInfo(rhythm.zone)) - timedelta(hours=2)
            assert step.decided_at > earliest
        case reasons.DaySkipped():
            noon = datetime.combine(reason.day, time(12), ZoneInfo(rhythm.zone))
            assert day_in(rhythm.zone, noon.astimezone(ZoneInfo("UTC"))) != reason.day
        case _:
            assert_true_of_what_the_learner_did(reason, step)


def assert_true_of_what_the_learner_did(reason: Reason, step: Step) -> None:
    state, due = step.state, day_in(step.state.rhythm.zone, step.touch.due_at)
    decided = day_in(step.state.rhythm.zone, step.decided_at)
    match reason:
        case reasons.OnPause():
            assert decided < reason.until <= due and reason.until == state.paused_until
        case reasons.OnSnooze():
            assert step.touch.due_at >= reason.until == state.not_before
        case reasons.AskedToLighten():
            assert reason.missed == state.pace.missed_in_a_row >= 3
        case reasons.OutsideHours():
            assert (reason.opens, reason.closes) == hours(state)[::2]
        case _:
            raise AssertionError(f"{reason} says nothing of a time")


@given(journeys)
@settings(max_examples=50)
def test_what_is_said_of_why_a_touch_comes_then_is_true(steps: list[Step]) -> None:
    for step in steps:
        for reason in step.touch.reasons:
            assert_true_of(reason, step)


@given(journeys)
@settings(max_examples=50)
def test_what_is_said_of_why_a_question_is_asked_is_true(steps: list[Step]) -> None:
    for step in steps:
        held = {d.enrolment: d for d in step.state.debriefs}
        for asked in step.touch.prompts:
            prompt = next(p for p in held[asked.enrolment].prompts if p.id == asked.prompt)
            finished = day_in(step.state.rhythm.zone, held[asked.enrolment].finished_at)
            for reason in asked.reasons:
                match reason:
                    case reasons.StageReached():
                        stage = next(s for s in ARC.stages if s.id == prompt.stage)
                        assert (reason.stage, reason.day) == (stage.id, stage.day)
                        due = day_in(step.state.rhythm.zone, step.touch.due_at)
                        assert (due - finished).days >= reason.day
                    case reasons.RecallDue():
                        card = Card.from_json(prompt.card)
                        chance = Scheduler().get_card_retrievability(card, step.touch.due_at)
                        assert abs(reason.retrievability - chance) <= 0.005
                        assert reason.due == card.due.date()
                    case reasons.AskedAgain():
                        assert reason.asked == prompt.asked > prompt.answered == 0
                    case reasons.AnotherExperience():
                        first = step.touch.prompts[0].enrolment
                        assert reason.enrolment == asked.enrolment != first
                    case _:
                        raise AssertionError(f"{reason} says nothing of a question")


def test_a_recall_that_is_due_says_how_likely_it_still_is() -> None:
    card = memory.review(None, 3, MONDAY + timedelta(days=10), 1)
    done = answered(debrief(), "message", "evening", "other-eye", "plan", "three-levers")
    held = tuple(replace(p, card=card) if p.takeaway else p for p in done.prompts)
    touch = planned(learner(replace(done, prompts=held)), MONDAY + timedelta(days=10))
    chance = Scheduler().get_card_retrievability(Card.from_json(card), touch.due_at)
    assert touch.prompts[0].reasons == (
        reasons.RecallDue(due=date(2026, 3, 14), retrievability=round(chance, 2)),
    )


@given(st.integers(0, 10), st.integers(0, 23))
def test_who_comes_too_early_is_told_the_day_of_the_next_stage(days: int, hour: int) -> None:
    """What is asked from the day after on, So what from the fourth day on."""
    now = MONDAY.replace(hour=hour) + timedelta(days=days)
    held = learner(answered(debrief(), "message", "evening") if days else debrief())
    found = decide_early(held, now, random.Random(1))
    opens = date(2026, 3, 6) if days else date(2026, 3, 3)
    if day_in("Europe/Paris", now) < opens:
        assert found == Nothing(reasons.TooEarly(opens))
    else:
        assert isinstance(found, Touch)


@given(rhythms, st.floats(0.1, 12))
def test_a_touch_longer_than_allowed_is_told_both_numbers(rhythm: Rhythm, minutes: float) -> None:
    state = learner(rhythm=rhythm)
    found = may_open_early(state, minutes, MONDAY)
    day = day_in(rhythm.zone, MONDAY)
    assume(abs(minutes - allowed(state, "week_minutes")) > 1e-5)  # minutes are said in millionths
    if minutes > allowed(state, "touch_minutes") + 1e-9:
        assert found == reasons.TouchMinutes(minutes, allowed(state, "touch_minutes"))
    elif minutes > allowed(state, "week_minutes") + 1e-9:
        week = allowed(state, "week_minutes")
        assert isinstance(found, reasons.WeekMinutes)
        assert (found.day, found.limit) == (day, week) and math.isclose(
            found.left, week, abs_tol=1e-5
        )
    else:
        assert found is None


@given(st.integers(0, 23))
def test_a_touch_outside_the_hours_is_told_when_they_are(hour: int) -> None:
    state = learner(rhythm=Rhythm(opens=time(9, 15), closes=time(23)))
    at = datetime(2026, 3, 3, hour, 20, tzinfo=PARIS)
    allowed_then = hour in range(10, 18) or hour in (9, 18)
    found = check_at_send(state, 1, at)
    assert found == (None if allowed_then else reasons.OutsideHours(time(9, 15), time(18, 30)))
