"""Which versions of a pack mend the words of another."""

from __future__ import annotations

import pytest

from engine.packs.mending import differences, is_patch, mends, next_patch
from engine.packs.model import Pack
from engine.packs.new import new_pack
from engine.packs.read import read_pack

MANIFEST, MODULE, WORDS = "pack.yaml", "la-vitrine/module.yaml", "la-vitrine/fr.md"


def version(number: str, *changes: tuple[str, str, str]) -> Pack:
    """The starter pack as that version, with words of files replaced."""
    files = dict(new_pack("essai"))
    for file, before, after in ((MANIFEST, "version: 0.1.0", f"version: {number}"), *changes):
        text = files[file].decode()
        assert before in text
        files[file] = text.replace(before, after, 1).encode()
    return read_pack(files)


TYPO = (WORDS, "## cover.summary", "## cover.summary\n\nUne phrase de plus.\n")


def test_a_patch_with_other_words_and_the_same_structure_mends() -> None:
    before, after = version("0.1.0"), version("0.1.1", TYPO)
    assert differences(before, after) == () and mends(before, after)


@pytest.mark.parametrize("number", ["0.2.0", "1.0.0", "0.1.1-beta"])
def test_other_words_alone_do_not_mend_what_they_are_no_patch_of(number: str) -> None:
    before, after = version("0.1.0"), version(number, TYPO)
    assert differences(before, after) == () and not mends(before, after)


def test_an_earlier_patch_does_not_take_the_place_of_a_later_one() -> None:
    assert not mends(version("0.1.2"), version("0.1.1", TYPO))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ((MODULE, "minutes: 5", "minutes: 6"), "la-vitrine: minutes"),
        ((MODULE, "maturity: [1, 2]", "maturity: [1, 3]"), "la-vitrine: maturity"),
        ((MANIFEST, "theme: ", "theme: sdg #"), "theme"),
    ],
)
def test_a_patch_with_another_structure_mends_nothing_and_says_where(
    change: tuple[str, str, str], place: str
) -> None:
    before, after = version("0.1.0"), version("0.1.1", change)
    assert differences(before, after) == (place,) and not mends(before, after)


@pytest.mark.parametrize(
    ("before", "after", "patch"),
    [
        ("1.2.3", "1.2.4", True),
        ("1.2.9", "1.2.10", True),
        ("1.2.3", "1.2.3", False),
        ("1.2.3", "1.3.0", False),
        ("1.2.3-rc.1", "1.2.3", False),
    ],
)
def test_what_a_patch_is(before: str, after: str, patch: bool) -> None:
    assert is_patch(before, after) is patch
    assert is_patch(before, next_patch(before)) is ("-" not in before)
