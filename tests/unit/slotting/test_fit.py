"""Who can live a module, and how well it fits a section."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from engine.curriculum.outline import Audience, Section
from engine.slotting.fit import fits, unsuited

from .courses import AUDIENCE, COURSE, HALLE, MODULES, Case, cases, module, outline


def codes(**change: object) -> list[str]:
    return [reason.code for reason in unsuited(module("p/m", **change), AUDIENCE)]


def test_a_module_for_one_suits_a_group_of_any_size() -> None:
    assert codes(group_size=(1, 1)) == []


@pytest.mark.parametrize(
    ("size", "suits"),
    [((4, 12), True), ((2, 2), True), ((5, 5), False), ((20, 40), False), ((12, 15), False)],
)
def test_a_group_must_divide_into_groups_that_the_module_takes(
    size: tuple[int, int], suits: bool
) -> None:
    assert (codes(group_size=size) == []) is suits


def test_every_reason_against_is_told() -> None:
    assert codes(languages=("en",), mode="onsite", maturity=(3, 4), group_size=(40, 50)) == [
        "audience-language",
        "audience-group-size",
        "audience-mode",
        "audience-maturity",
    ]


def test_either_mode_goes_with_any() -> None:
    assert codes(mode="either") == []
    assert unsuited(module("p/m", mode="onsite"), replace(AUDIENCE, mode="either")) == ()


def test_each_module_fits_its_own_section_best() -> None:
    found = fits(COURSE, MODULES)
    best = dict(
        max((fit.value, pair) for pair, fit in found.items() if pair[0] == m.key)[1]
        for m in MODULES
    )
    assert best == {"p/halle": "argent", "p/epicerie": "gestion", "p/equipe": "equipe"}


def test_what_is_shared_is_told_in_the_words_of_the_section() -> None:
    fit = fits(COURSE, MODULES)["p/equipe", "equipe"]
    assert fit.tags == ("Équipe",)
    course = outline(Section("a", "", tags=("commande publique", "Fiscalité")))
    found = fits(course, [replace(HALLE, key="p/halle", tags=("fiscalite", "commande-publique"))])
    assert found["p/halle", "a"].tags == ("commande publique", "Fiscalité")
    assert fit.words == ("équipe", "compétences", "charge")


def test_without_a_shared_tag_one_shared_word_is_no_link_and_two_are() -> None:
    course = outline(
        Section("a", "A", "Une halle."), Section("b", "B", "Les halles et leurs marchés.")
    )
    assert fits(course, [module("p/m", "La halle du marché")]).keys() == {("p/m", "b")}


def test_small_words_link_nothing() -> None:
    assert (
        fits(
            outline(Section("a", "A", "Pour tous, avec elle, dans cette semaine.")),
            [module("p/m", "Avec tous, pour elle, dans cette semaine")],
        )
        == {}
    )


def test_a_course_without_a_word_links_by_tags_alone() -> None:
    assert fits(outline(Section("a", "", tags=("budget",)), Section("b", "")), [HALLE]).keys() == {
        ("p/halle", "a")
    }


@settings(max_examples=40)
@given(cases())
def test_fit_is_a_share_and_does_not_depend_on_the_order_of_modules(case: Case) -> None:
    found = fits(case.outline, case.modules)
    assert all(0 <= fit.value <= 1 and (fit.tags or len(fit.words) >= 2) for fit in found.values())
    assert found == fits(case.outline, case.modules[::-1])


def test_an_outline_that_says_nothing_of_its_people_leaves_nothing_out() -> None:
    demanding = module("p/m", maturity=(3, 4), group_size=(40, 50), mode="onsite")
    assert unsuited(demanding, Audience("fr")) == ()
