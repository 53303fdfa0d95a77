"""The learner's acts and answers, in words."""

from __future__ import annotations

import pytest

from engine.debrief.words import Story, filled
from engine.forms.reasons import HappenedAnswer, Point, RecallGrade
from engine.forms.typed import QUOTED_AT_MOST
from engine.packs.activities.base import ALONE
from engine.packs.activities.together import begins, leaves, sits
from engine.packs.new import new_pack
from engine.packs.prompts.base import Answer
from engine.packs.read import read_pack
from engine.values.reasons import Reason
from tests.plays import done
from tests.unit.packs.games import AT

from .halls import ACTS, DINER, HALL, prompt


@pytest.mark.parametrize(
    ("if_", "then", "lang", "words"),
    [
        ("un message attend", "j'appelle", "fr", "si un message attend, alors j'appelle"),
        (
            "Si un message attend,",
            "Alors j'appelle.",
            "fr",
            "si un message attend, alors j'appelle",
        ),
        ("il pleut", "si possible je reste", "fr", "s’il pleut, alors si possible je reste"),
        ("s'il pleut", "je reste", "fr", "s'il pleut, alors je reste"),
        ("ilots de chaleur", "je plante", "fr", "si ilots de chaleur, alors je plante"),
        ("If a message waits", "then I call", "en", "if a message waits, then I call"),
        ("a message waits", "call the sender", "en", "if a message waits, then I call the sender"),
        ("it rains", "we meet indoors", "en", "if it rains, then we meet indoors"),
        (
            "je croise Karim",
            "lui demande où il en est",
            "fr",
            "si je croise Karim, alors je lui demande où il en est",
        ),
        ("il pleut", "appelle la mairie", "fr", "s’il pleut, alors j’appelle la mairie"),
        ("il pleut", "on se voit au café", "fr", "s’il pleut, alors on se voit au café"),
        ("il pleut", "rappeler Karim", "fr", "s’il pleut, alors rappeler Karim"),
        ("il pleut", "j’appelle", "fr", "s’il pleut, alors j’appelle"),
    ],
)
def test_a_plan_reads_as_one_phrase(if_: str, then: str, lang: str, words: str) -> None:
    answer = {"if": if_, "then": then}
    assert str(prompt("plan").words(answer, HALL.strings(lang), lang)).replace("\\", "") == words


@pytest.mark.parametrize(
    ("prompt_id", "answer", "words"),
    [
        ("soir", {"text": "Un.\n\nDeux *mots*."}, "Un\\.\\\nDeux \\*mots\\*\\."),
        ("qui", {"option": "ines"}, "À Inès"),
        ("appuis", {"grade": 1}, RecallGrade(grade="forgotten")),
        (
            "part",
            {"point": 4},
            Point(point=4, points=5, low="nulle", high="entière"),
        ),
        (
            "suite",
            {"happened": "partly", "note": "mardi"},
            HappenedAnswer(happened="partly", note="mardi"),
        ),
    ],
)
def test_an_answer_reads_whole_on_the_path(
    prompt_id: str, answer: Answer, words: str | Reason
) -> None:
    assert prompt(prompt_id).words(answer, HALL.strings("fr"), "fr") == words


def test_choices_are_quoted_short_and_recalled_in_full_with_the_numbers_of_that_moment() -> None:
    assert Story(HALL, ACTS, ALONE, "fr").known({}) == {
        "choice.soir-1": "rappeler Inès",
        "choice.soir-2": "Prendre le chêne à 20 k€",
        "ending": "le budget passe sans marge",
    }
    assert (
        Story(HALL, ACTS, ALONE, "fr").moments["choice.soir-1"]
        == "Rappeler **Inès** (12 k€ en caisse)"
    )


def test_a_language_without_a_short_form_quotes_its_own_label() -> None:
    assert (
        Story(HALL, ACTS, ALONE, "en").known({})["choice.soir-1"]
        == "Call Inès back (12 k€ in hand)"
    )


def test_a_language_the_module_does_not_speak_falls_back_whole() -> None:
    assert Story(DINER, done("regie", "ines", "autre"), ALONE, "en").known({}) == {
        "first": "garder",
        "heard.1": "Inès, productrice",
        "unheard": "Le maire",
        "final": "Confier la cantine",
        "ending": "la cantine est confiée",
    }


def test_only_answers_with_words_of_their_own_can_be_quoted() -> None:
    answers = {
        "soir": {"text": "Rien"},
        "part": {"point": 2},
        "qui": {"option": "region"},
        "appuis": {"grade": 3},
        "plan": {"if": "a", "then": "appelle"},
        "suite": {"happened": "yes", "note": ""},
    }
    said = Story(HALL, done("region"), ALONE, "fr").known(answers)
    assert {name: words for name, words in said.items() if name.startswith("answer.")} == {
        "answer.soir": "Rien",
        "answer.part": "2 sur 5",
        "answer.qui": "À la Région",
        "answer.plan": "si a, alors j’appelle",
    }


def test_a_long_text_is_quoted_by_its_beginning() -> None:
    quoted = Story(HALL, ACTS, ALONE, "fr").known({"soir": {"text": "mot " * 400}})["answer.soir"]
    assert quoted.endswith("mot…")
    assert len(quoted) <= QUOTED_AT_MOST + 1


def test_what_is_not_known_is_an_ellipsis_and_filling_happens_once() -> None:
    assert filled("{a} {b}", {"a": "{b}"}) == "{b} …"


def test_sitting_down_and_getting_up_say_nothing_on_any_form() -> None:
    module = read_pack(new_pack("jeux", "public-goods")).modules["la-salle"]
    acts = (sits(1, AT), sits(2, AT), begins(1, AT, "live"), leaves(2, AT))
    assert "{" in module.text("ending.debout", "fr")
    assert Story(module, acts, 1, "fr").spoken("ending.debout")
