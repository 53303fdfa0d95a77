"""Courses kept as Markdown, or as a calendar in YAML."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum.outline import Outline
from engine.curriculum.read import Hints, read
from engine.values.faults import FaultyFile

PLAN = """# Animer un jardin

LANGUE: fr

Présentation.

## Semaine 1 — Préparer

On choisit des *graines*; on trace les [rangs](/rangs).

- choisir
- tracer

### Matériel

Une bêche.

## Semaine 2 — Semer

Durée : 2h

| Séance | Où |
|---|---|
| Semis | serre |

```
## pas un titre
```
"""


def outline(text: str, name: str = "plan.md") -> Outline:
    found = read(text.encode(), name, hints=Hints("fr", date(2026, 1, 1))).outline
    assert found is not None
    return found


def test_the_headings_of_a_text_are_its_sections_and_their_weeks() -> None:
    course = outline(PLAN)
    assert (course.title, course.language) == ("Animer un jardin", "fr")
    assert [(s.week, s.title, s.minutes) for s in course.sections] == [
        (1, "Préparer", 0),
        (2, "Semer", 120),
    ]
    assert course.sections[0].text == (
        "On choisit des graines; on trace les rangs.\nchoisir\ntracer\nMatériel\nUne bêche."
    )
    assert "Semis serre" in course.sections[1].text


def test_headings_are_known_without_the_name_of_the_file() -> None:
    assert outline(PLAN, "").sections == outline(PLAN).sections


def test_underlined_headings_are_headings() -> None:
    course = outline("Jardin\n======\n\nPréparer\n--------\nTexte\n\nSemer\n-----\n")
    assert (course.title, [s.title for s in course.sections]) == ("Jardin", ["Préparer", "Semer"])


def test_headings_that_count_sessions_are_the_sections_and_others_are_not() -> None:
    text = "# Cours\n## Objectifs\n## Programme\n### Séance 1 : Semer\n### Séance 2 : Arroser\n"
    assert [s.title for s in outline(text + "## Évaluation\n").sections] == [
        "Séance 1 : Semer",
        "Séance 2 : Arroser",
    ]


def test_a_table_in_a_text_that_says_when_is_the_plan() -> None:
    text = (
        "---\ntitle: Jardin\n---\n# Programme\n\nBonjour.\n\n"
        "| Semaine | Date | Thème |\n|--|--|--|\n"
        "| 1 | 3 avril 2026 | [Semer](x) |\n| 2 | 10 avril 2026 | Arroser |\n\nFin.\n"
    )
    assert [(s.week, s.starts, s.title) for s in outline(text).sections] == [
        (1, date(2026, 4, 3), "Semer"),
        (2, date(2026, 4, 10), "Arroser"),
    ]


CALENDAR = """- week: 1
  days:
    - date: 2026-04-03
      items:
        - {name: Semer, type: Cours}
    - date: 2026-04-05
      items:
        - {name: Arroser, type: TD}
- week: 2
  days:
    - date: 2026-04-10
      items: [{name: Tailler, type: Cours}]
"""


def test_a_calendar_is_read_from_its_weeks_to_its_sessions() -> None:
    for name in ("schedule.yml", ""):
        assert [(s.week, s.starts, s.title) for s in outline(CALENDAR, name).sections] == [
            (1, date(2026, 4, 3), "Semer"),
            (1, date(2026, 4, 5), "Arroser"),
            (2, date(2026, 4, 10), "Tailler"),
        ]


def test_what_is_read_for_a_session_is_text_of_it() -> None:
    text = (
        "schedule:\n  - date: 3 April 2026\n    topic: Sowing\n    readings:\n"
        "      - {title: On seeds, url: x}\n  - date: 10 April 2026\n    topic: Water\n"
    )
    assert [(s.title, s.text) for s in outline(text, "s.yaml").sections] == [
        ("Sowing", "On seeds"),
        ("Water", ""),
    ]


def test_modules_that_hold_dated_sessions_are_no_sections_themselves() -> None:
    text = (
        "- title: Part one\n  sessions:\n    - {title: Sowing, date: 2026-04-03}\n"
        "    - {title: Water, date: 2026-04-10}\n- title: Week 3\n  sessions: [{title: Cut}]\n"
    )
    assert [(s.week, s.title) for s in outline(text, "s.yaml").sections] == [
        (None, "Sowing"),
        (None, "Water"),
        (3, "Cut"),
    ]


def test_our_own_yaml_is_held_to_its_rules_line_by_line() -> None:
    found = read(b"title: T\nlanguage: fr\nsections:\n  - title: A\n    minuts: 5\n", "c.yaml")
    assert found.outline is None and isinstance(found.refused, FaultyFile)
    assert [(fault.line, fault.column) for fault in found.faults] == [(5, 5)]


def test_yaml_that_is_no_course_is_refused_with_its_faults() -> None:
    for text in ("- a\n- b\n", "a: [1\n", "x: y\n", "&a [*a]\n"):
        found = read(text.encode(), "c.yaml")
        assert found.outline is None and found.faults


@pytest.mark.parametrize("begin", ["", "# a", "Titre;Date\nA;", "## a\n- a", "a\n", "|"])
@pytest.mark.parametrize("sign", [" ", "(", "[", "-", "#", "<", "{", "a ", "- a\n "])
def test_no_run_of_signs_takes_long(begin: str, sign: str) -> None:
    text = f"{begin}{sign * (200_000 // len(sign))}x\n"
    began = process_time()
    read(text.encode(), "plan.md")
    assert process_time() - began < 2


def test_signs_that_close_a_heading_are_none_of_its_words_and_others_are() -> None:
    text = "## Semer ##\n\n## Apprendre C#\n\n##   Arroser  \t\n\n##\n\n#rang\n"
    assert [s.title for s in outline(text).sections] == ["Semer", "Apprendre C#", "Arroser"]


@settings(max_examples=300)
@given(st.text("#-= |`\naé1:*[]()", max_size=120), st.sampled_from(["c.md", ""]))
def test_any_markdown_is_read_or_refused(text: str, name: str) -> None:
    found = read(text.encode(), name)
    assert (found.outline is None) == (found.refused is not None)


@settings(max_examples=300)
@given(st.text("-: \nweektitldanms1[]{},", max_size=100))
def test_any_yaml_is_read_or_refused(text: str) -> None:
    found = read(text.encode(), "c.yml")
    assert (found.outline is None) == (found.refused is not None)
