"""What is worth asking."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.spacing import memory
from engine.spacing.values import PromptState
from engine.spacing.worth import Ask, asks, best, recall_gain

from .states import MONDAY, PARIS, answered, debrief, prompt_state

DAY = date(2026, 3, 20)
AT = datetime(2026, 3, 20, 8, tzinfo=UTC)


def asked(*prompts: PromptState, finished_at: datetime = MONDAY) -> list[Ask]:
    return list(asks(debrief(finished_at=finished_at, prompts=prompts), 3, time(8, 40), PARIS))


def test_asking_pays_more_the_longer_a_takeaway_has_rested() -> None:
    card = memory.review(None, 3, AT, 1)
    gains = [recall_gain(card, AT + timedelta(days=n)) for n in (2, 11, 40)]
    assert gains == sorted(gains)
    assert gains[0] > 0


def test_a_minute_counts_so_the_shorter_of_two_like_prompts_is_worth_more() -> None:
    long, short = asked(
        prompt_state("long", "what", "choice", 1), prompt_state("short", "what", "choice", 0.5)
    )
    assert short.value(AT, DAY) == 2 * long.value(AT, DAY)


def test_a_weightier_stage_is_worth_more() -> None:
    let_go = prompt_state("a", "what", "scale", 1, asked=3)
    [what] = asked(prompt_state("b", "what", "choice", 1), finished_at=MONDAY + timedelta(days=3))
    [so_what] = asked(let_go, prompt_state("c", "so-what", "choice", 1))
    assert what.first == so_what.first
    assert so_what.value(AT, DAY) > what.value(AT, DAY)


def test_the_chosen_prompts_come_in_the_authors_order() -> None:
    ready = asked(*(prompt_state(kind, "what", kind, 0.5) for kind in ("scale", "plan", "choice")))
    assert [a.prompt.id for a in best(ready, 3, AT, DAY, random.Random(1))] == [
        "scale",
        "plan",
        "choice",
    ]


def test_among_very_many_the_most_valuable_is_chosen() -> None:
    many = [prompt_state(f"p{n}", "what", "choice", 1.5) for n in range(40)]
    ready = asked(*many[:30], prompt_state("short", "what", "choice", 0.5), *many[30:])
    assert "short" in {a.prompt.id for a in best(ready, 3, AT, DAY, random.Random(1))}


def test_equals_take_turns_by_chance() -> None:
    ready = asked(*(prompt_state(f"p{n}", "what", "choice", 3) for n in range(4)))
    assert len({best(ready, 3, AT, DAY, random.Random(seed)) for seed in range(20)}) > 1


def test_a_prompt_that_waits_gains_until_it_wins() -> None:
    [plan] = asked(prompt_state("plan", "what", "plan", 1.5), finished_at=AT - timedelta(days=1))
    [scale] = asked(
        prompt_state("scale", "what", "scale", 1.5), finished_at=AT - timedelta(days=60)
    )
    assert scale.value(AT, DAY) > plan.value(AT, DAY)


def test_a_card_that_falls_due_after_the_learners_hour_waits_for_the_next_day() -> None:
    card = memory.review(None, 3, datetime(2026, 3, 14, 9, tzinfo=UTC), 1)
    done = answered(
        debrief(prompts=(prompt_state("a", "what", "recall", 0.5, takeaway="t", card=card),)), "a"
    )
    west = next(asks(done, 3, time(8, 40), ZoneInfo("America/Martinique")))
    assert west.first == date(2026, 3, 16)
    assert next(asks(done, 3, time(8, 40), ZoneInfo("Pacific/Noumea"))).first == date(2026, 3, 17)


def test_what_another_prompt_recalled_comes_back_because_it_fades_not_because_of_its_stage() -> (
    None
):
    card = memory.review(None, 3, datetime(2026, 3, 14, 9, tzinfo=UTC), 1)
    [fresh] = asked(prompt_state("a", "what", "recall", 0.5, takeaway="t"))
    [other] = asked(prompt_state("b", "what", "recall", 0.5, takeaway="t", card=card))
    [ignored] = asked(prompt_state("b", "what", "recall", 0.5, takeaway="t", card=card, asked=1))
    assert [[r.code for r in one.reasons(AT)] for one in (fresh, other, ignored)] == [
        ["stage-reached"],
        ["recall-due"],
        ["recall-due", "asked-again"],
    ]
    assert 0 < other.reasons(AT)[0].retrievability < 1


kinds = st.sampled_from(("text", "plan", "choice", "scale"))
prompts = st.lists(
    st.builds(
        prompt_state,
        st.uuids().map(str),
        st.just("what"),
        kinds,
        st.sampled_from((0.5, 0.75, 1, 1.5, 3)),
    ),
    min_size=1,
    max_size=8,
)


@given(prompts, st.sampled_from((0.4, 1.0, 1.5, 3.0)), st.integers(0, 9))
@settings(max_examples=80)
def test_the_choice_fits_and_no_other_choice_that_fits_is_worth_more(
    found: list[PromptState], minutes: float, seed: int
) -> None:
    ready = asked(*found)
    chosen = best(ready, minutes, AT, DAY, random.Random(seed))

    def worth(some: tuple[Ask, ...]) -> float:
        return sum(a.value(AT, DAY) for a in some)

    def fits(some: tuple[Ask, ...]) -> bool:
        return (
            sum(a.prompt.minutes for a in some) <= minutes
            and sum(a.prompt.own_words for a in some) <= 1
        )

    others = [some for size in (1, 2, 3) for some in combinations(ready, size) if fits(some)]
    assert not chosen or fits(chosen)
    assert worth(chosen) >= max(map(worth, others), default=0) - 1e-9
