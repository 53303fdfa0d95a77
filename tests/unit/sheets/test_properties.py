"""Whatever table we write reads back equal, and whatever bytes come in are read or refused: never
anything else, and never a file beyond what was handed in."""

from __future__ import annotations

import builtins
import io
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engine.curriculum.archives import distilled
from engine.curriculum.pasted import PastedFaults, read_pasted
from engine.curriculum.read import read
from engine.people.lists import read_people
from engine.sheets.read import read_book
from engine.sheets.reasons import Unreadable
from tests.unit.curriculum import backups
from tests.unit.sheets import files

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTS = "éèêàçùôîâëïüœÉÀÇ«»’…€–"
SIGNS = ';,\t|"\n .:!?()/&<>=#-'
WORDS = (
    "Équipe",
    "à",
    "l’été",
    "séance",
    "où",
    "« oui »",
    "ça",
    "cœur",
    "forêt",
    "Week",
    "3",
    "1h30",
)


def bare(cell: str) -> str:
    """A cell as it is read: nothing around it, and lines that end in one way."""
    return cell.strip(" \t\n\u00a0\u202f\ufeff")


def tables(cells: st.SearchStrategy[str]) -> st.SearchStrategy[list[list[str]]]:
    """Tables of two columns or more, every row of which says something in its first cell."""
    return st.integers(2, 5).flatmap(
        lambda width: st.lists(
            st.tuples(
                st.sampled_from(WORDS), st.lists(cells, min_size=width - 1, max_size=width - 1)
            ).map(lambda row: [f"{row[0]}x", *row[1]]),
            min_size=2,
            max_size=8,
        )
    )


ANY_CELL = st.text(LETTERS + ACCENTS + SIGNS + "0123456789", max_size=30)
PLAIN_CELL = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def cells_of(data: bytes, delimiter: str = "") -> list[list[str]]:
    """The cells as they are read, empty ones at the end of a row left out."""
    [sheet] = read_book(data, delimiter=delimiter).sheets
    rows = []
    for row in sheet.rows:
        cells = [str(cell) for cell in row.cells]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
    return rows


def expected(table: list[list[str]]) -> list[list[str]]:
    rows = []
    for row in table:
        cells = [bare(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
    return rows


@given(table=tables(ANY_CELL), dialect=st.sampled_from(list(files.DIALECTS)))
@settings(max_examples=100)
def test_any_table_in_any_dialect_reads_back_equal_where_its_delimiter_is_said(
    table: list[list[str]], dialect: str
) -> None:
    delimiter = files.DIALECTS[dialect][0]
    assume(delimiter != "|" or all(row[0] and row[-1] for row in table))
    data = files.delimited(table, dialect)
    assert cells_of(data, delimiter=delimiter) == expected(table)


@given(
    table=tables(PLAIN_CELL),
    dialect=st.sampled_from(list(files.DIALECTS)),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
    said=st.booleans(),
)
@settings(max_examples=100)
def test_a_table_of_words_is_read_without_being_told_its_delimiter_or_its_encoding(
    table: list[list[str]], dialect: str, encoding: str, said: bool
) -> None:
    mark = f"sep={files.DIALECTS[dialect][0]}\r\n" if said else ""
    text = mark + files.delimited(table, dialect).decode()
    assert cells_of(text.encode(encoding)) == expected(table)


@given(
    table=tables(PLAIN_CELL),
    dialect=st.sampled_from(list(files.DIALECTS)),
    encoding=st.sampled_from(("cp1252", "mac-roman")),
)
@settings(max_examples=100)
def test_eight_bits_are_read_as_they_were_written_or_refused(
    table: list[list[str]], dialect: str, encoding: str
) -> None:
    try:
        found = cells_of(files.delimited(table, dialect, encoding))
    except Unreadable:
        return
    assert found == expected(table)


@given(table=tables(ANY_CELL), write=st.sampled_from((files.xlsx, files.ods)))
@settings(max_examples=100)
def test_any_table_in_a_workbook_reads_back_equal(
    table: list[list[str]], write: Callable[..., bytes]
) -> None:
    held = [[cell if not cell.startswith("=") else f"'{cell}" for cell in row] for row in table]
    assert cells_of(write(held)) == expected(held)


def read_it_all(data: bytes) -> None:
    """Reads these bytes as all that they could be handed in as. Raises what is no refusal."""
    for name in ("", "a.csv", "a.yml", "a.md", "a.mbz"):
        read(data, name)
    read_people(data)
    for reader in (distilled, lambda held: read_pasted(held.decode("utf-8", "replace"))):
        with suppress(Unreadable, PastedFaults):
            reader(data)


SEEDS = (
    files.xlsx([["Semaine", "Titre"], [1, "Semer"]]),
    files.ods([["Semaine", "Titre"], ["1", "Semer"]]),
    files.zipped(backups.moodle([backups.Part("Semer", ["Un"])])),
    backups.tarred(backups.moodle([backups.Part("Semer", ["Un"])]), mode="w"),
    backups.tarred(backups.olx({"Semer": ""})),
    files.zipped({"imsmanifest.xml": "<manifest><organizations/></manifest>"}),
    "Semaine;Titre;Durée\n1;Semer;1h30\n2;Arroser;2 h\n".encode(),
    b"# Plan\n\n## Semaine 1\n\nSemer\n\n|a|b|\n|-|-|\n|1|2|\n",
    b"title: T\nsections:\n- title: A\n  week: 1\n",
    b"<table><tr><td rowspan=2>a<td>b<tr><td>c</table>",
    "Anne Exemple <anne@example.org>; Modèle, Béa <bea@example.org>".encode("utf-16"),
)
FRAGMENTS = (
    b"\0", b"\r", b'"', b"sep=;\n", b"PK\x03\x04", b"\x1f\x8b", b"---\n", b"&a [*a]", b"<!--",
    b"<!DOCTYPE a>", b"\xff\xfe", b"\xef\xbb\xbf", b"@", b"\xe9", b"99999999999999999999",
    b"2026-13-45", b"!!python/object:a", b"{{", b"\x1b",
)  # fmt: skip


@given(data=st.binary(max_size=300))
@example(b"")
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b"\x1f\x8b\x08\0")
@settings(max_examples=100)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_it_all(data)


@given(
    data=st.sampled_from(SEEDS),
    at=st.floats(0, 1, exclude_max=True),
    gone=st.integers(0, 40),
    put=st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=8)),
)
@settings(max_examples=150)
def test_any_file_that_was_damaged_is_read_or_refused(
    data: bytes, at: float, gone: int, put: bytes
) -> None:
    place = int(at * len(data))
    read_it_all(data[:place] + put + data[place + gone :])


@given(
    text=st.lists(
        st.sampled_from(
            (*WORDS, *SIGNS, "a@example.org", "12/03/26", "mars", "##", "- ", "a: ", "|-|")
        )
    ).map("".join)
)
@settings(max_examples=100)
def test_any_text_is_read_or_refused(text: str) -> None:
    read_it_all(text.encode())


@pytest.mark.parametrize("data", SEEDS)
def test_reading_opens_no_file(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read_it_all(data)  # what is imported or cached on the way

    def refuse(*_what: object, **_how: object) -> None:
        raise AssertionError("a file was opened")

    for module, name in (
        (builtins, "open"),
        (io, "open"),
        (os, "open"),
        (os, "mkdir"),
        (tempfile, "mkstemp"),
    ):
        monkeypatch.setattr(module, name, refuse)
    read_it_all(data)
