"""What somebody may hand in that is no plan of a course: said as what it is, in both languages, for
the page and the command line alike; nothing else than a refusal ever comes of it."""

from __future__ import annotations

import pytest

from engine.curriculum.read import read
from engine.people.lists import read_people
from tests.unit.sheets.refused import REFUSED
from web.words.reasons import words


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_plan_is_told_as_what_it_is(what: str) -> None:
    data, english, french = REFUSED[what]
    reason = read(data, "plan").refused
    assert reason is not None
    assert english in words(reason, language="en", zone="UTC")
    assert french in words(reason, language="fr", zone="UTC")


@pytest.mark.parametrize("what", REFUSED)
def test_what_names_nobody_is_told_in_both_languages(what: str) -> None:
    reason = read_people(REFUSED[what][0]).refused
    assert reason is not None
    english = words(reason, language="en", zone="UTC")
    assert english != words(reason, language="fr", zone="UTC")


@pytest.mark.parametrize(
    "text",
    [
        "Semaine;Titre\n1;Semer\n2;Arroser\n",
        "Plan du cours\n\n;Quand;Quoi\nSemaine;Titre;Contenu\n1;Semer;a\n2;Arroser;b\n",
        ";".join(["Semaine", "Titre", *["x"] * 500]) + "\n1;Semer\n2;Arroser\n",
        "Semaine;Titre\n1;Semer\n2;Arroser\n" + ";\n" * 90_000,
    ],
)
def test_odd_tables_are_read_all_the_same(text: str) -> None:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        found = read(text.encode(encoding), "plan").outline
        assert found is not None
        assert [(one.week, one.title) for one in found.sections] == [(1, "Semer"), (2, "Arroser")]
