"""An outline survives its trip through a JSON column."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.curriculum.outline import Audience, Outline, Section
from engine.curriculum.rows import outline_from_json, outline_to_json

days = st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1))
sections = st.builds(
    Section,
    st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    st.text(max_size=20),
    st.text(max_size=20),
    st.none() | st.integers(1, 40),
    days,
    days,
    st.integers(0, 300),
    st.lists(st.text(max_size=5)).map(tuple),
)
outlines = st.builds(
    Outline,
    st.just("course"),
    st.text(max_size=20),
    st.sampled_from(["fr", "en"]),
    st.builds(Audience, st.sampled_from(["fr", "en"]), st.integers(1, 30)),
    st.lists(sections, max_size=4).map(tuple),
    days,
)


@given(outlines)
def test_what_is_read_back_is_what_was_kept(outline: Outline) -> None:
    assert outline_from_json(json.loads(json.dumps(outline_to_json(outline)))) == outline
