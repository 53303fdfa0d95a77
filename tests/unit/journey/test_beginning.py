"""When an experience can be begun: in its time, and after what it stands on."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from engine.journey.beginning import Standing, standing

MONDAY, TUESDAY = date(2027, 3, 1), date(2027, 3, 2)
DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))
MODULES = st.sampled_from(["before", "other", "itself"])


def test_a_section_without_a_day_is_open() -> None:
    assert standing("itself", (), {}, None, MONDAY) == Standing("new")


def test_the_first_day_counts() -> None:
    assert standing("itself", (), {}, TUESDAY, MONDAY) == Standing("later", from_day=TUESDAY)
    assert standing("itself", (), {}, TUESDAY, TUESDAY) == Standing("new")


def test_what_comes_before_has_to_be_finished() -> None:
    locked = Standing("locked", first=("before",))
    assert standing("itself", ("before",), {}, None, MONDAY) == locked
    assert standing("itself", ("before",), {"before": False}, None, MONDAY) == locked
    assert standing("itself", ("before",), {"before": True}, None, MONDAY) == Standing("new")


@given(st.dictionaries(MODULES, st.booleans()), st.none() | DAYS, DAYS)
def test_what_was_begun_stays_open_and_nothing_else_does_before_its_day(
    lived: dict[str, bool], opens: date | None, today: date
) -> None:
    found = standing("itself", ("before",), lived, opens, today)
    assert (found.state in ("begun", "finished")) == ("itself" in lived)
    if found.state == "new":
        assert (opens is None or opens <= today) and lived.get("before")
