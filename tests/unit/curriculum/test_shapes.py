"""Tables in the shapes that teachers give them: what stands where no heading says it, days whose
parts stand apart, timetables."""

from __future__ import annotations

from datetime import date

import pytest

from engine.curriculum.outline import Section
from engine.curriculum.read import UNCORRECTED, Hints, read
from engine.curriculum.reading import Corrections, Reading

TODAY = Hints("fr", date(2026, 1, 10))


def reading(text: str, corrections: Corrections = UNCORRECTED) -> Reading:
    return read(text.encode(), "c.csv", corrections, TODAY)


def sections(text: str, corrections: Corrections = UNCORRECTED) -> tuple[Section, ...]:
    found = reading(text, corrections).outline
    assert found is not None
    return found.sections


def titles(text: str) -> list[str]:
    return [one.title for one in sections(text)]


def left_out(text: str) -> list[str]:
    return [str(reason) for reason in reading(text).left_out]


def test_a_title_that_comes_again_and_again_is_told_apart_by_what_stands_beside_it() -> None:
    text = "Date,Type,New Plan\nAug 25,Garden,Sowing\nAug 27,Garden,Water\nSep 1,Garden,Tools\n"
    assert titles(text) == ["Garden — Sowing", "Garden — Water", "Garden — Tools"]


@pytest.mark.parametrize(
    "heads", ["Week,Topic,Subtopic", "Semaine,Thème,Sous-thème", "Week,Title,Subtitle"]
)
def test_subtopics_name_the_rows_that_a_topic_leaves_without_a_name(heads: str) -> None:
    text = f"{heads}\n1a,Garden,Choosing seeds\n1b,,Sowing them\n2a,Water,Wells\n2b,,Rain water\n"
    assert [(one.week, one.title) for one in sections(text)] == [
        (1, "Garden — Choosing seeds"),
        (1, "Sowing them"),
        (2, "Water — Wells"),
        (2, "Rain water"),
    ]


def test_a_list_in_a_title_is_one_line() -> None:
    text = 'Date,Topic\n2026-03-02,"* Seeds\n* Tools"\n2026-03-09,- Water\n'
    assert titles(text) == ["Seeds · Tools", "Water"]


def test_a_long_text_over_which_nothing_stands_is_cut_at_the_end_of_a_sentence() -> None:
    first = "Tout sur le compost, du tas au sac, et de la brouette au potager."
    [section, _other] = sections(f"Semaine;Description\n1;{first} {'Puis encore ' * 20}\n2;Eau\n")
    assert section.title == first
    assert section.text.startswith(first) and section.text.endswith("encore")


def test_headings_that_only_weakly_say_titles_are_headings_when_there_are_several() -> None:
    text = "chapitre;ateliers;à faire\nSemer;Graines;\n;Plants;oui\nArroser;;\nTailler;Rosiers;\n"
    assert titles(text) == ["Semer — Graines", "Plants", "Arroser", "Tailler — Rosiers"]


@pytest.mark.parametrize("break_", ["Thanksgiving Break", "Pas de cours", "No class", "Férié"])
def test_a_break_is_one_though_a_duration_stands_beside_it(break_: str) -> None:
    assert titles(f"Titre;Durée\nSemer;2h\n{break_};2h\nArroser;2h\n") == ["Semer", "Arroser"]


def test_a_break_is_one_though_it_stands_beside_a_title_that_goes_on() -> None:
    text = (
        "Date,Module,Readings\n2026-03-02,Garden,A book\n"
        "2026-03-09,Garden,Spring break (no class)\n"
    )
    assert [one.starts for one in sections(text)] == [date(2026, 3, 2)]
    assert left_out(text)[-1] == "outline-row-break {'line': 3, 'words': 'Spring break (no class)'}"


def test_a_reading_about_holidays_is_no_break() -> None:
    text = "Titre;Lectures\nSemer;Un livre\nLire;Vacances à la ferme, chapitre 2, et ce qui suit\n"
    assert titles(text) == ["Semer", "Lire"]


@pytest.mark.parametrize(
    ("column", "minutes"),
    [
        ("1 2 2", [0, 0, 0]),
        ("3 7 7", [0, 0, 0]),
        ("1,5 2 3", [90, 120, 180]),
        ("2h 3 2", [120, 180, 120]),
        ("5 30 60", [5, 30, 60]),
        ("2min 3 4", [2, 3, 4]),
    ],
)
def test_small_numbers_are_hours_or_minutes_only_where_something_says_which(
    column: str, minutes: list[int]
) -> None:
    cells = column.split()
    text = "Titre;Durée\n" + "".join(f"Partie {'abc'[n]}x;{c}\n" for n, c in enumerate(cells))
    assert [one.minutes for one in sections(text)] == minutes
    told = ["outline-durations-unclear {'heading': 'Durée'}"] if not any(minutes) else []
    assert left_out(text) == told


def test_whoever_says_the_unit_of_small_numbers_has_them() -> None:
    text = "Titre;Durée\nSemer;2\nArroser;3\n"
    assert [one.minutes for one in sections(text, Corrections(unit="h"))] == [120, 180]
    assert reading(text, Corrections(unit="h")).left_out == ()


@pytest.mark.parametrize(
    "text",
    [
        "Day,Month,Topic\n30,Mar,Sowing\n1,Apr,Water\n",
        "Jour;Mois;Année;Thème\n30;3;2026;Semer\n1;4;;Arroser\n",
        "Mois;Jour;Thème\nmars;30;Semer\navril;1;Arroser\n",
    ],
)
def test_a_day_whose_parts_stand_apart_is_one_day(text: str) -> None:
    assert [one.starts for one in sections(text)] == [date(2026, 3, 30), date(2026, 4, 1)]
    assert left_out(text) == []


def test_a_month_holds_for_the_rows_below_it() -> None:
    text = "Mois;Jour;Thème\nmars;2;Semer\n;9;Arroser\navril;6;Tailler\n"
    assert [one.starts and one.starts.month for one in sections(text)] == [3, 3, 4]


def test_days_that_stand_side_by_side_are_sections_with_their_hours() -> None:
    text = "Horaire;Jour 1;Jour 2\n9h-12h;Semer des graines;Arroser\n14h-17h;Tracer;Tailler\n"
    found = sections(text)
    assert [(one.title, one.text) for one in found] == [
        ("Jour 1", "9h-12h Semer des graines\n14h-17h Tracer"),
        ("Jour 2", "9h-12h Arroser\n14h-17h Tailler"),
    ]
    assert left_out(text) == ["outline-turned {'headings': ['Jour 1', 'Jour 2']}"]


def test_a_turned_timetable_is_in_the_language_of_its_own_words() -> None:
    text = "Time,Day 1,Day 2\n9:00,Sow the seeds in the bed,Water\n14:00,Look at the plan,Prune\n"
    found = reading(text).outline
    assert found is not None and found.language == "en"


def test_days_side_by_side_may_say_their_date() -> None:
    text = ";Lundi 2 mars;Mardi 3 mars\nmatin;Semer;Arroser\naprès-midi;Tracer;Tailler\n"
    assert [one.starts for one in sections(text)] == [date(2026, 3, 2), date(2026, 3, 3)]


def test_a_table_of_titles_is_no_timetable_though_weeks_stand_over_marks() -> None:
    text = "Titre;Semaine 1;Semaine 2\nSemer;x;\nArroser;;x\n"
    assert titles(text) == ["Semer", "Arroser"]


def test_a_title_that_only_names_its_week_is_of_that_week() -> None:
    text = "Titre;Contenu\nSemaine 2;Semer des graines\nSemaine 4;Arroser les plants\n"
    assert [(one.week, one.title) for one in sections(text)] == [(2, "Semaine 2"), (4, "Semaine 4")]


def test_notes_without_end_above_a_table_are_read_up_to_a_limit() -> None:
    assert len(reading("# a\n" * 3_000 + "Titre\nSemer\n").left_out) < 3_000
