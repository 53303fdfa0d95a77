"""The reveal, from the learner's own path."""

from __future__ import annotations

from engine.debrief.reveal import reveal
from engine.packs.activities.base import ALONE
from tests.plays import done

from .halls import ACTS, DINER, HALL


def test_the_reveal_names_what_was_lived() -> None:
    assert (
        reveal(HALL, ACTS, ALONE, {}, "fr")
        == "Le premier soir : rappeler Inès. Puis le budget passe sans marge."
    )
    assert reveal(HALL, done("region"), ALONE, {}, "fr").startswith(
        "Le premier soir : Remplir le formulaire."
    )


def test_the_reveal_of_a_dilemma_names_votes_and_who_was_not_heard() -> None:
    assert (
        reveal(DINER, done("regie", "ines", "autre"), ALONE, {}, "fr")
        == "D'abord garder, puis Confier la cantine, sans Le maire."
    )
