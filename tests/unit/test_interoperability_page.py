"""The page on the habits of platforms names tests that exist, and where each bug is told."""

from __future__ import annotations

import re

from tests.papers import NAMED, missing, named_in, read

PAGE = "docs/lms/interoperability.md"
CASES = "tests/integration/lti/test_lti_launches.py"


def part(title: str) -> str:
    """The section with that title."""
    return read(PAGE).partition(f"\n## {title}")[2].partition("\n## ")[0]


def test_every_test_that_it_names_exists() -> None:
    named = named_in(read(PAGE))
    assert named and missing(named) == []


def test_each_bug_has_its_address_and_a_test() -> None:
    bugs = part("Five bugs").split("\n### ")[1:]
    assert len(bugs) == 5
    for bug in bugs:
        assert "https://github.com/" in bug and NAMED.search(bug), bug[:40]


def test_each_habit_has_a_test_and_each_case_of_a_launch_that_it_names_is_one() -> None:
    rows = [row for row in part("Habits").splitlines() if row.startswith("| ")][1:]
    assert rows and all(NAMED.search(row) for row in rows)
    named = {case for row in rows for case in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", row)}
    cases = read(CASES)
    assert named and [case for case in sorted(named) if f'"{case}"' not in cases] == []
