"""A course in YAML is read whole, or refused with every fault at its place."""

from __future__ import annotations

from datetime import date

import pytest

from engine.curriculum.outline import Audience, Outline, Section
from engine.curriculum.read import read
from engine.curriculum.yaml_file import read_yaml
from engine.values.faults import Faults
from tests.faults import line

WHOLE = """\
id: budget
title: Tenir un budget
language: fr
starts_on: 2027-01-11
audience: {group_size: 12, mode: onsite, maturity: 3}
sections:
  - id: un
    title: Un
    text: Premier.
    week: 1
    minutes: 45
    tags: [budget, équipe]
  - title: Deux mots
    starts: 19/01/2027
    ends: 2027-01-20
"""


def faults(text: str) -> list[str]:
    with pytest.raises(Faults) as refused:
        read_yaml(text.encode(), "c.yaml")
    return [line(fault) for fault in refused.value.faults]


def test_a_whole_course_is_read() -> None:
    assert read_yaml(WHOLE.encode(), "c.yaml") == Outline(
        "budget",
        "Tenir un budget",
        "fr",
        Audience("fr", 12, "onsite", 3),
        (
            Section("un", "Un", "Premier.", week=1, minutes=45, tags=("budget", "équipe")),
            Section("deux-mots", "Deux mots", starts=date(2027, 1, 19), ends=date(2027, 1, 20)),
        ),
        date(2027, 1, 11),
    )


def test_field_names_may_be_french() -> None:
    french = (
        "titre: T\nlangue: fr\npublic:\n  effectif: 8\n  modalité: en ligne\n  maturité: "
        "2\nsections:\n  - titre: A\n    semaine: 2\n    durée: 30 min\n    étiquettes: "
        "budget, équipe\n"
    )
    course = read_yaml(french.encode(), "c.yaml")
    assert course.audience == Audience("fr", 8, "online", 2)
    assert course.sections == (Section("a", "A", week=2, minutes=30, tags=("budget", "équipe")),)


@pytest.mark.parametrize(
    ("field", "place"),
    [("title: {}", "3:20"), ("title: A, tags: [{}]", "3:30"), ("title: A, minutes: {}", "3:32")],
)
def test_a_number_without_end_is_a_fault_at_its_place(field: str, place: str) -> None:
    course = f"title: T\nlanguage: fr\nsections: [{{{field.format('0x' + 'f' * 4000)}}}]"
    assert [fault.partition(": ")[0] for fault in faults(course)] == [f"c.yaml:{place}"]


def test_text_that_yaml_takes_for_a_number_stays_as_it_is_written() -> None:
    course = read_yaml(
        b"id: 007\ntitle: 0o17\nlanguage: en\ntheme: 1.50\nsections:\n"
        b"  - {title: 017, text: 0x1F, tags: [0010, 1.10, true, a], week: 02}\n",
        "c.yaml",
    )
    assert (course.id, course.title, course.theme) == ("007", "0o17", "1.50")
    assert course.sections == (
        Section("017", "017", "0x1F", week=2, tags=("0010", "1.10", "true", "a")),
    )


def test_a_course_without_a_letter_in_its_title_takes_the_id_that_it_says() -> None:
    course = read_yaml(
        "id: finance\ntitle: 经济\nlanguage: en\nsections: [{title: 一}]".encode(), "c.yaml"
    )
    assert (course.id, course.title, course.sections[0].id) == ("finance", "经济", "section")


def test_sections_of_one_title_get_ids_of_their_own() -> None:
    course = read_yaml(
        b"title: T\nlanguage: en\nsections: [{title: Talk}, {title: Talk}, {title: '?'}]", "c.yaml"
    )
    assert [section.id for section in course.sections] == ["talk", "talk-2", "section"]


def test_all_faults_are_told_at_once_each_at_its_place() -> None:
    broken = (
        WHOLE.replace("language: fr", "language: de")
        .replace("maturity: 3", "maturity: 7")
        .replace("week: 1", "week: soon")
    )
    broken = (
        broken.replace("text: Premier.", "txt: Premier.")
        .replace("2027-01-20", "2027-01-02")
        .replace("id: un", "id: Un été")
    )
    assert [fault.split(" ")[0] for fault in faults(broken)] == [
        "c.yaml:3:11:",
        "c.yaml:5:52:",
        "c.yaml:7:9:",
        "c.yaml:9:5:",
        "c.yaml:10:11:",
        "c.yaml:15:11:",
    ]
    assert "did you mean “text”?" in faults(broken)[3] and "write “un-ete”" in faults(broken)[2]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("titel: T\nlanguage: fr\nsections: [{title: A, week: 1}]", "did you mean “title”?"),
        ("titel: T\nlangue: fr\nsections: [{titre: A, semaine: 1}]", "did you mean “titre”?"),
        ("titel: T\nsections: [{text: A, texte: B}]", "did you mean “title” or “titre”?"),
        (
            "title: T\nlanguage: en\nsections: [{title: A, etiquete: x}]",
            "did you mean “etiquette”?",
        ),
        ("title: T\nlanguage: en\nsections: [{title: A, minuts: 1}]", "did you mean “minutes”?"),
        ("title: T\nlanguage: en\nsections: [{title: A, xyz: 1}]", "use one of: id, title, text, "),
    ],
)
def test_what_is_suggested_is_in_the_language_of_the_other_names(text: str, hint: str) -> None:
    told = next(fault for fault in faults(text) if "is not known here" in fault)
    assert told.partition(" — ")[2].startswith(hint)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "“name: value” lines"),
        ("- a\n- b\n", "“name: value” lines"),
        ("language: fr\nsections: [{title: A}]", "the course has no title"),
        ("title: T\nsections: [{title: A}]", "does not say its language"),
        ("title: T\nlanguage: fr\n", "has no section"),
        (
            "language: fr\ntitle: '!!!'\nsections: [{title: A}]",
            "c.yaml:2:8: no id can be made of “!!!”",
        ),
        (
            "language: fr\nid: ''\ntitle: '!!!'\nsections: [{title: A}]",
            "c.yaml:3:8: no id can be made of “!!!”",
        ),
        (
            "title: T\nlanguage: fr\nsections: [{title: A}, {}]",
            "c.yaml:3:24: this section has no title",
        ),
        ("title: T\nlanguage: fr\nsections:\n  - text: x", "c.yaml:4:5: this section has no title"),
        ("title: T\nlanguage: fr\nsections:\n", "has no section"),
        ("title: T\nlanguage: fr\nsections: {title: A}", "must be a list"),
        (
            "title: T\nlanguage: fr\nsections: [A, B]",
            "c.yaml:3:12: “name: value” lines are needed here",
        ),
        ("title: T\nlanguage: fr\nsections: [{text: x}]", "this section has no title"),
        (
            f"language: fr\ntitle: {'T' * 201}\nsections: [{{title: A}}]",
            "c.yaml:2:8: this title has 201 characters, and 200 are",
        ),
        (
            f"title: T\nlanguage: fr\nsections: [{{title: {'A' * 201}}}]",
            "c.yaml:3:20: this title has 201 characters",
        ),
        (
            'title: "T\\0"\nlanguage: fr\nsections: [{title: A}]',
            "c.yaml:1:8: “title” holds a character that is no writing",
        ),
        ("title: [T]\nlanguage: fr\nsections: [{title: A}]", "“title” must be text"),
        (
            "title: T\ntitre: T\nlanguage: fr\nsections: [{title: A}]",
            "c.yaml:2:1: “titre” says again what “title” says",
        ),
        (
            "title: T\nlanguage: fr\nsections: [{id: a, title: A}, {id: a, title: B}]",
            "two sections are called “a”, first on line 3",
        ),
        (
            "title: T\nlanguage: en\nsections: [{title: A, starts: 01/02/2027}]",
            "no day that can be read for sure",
        ),
        (
            "title: T\nlanguage: fr\nsections: [{title: A, starts: 31/02/2027}]",
            "no day that can be read for sure",
        ),
        (
            "title: T\nlanguage: fr\nsections: [{title: A, minutes: -5}]",
            "no whole number from 0 to",
        ),
        ("title: T\nlanguage: fr\ntitle: U\nsections: [{title: A}]", "stands here twice"),
        (
            "title: T\nlanguage: fr\nsections: [" + "{title: A}, " * 501 + "]",
            "more than 500 sections",
        ),
        (
            "title: T\nlanguage: fr\naudience: {mode: radio}\nsections: [{title: A}]",
            "“radio” is not a mode that is known",
        ),
    ],
)
def test_a_faulty_course_is_refused_with_what_is_wrong(text: str, told: str) -> None:
    assert any(told in fault for fault in faults(text))


@pytest.mark.parametrize(
    "text",
    ["- a: 1\n" * 90_000, "sections:\n" + "- title: A\n" * 80_000, "[" + "[]," * 300_000 + "]"],
)
def test_a_file_of_far_too_many_values_is_refused_in_one_go(text: str) -> None:
    """Each was read to its end, twice, which took up to nine seconds a megabyte."""
    [fault] = read(text.encode(), "c.yaml").faults
    assert fault.code == "too-many"
