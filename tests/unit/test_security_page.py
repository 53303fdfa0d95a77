"""The page on security names tests that exist: a promise that nothing shows is none."""

from __future__ import annotations

from tests.papers import NAMED, missing, named_in, read

PAGE = "docs/security.md"


def test_every_promise_names_tests_that_exist() -> None:
    named = named_in(read(PAGE))
    assert named and missing(named) == []


def test_no_row_of_the_page_is_without_a_test() -> None:
    promises = read(PAGE).split("\n## ", 2)[2]
    rows = [row for row in promises.splitlines() if row.startswith("| ")]
    assert all(NAMED.search(row) for row in rows if not row.startswith("| Promise"))
