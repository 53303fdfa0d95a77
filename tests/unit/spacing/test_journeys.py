"""Long random journeys, with answers, misses, snoozes and pauses: no limit is ever broken."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spacing.days import public_holidays
from engine.spacing.limits import clamp, gap
from engine.spacing.progress import complete, in_turn, lacks_earlier, revealed
from engine.spacing.values import LearnerState, Rhythm

from .states import Step, day_in, debrief, instants, learner, live, rhythms


def journey(rhythm: Rhythm, start: datetime, seed: int) -> list[Step]:
    """Up to 40 touches of a learner who finishes five experiences in the first months and pauses
    now and then."""
    rng = random.Random(seed)
    finishes = (start, *sorted(start + timedelta(hours=rng.randrange(24 * 90)) for _ in range(4)))

    def meanwhile(state: LearnerState, now: datetime) -> LearnerState:
        done = tuple(debrief(f"e{n}", at) for n, at in enumerate(finishes) if at <= now)
        pause = (
            day_in(rhythm.zone, now) + timedelta(days=rng.randrange(20))
            if rng.random() < 0.1
            else state.paused_until
        )
        return replace(
            state, debriefs=(*state.debriefs, *done[len(state.debriefs) :]), paused_until=pause
        )

    return list(live(learner(debrief("e0", start), rhythm=rhythm), start, rng, meanwhile))


def usual(rhythm: Rhythm) -> Rhythm:
    """The default minutes and hours, so that most journeys are long."""
    return Rhythm(
        zone=rhythm.zone,
        hour=rhythm.hour,
        country=rhythm.country,
        days_off=rhythm.days_off - {2, 4},
    )


journeys = st.builds(
    journey, st.one_of(rhythms, rhythms.map(usual)), instants, st.integers(0, 10**6)
)
many = settings(max_examples=50)


@given(journeys)
@many
def test_hours_days_off_holidays_pauses_and_snoozes_are_kept(steps: list[Step]) -> None:
    for step in steps:
        rhythm, due = clamp(step.state.rhythm), step.touch.due_at
        local = due.astimezone(ZoneInfo(rhythm.zone))
        assert due > step.decided_at
        assert rhythm.opens <= local.time() < rhythm.closes
        assert local.isoweekday() not in rhythm.days_off
        assert local.date() not in public_holidays(rhythm.country, local.year)
        assert step.state.paused_until is None or local.date() >= step.state.paused_until
        assert step.state.not_before is None or due >= step.state.not_before


@given(journeys)
@many
def test_no_touch_and_no_seven_local_days_hold_more_than_the_minutes(steps: list[Step]) -> None:
    for step in steps:
        rhythm = clamp(step.state.rhythm)
        day = day_in(rhythm.zone, step.touch.due_at)
        window = [
            s.touch.minutes
            for s in steps
            if 0 <= (day - day_in(rhythm.zone, s.touch.due_at)).days < 7
        ]
        assert sum(window) <= rhythm.week_minutes + 1e-6
        assert step.touch.minutes <= rhythm.touch_minutes + 1e-6
        assert len(step.touch.prompts) <= 3


@given(journeys)
@many
def test_the_gap_is_kept_and_there_is_one_touch_never_a_queue(steps: list[Step]) -> None:
    for before, step in pairwise(steps):
        days = (
            day_in(step.state.rhythm.zone, step.touch.due_at)
            - day_in(step.state.rhythm.zone, before.touch.due_at)
        ).days
        snoozed = step.state.not_before is not None
        assert days >= (2 if snoozed else gap(step.state.rhythm, step.state.pace))
        assert all(touch.end != "open" for touch in step.state.touches)


@given(journeys)
@many
def test_no_prompt_comes_before_its_stage_or_its_reveal_nor_after_the_end(
    steps: list[Step],
) -> None:
    for step in steps:
        for planned in step.touch.prompts:
            [held] = [d for d in step.state.debriefs if d.enrolment == planned.enrolment]
            [prompt] = [p for p in held.prompts if p.id == planned.prompt]
            stage = held.arc.stage(prompt.stage)
            zone = step.state.rhythm.zone
            day = (day_in(zone, step.touch.due_at) - day_in(zone, held.finished_at)).days
            assert stage is not None
            assert stage.day <= day < 100
            assert revealed(held) or not stage.after_reveal
            assert not lacks_earlier(held, prompt)
            assert not complete(held)
            assert prompt.takeaway or (prompt.asked < 3 and not prompt.answered)
            assert step.state.rhythm.touch_minutes < 1.5 or in_turn(held, stage)


@given(journeys)
@many
def test_a_prompt_never_comes_twice_as_the_same_occurrence(steps: list[Step]) -> None:
    keys = [(p.enrolment, p.prompt, p.occurrence) for step in steps for p in step.touch.prompts]
    assert len(keys) == len(set(keys))


@given(journeys)
@many
def test_the_learner_is_asked_to_go_lighter_at_most_once_and_only_after_three_missed(
    steps: list[Step],
) -> None:
    asking = [step for step in steps if not step.touch.prompts]
    assert len(asking) <= 1
    assert all(step.state.pace.missed_in_a_row >= 3 for step in asking)


@given(journeys)
@many
def test_every_decision_can_be_explained(steps: list[Step]) -> None:
    assert all(step.touch.reasons and all(p.reasons for p in step.touch.prompts) for step in steps)
