"""Learners to decide for, and a small simulator of the months that follow."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from engine.packs.arcs import arcs
from engine.spacing import memory
from engine.spacing.decide import decide
from engine.spacing.limits import check_at_send
from engine.spacing.pace import after
from engine.spacing.values import (
    DebriefState,
    LearnerState,
    Nothing,
    PastTouch,
    PromptState,
    Rhythm,
    Touch,
    TouchEnd,
)

ARC = arcs()["what-so-what-now-what"]
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
WORTH = {
    "recall": (0.20, False),
    "scale": (0.10, False),
    "choice": (0.12, False),
    "text": (0.25, True),
    "plan": (0.35, True),
    "did-it-happen": (0.30, False),
}
"""What the kinds of prompt are worth, and whether they ask for words of one's own."""


def prompt_state(id: str, stage: str, kind: str, minutes: float, **more: object) -> PromptState:
    """A prompt of a pack, as spacing sees it."""
    gain, own_words = WORTH[kind]
    return replace(PromptState(id, stage, minutes, gain, own_words), **more)


PROMPTS = (
    prompt_state("message", "what", "choice", 0.5),
    prompt_state("evening", "what", "text", 1),
    prompt_state("other-eye", "so-what", "text", 1),
    prompt_state("three-levers", "now-what", "recall", 0.5, takeaway="three-levers"),
    prompt_state("plan", "now-what", "plan", 1.5),
    prompt_state("happened", "did-it-happen", "did-it-happen", 1, follows="plan"),
    prompt_state("tomorrow", "transfer", "text", 1),
)


def debrief(
    enrolment: str = "hall",
    finished_at: datetime = MONDAY,
    prompts: tuple[PromptState, ...] = PROMPTS,
) -> DebriefState:
    """An experience finished on Monday 2 March 2026 at 11:00 in Paris, nothing asked yet."""
    return DebriefState(enrolment, finished_at, ARC, prompts)


def learner(*debriefs: DebriefState, **changes: object) -> LearnerState:
    """A learner in Paris with the default rhythm."""
    return replace(LearnerState(consented=True, debriefs=debriefs or (debrief(),)), **changes)


def answered(state: DebriefState, *ids: str) -> DebriefState:
    """The same debrief with those prompts asked and answered once."""
    return replace(
        state,
        prompts=tuple(replace(p, asked=1, answered=1) if p.id in ids else p for p in state.prompts),
    )


def planned(state: LearnerState, now: datetime = MONDAY, seed: int = 1) -> Touch:
    """The touch that is decided; fails when there is none."""
    found = decide(state, now, random.Random(seed))
    assert isinstance(found, Touch), found
    return found


def nothing(state: LearnerState, now: datetime = MONDAY) -> str:
    """The code of the reason why nothing is decided; fails when a touch is."""
    found = decide(state, now, random.Random(1))
    assert isinstance(found, Nothing), found
    return found.reason.code


def day_in(zone: str, at: datetime) -> date:
    """The local date of an instant."""
    return at.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True)
class Step:
    """One touch of a simulated journey: what was known when it was decided, when that was, the
    touch, how it ended."""

    state: LearnerState
    decided_at: datetime
    touch: Touch
    end: TouchEnd


def live(
    state: LearnerState,
    now: datetime,
    rng: random.Random,
    meanwhile: Callable[[LearnerState, datetime], LearnerState],
    touches: int = 40,
) -> Iterator[Step]:
    """Decide, send, end in some way, and again, for at most so many touches or until there is
    nothing more to ask."""
    for number in range(1, touches + 1):
        state = meanwhile(state, now)
        touch = decide(state, now, rng)
        if isinstance(touch, Nothing):
            return
        assert check_at_send(state, touch.minutes, touch.due_at) is None
        end: TouchEnd = rng.choice(("answered", "answered", "missed", "snoozed"))
        yield Step(state, now, touch, end)
        ends_at = (
            touch.expires_at
            if end == "missed"
            else touch.due_at + timedelta(minutes=rng.randrange(1, 3000))
        )
        state = _after(state, touch, number, end, ends_at, rng)
        now = ends_at


def _after(
    state: LearnerState, touch: Touch, number: int, end: TouchEnd, at: datetime, rng: random.Random
) -> LearnerState:
    past = PastTouch(number, touch.due_at, touch.minutes, end)
    asked = {(p.enrolment, p.prompt) for p in touch.prompts}
    pace = after(state.pace, end)

    def follow(held: DebriefState) -> DebriefState:
        return replace(
            held,
            prompts=tuple(
                _asked(p, end == "answered", at, rng) if (held.enrolment, p.id) in asked else p
                for p in held.prompts
            ),
        )

    return replace(
        state,
        touches=(*state.touches, past),
        pace=pace if touch.prompts else replace(pace, asked_to_lighten=True),
        not_before=at + timedelta(days=rng.randrange(6)) if end == "snoozed" else None,
        debriefs=tuple(follow(held) for held in state.debriefs),
    )


def _asked(
    prompt: PromptState, was_answered: bool, at: datetime, rng: random.Random
) -> PromptState:
    asked = replace(prompt, asked=prompt.asked + 1)
    if not was_answered:
        return asked
    card = memory.review(prompt.card, rng.randint(1, 4), at, 1) if prompt.takeaway else None
    return replace(asked, answered=prompt.answered + 1, card=card)


times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 29, 30, 59)))
zones = st.sampled_from(
    (
        "Europe/Paris",
        "Pacific/Auckland",
        "America/Los_Angeles",
        "Asia/Kolkata",
        "Africa/Casablanca",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "America/Havana",
    )
)
rhythms = st.builds(
    Rhythm,
    zone=zones,
    hour=times,
    opens=times,
    closes=times,
    days_off=st.frozensets(st.integers(1, 7)),
    country=st.sampled_from(("FR", "US", "MA", "", "ZZ")),
    touch_minutes=st.floats(0, 10),
    week_minutes=st.floats(0, 20),
    gap_days=st.integers(-1, 12),
)
instants = st.integers(0, 2880 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
