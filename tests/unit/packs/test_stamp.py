"""Stamping changes headings of translations, and not one other byte."""

from __future__ import annotations

import pytest

from engine.packs.lint import check_pack
from engine.packs.stamp import Stamp, due, stamp
from engine.packs.texts import source_hash
from engine.values.faults import Faults
from tests.unit.packs.samples import edited, pack_files


def test_a_stamped_pack_has_nothing_due() -> None:
    assert due(pack_files()) == () and stamp(pack_files()) == {}


def test_a_changed_source_makes_its_translation_due_and_stamping_settles_it() -> None:
    files = edited("halle/fr.md", "Ici fin trace", "Là-bas")
    assert due(files) == (
        Stamp(
            "halle/en.md", "fin.trace", "fr", source_hash("Ici fin trace"), source_hash("Là-bas")
        ),
    )
    changed = stamp(files)
    assert set(changed) == {"halle/en.md"} and check_pack(files | changed) == ()


def test_everything_but_the_headings_is_kept_byte_for_byte() -> None:
    files = pack_files()
    odd = (
        b"\xef\xbb\xbfA comment.\r\n\r\n##  fin.trace   \r\n Over there \r\n\r\n"
        b"## nobody\r\nx\r\n## Not a heading\ny"
    )
    whole = stamp(files | {"halle/en.md": odd})["halle/en.md"]
    fresh = source_hash("Ici fin trace")
    assert whole == odd.replace(b"##  fin.trace   ", f"## fin.trace <!-- fr {fresh} -->".encode())


def test_only_the_strings_asked_for_are_stamped_in_one_module_or_in_all() -> None:
    files = edited("halle/fr.md", "Ici reveal", "Voici")
    files = edited("halle/fr.md", "Ici fin trace", "Là-bas", files=files)
    files = edited("vote/fr.md", "Ici reveal", "Voilà", files=files)
    assert [one.name for one in due(files, ["reveal"])] == ["halle/reveal", "vote/reveal"]
    assert [one.name for one in due(files, ["halle/reveal", "fin.trace"])] == [
        "halle/fin.trace",
        "halle/reveal",
    ]
    assert set(stamp(files, ["vote/reveal"])) == {"vote/en.md"}


def test_wrapping_a_source_anew_or_its_spaces_keeps_translations_fresh() -> None:
    assert source_hash("Où va\nInès ?") == source_hash("  Où va  Inès\u00a0?\n")
    assert source_hash("Où") == source_hash("Ou\u0300") != source_hash("Ou")


def test_a_pack_whose_language_is_unknown_is_not_stamped() -> None:
    with pytest.raises(Faults):
        stamp(edited("pack.yaml", "theme: sdg", "theme: ["))
