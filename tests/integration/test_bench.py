"""Every bench still runs, on next to nothing: what it measures is no test's business."""

from __future__ import annotations

from math import isfinite

import pytest

from tests.bench.row import Row, at_least, at_most, table
from tests.bench.run import MEASURES, measured


@pytest.mark.parametrize("name", MEASURES)
def test_a_bench_runs_and_says_something(name: str) -> None:
    rows = measured(name, tiny=True)
    assert rows and all(isfinite(row.today) for row in rows)


def test_a_row_says_whether_its_goal_is_met() -> None:
    assert Row("speed", 0.9, "", at_least(0.8)).met == "yes"
    assert Row("speed", 0.7, "", at_least(0.8)).met == "NO"
    assert Row("weight", 9, "KB", at_most(8)).met == "NO"
    assert Row("weight", 9, "KB").met == ""


def test_rows_stand_in_columns() -> None:
    rows = [Row("a", 0.1234, "", at_least(1), "why"), Row("longer", 250.4, "ms")]
    assert [line.rstrip() for line in table(rows).splitlines()] == [
        "measure  today   goal  met",
        "a        0.123   ≥ 1   NO   why",
        "longer   250 ms",
    ]
