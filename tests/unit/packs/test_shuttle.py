"""« Le tarif de la navette », played by script: its numbers carry what its reveal says."""

from __future__ import annotations

import pytest

from engine.packs.activities.public_goods import PublicGoods
from engine.packs.read import read_folder, read_pack
from tests.plays import PACKS
from tests.unit.packs.games import AT, alone

_PACK = read_pack(read_folder(PACKS / "modeles-socio-economiques"))
SHUTTLE = _PACK.modules["le-tarif-de-la-navette"].spec.activity
assert isinstance(SHUTTLE, PublicGoods)
YOU, CHARMING = "fontreuil", "brecourbe"


def ends(*amounts: int) -> dict[str, int]:
    """What comes of these amounts; the last is put in again until the end."""
    assert isinstance(SHUTTLE, PublicGoods)
    whole = (*amounts, *amounts[-1:] * (SHUTTLE.rounds - len(amounts)))
    done = SHUTTLE.standing(alone(*whole), AT).done
    return {name: round(value) for name, value in SHUTTLE.outcome(done).items()}


@pytest.mark.parametrize(
    ("amounts", "ran", "yours"),
    [((5,), 0, 65), ((0,), 0, 105), ((10,), 8, 123), ((10, 5), 8, 142), ((10, 4), 8, 169)],
)
def test_it_pays_what_it_was_written_to_pay(amounts: tuple[int, ...], ran: int, yours: int) -> None:
    assert (ends(*amounts)["ran"], ends(*amounts)[YOU]) == (ran, yours)


def test_lukewarm_is_worse_than_nothing() -> None:
    paid = [ends(amount)[YOU] for amount in range(8)]
    assert paid == sorted(paid, reverse=True)
    assert all(ends(amount)["ran"] == 0 for amount in range(8))


def test_the_wager_is_paid_once_and_too_late_is_too_late() -> None:
    assert ends(10, 4)[YOU] > ends(10, 5)[YOU] > ends(10)[YOU] > ends(0)[YOU]
    assert ends(5, 10, 5)["ran"] == 7 and ends(5, 5, 10)["ran"] == 0


def test_the_charming_one_ends_before_who_began() -> None:
    for amounts in ((8,), (10,), (10, 5), (10, 4), (8, 4), (5, 10, 4)):
        assert ends(*amounts)[CHARMING] > ends(*amounts)[YOU]


def test_the_roof_is_worth_what_it_costs_to_spare_for_it() -> None:
    """At five a quarter one misses it by five thousand."""
    assert ends(10, 4)[YOU] - ends(10, 5)[YOU] > 25


def test_whoever_takes_once_it_runs_is_left_with_what_was_there() -> None:
    assert ends(10, 0)["ran"] == 2 and ends(10, 0)[YOU] < ends(10, 5)[YOU]
