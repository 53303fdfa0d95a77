"""A pack with one file damaged as files get damaged: what is said first is the cause, and its
consequences do not flood it."""

from __future__ import annotations

import pytest

from engine.packs.lint import check_pack, report
from engine.packs.new import new_pack
from engine.packs.stamp import due
from engine.values.faults import Fault, Faults
from tests.faults import what
from tests.unit.packs.samples import pack_files

SOUND = pack_files()
STRUCTURE = [name for name in SOUND if name.endswith(".yaml")]
WORDS = [name for name in SOUND if name.endswith(".md")]


def said(path: str, data: bytes, files: dict[str, bytes] = SOUND) -> list[str]:
    """``file:line:column code`` of each fault and warning of the pack with that file instead."""
    return [f"{f.file}:{f.line}:{f.column} {f.code}" for f in check_pack(files | {path: data})]


def lines(data: bytes) -> int:
    return data.count(b"\n") + 1


@pytest.mark.parametrize("path", SOUND)
def test_a_file_in_another_encoding_is_said_to_be_that_and_no_more(path: str) -> None:
    assert said(path, b"# Caf\xe9\n" + SOUND[path]) == [f"{path}:1:6 not-utf-8"]
    assert said(path, SOUND[path].decode().encode("utf-16")) == [f"{path}:1:1 not-utf-8"]


@pytest.mark.parametrize("path", SOUND)
def test_an_empty_file_is_said_to_hold_nothing_and_no_more(path: str) -> None:
    assert said(path, b"") == [
        f"{path}:1:1 {'not-a-mapping' if path in STRUCTURE else 'sidecar-empty'}"
    ]


@pytest.mark.parametrize("path", STRUCTURE)
def test_a_tab_is_called_a_tab(path: str) -> None:
    head, line, rest = SOUND[path].partition(b"\naims:")
    assert said(path, head + line.replace(b"\n", b"\n\t") + rest) == [
        f"{path}:{lines(head) + 1}:1 tab-refused"
    ]


@pytest.mark.parametrize("path", STRUCTURE)
def test_a_key_written_twice_is_one_fault(path: str) -> None:
    assert said(path, SOUND[path] + b"aims: [lead]\n") == [
        f"{path}:{lines(SOUND[path])}:1 key-twice"
    ]


@pytest.mark.parametrize("path", STRUCTURE)
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_structure_that_is_cut_short_blames_its_own_file_in_a_few_faults(
    path: str, share: float
) -> None:
    faults = said(path, SOUND[path][: int(len(SOUND[path]) * share)])
    assert 1 <= len(faults) <= 8 and all(fault.startswith(f"{path}:") for fault in faults)


@pytest.mark.parametrize("path", WORDS)
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_words_that_are_cut_short_blame_their_own_file_in_a_few_faults(
    path: str, share: float
) -> None:
    strings = SOUND[path].decode().split("## ")
    faults = said(path, "## ".join(strings[: int(len(strings) * share)]).encode())
    assert 1 <= len(faults) <= 3 and all(fault.startswith(f"{path}:") for fault in faults)


@pytest.mark.parametrize("path", ["la-vitrine/fr.md", "la-vitrine/en.md"])
def test_a_real_sidecar_cut_in_the_middle_of_a_word_is_told_in_a_few_faults(path: str) -> None:
    files = new_pack("mon-pack")
    faults = said(path, files[path][: len(files[path]) // 2], files)
    assert 1 <= len(faults) <= 8 and all(fault.startswith(f"{path}:") for fault in faults)


def test_many_strings_that_are_missing_in_one_place_are_one_fault_that_names_the_first() -> None:
    fault = next(
        f
        for f in check_pack(SOUND | {"halle/fr.md": b"## cover.title\nLa halle\n"})
        if f.file == "halle/fr.md"
    )
    assert (fault.line, fault.code) == (1, "string-missing")
    assert what(fault).startswith(
        "26 strings are missing: cover.summary, soir, soir.ines, "
    ) and what(fault).endswith("…")


def test_what_the_source_lacks_is_not_asked_of_its_translation() -> None:
    without = b"".join(
        part for part in SOUND["vote/fr.md"].partition(b"## reveal\nIci reveal\n\n")[::2]
    )
    files = SOUND | {
        "vote/fr.md": without,
        "vote/en.md": SOUND["vote/en.md"].partition(b"## reveal")[0],
    }
    faults = check_pack(files)
    assert [what(f) for f in faults if f.file == "vote/fr.md"] == ["“reveal” is missing"]
    assert not any("reveal" in what(f) for f in faults if f.file == "vote/en.md")


def test_only_a_language_that_is_whole_is_timed() -> None:
    damaged = SOUND | {"halle/en.md": b"\xff", "vote/en.md": b"", "vote/fr.md": b"\xff"}
    assert report(damaged).minutes == {"halle": {"fr": report(SOUND).minutes["halle"]["fr"]}}


@pytest.mark.parametrize("path", ["halle/fr.md", "halle/en.md"])
def test_a_sidecar_that_cannot_be_read_stops_the_stamping(path: str) -> None:
    with pytest.raises(Faults) as refused:
        due(SOUND | {path: b"\xff"})
    assert refused.value.faults == (Fault(path, 1, 1, "not-utf-8"),)
