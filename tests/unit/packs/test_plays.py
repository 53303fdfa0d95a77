"""What was begun goes on: every play of what we ship leads where it led when it was written."""

from __future__ import annotations

import json

import pytest

from engine.packs.model import Module
from tests import plays

DIGESTS = json.loads(plays.DIGESTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", [*plays.modules()], ids=lambda module: module.id)
def test_every_play_shows_the_same_screens_and_may_quote_the_same(module: Module) -> None:
    assert plays.digest(module.spec.activity) == DIGESTS[module.id]


def test_nothing_that_was_shipped_is_gone() -> None:
    assert {module.id for module in plays.modules()} == set(DIGESTS)
