"""Ids made from what people wrote."""

from __future__ import annotations

from engine.curriculum.names import free_id, slug


def test_an_id_that_is_taken_gets_the_first_number_that_is_free() -> None:
    assert free_id("halle", ()) == "halle"
    assert free_id("halle", {"halle", "halle-2", "halle-4"}) == "halle-3"


def test_an_id_with_a_number_is_as_short_as_one_without() -> None:
    longest, taken = "h" * 60, set()
    for _ in range(1200):
        made = free_id(longest, taken)
        assert len(made) <= 60 and made not in taken
        taken.add(made)


def test_an_id_ends_with_a_whole_word() -> None:
    made = slug("Piloter une transformation publique avec les habitants du territoire")
    assert made == "piloter-une-transformation-publique-avec-les-habitants-du"
    assert slug("a" * 70) == "a" * 60 and slug(f"{'a' * 60} b") == "a" * 60
    assert free_id(made, {made}) == "piloter-une-transformation-publique-avec-les-habitants-2"
