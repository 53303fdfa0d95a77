"""The page on security names tests that exist: a promise that nothing shows is none."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:attack|integration|unit|browser|peers)/[\w/]+\.py)::(\w+)`")


def test_every_promise_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(NAMED.findall(page))
    assert named
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8"), (file, test)


def test_no_row_of_the_page_is_without_a_test() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    promises = page.split("\n## ", 2)[2]
    rows = [row for row in promises.splitlines() if row.startswith("| ")]
    assert all(NAMED.search(row) for row in rows if not row.startswith("| Promise"))
