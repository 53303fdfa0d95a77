"""Which pages of a long list are linked to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.site.paging import numbers


@pytest.mark.parametrize(
    ("page", "last", "shown"),
    [
        (1, 1, (1,)),
        (1, 3, (1, 2, 3)),
        (1, 36, (1, 2, None, 36)),
        (4, 36, (1, 2, 3, 4, 5, None, 36)),
        (18, 36, (1, None, 17, 18, 19, None, 36)),
        (36, 36, (1, None, 35, 36)),
    ],
)
def test_the_ends_and_the_neighbours_are_shown(
    page: int, last: int, shown: tuple[int | None, ...]
) -> None:
    assert numbers(page, last) == shown


@given(st.integers(1, 500), st.data())
def test_numbers_rise_and_a_gap_stands_for_two_pages_or_more(
    last: int, data: st.DataObject
) -> None:
    page = data.draw(st.integers(1, last))
    shown = numbers(page, last)
    assert page in shown and shown[0] == 1 and shown[-1] == last and len(shown) <= 7
    for before, here, after in zip(shown, shown[1:], shown[2:], strict=False):
        if here is None:
            assert before is not None and after is not None and after - before > 2
    whole = [n for n in shown if n is not None]
    assert whole == sorted(set(whole))
