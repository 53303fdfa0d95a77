"""What holds for every plan, whatever the course, the modules and the limits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.slotting.fit import unsuited
from engine.slotting.greedy import greedy
from engine.slotting.place import place
from engine.slotting.problem import ground, problem
from engine.slotting.values import Conflicts, Limits, Plan

from .courses import Case, cases

few = settings(max_examples=40)


def planned(case: Case) -> Plan | None:
    try:
        return place(case.outline, case.modules, case.limits)
    except Conflicts:
        return None


@few
@given(cases())
def test_no_limit_is_ever_broken(case: Case) -> None:
    plan = planned(case)
    assume(plan is not None)
    assert plan is not None
    modules = {module.key: module for module in case.modules}
    weeks = case.outline.weeks()
    at = {section.id: (weeks[n], n) for n, section in enumerate(case.outline.sections)}
    place_of = {p.module: at[p.section] for p in plan.placements}
    minutes = Counter[int]()
    for placement in plan.placements:
        module, section = modules[placement.module], case.outline.section(placement.section)
        minutes[at[placement.section][0]] += module.minutes
        assert section is not None and not unsuited(module, case.outline.audience)
        assert not section.minutes or module.minutes <= section.minutes
        assert all(
            after in place_of and place_of[after] < place_of[module.key] for after in module.after
        )
    assert case.limits.pins <= plan.pairs and not case.limits.bans & place_of.keys()
    assert len({p.section for p in plan.placements}) == len(place_of) == len(plan.placements)
    assert all(spent <= case.limits.weekly_minutes for spent in minutes.values())


@few
@given(cases())
def test_every_module_is_placed_or_left_out_and_always_with_a_reason(case: Case) -> None:
    plan = planned(case)
    assume(plan is not None)
    assert plan is not None
    told = [(p.module, p.reasons) for p in plan.placements] + [
        (out.module, out.reasons) for out in plan.left_out
    ]
    assert sorted(key for key, _ in told) == sorted(module.key for module in case.modules)
    assert all(reasons for _, reasons in told)


@few
@given(cases())
def test_a_plan_is_worth_no_less_than_the_greedy_one(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    first, plan = greedy(task), planned(case)
    if plan is None:
        assert first is None
    elif first is not None:
        assert task.allows(first) and task.value(plan.pairs) >= task.value(first)


@few
@given(cases())
def test_solving_again_changes_nothing(case: Case) -> None:
    plan = planned(case)
    assume(plan is not None)
    assert plan is not None
    again = place(case.outline, case.modules, case.limits, plan.pairs)
    assert again.pairs == plan.pairs
    assert place(case.outline, case.modules, case.limits, again.pairs) == again


@few
@given(cases(with_pins=False), st.data())
def test_one_more_ban_changes_no_more_than_solving_afresh_would(
    case: Case, data: st.DataObject
) -> None:
    before = place(case.outline, case.modules, case.limits)
    assume(before.placements)
    banned = data.draw(st.sampled_from([p.module for p in before.placements]))
    limits = replace(case.limits, bans=case.limits.bans | {banned})
    kept = place(case.outline, case.modules, limits, before.pairs).pairs
    afresh = place(case.outline, case.modules, limits).pairs
    assert len(before.pairs - kept) <= len(before.pairs - afresh)


@few
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_modules_does_not_matter(case: Case, random: object) -> None:
    shuffled = list(case.modules)
    random.shuffle(shuffled)
    assert planned(case) == planned(replace(case, modules=tuple(shuffled)))


@few
@given(cases())
def test_a_conflict_names_a_smallest_set_of_limits(case: Case) -> None:
    try:
        place(case.outline, case.modules, case.limits)
    except Conflicts as refused:
        for reason in refused.reasons:
            pins = [tuple(pin) for pin in reason.params["pins"]]
            bans = list(reason.params["bans"])
            alone = Limits(case.limits.weekly_minutes, frozenset(pins), frozenset(bans))
            assert planned(replace(case, limits=alone)) is None
            for limit in (*pins, *bans):
                fewer = replace(alone, pins=alone.pins - {limit}, bans=alone.bans - {limit})
                assert planned(replace(case, limits=fewer)) is not None
