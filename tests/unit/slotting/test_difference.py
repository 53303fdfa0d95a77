"""What a new plan changes of the one that stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.slotting.difference import SectionChange, difference
from engine.slotting.values import Limits

ORDER = ("s1", "s2", "s3", "s4")
PLANS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(ORDER), max_size=4).map(
    lambda found: frozenset(
        {section: (module, section) for module, section in found.items()}.values()
    )
)


def test_a_move_changes_the_section_it_leaves_and_the_one_it_comes_to() -> None:
    changes = difference(ORDER, {("a", "s1")}, {("a", "s3")}, Limits(), Limits(9))
    assert changes.sections == (SectionChange("s1", "a", None), SectionChange("s3", None, "a"))
    assert changes.touched == {"a"} and changes.gone == frozenset() and changes.minutes == (12, 9)


@given(PLANS, PLANS)
def test_carrying_out_the_changes_turns_one_plan_into_the_other(before, after) -> None:
    changes = difference(ORDER, before, after, Limits(), Limits())
    held = {section: module for module, section in before}
    for change in changes.sections:
        assert held.get(change.section) == change.before != change.after
        held[change.section] = change.after
    assert {(m, s) for s, m in held.items() if m} == after
    assert changes.gone == {m for m, _ in before} - {m for m, _ in after}
    assert (changes.sections == ()) == (before == after)
