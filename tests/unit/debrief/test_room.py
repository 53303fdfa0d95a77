"""The card for a debrief in the room: nobody is quoted, nothing is named before it was asked."""

from __future__ import annotations

import pytest

from engine.debrief.room import room_card
from engine.packs.model import Module
from engine.packs.texts import holes
from tests import plays

MODULES = [one for one in plays.modules() if one.spec.activity.seats]


def named(module_id: str) -> Module:
    return next(one for one in MODULES if one.id == module_id)


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.id)
def test_it_quotes_nobody_and_names_the_takeaways_last(module: Module) -> None:
    card = room_card(module, "fr")
    assert card.out and card.named and card.asked
    assert not [text for text in (card.out, *card.asked, *card.named) if holes(text)]


def test_it_asks_what_comes_before_the_reveal_in_its_order() -> None:
    module = named("vous-avez-quarante-minutes")
    asked = room_card(module, "fr").asked
    first = module.text("prompt.silence.1", "fr")
    assert asked[0] == first and len(asked) == 3
    assert all("contrat" not in one for one in asked)
