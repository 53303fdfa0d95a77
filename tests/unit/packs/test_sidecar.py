"""Sidecars: one heading a string, the words beneath, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.sidecar import Entry, parse

TEXT = """A word between authors, which nobody else reads.

## cover.title
La halle

## soir-1.ines <!-- fr 3f2a91bc -->

Inès rappelle.

> Une lettre.
"""


@pytest.mark.parametrize(
    "data",
    [TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n").encode()],
    ids=["plain", "with a byte order mark", "with CRLF"],
)
def test_each_string_has_its_words_lines_and_hash(data: bytes) -> None:
    sidecar = parse("m/fr.md", data)
    assert sidecar.faults == ()
    assert sidecar.entries == {
        "cover.title": Entry("cover.title", "La halle", 3, 4, None),
        "soir-1.ines": Entry("soir-1.ines", "Inès rappelle.\n\n> Une lettre.", 6, 8, "3f2a91bc"),
    }
    assert sidecar.texts()["cover.title"] == "La halle"


def test_the_title_on_a_cover_is_one_line() -> None:
    texts = parse(
        "m/fr.md", b"## cover.title\nLa\nhalle\n\nPayez\n\n## reveal\nUn.\n\nDeux.\n"
    ).texts()
    assert texts == {"cover.title": "La halle Payez", "reveal": "Un.\n\nDeux."}


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        (b"## a\nx\n##b\ny\n", 3, 1, "heading-not-understood"),
        (b"## a\nx\n## b <!-- fr 12 -->\ny\n", 3, 1, "heading-not-understood"),
        (b"## a\nx\n## a\ny\n", 3, 4, "string-twice"),
        (b"## a\nx\n## b\n\n", 3, 4, "string-empty"),
        (b"## a\nx\ncaf\xe9\n", 3, 4, "not-utf-8"),
        (b"x" * 1_000_001, 1, 1, "file-too-large"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text: bytes, line: int, column: int, code: str) -> None:
    assert [(f.line, f.column, f.code) for f in parse("m/fr.md", text).faults] == [
        (line, column, code)
    ]


@settings(max_examples=80)
@given(st.binary(max_size=80) | st.text("#ab.- \r\n<!->fr09é", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_faulted(data: bytes) -> None:
    sidecar = parse("m/fr.md", data)
    assert all(fault.line >= 1 and fault.column >= 1 for fault in sidecar.faults)
    assert all(entry.line < entry.text_line for entry in sidecar.entries.values())
