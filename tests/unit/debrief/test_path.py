"""The path read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.debrief.path import GivenAnswer, Knot, LivedExperience, Step, read_path, remembered
from engine.packs.activities.base import ALONE
from engine.spacing.reasons import StageReached
from tests.plays import done

from .halls import ACTS, HALL

WHEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
LIVED = LivedExperience(
    "e1",
    HALL,
    ACTS,
    ALONE,
    WHEN,
    given=(
        GivenAnswer("soir", 2, WHEN + timedelta(days=1), {"text": "Le chêne"}),
        GivenAnswer("qui", 1, WHEN + timedelta(days=4), {"option": "ines"}),
    ),
)


def knot(lived: LivedExperience = LIVED) -> Knot:
    [only] = read_path([lived], "fr")
    return only


def test_a_knot_tells_what_was_chosen_at_each_moment_and_how_it_ended() -> None:
    assert knot().title == "Boucler le budget"
    assert knot().steps == (
        Step("Mardi. Il y a 12 k€.", "Rappeler **Inès** (12 k€ en caisse)"),
        Step("Jeudi. Il y a 20 k€.", "Prendre le chêne à 20 k€"),
    )
    assert knot().ending == "le budget passe sans marge"


def test_answers_stand_under_the_question_as_it_was_asked() -> None:
    assert [(a.question, a.words) for a in knot().answers] == [
        ("Mardi soir ?", "Le chêne"),
        ("À qui la semaine ? Vous disiez : « Le chêne »", "À Inès"),
    ]


def test_neither_the_reveal_nor_a_takeaway_shows_before_its_time() -> None:
    assert (knot().reveal, knot().takeaways) == (None, ())


def test_after_the_reveal_both_show_and_how_well_the_takeaway_is_kept() -> None:
    told = knot(replace(LIVED, revealed=True))
    assert told.reveal == "Le premier soir : rappeler Inès. Puis le budget passe sans marge."
    assert [(k.words, k.memory) for k in told.takeaways] == [("Trois *appuis*.", None)]
    assert (
        knot(replace(LIVED, revealed=True, retrievability={"appuis": 0.75})).takeaways[0].memory
        == "holding"
    )


def test_an_experience_under_way_has_no_ending_yet() -> None:
    begun = knot(LivedExperience("e1", HALL, done("ines"), ALONE, None))
    assert (len(begun.steps), begun.ending, begun.answers) == (1, None, ())


def test_what_comes_next_says_why() -> None:
    why = (StageReached(stage="now-what", day=10),)
    assert knot(replace(LIVED, next=why)).next == why


@pytest.mark.parametrize(
    ("retrievability", "word"),
    [(1, "fresh"), (0.9, "fresh"), (0.89, "holding"), (0.7, "holding"), (0.69, "fading")],
)
def test_memory_is_told_in_three_words(retrievability: float, word: str) -> None:
    assert remembered(retrievability) == word
