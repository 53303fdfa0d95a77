"""Archives: the same bytes every time, back as they were, and nothing unsafe let in."""

from __future__ import annotations

import io
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.zip import unzip, zip_files
from engine.values.errors import Invalid
from tests.unit.packs.samples import pack_files


def archive(*files: tuple[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as zipped, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, data in files:
            zipped.writestr(name, data)
    return whole.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as error:
        unzip(data)
    return error.value.reason.code


def test_a_pack_comes_back_as_it_was() -> None:
    files = pack_files() | {"halle/a.png": bytes(range(256))}
    assert unzip(zip_files(files)) == files


def test_equal_files_give_equal_archives() -> None:
    files = pack_files()
    assert zip_files(files) == zip_files(dict(reversed(files.items())))


def test_paths_that_lead_out_and_unknown_files_are_passed_over() -> None:
    data = archive(
        ("../pack.yaml", b"x"),
        ("/pack.yaml", b"x"),
        ("a/../../fr.md", b"x"),
        ("..\\x/fr.md", b"x"),
        ("README.md", b"x"),
        ("../fr.md", b"x"),
        ("pack.yaml", b"ok"),
    )
    assert unzip(data) == {"pack.yaml": b"ok"}


def test_bombs_are_refused() -> None:
    assert refused(archive(("halle/a.png", b"\0" * 2_000_001))) == "zip-too-large"
    assert (
        refused(archive(*((f"halle/{n}.png", b"\0" * 1_999_999) for n in range(11))))
        == "zip-too-large"
    )
    assert (
        refused(archive(*((f"halle/{n}.png", b"") for n in range(2_001)))) == "zip-too-many-files"
    )


def test_two_files_of_one_name_are_refused() -> None:
    assert refused(archive(("pack.yaml", b"a"), ("pack.yaml", b"b"))) == "zip-twice"


@settings(max_examples=80)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_a_damaged_archive_is_refused_or_harmless(at: int, put: bytes) -> None:
    whole = zip_files({"pack.yaml": b"id: essai\n" * 9, "a/fr.md": b"## a\nmots\n"})
    at %= len(whole)
    try:
        files = unzip(whole[:at] + put + whole[at + len(put) :])
    except Invalid as error:
        assert error.reason.code in (
            "zip-damaged",
            "zip-too-large",
            "zip-too-many-files",
            "zip-twice",
        )
    else:
        assert set(files) <= {"pack.yaml", "a/fr.md"} or all("/" in name for name in files)


def test_what_is_no_archive_is_refused() -> None:
    assert refused(b"") == refused(b"PK\x03\x04 nothing") == "zip-damaged"
