"""How long what is kept, in words."""

from __future__ import annotations

from engine.storage.retention import RULES
from web.words.kept import WHAT


def test_every_rule_of_retention_has_words_and_no_words_are_kept_for_none() -> None:
    assert sorted(WHAT) == sorted(rule.what for rule in RULES)
