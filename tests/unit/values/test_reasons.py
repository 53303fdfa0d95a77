"""Reasons as they are stored: what is written is read again, and so is what older versions
wrote."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.slotting.reasons import PinImpossible, WeekLoad
from engine.spacing.reasons import WeekMinutes, YourHour
from engine.values.reasons import Reason, UnknownReason, types_of
from lti.platforms.reasons import KidUnknown, RegistrationUnknown
from lti.wire.reasons import ServiceAnswered
from tests.reasons import every

DATA = Path(__file__).parents[2] / "data" / "20261126_0717.sql"
PLAIN = {
    str: st.text(),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    time: st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    Reason: st.builds(YourHour, st.just(time(8, 40)), st.text()),
}


def values(declared: Any) -> st.SearchStrategy[Any]:
    """Any value of a declared type."""
    origin, inner = get_origin(declared), get_args(declared)
    if origin is Annotated:
        return values(inner[0])
    if origin in (Union, UnionType):
        return st.one_of(*map(values, inner))
    if origin is tuple:
        several = inner[-1] is ...
        return st.lists(values(inner[0])).map(tuple) if several else st.tuples(*map(values, inner))
    return st.none() if declared is type(None) else PLAIN[declared]


def reasons(kind: type[Reason]) -> st.SearchStrategy[Reason]:
    """Any reason of a kind."""
    return st.builds(kind, **{name: values(one) for name, one in types_of(kind).items()})


KNOWN = [kind for kind in every() if kind is not UnknownReason]


@given(st.sampled_from(KNOWN).flatmap(reasons))
def test_what_is_stored_of_a_reason_is_read_again(reason: Reason) -> None:
    assert Reason.from_json(json.loads(json.dumps(reason.as_json()))) == reason
    assert str(reason).startswith(reason.code)


def old_rows() -> Iterator[dict[str, Any]]:
    """Every reason in the rows of an older version."""
    database = sqlite3.connect(":memory:")
    database.executescript(DATA.read_text(encoding="utf-8"))
    for table in ("touch", "touch_prompt", "placement"):
        for (text,) in database.execute(f"SELECT reasons FROM {table}"):
            yield from json.loads(text)
    for table, column in (("outbox", "error"), ("lti_health", "error")):
        for (text,) in database.execute(f"SELECT {column} FROM {table}"):
            yield from [json.loads(text)] if text and text != "null" else []
    database.close()


def test_the_reasons_in_rows_of_an_older_version_are_read_as_they_were_meant() -> None:
    rows = list(old_rows())
    read = [Reason.from_json(row) for row in rows]
    assert len(read) > 30 and not any(isinstance(reason, UnknownReason) for reason in read)
    assert [reason.as_json()["params"] for reason in read] == [row["params"] for row in rows]
    assert {row["code"] for row in rows} >= {"your-hour", "stage-reached", "recall-due"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            {"code": "week-minutes", "params": {"day": "2026-03-04", "left": 0.0, "limit": 6}},
            WeekMinutes(date(2026, 3, 4), 0, 6),
        ),
        (
            {"code": "week-minutes", "params": {"week": 3, "minutes": 8, "weekly_minutes": 12}},
            WeekLoad(3, 8, 12),
        ),
        (
            {"code": "your-hour", "params": {"hour": "08:40", "zone": "Europe/Paris", "sign": 1}},
            YourHour(time(8, 40), "Europe/Paris"),
        ),
        (
            {"code": "registration-unknown", "params": {"issuer": "https://a", "client_id": None}},
            RegistrationUnknown("https://a"),
        ),
        ({"code": "registration-unknown", "params": {"registration": "r1"}}, RegistrationUnknown()),
        ({"code": "kid-unknown", "params": {"kid": "k", "why": None}}, KidUnknown("k")),
        (
            {"code": "service-answered", "params": {"service": "lms.example", "status": 404}},
            ServiceAnswered("lms.example", 404),
        ),
        (
            {
                "code": "pin-impossible",
                "params": {
                    "pins": [["p/a", "s1"]],
                    "bans": [],
                    "why": [{"code": "no-longer-known", "params": {"x": [1]}}],
                },
            },
            PinImpossible((("p/a", "s1"),), (), (UnknownReason("no-longer-known", {"x": [1]}),)),
        ),
    ],
)
def test_a_row_of_an_older_version_is_read(row: dict[str, Any], reason: Reason) -> None:
    assert Reason.from_json(row) == reason


@pytest.mark.parametrize(
    "row",
    [
        {"code": "never-heard-of", "params": {"day": "2026-03-04"}},
        {"code": "day-off", "params": {}},
        {"code": "day-off", "params": {"day": "a Tuesday"}},
        {"code": "day-off", "params": {"day": 4}},
        {"code": "shared-tags", "params": {"tags": "budget"}},
        {"code": "week-load", "params": {"week": True, "minutes": 8, "weekly_minutes": 12}},
    ],
)
def test_what_cannot_be_read_is_kept_as_it_is(row: dict[str, Any]) -> None:
    read = Reason.from_json(row)
    assert isinstance(read, UnknownReason) and read.as_json() == row
    assert str(read).startswith(row["code"])


def test_no_two_kinds_have_one_code() -> None:
    with pytest.raises(TypeError, match="your-hour"):
        type("Another", (Reason,), {"__doc__": "Taken."}, code="your-hour")
