"""Licences: expressions of SPDX, in their canonical form."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from engine.packs.lint import check_pack, read_sound
from engine.packs.new import new_pack
from engine.packs.read import read_folder
from engine.packs.schema import schema
from engine.values.faults import Fault
from tests.faults import fix, what
from tests.unit.packs.samples import edited

ROOT = Path(__file__).parents[3]
RIGHT = {
    "CC-BY-SA-4.0": "CC-BY-SA-4.0",
    "cc0-1.0": "CC0-1.0",
    "GPL-2.0+": "GPL-2.0+",
    "etalab-2.0": "etalab-2.0",
    "licenseref-Ville": "LicenseRef-Ville",
    "mit or cc-by-4.0": "MIT OR CC-BY-4.0",
    "GPL-3.0-or-later with Classpath-exception-2.0": (
        "GPL-3.0-or-later WITH Classpath-exception-2.0"
    ),
    "(MIT AND CC-BY-4.0) OR LicenseRef-x": "(MIT AND CC-BY-4.0) OR LicenseRef-x",
    "  MIT   OR\n0BSD  ": "MIT OR 0BSD",
}


def with_licence(text: str) -> dict[str, bytes]:
    return edited("pack.yaml", "licence: CC-BY-4.0", f"licence: {json.dumps(text)}")


def found(text: str) -> list[Fault]:
    return [fault for fault in check_pack(with_licence(text)) if fault.code == "not-a-licence"]


@pytest.mark.parametrize(("written", "canonical"), RIGHT.items())
def test_what_spdx_allows_is_read_in_its_canonical_form(written: str, canonical: str) -> None:
    assert read_sound(with_licence(written)).manifest.licence == canonical


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Free beer", "names are joined by AND, OR or WITH"),
        ("CC BY-SA 4.0", "names are joined by AND, OR or WITH"),
        ("CC-BY-NC AND MIT", "there is none called “cc-by-nc”"),
        ("tous-droits-réservés", "there is none called “tous-droits-réservés”"),
        ("MIT/X11", "there is none called “mit/x11”"),
        ("LicenseRef-a:b", "there is none called “licenseref-a:b”"),
        ("MIT AND", "names are joined by AND, OR or WITH"),
        (" ", "names are joined by AND, OR or WITH"),
        ("MIT WITH Apache-2.0", "there is none called “apache-2.0”"),
        ("(MIT) WITH Classpath-exception-2.0", "names are joined by AND, OR or WITH"),
        ("(MIT OR 0BSD", "names are joined by AND, OR or WITH"),
        ("()", "names are joined by AND, OR or WITH"),
        ("(" * 5000 + "MIT" + ")" * 5000, "is no SPDX licence"),
    ],
)
def test_what_spdx_does_not_allow_is_told_at_its_place_with_what_to_write(
    text: str, wrong: str
) -> None:
    (fault,) = found(text)
    assert (fault.file, fault.line, fault.column) == ("pack.yaml", 9, 10)
    assert what(fault).startswith(f"“{text[:239]}") and wrong in what(fault)
    assert "CC-BY-SA-4.0" in fix(fault)


@pytest.mark.parametrize("written", RIGHT)
def test_editors_that_know_the_schema_alone_refuse_nothing_that_is_right(written: str) -> None:
    pattern = schema()["$defs"]["Manifest"]["properties"]["licence"]["pattern"]
    assert re.search(pattern, written) and not re.search(pattern, "tous droits réservés")


def test_the_program_and_each_pack_that_comes_with_it_name_the_licences_that_the_papers_name() -> (
    None
):
    program = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["license"]
    packs = [read_folder(folder) for folder in (ROOT / "content_packs").iterdir()]
    licences = {read_sound(files).manifest.licence for files in (*packs, new_pack("mon-pack"))}
    assert licences == {"CC-BY-SA-4.0"} and packs
    for paper in ("LICENSE", "README.md"):
        assert {program, *licences} <= set(
            re.findall(r"[A-Z][A-Z-]+[0-9.]+[0-9]", (ROOT / paper).read_text(encoding="utf-8"))
        )
