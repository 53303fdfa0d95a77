"""With which touch a word of who runs a course goes: the first after it, and no other."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.journey.course_words import FRESH, goes_with
from tests.fakes import MONDAY

HOURS = st.integers(-1_000, 1_000).map(lambda n: MONDAY + timedelta(hours=n))


@given(HOURS, st.lists(HOURS, unique=True, max_size=6).map(sorted))
def test_a_word_goes_with_one_touch_at_most_which_is_the_first_after_it(written, opened) -> None:
    pairs = zip(opened, [None, *opened], strict=False)
    with_it = [at for at, before in pairs if goes_with(written, at, before)]
    first = next((at for at in opened if at >= written), None)
    assert with_it == ([first] if first is not None and first - written <= FRESH else [])
