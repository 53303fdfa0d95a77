"""What is no table is told apart by what it is, whatever its name says."""

from __future__ import annotations

import pytest

from engine.sheets.kinds import kind_of
from engine.sheets.read import read_book
from engine.sheets.reasons import FileDamaged, FileEmpty, FileTooLarge, OtherFile, Unreadable
from engine.values.reasons import Reason
from tests.unit.sheets import files


def refusal(data: bytes) -> Reason:
    with pytest.raises(Unreadable) as refused:
        read_book(data)
    return refused.value.reason


@pytest.mark.parametrize(
    ("kind", "data"), [(kind, data) for kind, some in files.KINDS.items() for data in some]
)
def test_a_file_of_another_kind_is_called_by_what_it_is(kind: str, data: bytes) -> None:
    assert refusal(data) == OtherFile(kind)


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", files.xlsx([]), files.ods([])]
)
def test_nothing_is_told_to_be_nothing(data: bytes) -> None:
    assert refusal(data) == FileEmpty()


def test_a_workbook_that_was_cut_off_is_damaged() -> None:
    whole = files.xlsx([["titre"], ["A"]])
    assert isinstance(refusal(whole[: len(whole) // 2]), FileDamaged)
    assert isinstance(refusal(b"PK\x03\x04\x14\x00"), FileDamaged)


def test_a_workbook_whose_inside_is_no_xml_is_damaged() -> None:
    assert refusal(files.zipped({"xl/workbook.xml": "<workbook"})) == FileDamaged("workbook")
    ods = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "no"}
    assert refusal(files.zipped(ods)) == FileDamaged("spreadsheet")


def test_a_document_type_is_refused_before_it_can_define_anything() -> None:
    laughs = '<!DOCTYPE w [<!ENTITY a "ha">]><workbook>&a;</workbook>'
    assert refusal(files.zipped({"xl/workbook.xml": laughs})) == FileDamaged("workbook")


def test_a_zip_that_unpacks_to_far_more_than_it_is_is_not_unpacked() -> None:
    ods = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": b" " * 60_000_000,
    }
    assert refusal(files.zipped(ods)) == FileTooLarge(24)


@pytest.mark.parametrize("first", ["ID3", "PAR1", "Rar!", "BZh", "OggS", "GIF8"])
def test_what_begins_a_file_of_another_kind_may_begin_a_heading(first: str) -> None:
    assert kind_of(f"{first};Titre\n1;Semer\n".encode()) == "text"


def test_two_letters_that_begin_a_picture_may_begin_a_word() -> None:
    assert kind_of(b"BM;titre\r\n1;Ouvrir\r\n") == "text"
    assert kind_of(b"MZ;titre\r\n1;Ouvrir\r\n") == "text"


def test_too_much_is_refused_before_it_is_looked_at() -> None:
    assert refusal(b"x" * 1_000_001) == FileTooLarge(1)
