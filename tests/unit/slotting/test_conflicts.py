"""Limits that cannot all hold are answered with which ones conflict, and with no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.curriculum.outline import Outline, Section
from engine.slotting.place import place
from engine.slotting.reasons import AudienceMaturity, LongerThanWeek, PinBanned
from engine.slotting.values import Candidate, Conflicts, Limits, Pair
from engine.values.errors import Refused
from engine.values.reasons import Reason

from .courses import COURSE, EPICERIE, EQUIPE, HALLE, MODULES, outline


def conflicts(
    *pins: Pair,
    bans: tuple[str, ...] = (),
    modules: tuple[Candidate, ...] = MODULES,
    course: Outline = COURSE,
    weekly_minutes: int = 12,
) -> tuple[Reason, ...]:
    with pytest.raises(Conflicts) as refused:
        place(course, modules, Limits(weekly_minutes, frozenset(pins), frozenset(bans)))
    return refused.value.reasons


def test_unknown_names_are_told_all_at_once() -> None:
    assert [
        (r.code, *r.as_json()["params"].values())
        for r in conflicts(("p/x", "argent"), ("p/halle", "y"), bans=("p/z",))
    ] == [("unknown-module", "p/x"), ("unknown-module", "p/z"), ("unknown-section", "y")]


def test_a_module_pinned_and_banned() -> None:
    assert conflicts(
        ("p/halle", "argent"), ("p/equipe", "equipe"), bans=("p/halle", "p/epicerie")
    ) == (PinBanned(pins=(("p/halle", "argent"),), bans=("p/halle",)),)


def test_two_pins_on_one_section() -> None:
    (reason,) = conflicts(("p/halle", "argent"), ("p/equipe", "argent"), ("p/epicerie", "bilan"))
    assert reason.code == "pins-share-section" and reason.section == "argent"


def test_one_module_pinned_twice() -> None:
    assert conflicts(("p/halle", "argent"), ("p/halle", "bilan"))[0].code == "pins-share-module"


def test_pins_that_no_week_can_hold() -> None:
    one_week = outline(*(replace(section, week=1) for section in COURSE.sections))
    (reason,) = conflicts(("p/halle", "argent"), ("p/equipe", "equipe"), course=one_week)
    assert reason.code == "pins-exceed-week" and (
        reason.minutes,
        reason.weekly_minutes,
    ) == (16, 12)


def test_a_pin_that_the_audience_or_the_minutes_refuse() -> None:
    (reason,) = conflicts(("p/halle", "argent"), modules=(replace(HALLE, maturity=(3, 4)),))
    assert reason.code == "pin-impossible" and reason.why == (
        AudienceMaturity(maturity=2, low=3, high=4),
    )
    (reason,) = conflicts(("p/halle", "argent"), weekly_minutes=5)
    assert reason.why == (LongerThanWeek(minutes=8, weekly_minutes=5),)


def test_a_pin_before_its_prerequisite() -> None:
    modules = (HALLE, replace(EPICERIE, after=("p/halle",)), EQUIPE)
    assert (
        conflicts(("p/epicerie", "equipe"), modules=modules)[0].code == "pin-without-prerequisite"
    )
    assert (
        conflicts(("p/epicerie", "gestion"), ("p/halle", "bilan"), modules=modules)[0].code
        == "pin-before-prerequisite"
    )
    assert (
        conflicts(("p/epicerie", "gestion"), bans=("p/halle",), modules=modules)[0].code
        == "pin-needs-banned"
    )


def test_a_pin_on_the_only_place_of_a_prerequisite() -> None:
    modules = (HALLE, replace(EPICERIE, after=("p/halle",)), EQUIPE)
    (reason,) = conflicts(("p/epicerie", "gestion"), ("p/equipe", "argent"), modules=modules)
    assert reason.code == "pins-conflict" and len(reason.pins) == 2


CROWDED = outline(*(Section(f"s{n}", "Le budget de la halle") for n in range(8)))
"""The seven sections before the last cannot hold what stands on eight."""


def crowd(key: str) -> tuple[Candidate, ...]:
    """A module that stands on eight."""
    needs = tuple(replace(HALLE, key=f"p/{key}-{n}") for n in range(8))
    return (replace(HALLE, key=f"p/{key}", after=tuple(need.key for need in needs)), *needs)


def test_more_prerequisites_than_places_are_found_to_conflict() -> None:
    assert [
        (r.code, r.pins) for r in conflicts(("p/a", "s7"), modules=crowd("a"), course=CROWDED)
    ] == [("pin-without-prerequisite", (("p/a", "s7"),))]


def test_conflicts_that_take_a_solver_are_not_looked_for_when_time_is_over() -> None:
    with pytest.raises(Refused, match="slotting-out-of-time"):
        place(CROWDED, crowd("a"), Limits(pins=frozenset({("p/a", "s7")})), seconds=0.0)


def test_however_many_limits_conflict_one_time_limit_holds_for_all() -> None:
    modules = [replace(HALLE, key=f"p/{n:02}") for n in range(16)]
    pins = [(module.key, f"s{n // 2}") for n, module in enumerate(modules)]
    everything = conflicts(*pins, modules=tuple(modules), course=CROWDED)
    assert [reason.section for reason in everything] == [f"s{n}" for n in range(7, -1, -1)]
    with pytest.raises(Conflicts) as refused:
        place(CROWDED, modules, Limits(pins=frozenset(pins)), seconds=0.0)
    assert refused.value.reasons == everything[:1]


def test_conflicts_that_have_nothing_in_common_are_all_told() -> None:
    found = conflicts(
        ("p/halle", "argent"), ("p/halle", "bilan"), ("p/equipe", "equipe"), bans=("p/equipe",)
    )
    assert {reason.code for reason in found} == {"pin-banned", "pins-share-module"}
