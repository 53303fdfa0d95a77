"""Words made comparable."""

from __future__ import annotations

from engine.values.folding import bare, fold, stem


def test_case_accents_and_ligatures_are_dropped() -> None:
    assert bare("Œuvre commencée, À TOUT ÆGE") == "oeuvre commencee, a tout aege"


def test_every_run_of_other_signs_is_one_space() -> None:
    assert fold("  Durée (min) ") == "duree min"
    assert fold("commande-publique") == fold("Commande  publique")


def test_endings_are_dropped_as_the_language_does() -> None:
    assert stem("partenaires", "fr") == stem("partenaire", "fr")
    assert stem("alliances", "en") == stem("alliance", "en")
