"""Mutation testing finds the changes that no test notices, and leaves the code as it was."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.mutants.mutate import mutants
from tests.mutants.run import outcomes
from tests.mutants.subjects import SUBJECTS, Subject

SOURCE = dedent(
    '''
    """Whether a child pays."""


    def pays(age: int, free: int = 6) -> bool:
        """At 6 and after."""
        return age >= free
    '''
)
TEST = dedent(
    """
    from tickets import pays


    def test_a_child_of_five_does_not_pay_and_one_of_seven_does():
        assert pays(7) and not pays(5)
    """
)


def changes(source: str) -> list[tuple[str, str]]:
    return [(mutant.before, mutant.after) for mutant in mutants(source)]


def test_every_number_comparison_and_answer_is_changed_and_neither_text_nor_annotations() -> None:
    assert changes(SOURCE) == [
        ("6", "7"),
        ("6", "5"),
        ("return age >= free", "return None"),
        ("age >= free", "age > free"),
        ("age >= free", "age < free"),
    ]


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("x = a and b", ["a or b"]),
        ("x = not a", ["a"]),
        ("x = a + b", ["a - b"]),
        ("x = a < b <= c", ["a <= b <= c", "a >= b <= c", "a < b < c", "a < b > c"]),
        ("x = f(a, b)", ["a", "f(b, a)"]),
        ("x = a.f()", ["a"]),
        ("x = min(a, b)", ["a", "max(a, b)"]),
        ("x = a if b else c", ["c if b else a"]),
        ("x = True", ["False"]),
        ("raise E", ["pass"]),
        ("f()", ["pass"]),
        ("x: int | float", []),
    ],
)
def test_a_line_is_changed_in_so_many_ways(line: str, others: list[str]) -> None:
    assert [after for _, after in changes(line)] == others


def test_the_changes_that_no_test_notices_survive_and_the_file_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tickets.py").write_text(SOURCE)
    (tmp_path / "test_tickets.py").write_text(TEST)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    subject = Subject("tickets.py", ("test_tickets.py",), tried=5, most=0)
    found = {mutant.after: end for mutant, end in outcomes(subject, SOURCE, mutants(SOURCE), 60)}
    assert {after for after, outcome in found.items() if outcome == "survived"} == {
        "7",
        "age > free",
    }
    assert (tmp_path / "tickets.py").read_text() == SOURCE


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.path)
def test_what_is_tried_exists_and_what_is_excused_is_a_change_that_can_be_made(
    subject: Subject,
) -> None:
    known = mutants(Path(subject.path).read_text("utf-8"))
    assert len(known) >= subject.tried
    assert all(Path(test).exists() for test in subject.tests)
    assert subject.equivalent.keys() <= {mutant.key for mutant in known}
