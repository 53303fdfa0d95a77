"""What a teacher is shown who chooses by hand: where each module would go best as the course
stands, or why nowhere."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from engine.slotting.problem import ground, problem
from engine.slotting.suggest import suggest
from engine.slotting.values import Limits, Suggestion

from .courses import COURSE, EPICERIE, EQUIPE, HALLE, MODULES, Case, cases, module, outline


def codes(suggestion: Suggestion) -> list[str]:
    return [reason.code for reason in suggestion.reasons]


def test_each_module_is_shown_the_section_it_fits_best_and_why() -> None:
    found = suggest(COURSE, MODULES, Limits(), ())
    sections = {key: one.section for key, one in found.items()}
    assert sections == {"p/equipe": "equipe", "p/halle": "argent", "p/epicerie": "gestion"}
    assert (
        codes(found["p/halle"]) == ["shared-tags", "shared-words"] and 0 < found["p/halle"].fit <= 1
    )


def test_what_stands_somewhere_is_shown_there_linked_or_not() -> None:
    found = suggest(
        COURSE,
        MODULES,
        Limits(),
        {("p/halle", "bilan"), ("gone/module", "argent"), ("p/equipe", "gone")},
    )
    assert (found["p/halle"].section, found["p/halle"].placed, found["p/halle"].fit) == (
        "bilan",
        True,
        0.0,
    )
    assert not found["p/equipe"].placed


def test_a_section_that_is_taken_or_a_week_that_is_full_is_not_suggested() -> None:
    other = module("p/other", "Budget, halle, marché", ("budget",))
    found = suggest(COURSE, (*MODULES, other), Limits(), {("p/halle", "argent")})
    assert (found["p/other"].section, codes(found["p/other"])) == (None, ["section-taken"])
    one_week = outline(*(replace(section, week=1) for section in COURSE.sections))
    full = suggest(one_week, MODULES, Limits(weekly_minutes=12), {("p/halle", "argent")})
    assert codes(full["p/equipe"]) == ["no-room-in-week"]


def test_what_fits_nowhere_says_why() -> None:
    alone = module("p/alone", "Tout autre chose")
    english = replace(HALLE, key="p/english", languages=("en",))
    found = suggest(COURSE, (alone, english, EQUIPE), Limits(bans=frozenset({"p/equipe"})), ())
    assert {key: codes(one) for key, one in found.items()} == {
        "p/alone": ["no-link"],
        "p/english": ["audience-language"],
        "p/equipe": ["banned"],
    }


def test_modules_chosen_together_leave_each_other_room() -> None:
    twin = replace(HALLE, key="p/twin")
    apart = suggest(COURSE, (HALLE, twin), Limits(), ())
    together = suggest(COURSE, (HALLE, twin), Limits(), (), ["p/twin", "p/halle", "p/unknown"])
    assert apart["p/halle"].section == apart["p/twin"].section == "argent"
    assert (together["p/twin"].section, together["p/halle"].section) == ("argent", None)
    assert list(together) == ["p/twin", "p/halle"]


def test_what_a_module_stands_on_goes_before_it_in_whatever_order_they_are_chosen() -> None:
    first, then = replace(EQUIPE, after=()), replace(EPICERIE, after=("p/equipe",))
    assert (
        suggest(COURSE, (first, then), Limits(), (), ["p/epicerie", "p/equipe"])[
            "p/epicerie"
        ].section
        == "gestion"
    )
    backwards = replace(EQUIPE, after=("p/epicerie",))
    found = suggest(COURSE, (EPICERIE, backwards), Limits(), (), ["p/equipe", "p/epicerie"])
    assert (found["p/equipe"].section, codes(found["p/equipe"])) == (
        None,
        ["prerequisite-too-late"],
    )
    assert codes(suggest(COURSE, (then,), Limits(), (), ["p/epicerie"])["p/epicerie"]) == [
        "prerequisite-left-out"
    ]


def test_two_that_stand_on_each_other_end_too() -> None:
    one, other = replace(HALLE, after=("p/equipe",)), replace(EQUIPE, after=("p/halle",))
    assert set(suggest(COURSE, (one, other), Limits(), (), ["p/halle", "p/equipe"])) == {
        "p/halle",
        "p/equipe",
    }


@settings(max_examples=60)
@given(cases(with_pins=False))
def test_modules_chosen_together_keep_every_limit_and_what_has_no_section_has_a_reason(
    case: Case,
) -> None:
    keys = [module.key for module in case.modules]
    found = suggest(case.outline, case.modules, case.limits, (), keys)
    task = problem(ground(case.outline, case.modules), case.limits)
    assert task.allows(frozenset((key, one.section) for key, one in found.items() if one.section))
    assert all(one.reasons for one in found.values())
