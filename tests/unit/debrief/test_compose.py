"""How a prompt is put to this learner."""

from __future__ import annotations

import pytest

from engine.debrief.compose import compose
from engine.debrief.values import EarlierAnswer, Question
from engine.debrief.words import Story
from engine.packs.activities.base import ALONE, Acts
from engine.packs.prompts.base import Answer
from engine.values.errors import Invalid
from tests.plays import done

from .halls import ACTS, HALL, prompt


def asked(
    prompt_id: str,
    occurrence: int = 1,
    acts: Acts = ACTS,
    lang: str = "fr",
    **answers: Answer,
) -> Question:
    return compose(Story(HALL, acts, ALONE, lang), prompt(prompt_id), occurrence, answers)


def test_a_wording_quotes_what_was_chosen_and_the_moment_says_it_in_full() -> None:
    question = asked("soir")
    assert question.text == "Jeudi, vous avez choisi de Prendre le chêne à 20 k€. Pourquoi ?"
    assert question.moment == "Prendre le chêne à 20 k€"


def test_wordings_take_turns() -> None:
    assert [asked("soir", n).variant for n in (1, 2, 3, 4)] == [1, 2, 1, 2]
    assert [asked("soir", n, qui={"option": "ines"}).variant for n in (1, 2, 3, 4)] == [1, 2, 3, 1]


def test_a_wording_that_quotes_what_was_never_lived_is_left_out() -> None:
    question = asked("soir", acts=done("region"))
    assert (question.variant, question.text, question.moment) == (2, "Mardi soir ?", None)


def test_a_wording_may_quote_an_earlier_answer_and_the_learners_markup_does_nothing() -> None:
    assert asked("qui", soir={"text": "<b>rien</b>"}).text.endswith("« \\<b\\>rien\\<\\/b\\> »")


def test_when_no_wording_can_be_filled_the_question_still_reads() -> None:
    assert asked("qui").text == "À qui la semaine ? Vous disiez : « … »"


def test_options_are_in_the_readers_language() -> None:
    assert list(asked("qui").said.values()) == ["À Inès", "À la Région"]
    assert next(iter(asked("qui", lang="en").said.values())) == "Inès"


def test_a_scale_has_points_and_two_named_ends() -> None:
    question = asked("part")
    assert [option.id for _, option in question.form.taps()] == ["1", "2", "3", "4", "5"]
    assert list(question.said.values()) == ["nulle", "entière"]


def test_a_recall_brings_its_takeaway_for_afterwards() -> None:
    assert asked("appuis").takeaway == "Trois *appuis*."


def test_did_it_happen_recalls_the_plan() -> None:
    question = asked("suite", plan={"if": "ça sonne", "then": "je réponds"})
    assert question.earlier == EarlierAnswer(None, "si ça sonne, alors je réponds")
    assert question.text == "Vous aviez écrit : « si ça sonne, alors je réponds ». C'est arrivé ?"
    assert asked("suite").earlier is None


def test_acts_that_cannot_have_happened_are_refused() -> None:
    with pytest.raises(Invalid):
        asked("soir", acts=done("chene"))
