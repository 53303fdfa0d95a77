"""What a fault says goes to a terminal, a page or a program: one line, of a length that can be
read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.curriculum.yaml_file import read_yaml
from engine.values.faults import MAX_QUOTED, Fault, Faults, Hint, printable
from tests.faults import fix, line, what
from web.words.faults import MAX_SAID


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("L’été\u202f: 100\xa0%", "L’été\u202f: 100\xa0%"),
        ("a\x1b[31m\nb\t", "a\\x1b[31m\\nb\\t"),
        ("\u202egnp.exe\u00ad\u2028", "\\u202egnp.exe\\xad\\u2028"),
        ("caf\udce9", "caf\\udce9"),
    ],
)
def test_what_is_no_writing_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_name_is_quoted_in_part_and_without_its_control_characters() -> None:
    names = f'"\\e]0": 1\n{"x" * 900}: 2\n'
    with pytest.raises(Faults) as refused:
        read_yaml(f"titre: T\nlangue: fr\nsections: [{{titre: A}}]\n{names}".encode(), "c.yaml")
    first, second = map(line, refused.value.faults)
    assert all(len(said) < 1_000 and "\x1b" not in said for said in (first, second))
    assert first.startswith("c.yaml:4:1: “\\x1b]0” is not known here")
    assert f"“{'x' * (MAX_QUOTED - 1)}…” is not known" in second


@given(st.text("“”x\n\x1b\udce9é…", max_size=20), st.integers(1, 2_000))
def test_any_fault_is_one_line_of_some_length_and_stays_itself(text: str, times: int) -> None:
    names = (text * times,) * 12
    fault = Fault(text, 1, 1, "field-unknown", {"field": names[0], "hint": Hint("one-of", names)})
    assert len(line(fault).splitlines()) == 1 and line(fault).encode()
    assert len(what(fault) + fix(fault)) <= 2 * MAX_SAID
    assert replace(fault, line=2) == Fault(fault.file, 2, 1, "field-unknown", fault.values)
