"""The minutes, weeks and names in the reasons of slotting, worked out a second time."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import assume, given, settings

from engine.slotting import reasons
from engine.slotting.place import place
from engine.slotting.values import Candidate, Conflicts, Limits, Plan
from engine.values.reasons import Reason

from .courses import AUDIENCE, COURSE, HALLE, WORDS, Case, cases, module

many = settings(max_examples=80)


def minutes_of(case: Case, plan: Plan, week: int) -> int:
    """What the plan puts into a week."""
    weeks = dict(zip((s.id for s in case.outline.sections), case.outline.weeks(), strict=True))
    minutes = {module.key: module.minutes for module in case.modules}
    return sum(minutes[p.module] for p in plan.placements if weeks[p.section] == week)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def assert_true_of(reason: Reason, case: Case, plan: Plan, key: str, at: str | None) -> None:
    """What one reason says of the module ``key`` (and the section it is in)."""
    this = next(module for module in case.modules if module.key == key)
    sections = {section.id: section for section in case.outline.sections}
    weeks = dict(zip(sections, case.outline.weeks(), strict=True))
    placed = {p.section: p.module for p in plan.placements}
    most = case.limits.weekly_minutes
    match reason:
        case reasons.WeekLoad() if at:
            assert (reason.week, reason.weekly_minutes) == (weeks[at], most)
            assert reason.minutes == minutes_of(case, plan, weeks[at]) <= most
        case reasons.SharedTags() if at:
            assert set(reason.tags) == set(sections[at].tags) & set(this.tags) != set()
        case reasons.SharedWords() if at:
            section = sections[at]
            there = words(f"{section.title} {section.text} {' '.join(section.tags)}")
            assert set(reason.words) <= there & set(WORDS) and len(reason.words) <= 5
        case reasons.AfterPrerequisite():
            assert reason.modules == this.after and set(this.after) <= set(placed.values())
        case reasons.AimsServed():
            assert set(reason.aims) <= set(this.aims)
        case reasons.TeacherPin():
            assert (key, at) in case.limits.pins
        case reasons.TeacherBan():
            assert key in case.limits.bans
        case _:
            assert_true_of_what_is_closed(reason, case, plan, this, at)


def assert_true_of_what_is_closed(
    reason: Reason, case: Case, plan: Plan, this: Candidate, at: str | None
) -> None:
    """What one reason says of where the module cannot be."""
    sections = {section.id: section for section in case.outline.sections}
    weeks = dict(zip(sections, case.outline.weeks(), strict=True))
    placed = {p.section: p.module for p in plan.placements}
    most = case.limits.weekly_minutes
    match reason:
        case reasons.AudienceMaturity():
            assert (reason.low, reason.high) == this.maturity
            assert reason.maturity == case.outline.audience.maturity
            assert not reason.low <= reason.maturity <= reason.high
        case reasons.NoRoomInWeek():
            assert reason.week == weeks[reason.section] and reason.minutes == this.minutes
            assert reason.free == most - minutes_of(case, plan, reason.week) < reason.minutes
        case reasons.LongerThanSection():
            assert reason.length == sections[reason.section].minutes < reason.minutes
            assert reason.minutes == this.minutes
        case reasons.LongerThanWeek():
            assert (reason.minutes, reason.weekly_minutes) == (this.minutes, most)
            assert reason.minutes > reason.weekly_minutes
        case reasons.SectionTaken():
            assert placed[reason.section] == reason.module != this.key
        case reasons.PrerequisiteLeftOut():
            assert set(reason.modules) == set(this.after) - set(placed.values())
        case reasons.PrerequisiteTooLate():
            order = sorted(sections, key=weeks.__getitem__)  # within a week, as in the outline
            where = {module: order.index(section) for section, module in placed.items()}
            late = [m for m in this.after if where[m] >= order.index(reason.section)]
            assert list(reason.modules) == late
        case reasons.TooAlikeNearby():
            assert reason.section not in placed and reason.kind == this.kind
        case reasons.NoLink():
            assert at is None
        case _:
            raise AssertionError(f"{reason} says nothing of a module")


@many
@given(cases())
def test_what_is_said_of_a_placement_and_of_what_is_left_out_is_true(case: Case) -> None:
    try:
        plan = place(case.outline, case.modules, case.limits)
    except Conflicts:
        assume(False)
        return
    for placement in plan.placements:
        for reason in placement.reasons:
            assert_true_of(reason, case, plan, placement.module, placement.section)
    for out in plan.left_out:
        assert out.reasons
        for reason in out.reasons:
            assert_true_of(reason, case, plan, out.module, None)


@many
@given(cases())
def test_what_is_said_of_limits_that_conflict_is_true(case: Case) -> None:
    try:
        place(case.outline, case.modules, case.limits)
    except Conflicts as refused:
        modules = {module.key: module for module in case.modules}
        for reason in refused.reasons:
            match reason:
                case reasons.PinsShareSection():
                    assert [s for _, s in reason.pins].count(reason.section) == 2
                case reasons.PinsShareModule():
                    assert [m for m, _ in reason.pins].count(reason.module) == 2
                case reasons.PinsExceedWeek():
                    assert reason.minutes == sum(modules[m].minutes for m, _ in reason.pins)
                    assert reason.minutes > reason.weekly_minutes == case.limits.weekly_minutes
                    order = [section.id for section in case.outline.sections]
                    weeks = {case.outline.weeks()[order.index(s)] for _, s in reason.pins}
                    assert weeks == {reason.week}
                case reasons.PinBanned():
                    assert [m for m, _ in reason.pins] == list(reason.bans)
                case reasons.PinWithoutPrerequisite():
                    assert reason.after == modules[reason.pins[0][0]].after
                case reasons.PinImpossible():
                    for why in reason.why:
                        nowhere = Plan((), ())
                        assert_true_of(why, case, nowhere, *reason.pins[0])
    else:
        assume(False)


def test_a_group_is_told_its_size_and_a_course_its_language_and_mode() -> None:
    odd = module("p/odd", HALLE.text, HALLE.tags, languages=("en",), group_size=(40, 50))
    [out] = place(COURSE, [replace(odd, mode="onsite")], Limits()).left_out
    assert out.reasons == (
        reasons.AudienceLanguage(wanted="fr", languages=("en",)),
        reasons.AudienceGroupSize(group_size=18, low=40, high=50),
        reasons.AudienceMode(wanted="online", mode="onsite"),
    )
    assert AUDIENCE.group_size == 18
