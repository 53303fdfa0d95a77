"""The next touch: when, what, why; and when there is none."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.arcs import arcs
from engine.spacing import memory
from engine.spacing.decide import decide, decide_early
from engine.spacing.reasons import (
    DayOff,
    DaySkipped,
    Holiday,
    HourPassed,
    TooEarly,
    WeekMinutes,
    WeekMinutesLeft,
    YourHour,
)
from engine.spacing.until import open_until
from engine.spacing.values import LearnerState, Nothing, Pace, PastTouch, Rhythm, Touch
from engine.values.errors import Invalid

from .states import (
    ARC,
    MONDAY,
    PARIS,
    PROMPTS,
    answered,
    day_in,
    debrief,
    instants,
    learner,
    nothing,
    planned,
    prompt_state,
    rhythms,
)


def ids(touch: Touch) -> set[str]:
    return {p.prompt for p in touch.prompts}


def codes(touch: Touch) -> list[str]:
    return [r.code for r in touch.reasons]


def test_the_first_touch_comes_the_day_after_at_the_learners_hour() -> None:
    due = planned(learner()).due_at.astimezone(PARIS)
    assert due.date() == date(2026, 3, 3)
    assert time(8, 40) <= due.time() <= time(8, 55)


def test_it_can_be_answered_to_the_end_of_the_seventh_day_and_is_in_utc() -> None:
    touch = planned(learner())
    ends = datetime(2026, 3, 10, 23, 59, 59, 999999, PARIS)
    assert (touch.due_at.astimezone(PARIS).date(), touch.expires_at) == (date(2026, 3, 3), ends)
    assert touch.due_at.tzinfo is UTC


def test_it_asks_what_first_and_says_why() -> None:
    touch = planned(learner())
    assert ids(touch) == {"message", "evening"}
    assert touch.minutes == 1.5
    assert touch.reasons == (
        YourHour(hour=time(8, 40), zone="Europe/Paris"),
        WeekMinutesLeft(left=4.5, limit=6),
    )
    assert all(
        p.reasons[0].as_json() == {"code": "stage-reached", "params": {"stage": "what", "day": 1}}
        for p in touch.prompts
    )


def test_so_what_waits_for_its_day_even_when_what_is_answered() -> None:
    touch = planned(learner(answered(debrief(), "message", "evening")))
    assert ids(touch) == {"other-eye"}
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 3, 6)


def test_so_what_waits_for_what_even_when_its_day_has_come() -> None:
    assert ids(planned(learner(answered(debrief(), "message")), MONDAY + timedelta(days=30))) == {
        "evening"
    }


def test_nothing_after_the_reveal_is_asked_before_the_reveal() -> None:
    let_go = tuple(replace(p, asked=3) if p.stage == "so-what" else p for p in PROMPTS)
    assert (
        nothing(learner(answered(debrief(prompts=let_go), "message", "evening")))
        == "nothing-to-ask"
    )


def test_after_the_reveal_the_plan_and_the_takeaway_are_asked() -> None:
    touch = planned(learner(answered(debrief(), "message", "evening", "other-eye")))
    assert ids(touch) == {"plan", "three-levers"}
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 3, 12)


def test_an_unanswered_prompt_is_asked_again_and_says_so() -> None:
    asked_once = tuple(replace(p, asked=1) if p.id == "message" else p for p in PROMPTS)
    touch = planned(learner(answered(debrief(prompts=asked_once), "evening")))
    assert (touch.prompts[0].occurrence, [r.code for r in touch.prompts[0].reasons]) == (
        2,
        ["stage-reached", "asked-again"],
    )


def test_a_prompt_asked_three_times_is_let_go_and_the_arc_goes_on() -> None:
    tired = tuple(replace(p, asked=3) if p.stage == "what" else p for p in PROMPTS)
    assert ids(planned(learner(debrief(prompts=tired)))) == {"other-eye"}


def test_a_plan_never_made_is_not_followed_up() -> None:
    tired = tuple(replace(p, asked=3) if p.id == "plan" else p for p in PROMPTS)
    held = answered(debrief(prompts=tired), "message", "evening", "other-eye", "three-levers")
    assert ids(planned(learner(held))) == {"tomorrow"}


def test_a_takeaway_comes_back_when_its_card_is_due_and_says_how_likely_it_is_remembered() -> None:
    card = memory.review(None, 3, MONDAY + timedelta(days=10), 1)
    done = answered(debrief(), "message", "evening", "other-eye", "plan", "three-levers")
    done = replace(
        done,
        prompts=tuple(replace(p, card=card) if p.id == "three-levers" else p for p in done.prompts),
    )
    touch = planned(learner(done), MONDAY + timedelta(days=10))
    [prompt] = touch.prompts
    assert touch.due_at.astimezone(PARIS).date() == date(
        2026, 3, 16
    )  # due on Saturday 14, a day off
    assert (prompt.prompt, prompt.occurrence, prompt.reasons[0].code) == (
        "three-levers",
        2,
        "recall-due",
    )
    assert prompt.reasons[0].due == date(2026, 3, 14)
    assert 0.8 < prompt.reasons[0].retrievability < 0.91
    assert "day-off" in codes(touch)


def test_when_transfer_is_answered_nothing_more_is_asked() -> None:
    assert nothing(learner(answered(debrief(), *(p.id for p in PROMPTS)))) == "nothing-to-ask"


def test_on_day_100_a_debrief_is_over() -> None:
    assert day_in(
        "Europe/Paris", planned(learner(), datetime(2026, 6, 8, 12, tzinfo=UTC)).due_at
    ) == date(2026, 6, 9)
    assert nothing(learner(), datetime(2026, 6, 9, 12, tzinfo=UTC)) == "hour-passed"
    assert nothing(learner(), datetime(2026, 6, 10, 0, tzinfo=UTC)) == "nothing-to-ask"


def test_several_experiences_share_one_touch_and_it_says_so() -> None:
    other = debrief("market", prompts=(prompt_state("stall", "what", "choice", 0.5),))
    touch = planned(learner(debrief(), other))
    assert len(touch.prompts) == 3
    assert {p.enrolment for p in touch.prompts} == {"hall", "market"}
    assert "another-experience" in {r.code for p in touch.prompts for r in p.reasons}


def test_one_touch_asks_for_words_of_ones_own_only_once() -> None:
    both = (
        prompt_state("a", "what", "text", 0.5),
        prompt_state("b", "what", "text", 0.5),
        prompt_state("c", "what", "plan", 0.5),
    )
    assert len(planned(learner(debrief(prompts=both))).prompts) == 1


def test_one_touch_brings_a_takeaway_back_only_once() -> None:
    twice = (
        prompt_state("a", "so-what", "recall", 0.5, takeaway="t"),
        prompt_state("b", "so-what", "recall", 0.5, takeaway="t"),
    )
    assert len(planned(learner(debrief(prompts=twice))).prompts) == 1


def test_a_prompt_longer_than_the_learner_allows_is_passed_over_and_holds_nothing_up() -> None:
    brief = Rhythm(touch_minutes=0.5)
    assert ids(planned(learner(rhythm=brief))) == {"message"}
    assert ids(planned(learner(answered(debrief(), "message", "other-eye"), rhythm=brief))) == {
        "three-levers"
    }


def test_what_the_week_does_not_allow_holds_nothing_up_either() -> None:
    brief = Rhythm(week_minutes=0.5)
    assert ids(planned(learner(answered(debrief(), "message", "other-eye"), rhythm=brief))) == {
        "three-levers"
    }


def test_a_touch_asks_no_more_than_the_minutes_that_the_week_has_left() -> None:
    sent = (PastTouch(1, MONDAY - timedelta(days=1), 3, "answered"),)
    late = (*sent, PastTouch(2, MONDAY - timedelta(days=3), 2.5, "answered"))
    touch = planned(learner(touches=late))
    assert (ids(touch), touch.minutes) == ({"message"}, 0.5)
    assert touch.reasons[1] == WeekMinutesLeft(left=0, limit=6)


def test_minutes_are_told_to_a_millionth_whatever_floats_add_up_to() -> None:
    thirds = tuple(prompt_state(f"p{n}", "what", "choice", 0.1) for n in range(3))
    touch = planned(learner(debrief(prompts=thirds), rhythm=Rhythm(week_minutes=5.9)))
    assert touch.minutes == 0.3
    assert touch.reasons[1].left == 5.6


def test_of_refusals_of_one_kind_the_last_is_told_in_the_order_in_which_they_came() -> None:
    fridays = Rhythm(days_off=frozenset(range(1, 8)) - {5})
    thursday = datetime(2026, 4, 30, 4, tzinfo=UTC)
    touch = planned(learner(debrief(finished_at=MONDAY), rhythm=fridays), thursday)
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 5, 15)
    assert touch.reasons[2:] == (
        Holiday(day=date(2026, 5, 8)),
        DayOff(day=date(2026, 5, 14)),
    )


def test_a_touch_falls_due_after_the_moment_of_deciding_never_at_it() -> None:
    due = planned(learner()).due_at
    assert planned(learner(), due - timedelta(seconds=1)).due_at == due
    moved = planned(learner(), due)
    assert moved.due_at.astimezone(PARIS).date() == date(2026, 3, 4)
    assert moved.reasons[-1] == HourPassed(day=date(2026, 3, 3), hour=time(8, 40))


def test_a_day_that_the_zone_skips_is_passed_over_and_told() -> None:
    before = datetime(2011, 12, 29, 20, tzinfo=UTC)  # Samoa went from Thursday 29 to Saturday 31
    apia = Rhythm(zone="Pacific/Apia", country="", days_off=frozenset())
    touch = planned(learner(debrief(finished_at=before), rhythm=apia), before)
    assert touch.due_at.astimezone(ZoneInfo("Pacific/Apia")).date() == date(2011, 12, 31)
    assert touch.reasons[-1] == DaySkipped(day=date(2011, 12, 30))


def test_nothing_is_looked_for_beyond_120_days() -> None:
    long = replace(debrief(), arc=replace(ARC, end_day=200))
    last = planned(learner(long, paused_until=date(2026, 6, 29)))
    assert last.due_at.astimezone(PARIS).date() == MONDAY.date() + timedelta(days=119)
    assert nothing(learner(long, paused_until=date(2026, 6, 30))) == "paused"


def test_the_gap_is_kept_and_explained() -> None:
    yesterday = PastTouch(1, MONDAY, 1.5, "answered")
    touch = planned(learner(touches=(yesterday,)))
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 3, 4)
    assert touch.reasons[-1].as_json() == {
        "code": "gap",
        "params": {"last": "2026-03-02", "days": 2, "missed": 0},
    }


def test_missed_touches_widen_the_gap() -> None:
    touch = planned(learner(touches=(PastTouch(1, MONDAY, 1.5, "missed"),), pace=Pace(2, 2.25)))
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 3, 9)  # five days on is Saturday


def test_the_minutes_of_the_week_are_kept_and_explained() -> None:
    sent = tuple(PastTouch(n, MONDAY - timedelta(days=6 - 3 * n), 3, "answered") for n in (0, 1))
    touch = planned(learner(touches=sent))
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 3, 3)
    full = tuple(PastTouch(n, MONDAY - timedelta(days=4 - 2 * n), 3, "answered") for n in (0, 1))
    moved = planned(learner(touches=full))
    assert moved.due_at.astimezone(PARIS).date() == date(2026, 3, 5)
    assert moved.reasons[-1] == WeekMinutes(day=date(2026, 3, 4), left=0, limit=6)


def test_a_public_holiday_moves_the_touch_and_says_so() -> None:
    before_easter_monday = datetime(2026, 4, 5, 10, tzinfo=UTC)
    touch = planned(learner(debrief(finished_at=before_easter_monday)), before_easter_monday)
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 4, 7)
    assert touch.reasons[-1].as_json() == {"code": "holiday", "params": {"day": "2026-04-06"}}


def test_a_pause_moves_the_touch_to_its_last_day_and_says_so() -> None:
    touch = planned(learner(paused_until=date(2026, 3, 18)))
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 3, 18)
    assert touch.reasons[-1].as_json() == {"code": "paused", "params": {"until": "2026-03-18"}}


def test_a_snooze_moves_the_touch_to_the_first_usual_hour_after_it() -> None:
    touch = planned(learner(not_before=datetime(2026, 3, 5, 13, tzinfo=UTC)))
    assert touch.due_at.astimezone(PARIS).date() == date(2026, 3, 6)
    assert "snoozed" in codes(touch)


def test_once_the_hour_has_passed_it_is_the_next_allowed_day() -> None:
    assert planned(learner(), MONDAY + timedelta(days=1)).due_at.astimezone(PARIS).date() == date(
        2026, 3, 4
    )


def test_after_three_missed_the_learner_is_asked_once_to_go_lighter() -> None:
    touches = (PastTouch(1, MONDAY, 1.5, "missed"),)
    asking = planned(learner(touches=touches, pace=Pace(3, 3.375)))
    assert (asking.prompts, asking.reasons[0].as_json()) == (
        (),
        {"code": "asked-to-lighten", "params": {"missed": 3}},
    )
    assert (asking.minutes, asking.expires_at) == (0.5, open_until(asking.due_at, PARIS))
    assert planned(learner(touches=touches, pace=Pace(4, 5, asked_to_lighten=True))).prompts


@pytest.mark.parametrize(("spent", "days"), [(2.5, 1), (2.6, 2)])
def test_the_question_to_go_lighter_waits_for_its_half_minute(spent: float, days: int) -> None:
    touches = tuple(
        PastTouch(n, MONDAY - timedelta(days=n), minutes, "missed")
        for n, minutes in ((5, 3), (2, spent))
    )
    asking = planned(learner(touches=touches, pace=Pace(3)))
    assert not asking.prompts
    assert asking.due_at.astimezone(PARIS).date() == MONDAY.date() + timedelta(days=days)


def test_nobody_is_asked_to_go_lighter_when_nothing_is_left_to_ask() -> None:
    done = answered(debrief(), *(p.id for p in PROMPTS))
    assert nothing(learner(done, pace=Pace(3, 3.375))) == "nothing-to-ask"


def test_who_let_everything_go_by_is_still_asked_to_go_lighter_until_the_debrief_ends() -> None:
    what = answered(debrief(), "message", "evening")
    in_vain = replace(
        what, prompts=tuple(replace(p, asked=3) if p.id == "other-eye" else p for p in what.prompts)
    )
    assert nothing(learner(in_vain)) == "nothing-to-ask"
    touch = planned(learner(in_vain, pace=Pace(3, 3.375)))
    assert not touch.prompts and codes(touch)[0] == "asked-to-lighten"
    assert nothing(learner(in_vain, pace=Pace(4, 5, asked_to_lighten=True))) == "nothing-to-ask"
    assert (
        nothing(learner(in_vain, pace=Pace(3, 3.375)), MONDAY + timedelta(days=100))
        == "nothing-to-ask"
    )
    assert nothing(learner(in_vain, pace=Pace(3, 3.375)), MONDAY + timedelta(days=99)) == (
        "hour-passed"
    )
    done = answered(debrief("market"), *(p.id for p in PROMPTS))
    assert not planned(learner(done, in_vain, pace=Pace(3, 3.375))).prompts


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consented": False}, "no-consent"),
        ({"touches": (PastTouch(1, MONDAY, 1, "open"),)}, "touch-open"),
        ({"debriefs": ()}, "nothing-to-ask"),
        ({"paused_until": date.max}, "paused"),
        ({"not_before": datetime(2027, 1, 1, tzinfo=UTC)}, "snoozed"),
        (
            {"rhythm": Rhythm(gap_days=10**9), "touches": (PastTouch(1, MONDAY, 1, "answered"),)},
            "gap",
        ),
        ({"rhythm": Rhythm(opens=time(12), closes=time(12))}, "no-hours-allowed"),
        ({"rhythm": Rhythm(opens=time(19), closes=time(23))}, "no-hours-allowed"),
        ({"rhythm": Rhythm(days_off=frozenset(range(1, 8)))}, "no-days-allowed"),
        ({"rhythm": Rhythm(touch_minutes=0)}, "nothing-to-ask"),
        ({"rhythm": Rhythm(week_minutes=-3)}, "nothing-to-ask"),
    ],
)
def test_when_nothing_may_be_sent_the_reason_says_why(
    changes: dict[str, object], code: str
) -> None:
    assert nothing(learner(**changes)) == code


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Invalid):
        decide(learner(rhythm=Rhythm(zone="Europe/Saint-Aubry")), MONDAY, random.Random(1))


@pytest.mark.parametrize("arc", sorted(arcs()))
def test_every_arc_that_ships_can_be_walked_to_its_end(arc: str) -> None:
    prompts = tuple(
        prompt_state(f"p-{stage.id}", stage.id, "text", 1) for stage in arcs()[arc].stages
    )
    state, now, seen = learner(replace(debrief(prompts=prompts), arc=arcs()[arc])), MONDAY, []
    while isinstance(touch := decide(state, now, random.Random(1)), Touch):
        seen += [p.prompt for p in touch.prompts]
        state, now = replace(state, debriefs=(answered(state.debriefs[0], *seen),)), touch.due_at
    assert seen == [p.id for p in prompts]


@given(rhythm=rhythms, now=instants, since=st.integers(-3, 130), seed=st.integers(0, 99))
@settings(max_examples=60)
def test_the_same_seed_decides_the_same(
    rhythm: Rhythm, now: datetime, since: int, seed: int
) -> None:
    state = learner(
        debrief(finished_at=now - timedelta(days=since)),
        debrief("market", finished_at=now),
        rhythm=rhythm,
    )
    assert decide(state, now, random.Random(seed)) == decide(state, now, random.Random(seed))


@given(rhythm=rhythms, now=instants, back=st.integers(0, 400 * 24 * 60))
@settings(max_examples=60)
def test_a_clock_that_goes_backwards_never_raises_and_never_sends_early(
    rhythm: Rhythm, now: datetime, back: int
) -> None:
    card = memory.review(None, 3, now, 1)
    prompts = (
        *PROMPTS,
        prompt_state("later", "what", "recall", 0.5, answered=1, takeaway="t", card=card),
    )
    state = learner(
        debrief(finished_at=now, prompts=prompts),
        rhythm=rhythm,
        touches=(PastTouch(1, now, 2, "answered"),),
    )
    earlier = now - timedelta(minutes=back)
    found = decide(state, earlier, random.Random(1))
    assert isinstance(found, Nothing) or day_in(rhythm.zone, found.due_at) > day_in(
        rhythm.zone, now
    )


def early(state: LearnerState, now: datetime) -> Touch | str:
    found = decide_early(state, now, random.Random(1))
    return found if isinstance(found, Touch) else found.reason.code


def test_who_comes_by_themself_is_asked_at_once_on_a_day_off_outside_hours_and_within_the_gap() -> (
    None
):
    saturday = datetime(2026, 3, 7, 4, tzinfo=UTC)
    state = learner(
        touches=(PastTouch(1, saturday - timedelta(days=1), 1, "answered"),),
        paused_until=date(2026, 4, 1),
    )
    touch = early(state, saturday)
    assert isinstance(touch, Touch)
    assert touch.due_at == saturday and [p.prompt for p in touch.prompts] == ["message", "evening"]
    assert touch.reasons[0].code == "you-came"


def test_coming_early_opens_no_stage_before_its_day_and_says_from_when() -> None:
    assert early(learner(), MONDAY) == "too-early"
    what = answered(debrief(), "message", "evening")
    assert early(learner(what), MONDAY + timedelta(days=3)) == "too-early"
    so_what = early(learner(what), MONDAY + timedelta(days=4))
    assert isinstance(so_what, Touch) and [p.prompt for p in so_what.prompts] == ["other-eye"]


def test_coming_too_early_for_several_experiences_tells_the_first_day_that_any_of_them_opens() -> (
    None
):
    later = debrief("market", finished_at=MONDAY + timedelta(days=1))
    for debriefs in ((debrief(), later), (later, debrief())):
        found = decide_early(learner(*debriefs), MONDAY, random.Random(1))
        assert found == Nothing(TooEarly(day=date(2026, 3, 3)))


def test_who_comes_on_the_day_a_debrief_ends_comes_too_late() -> None:
    assert isinstance(early(learner(), MONDAY + timedelta(days=99)), Touch)
    assert early(learner(), MONDAY + timedelta(days=100)) == "nothing-to-ask"


def test_coming_early_brings_no_takeaway_back_before_its_card_is_due() -> None:
    done = answered(debrief(), "message", "evening", "other-eye", "plan", "three-levers")
    card = memory.review(None, 3, MONDAY + timedelta(days=10), 1)
    recalled = replace(
        done,
        prompts=tuple(replace(p, card=card) if p.id == "three-levers" else p for p in done.prompts),
    )
    assert early(learner(recalled), MONDAY + timedelta(days=11)) == "too-early"


def test_minutes_consent_and_an_open_touch_bind_who_comes_by_themself() -> None:
    later = MONDAY + timedelta(days=1)
    spent = tuple(PastTouch(n, later - timedelta(days=n), 3, "answered") for n in (1, 2))
    assert early(learner(touches=spent), later) == "week-minutes"
    assert early(learner(touches=(PastTouch(1, MONDAY, 1, "open"),)), later) == "touch-open"
    assert early(replace(learner(), consented=False), later) == "no-consent"
    assert (
        early(learner(answered(debrief(), *(p.id for p in debrief().prompts))), later)
        == "nothing-to-ask"
    )
