"""YAML as people write it: values and marks out, every dangerous or ambiguous thing refused at
its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.values.faults import Fault, Faults
from engine.values.yamlmarks import load
from tests.faults import what


def faults(data: bytes) -> list[Fault]:
    with pytest.raises(Faults) as refused:
        load(data, "a.yaml")
    return list(refused.value.faults)


def test_values_follow_the_core_schema_of_yaml_1_2() -> None:
    data = load(
        b"answer: NO\non: yes\nday: 2027-01-12\ncount: 3\nshare: 0.5\nnone: null\nyes: true\n",
        "a.yaml",
    ).data
    assert data == {
        "answer": "NO",
        "on": "yes",
        "day": "2027-01-12",
        "count": 3,
        "share": 0.5,
        "none": None,
        "yes": True,
    }


def test_what_yaml_takes_for_a_number_or_a_boolean_is_known_as_it_is_written() -> None:
    marked = load(b"a: 0o17\nb: [017, '018', true, ~]\nc: 1.50\n", "a.yaml")
    assert marked.data == {"a": 15, "b": [17, "018", True, None], "c": 1.5}
    assert marked.written == {("a",): "0o17", ("b", 0): "017", ("b", 2): "true", ("c",): "1.50"}


def test_each_value_and_key_knows_its_line_and_column() -> None:
    marked = load("title: Été\nsections:\n  - id: un\n    minutes: 5\n".encode(), "a.yaml")
    assert marked.mark(("sections", 0, "minutes")) == (4, 14)
    assert marked.key_mark(("sections", 0, "minutes")) == (4, 5)
    assert marked.mark(("sections", 0, "missing", "deep")) == (3, 5)


def test_a_byte_order_mark_moves_nothing() -> None:
    marked = load(b"\xef\xbb\xbftitle: x\n", "a.yaml")
    assert marked.data == {"title": "x"} and marked.key_mark(("title",)) == (1, 1)


def test_keys_are_text_as_written() -> None:
    assert load(b"1: a\n2.50: b\ntrue: c\n", "a.yaml").data == {"1": "a", "2.50": "b", "true": "c"}


def test_an_empty_file_is_nothing() -> None:
    assert load(b"", "a.yaml").data is None and load(b"# only a comment\n", "a.yaml").mark(
        ("x",)
    ) == (1, 1)


def test_all_duplicate_keys_are_named_at_once() -> None:
    assert [(f.line, f.column, what(f)) for f in faults(b"a: 1\na: 2\nb:\n  c: 1\n  c: 2\n")] == [
        (2, 1, "“a” stands here twice, first on line 1"),
        (5, 3, "“c” stands here twice, first on line 4"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (b"a: 1\na: 2\n", 2, "key-twice"),
        (b"a: &x 1\nb: *x\n", 1, "anchor-refused"),
        (b"a: !!python/object:os.system {}\n", 1, "tag-refused"),
        (b"a: 1\n---\nb: 2\n", 2, "second-document"),
        (b"? [a, b]\n: 1\n", 1, "key-not-text"),
        (b"a: [1, 2\nb: 3\n", 2, "not-yaml"),
        (b"a: 1\n\tb: 2\n", 2, "tab-refused"),
        (b"a: 1\nb: caf\xe9\n", 2, "not-utf-8"),
        (b"a: 1\nb: \x07\n", 2, "character-refused"),
        (b"[" * 5000, 1, "nested-too-deep"),
        (b"a: " + b"9" * 5000, 1, "number-too-long"),
        (b"a: 1\nb: 0x" + b"f" * 4000, 2, "number-too-long"),
        (b"a: 1\nb: [0o" + b"7" * 5000 + b"]", 2, "number-too-long"),
        (b"a: -9223372036854775808", 1, "number-too-long"),
        (b"x" * 1_000_001, 1, "file-too-large"),
    ],
)
def test_what_is_refused_is_refused_where_it_stands(text: bytes, line: int, code: str) -> None:
    first = faults(text)[0]
    assert (first.line, first.code) == (line, code)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("é: éé\nb: x\x07\n", 2, 5),
        ("é: éé\r\nb: x\x07\r\n", 2, 5),
        ("é: éé\rb: x\x07\r", 2, 5),
        ("\ufeffé: 🌻\x07", 1, 5),
    ],
)
def test_a_character_that_yaml_refuses_is_found_behind_any_letters(
    text: str, line: int, column: int
) -> None:
    assert [(f.line, f.column, f.code) for f in faults(text.encode())] == [
        (line, column, "character-refused")
    ]


def test_a_number_as_large_as_a_database_keeps_is_a_number() -> None:
    assert load(b"a: 0x7fffffffffffffff", "a.yaml").data == {"a": 2**63 - 1}


@settings(max_examples=100)
@given(st.binary(max_size=60) | st.text("ab:- \n[]{}&*!|>'\"#?,\t\0é", max_size=40).map(str.encode))
def test_any_bytes_are_either_read_or_refused_with_faults(data: bytes) -> None:
    try:
        load(data, "a.yaml")
    except Faults as refused:
        assert all(fault.line >= 1 and fault.column >= 1 for fault in refused.faults)
