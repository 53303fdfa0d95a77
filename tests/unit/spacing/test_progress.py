"""How far a debrief has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.spacing.progress import answerable, complete, day_of, ended, open_stages, revealed

from .states import MONDAY, PROMPTS, answered, debrief, prompt_state

ZONE = "Europe/Paris"


def stages(*done: str, day: int) -> list[str]:
    return [
        s.id for s in open_stages(answered(debrief(), *done), MONDAY + timedelta(days=day), ZONE)
    ]


def test_days_are_counted_on_the_wall_not_in_hours() -> None:
    late = debrief(finished_at=MONDAY.replace(hour=22, minute=30))
    assert day_of(late, MONDAY.replace(hour=23, minute=30), ZONE) == 1
    assert day_of(late, MONDAY, ZONE) == 0


def test_a_stage_opens_on_its_day_once_the_stages_before_are_settled() -> None:
    assert stages(day=0) == []
    assert stages(day=50) == ["what"]
    assert stages("message", "evening", day=3) == ["what"]
    assert stages("message", "evening", day=4) == ["what", "so-what"]
    assert stages("message", "evening", "other-eye", day=10) == ["what", "so-what", "now-what"]


def test_the_reveal_opens_with_an_answer_to_so_what() -> None:
    assert not revealed(answered(debrief(), "message", "evening"))
    assert revealed(answered(debrief(), "other-eye"))


def test_so_what_let_go_is_still_answerable_by_who_comes_back() -> None:
    tired = debrief(
        prompts=tuple(replace(p, asked=3) if p.stage in ("what", "so-what") else p for p in PROMPTS)
    )
    assert [p.id for p in answerable(tired, MONDAY + timedelta(days=40), ZONE)] == [
        "message",
        "evening",
        "other-eye",
    ]


def test_the_follow_up_of_a_plan_is_answerable_only_with_a_plan() -> None:
    done = answered(debrief(), "message", "evening", "other-eye", "three-levers")
    tired = replace(
        done, prompts=tuple(replace(p, asked=3) if p.id == "plan" else p for p in done.prompts)
    )
    assert [p.id for p in answerable(tired, MONDAY + timedelta(days=30), ZONE)] == ["plan"]
    made = answered(done, "plan")
    assert [p.id for p in answerable(made, MONDAY + timedelta(days=30), ZONE)] == ["happened"]


def test_it_is_complete_when_transfer_is_answered_and_then_it_has_ended() -> None:
    done = answered(debrief(), "tomorrow")
    assert complete(done)
    assert ended(done, MONDAY, ZONE)


def test_a_question_about_an_answer_never_given_does_not_keep_it_from_being_complete() -> None:
    again = prompt_state("again", "transfer", "choice", 0.5, follows="evening")
    done = answered(debrief(prompts=(*PROMPTS, again)), "tomorrow")
    assert complete(done)
    assert not complete(answered(done, "evening")), "now there is something to come back to"
    assert complete(answered(done, "evening", "again"))


def test_otherwise_it_ends_on_day_100() -> None:
    assert not complete(debrief())
    assert not ended(debrief(), MONDAY + timedelta(days=99), ZONE)
    assert ended(debrief(), MONDAY + timedelta(days=100), ZONE)
