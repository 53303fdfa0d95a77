"""The French of what ships keeps its typography: thin spaces where French has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = sorted((*ROOT.glob("content_packs/*/*/fr.md"), *ROOT.glob("engine/packs/starter/*/fr.md")))
WRONG = re.compile(r"[ \u00a0]»|«[ \u00a0]|[ \u00a0][;!?](?=\s|$)|\w :(?=\s)|\w'\w")


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.parent.name)
def test_thin_spaces_and_apostrophes_are_those_of_french(file: Path) -> None:
    assert WRONG.findall(file.read_text(encoding="utf-8")) == []
