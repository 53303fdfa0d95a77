"""Words made comparable."""

from __future__ import annotations

from engine.folding import bare, fold


def test_case_accents_and_ligatures_are_dropped() -> None:
    assert bare("Œuvre commencée, À TOUT ÆGE") == "oeuvre commencee, a tout aege"


def test_every_run_of_other_signs_is_one_space() -> None:
    assert fold("  Durée (min) ") == "duree min"
    assert fold("commande-publique") == fold("Commande  publique")
