"""What a teacher gets: every module where it serves best within the limits, and the reasons
told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.curriculum.outline import Audience, Section
from engine.slotting.greedy import greedy
from engine.slotting.place import place
from engine.slotting.problem import ALIKE, ground, problem
from engine.slotting.reasons import SectionTaken
from engine.slotting.values import Conflicts, Limits, Pair, Plan, Progress

from .courses import COURSE, EPICERIE, EQUIPE, HALLE, MODULES, module, outline


def where(plan: Plan) -> dict[str, str]:
    return {placement.section: placement.module for placement in plan.placements}


def why(plan: Plan, key: str) -> list[str]:
    everything = [(p.module, p.reasons) for p in plan.placements] + [
        (out.module, out.reasons) for out in plan.left_out
    ]
    return [reason.code for name, reasons in everything if name == key for reason in reasons]


def test_each_module_goes_where_it_fits_in_the_order_of_the_course() -> None:
    plan = place(COURSE, MODULES, Limits())
    assert list(where(plan).items()) == [
        ("equipe", "p/equipe"),
        ("argent", "p/halle"),
        ("gestion", "p/epicerie"),
    ]
    assert plan.left_out == ()
    assert why(plan, "p/halle") == ["shared-tags", "shared-words", "aims-served", "week-load"]


def test_a_pin_is_kept_without_any_link_and_says_so() -> None:
    plan = place(COURSE, MODULES, Limits(pins=frozenset({("p/halle", "bilan")})))
    pinned = next(p for p in plan.placements if p.module == "p/halle")
    assert (pinned.section, pinned.pinned, pinned.fit, pinned.reasons[0].code) == (
        "bilan",
        True,
        0.0,
        "pinned",
    )


def test_a_ban_leaves_the_rest_where_it_was() -> None:
    before = place(COURSE, MODULES, Limits())
    after = place(COURSE, MODULES, Limits(bans=frozenset({"p/halle"})), before.pairs)
    assert after.pairs == before.pairs - {("p/halle", "argent")}
    assert why(after, "p/halle") == ["banned"] and "kept" in why(after, "p/equipe")


def test_a_week_holds_no_more_than_its_minutes() -> None:
    one_week = outline(*(replace(section, week=1) for section in COURSE.sections))
    plan = place(one_week, MODULES, Limits(weekly_minutes=17))
    assert len(plan.placements) == 2
    assert why(plan, plan.left_out[0].module) == ["no-room-in-week"]


def test_a_module_longer_than_any_week_or_than_its_section_says_so() -> None:
    assert why(place(COURSE, MODULES, Limits(weekly_minutes=7)), "p/halle") == ["longer-than-week"]
    short = outline(*(replace(section, minutes=5) for section in COURSE.sections))
    assert set(why(place(short, MODULES, Limits()), "p/halle")) == {"longer-than-section"}


def test_a_prerequisite_stands_strictly_before() -> None:
    later = replace(EQUIPE, after=("p/halle",))
    plan = place(COURSE, (HALLE, EPICERIE, later), Limits())
    assert "p/equipe" not in where(plan).values() and why(plan, "p/equipe") == [
        "prerequisite-too-late"
    ]
    plan = place(COURSE, (HALLE, replace(EPICERIE, after=("p/halle",)), EQUIPE), Limits())
    assert "after-prerequisite" in why(plan, "p/epicerie")


def test_without_its_prerequisite_a_module_is_left_out() -> None:
    plan = place(COURSE, (replace(HALLE, after=("p/autre",)),), Limits())
    assert why(plan, "p/halle") == ["prerequisite-left-out"]


def test_of_two_modules_for_one_section_the_other_hears_who_took_it() -> None:
    twin = replace(HALLE, key="p/jumeau", text="La halle, sans plus")
    plan = place(COURSE, (HALLE, twin), Limits())
    taken = plan.left_out[0].reasons[0]
    assert (plan.left_out[0].module, taken.code) == ("p/jumeau", "section-taken")
    assert taken == SectionTaken(section="argent", module="p/halle")


def test_an_audience_that_does_not_suit_and_a_missing_link_are_told_apart() -> None:
    plan = place(
        COURSE,
        (replace(HALLE, languages=("en",)), module("p/brioche", "Pétrir la brioche")),
        Limits(),
    )
    assert why(plan, "p/halle") == ["audience-language"] and why(plan, "p/brioche") == ["no-link"]


def test_nothing_is_set_outside_the_window_of_days() -> None:
    dated = replace(COURSE, starts_on=date(2027, 1, 4))
    plan = place(dated, MODULES, Limits(not_before=date(2027, 1, 11), not_after=date(2027, 1, 17)))
    assert where(plan) == {"argent": "p/halle"} and why(plan, "p/equipe") == ["outside-window"]


def test_two_alike_in_consecutive_weeks_are_parted_when_it_costs_little() -> None:
    sections = tuple(
        Section(f"s{week}", "Halle", "Le budget de la halle.", week=week) for week in (1, 2, 3)
    )
    twins = (replace(HALLE, key="p/a", tags=()), replace(HALLE, key="p/b", tags=()))
    assert where(place(outline(*sections), twins, Limits())).keys() == {"s1", "s3"}


def test_one_kind_too_many_may_be_left_out_and_says_so() -> None:
    sections = tuple(
        Section(f"s{week}", "Halle", "Le budget de la halle.", week=1) for week in range(40)
    )
    plan = place(
        outline(*sections),
        [replace(HALLE, key=f"p/{n}", text="budget halle", tags=()) for n in range(3)],
        Limits(60),
    )
    assert len(plan.placements) + len(plan.left_out) == 3


def test_of_two_equal_modules_the_one_that_serves_a_new_aim_is_taken() -> None:
    course = outline(
        Section("a", "A", "Le budget.", tags=("budget",)),
        Section("b", "B", "La halle.", tags=("halle",)),
    )
    modules = (
        module("p/a", "", ("budget",), aims=("lead",)),
        module("p/b", "", ("halle",), aims=("lead",)),
        module("p/z", "", ("halle",), aims=("balance",)),
    )
    assert where(place(course, modules, Limits())) == {"a": "p/a", "b": "p/z"}


def test_a_previous_place_is_left_only_for_something_clearly_better() -> None:
    course = outline(
        Section("a", "A", "halle marché budget"),
        Section("b", "B", "halle marché"),
        audience=Audience("fr"),
    )
    m = module("p/m", "halle marché budget")
    assert where(place(course, [m], Limits())) == {"a": "p/m"}
    kept: set[Pair] = {("p/m", "b"), ("p/gone", "a")}
    assert place(course, [m, replace(m, key="p/n")], Limits(), kept).pairs >= {("p/m", "b")}


def test_a_course_without_modules_has_an_empty_plan() -> None:
    assert place(COURSE, (), Limits()) == Plan((), ())


def test_pins_that_make_a_plan_worth_less_than_nothing_are_kept() -> None:
    pins = frozenset({("p/halle", "bilan"), ("p/equipe", "gestion")})  # alike, and without a link
    modules, limits = (replace(HALLE, aims=()), replace(EQUIPE, aims=())), Limits(pins=pins)
    assert place(COURSE, modules, limits).pairs == pins
    assert problem(ground(COURSE, modules), limits).value(pins) == -ALIKE


def test_a_pin_may_be_all_there_is() -> None:
    pins = frozenset({("p/halle", "argent")})
    plan = place(outline(COURSE.sections[1]), (HALLE,), Limits(pins=pins))
    assert plan.pairs == pins


def test_placing_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    place(COURSE, MODULES, Limits())
    assert capfd.readouterr() == ("", "")


def test_when_time_is_over_the_greedy_plan_stands() -> None:
    task = problem(ground(COURSE, MODULES), Limits())
    plan = place(COURSE, MODULES, Limits(), seconds=0.0)
    assert plan.pairs == greedy(task, frozenset()) and plan.placements


def test_progress_says_what_is_done_and_how_good_the_plan_is() -> None:
    told: list[Progress] = []
    place(COURSE, MODULES, Limits(), tell=told.append)
    assert [one.phase for one in told[:3]] == ["fit", "start", "improve"]
    assert told[-1].best == told[-1].bound
    told.clear()
    twice = frozenset({("p/halle", "argent"), ("p/halle", "bilan")})
    with pytest.raises(Conflicts):
        place(COURSE, MODULES, Limits(pins=twice), tell=told.append)
    assert [one.phase for one in told] == ["fit", "start", "conflicts"]
