"""What holds for every plan, whatever the course, the modules and the limits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain, count, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.slotting.deadline import Deadline
from engine.slotting.feasible import pins_with_needs
from engine.slotting.fit import unsuited
from engine.slotting.greedy import greedy
from engine.slotting.place import place
from engine.slotting.problem import Choice, Problem, ground, problem
from engine.slotting.program import any_plan, improved
from engine.slotting.values import Conflicts, Limits, Pair, Plan, Progress

from .courses import Case, cases, crowded_weeks

few = settings(max_examples=40)
NEVER = Deadline(3600.0, lambda: 0.0)


def planned(case: Case) -> Plan | None:
    try:
        return place(case.outline, case.modules, case.limits)
    except Conflicts:
        return None


def assert_keeps_every_limit(case: Case, plan: Plan) -> None:
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
def test_no_limit_is_ever_broken(case: Case) -> None:
    plan = planned(case)
    assume(plan is not None)
    assert plan is not None
    assert_keeps_every_limit(case, plan)


@few
@given(cases(), st.integers(0, 8))
def test_whenever_time_is_over_there_is_a_plan_or_the_conflict(case: Case, seconds: int) -> None:
    clock = count()  # takes a second to be read
    try:
        plan = place(case.outline, case.modules, case.limits, (), seconds, clock.__next__)
    except Conflicts as refused:
        assert refused.reasons and planned(case) is None
    else:
        assert_keeps_every_limit(case, plan)
    assert next(clock) <= seconds + 3  # read no more than twice when time is over


@few
@given(cases(), st.integers(1, 4))
def test_beginning_with_few_pairs_ends_with_a_plan_worth_the_same(case: Case, first: int) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    start = pins_with_needs(task, NEVER)
    assume(start is not None)
    assert start is not None
    told: list[Progress] = []
    found = improved(task, start, NEVER, told.append, first, close=0)
    assert task.allows(found) and task.value(found) == task.value(best_of_all(task))
    assert all((one.best or 0) <= (one.bound or 0) for one in told)
    assert sorted(told, key=lambda one: (one.best or 0, -(one.bound or 0))) == told


@few
@given(crowded_weeks())
def test_what_is_told_begins_with_the_plan_at_hand_and_ends_with_the_best(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    start: Choice = frozenset()
    told: list[Progress] = []
    found = improved(task, start, NEVER, told.append, close=0)
    values = [one.best for one in told]
    assert (values[0], values[-1]) == (task.value(start), task.value(found))
    assert len(values) > 2  # and some found on the way
    assert all(isinstance(value, int) for value in values)


@few
@given(crowded_weeks())
def test_with_time_the_first_bound_already_knows_how_few_minutes_there_are(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    hasty, told = list[Progress](), list[Progress]()
    improved(task, frozenset(), NEVER, told.append)
    improved(task, frozenset(), Deadline(1e-9, lambda: 0.0), hasty.append)
    assert (told[0].bound or 0) < (hasty[0].bound or 0)


@few
@given(crowded_weeks())
def test_when_time_is_over_the_plan_at_hand_stands_and_nothing_is_told(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    start, told = greedy(task, frozenset()), list[Progress]()
    assert improved(task, start, Deadline(0.0, lambda: 0.0), told.append) is start
    assert told == []


@few
@given(crowded_weeks())
def test_a_bound_that_took_all_the_time_is_told_with_the_plan_at_hand(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    start, told = greedy(task, frozenset()), list[Progress]()
    over_after_the_bound = Deadline(2.0, count().__next__)
    assert improved(task, start, over_after_the_bound, told.append) is start
    assert [one.best for one in told] == [task.value(start)]


@few
@given(cases())
def test_without_the_time_for_a_good_bound_there_is_a_plan_and_some_bound(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    start = pins_with_needs(task, NEVER)
    assume(start is not None and task.gains)
    assert start is not None
    told: list[Progress] = []
    found = improved(task, start, Deadline(1e-9, lambda: 0.0), told.append)
    assert task.allows(found) and task.value(found) >= task.value(start)
    assert (told[-1].bound or 0) >= task.value(best_of_all(task))


def best_of_all(task: Problem) -> frozenset[Pair]:
    """The best plan, by looking at every one."""
    assume(len(task.gains) <= 16)
    choices: list[frozenset[Pair]] = [frozenset()]
    for pair in task.gains:
        choices += [more for choice in choices if task.holds(more := choice | {pair})]
    return max(filter(task.allows, choices), key=task.value)


@few
@given(cases())
def test_no_plan_of_a_small_course_is_better(case: Case) -> None:
    task, plan = problem(ground(case.outline, case.modules), case.limits), planned(case)
    assume(plan is not None)
    assert plan is not None and task.value(plan.pairs) == task.value(best_of_all(task))


@few
@given(cases())
def test_a_search_and_the_solver_agree_on_whether_pins_can_stand(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    assume(task.gains and case.limits.pins <= task.gains.keys())
    searched = pins_with_needs(task, NEVER)
    solved = any_plan(task, {module.key for module in case.modules}, NEVER)
    assert (searched is None) is (solved is None)
    assert all(task.allows(plan) for plan in (searched, solved) if plan is not None)


@few
@given(cases())
def test_the_same_course_gives_the_same_plan(case: Case) -> None:
    assert planned(case) == planned(case)


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
    start, plan = pins_with_needs(task, NEVER), planned(case)
    assert (start is None) is (plan is None)
    if start is not None and plan is not None:
        first = greedy(task, start)
        assert task.allows(first) and task.value(plan.pairs) >= task.value(first)


def every_plan(task: Problem) -> list[Choice]:
    """All plans that keep the limits."""
    of_module = [
        [(), *((pair,) for pair in task.gains if pair[0] == module)]
        for module in task.ground.modules
    ]
    plans = (frozenset(chain(*one)) for one in product(*of_module))
    return [plan for plan in plans if task.allows(plan)]


@settings(max_examples=150)
@given(cases(most=4) | crowded_weeks())
def test_no_plan_is_worth_more_and_where_there_is_one_it_is_found(case: Case) -> None:
    task = problem(ground(case.outline, case.modules), case.limits)
    worth = [task.value(choice) for choice in every_plan(task)]
    plan = planned(case)
    assert (task.value(plan.pairs) if plan else None) == max(worth, default=None)


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
            pins = [tuple(pin) for pin in reason.pins]
            bans = list(reason.bans)
            alone = Limits(case.limits.weekly_minutes, frozenset(pins), frozenset(bans))
            assert planned(replace(case, limits=alone)) is None
            for limit in (*pins, *bans):
                fewer = replace(alone, pins=alone.pins - {limit}, bans=alone.bans - {limit})
                assert planned(replace(case, limits=fewer)) is not None
