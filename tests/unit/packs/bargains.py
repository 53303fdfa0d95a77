"""Negotiations for tests: the one that ships, and one of three seats; and what is said in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.packs.activities.base import Act, Acts
from engine.packs.activities.negotiation import Negotiation
from engine.packs.read import read_folder, read_pack
from tests.plays import PACKS
from tests.unit.packs.games import AT

_SHIPPED = read_pack(read_folder(PACKS / "partenariats")).modules
CONVENTION = _SHIPPED["la-convention-a-signer-avant-midi"].spec.activity
assert isinstance(CONVENTION, Negotiation)
CLAUSES = ("duree", "versement", "logo", "somme", "exclusivite")
THREE_SEATS: Mapping[str, Any] = {
    "kind": "negotiation",
    "roles": ["amont", "aval", "moulin"],
    "clauses": [
        {
            "id": "eau",
            "options": ["jour", "nuit"],
            "points": {"amont": [0, 4], "aval": [3, 2], "moulin": [5, 1]},
        },
        {
            "id": "vanne",
            "options": ["haute", "mi", "basse"],
            "points": {"amont": [6, 3, 0], "aval": [0, 3, 6], "moulin": [2, 4, 1]},
        },
    ],
    "no_deal": {"amont": 4, "aval": 3, "moulin": 2},
    "offers": 3,
    "events": [{"id": "crue", "after": 1}],
    "voices": {"aval": {"opens": 9, "settles": 3}},
    "endings": [{"id": "accord", "when": ["deal == 1"]}, {"id": "rien"}],
}
RIVER = Negotiation.model_validate(THREE_SEATS)


def package(options: str) -> dict[str, str]:
    """A package of the convention, an option of each clause as a letter: ``"bbbbb"`` halves all."""
    return {
        clause.id: clause.options["abc".index(letter)]
        for clause, letter in zip(CONVENTION.clauses, options, strict=True)
    }


def offers(seat: int, options: str) -> Act:
    """A seat offers that package."""
    return Act(seat, package(options), AT)


def says(seat: int, what: str) -> Act:
    """A seat answers the last offer: accept, offer or leave."""
    return Act(seat, {"do": what}, AT)


def in_full(acts: Acts, seat: int) -> str:
    """All that a seat can see, as text."""
    return repr(CONVENTION.screen(acts, seat, AT))
