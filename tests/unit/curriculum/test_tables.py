"""A course kept as a table: whatever the program, the language and the headings; what is left out
is said, with its line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum import archives
from engine.curriculum.outline import Audience, Section
from engine.curriculum.read import Hints, read, read_outline
from engine.curriculum.reading import Corrections, Reading
from engine.curriculum.reasons import CellUnread
from engine.curriculum.vocabulary import Field
from engine.sheets.grid import MAX_COLUMNS
from engine.sheets.reasons import LettersUnclear, OtherFile
from engine.values.lines import one_line
from tests.unit.sheets import files

ABOUT = "# titre: Tenir un budget\n# langue: fr\n# effectif: 12\n# maturité: 2\n"
TABLE = (
    "Titre;Début;Durée;Étiquettes;Texte\nL’équipe;12/01/2027;45;équipe, budget;Deux lignes\nLa "
    "caisse;2027-01-19;;;\n"
)
TODAY = Hints("fr", date(2026, 1, 10))


def reading(text: str, corrections: Corrections | None = None) -> Reading:
    return read(text.encode(), "c.csv", corrections or Corrections(), TODAY)


def sections(text: str, corrections: Corrections | None = None) -> tuple[Section, ...]:
    found = reading(text, corrections).outline
    assert found is not None
    return found.sections


def left_out(text: str) -> list[str]:
    return [str(reason) for reason in reading(text).left_out]


def fields(text: str) -> dict[str, str]:
    return {column.heading: column.field for column in reading(text).columns}


def test_headings_and_lines_on_top_may_be_french() -> None:
    course = read_outline((ABOUT + TABLE).encode(), "c.csv")
    assert (course.id, course.title, course.audience) == (
        "tenir-un-budget",
        "Tenir un budget",
        Audience("fr", 12, "either", 2),
    )
    assert course.sections == (
        Section(
            "l-equipe",
            "L’équipe",
            "Deux lignes",
            starts=date(2027, 1, 12),
            minutes=45,
            tags=("équipe", "budget"),
        ),
        Section("la-caisse", "La caisse", starts=date(2027, 1, 19)),
    )


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_change_nothing(encoding: str, ending: str) -> None:
    data = (ABOUT + TABLE).replace("\n", ending).encode(encoding)
    assert read_outline(data, "c.csv") == read_outline((ABOUT + TABLE).encode(), "c.csv")


@pytest.mark.parametrize("delimiter", [",", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    table = TABLE.replace("équipe, budget", '"équipe; budget"').replace(";", delimiter)
    table = table.replace(f'"équipe{delimiter} budget"', '"équipe; budget"')
    assert read_outline((ABOUT + table).encode(), "c.csv") == read_outline(
        (ABOUT + TABLE).encode(), "c.csv"
    )


def test_the_file_name_is_the_title_of_last_resort() -> None:
    course = read_outline(b"# language: en\n# group: 30\ntitle\nOne\n", "sent/Spring course.csv")
    assert (course.id, course.title, course.audience) == (
        "spring-course",
        "Spring course",
        Audience("en", 30),
    )


def test_section_heads_the_titles_when_nothing_else_does() -> None:
    assert sections("# language: en\nsection;week\nFirst steps;3\n") == (
        Section("first-steps", "First steps", week=3),
    )


def test_headings_may_stand_below_titles_and_blank_lines() -> None:
    text = (
        "Formation « Animer un jardin »;;;\nResponsable : M. Exemple;;;\n;;;\n"
        "N°;Date;Intitulé de la séance;Durée\n1;03/04/2026;Semer;3h\n2;10/04/2026;Arroser;2h30\n"
    )
    found = reading(text)
    assert found.outline is not None and found.heading == 4
    assert found.outline.title == "Formation « Animer un jardin »"
    assert [(s.title, s.starts, s.minutes) for s in found.outline.sections] == [
        ("Semer", date(2026, 4, 3), 180),
        ("Arroser", date(2026, 4, 10), 150),
    ]
    assert "outline-line-above {'line': 2, 'words': 'Responsable: M. Exemple'}" in left_out(text)


def test_two_cells_above_the_headings_are_a_name_and_a_value() -> None:
    text = "Formation;Animer un jardin\nLangue;anglais\nTitre;Durée\nSemer;2h\n"
    found = reading(text).outline
    assert found is not None and (found.title, found.language) == ("Animer un jardin", "en")


@pytest.mark.parametrize(
    ("headings", "wanted"),
    [
        ("Séance;Date;Thème;Objectifs", ("number", "starts", "title", "text")),
        ("Semaine;Date de début;Date de fin;Sujet", ("week", "starts", "ends", "title")),
        ("Sem.;Du;Au;Titre de la séance", ("week", "starts", "ends", "title")),
        (
            "N° séance;Quand;Thématique abordée;Volume horaire",
            ("number", "starts", "title", "minutes"),
        ),
        ("Week;Date;Lecture topic;Duration (min)", ("week", "starts", "title", "minutes")),
        ("Wk;Class date;Topic;Learning objectives", ("week", "starts", "title", "text")),
        ("Week;Date;Module;Hours", ("week", "starts", "title", "minutes")),
    ],
)
def test_columns_are_known_by_what_teachers_write_over_them(
    headings: str, wanted: tuple[str, ...]
) -> None:
    values = {
        "number": "1",
        "week": "2",
        "starts": "03/04/2026",
        "ends": "05/04/2026",
        "minutes": "3",
        "title": "Semer",
        "text": "Choisir des graines",
    }
    row = ";".join(values[field] for field in wanted)
    assert tuple(fields(f"{headings}\n{row}\n").values()) == wanted


def test_what_cells_hold_has_the_last_word() -> None:
    assert fields("Séance;Durée\nSemer des graines;2h\nArroser;1h\n")["Séance"] == "title"
    assert fields("Semaine;Titre\n06/04/2026;Semer\n13/04/2026;Arroser\n")["Semaine"] == "starts"
    assert fields("Quoi;Titre\nS1;Semer\nS2;Arroser\n")["Quoi"] == "week"
    assert fields("Horaire;Titre\n9h-12h;Semer\n14h-16h30;Arroser\n")["Horaire"] == "minutes"
    assert fields("Heure;Titre\n9h00;Semer\n14h00;Arroser\n")["Heure"] == ""


def test_columns_that_say_nothing_of_a_course_refuse_nothing_and_are_said() -> None:
    text = "Type;Titre;Lectures;Remarques\nCours;Semer;Chapitre 2;\nTD;Arroser;;à confirmer\n"
    assert [section.title for section in sections(text)] == ["Semer", "Arroser"]
    assert [line.split("'heading': ")[1] for line in left_out(text)] == [
        "'Type', 'near': ''}",
        "'Lectures', 'near': ''}",
        "'Remarques', 'near': ''}",
    ]


def test_titles_that_nothing_heads_are_guessed_from_the_cells_and_said_to_be() -> None:
    text = (
        "Section;Type de section;Compétence (id);Compétence (formulation);Durée (min)\n"
        "S1;Accueil;;;5\nS2;Atelier;C1;Semer;30\nS3;Atelier;C2;Arroser;[ ]\n"
    )
    assert [(s.title, s.minutes) for s in sections(text)] == [
        ("Accueil", 5),
        ("Atelier — Semer", 30),
        ("Atelier — Arroser", 0),
    ]
    assert "outline-titles-guessed" in left_out(text)[0]


def test_several_columns_of_words_are_one_text_each_under_its_heading() -> None:
    text = "Titre;Objectifs;Contenu\nSemer;Choisir;Graines et plants\nArroser;;Eau\n"
    assert [section.text for section in sections(text)] == [
        "Objectifs : Choisir\nContenu : Graines et plants",
        "Contenu : Eau",
    ]


def test_a_week_holds_until_the_next_one_is_named() -> None:
    text = "Semaine;Titre\n1;Semer\n;Arroser\nSemaine 2;Tailler\nS3-4;Récolter\n"
    assert [section.week for section in sections(text)] == [1, 1, 2, 3]


def test_a_day_holds_for_the_empty_cells_before_the_next() -> None:
    text = "Date;Titre\n3/04/2026;Semer\n;Arroser\n10/04/2026;Tailler\n;Récolter\n"
    assert [section.starts for section in sections(text)] == [
        date(2026, 4, 3),
        date(2026, 4, 3),
        date(2026, 4, 10),
        None,
    ]


def test_names_of_rows_that_no_heading_heads_move_no_column() -> None:
    text = '"Topic" "Week"\n"1" "Sowing" "1"\n"2" "Water" "2"\n'
    assert [(s.title, s.week) for s in sections(text)] == [("Sowing", 1), ("Water", 2)]


def test_a_row_of_a_week_alone_holds_for_the_rows_below() -> None:
    text = "N°;Titre;Durée\nSemaine 1;;\n1;Semer;2h\n2;Arroser;1h\nSemaine 2;;\n3;Tailler;2h\n"
    assert [(s.week, s.title) for s in sections(text)] == [
        (1, "Semer"),
        (1, "Arroser"),
        (2, "Tailler"),
    ]


def test_a_week_before_a_title_is_taken_off_it() -> None:
    assert [(s.week, s.title) for s in sections("Titre\nSemaine 2 — Semer\nS3 : Arroser\n")] == [
        (2, "Semer"),
        (3, "Arroser"),
    ]


def test_weeks_that_begin_at_nought_are_counted_from_one() -> None:
    text = "Week;Title\n0;Welcome\n1;Sowing\n"
    assert [section.week for section in sections(text)] == [1, 2]
    assert left_out(text) == ["outline-weeks-from-zero"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2;VACANCES — pas de cours;", "outline-row-break"),
        ("2;Vacances de printemps;", "outline-row-break"),
        ("2;Lundi de Pâques (férié);", "outline-row-break"),
        ("2;Spring break;", "outline-row-break"),
        ("2;No class;", "outline-row-break"),
        ("VACANCES;;", "outline-row-break"),
        ("Total;;5h", "outline-row-total"),
        ("TOTAL GÉNÉRAL;;12", "outline-row-total"),
        ("Semaine;Titre;Durée", "outline-row-heading"),
        ("Bloc 2;;", "outline-row-band"),
        ("2;;1h", "outline-row-untitled"),
    ],
)
def test_a_row_that_is_no_section_is_left_out_and_said(row: str, why: str) -> None:
    text = f"Semaine;Titre;Durée\n1;Semer;2h\n{row}\n3;Arroser;1h\n"
    assert [(s.week, s.title) for s in sections(text)][:1] == [(1, "Semer")]
    assert [s.title for s in sections(text)] == ["Semer", "Arroser"]
    assert [line.split(" ")[0] for line in left_out(text)] == [why]
    assert "'line': 3" in left_out(text)[0]


def test_a_course_about_holidays_is_a_course() -> None:
    text = "Titre;Durée\nVacances apprenantes : monter un séjour;2h\nSemer;1h\n"
    assert len(sections(text)) == 2


def test_a_cell_that_cannot_be_read_is_left_empty_and_said() -> None:
    text = "Titre;Semaine;Durée\nSemer;1;2h\nArroser;x;bientôt\nTailler;3;1h\n"
    assert [(s.week, s.minutes) for s in sections(text)] == [(1, 120), (None, 0), (3, 60)]
    assert reading(text).left_out == (
        CellUnread(3, "x", "week", "Semaine"),
        CellUnread(3, "bientôt", "minutes", "Durée"),
    )


def test_words_without_a_title_go_on_with_the_section_above() -> None:
    text = "Semaine;Titre;Contenu\n1;Semer;Graines\n;;Plants\n2;Arroser;Eau\n"
    assert [section.text for section in sections(text)] == ["Graines\nPlants", "Eau"]


def test_a_title_that_goes_on_for_ever_is_whole_in_the_text() -> None:
    [section] = sections(f"Titre;Semaine\n{'mot ' * 80};1\n")
    assert len(section.title) <= 200 and section.text == ("mot " * 80).strip()


def test_what_a_web_page_adds_to_words_is_taken_off() -> None:
    text = 'Date,Topic\n3-Apr,[Sowing](/sow)\n10-Apr,"<a href=""x"">Water</a> &amp; **more**"\n'
    assert [section.title for section in sections(text)] == ["Sowing", "Water & more"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title;tittle\nA;1\n", "{'heading': 'tittle', 'near': 'title'}"),
        ("titre;texte;titel\nA;x;1\n", "{'heading': 'titel', 'near': 'titre'}"),
        ("# langue: fr\n# idntifiant: x\ntitre\nA\n", "'line': 2, 'words': 'idntifiant: x'"),
        ("title;sommaine\nA;1\n", "'near': 'semaine'"),
        ("title;titre\nA;B\n", "sheet-column-unused {'heading': 'titre', 'near': ''}"),
        ("title;week\n\nA;1\nB;x\n", "outline-cell-unread {'line': 4, 'words': 'x'"),
        ("title,text\nA,one, two\n", "sheet-column-unnamed {'number': 3}"),
        ('title;text\nA;"never closed\nB;c\n', "sheet-quotation {'line': 2}"),
        ("title;text\nB;c\n;\n;x\n", ""),
        ("# maturity: 9\ntitle\nA\n", "outline-setting-unread {'line': 1, 'words': '9'"),
        ("# langue: volapük\ntitle\nA\n", "outline-setting-unread {'line': 1"),
        ("titre;début\nA;31/02/2026\nB;01/03/2026\n", "outline-day-unclear {'line': 2"),
        ("titre;début;fin\nA;05/02/2026;01/02/2026\n", "{'line': 2, 'words': '01/02/2026'"),
    ],
)
def test_what_is_not_taken_is_told_with_its_line(text: str, told: str) -> None:
    assert reading(text).outline is not None
    assert any(told in line for line in left_out(text)) or not told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("texte;semaine\nx;1\n", "outline-no-titles"),
        ("title;week\n", "outline-no-sections"),
        ("title\n", "outline-no-sections"),
        ("", "sheet-empty"),
        ("Nom;Prénom;Courriel\nExemple;Anne;anne@example.org\n", "outline-people"),
        ("titre\n" + "A\n" * 501, "outline-too-many {'most': 500}"),
    ],
)
def test_what_is_no_outline_is_refused_for_one_reason(text: str, why: str) -> None:
    found = reading(text)
    assert found.outline is None and str(found.refused) == why


def test_letters_that_may_be_others_are_refused_rather_than_imported() -> None:
    data = "# langue: fr\rsemaine;titre\r1;Łączyć się\r".encode("cp1250")
    assert isinstance(read(data, "c.csv").refused, LettersUnclear)


def test_a_file_that_is_no_table_is_called_by_what_it_is() -> None:
    for kind, some in files.KINDS.items():
        if kind not in archives.WANTED:
            assert read(some[0], "plan.csv").refused == OtherFile(kind)


def test_what_a_person_corrects_is_read_again_as_they_say() -> None:
    text = "Plan du jardin\nquoi;combien;où\nSemer;2;serre\nArroser;1;cour\n"
    columns: Mapping[int, Field] = {0: "title", 1: "minutes", 2: "text"}
    said = Corrections(columns=columns, heading=2, unit="h", language="fr", title="Jardin")
    found = reading(text, said).outline
    assert found is not None and (found.id, found.title) == ("jardin", "Jardin")
    assert [(s.title, s.minutes, s.text) for s in found.sections] == [
        ("Semer", 120, "serre"),
        ("Arroser", 60, "cour"),
    ]


def test_a_column_is_left_out_when_a_person_says_so() -> None:
    said = Corrections(columns={1: ""})
    assert sections("Titre;Durée\nSemer;2h\n", said) == (Section("semer", "Semer"),)


def test_a_workbook_is_read_as_a_table_its_best_sheet_first() -> None:
    notes: files.Grid = [["À lire", None], ["Ce classeur est provisoire", None]]
    plan: files.Grid = [
        ["Semaine", "Titre", "Date", "Durée"],
        [1, "Semer", date(2026, 4, 3), timedelta(hours=1, minutes=30)],
        [None, "Arroser", date(2026, 4, 5), timedelta(hours=2)],
        [2, "Tailler", date(2026, 4, 10), 45],
    ]
    for data in (files.xlsx(notes, plan), files.ods(notes, plan)):
        found = read(data, "plan.xlsx")
        assert found.sheet == "Feuille 2" and found.sheets == ("Feuille 1", "Feuille 2")
        assert found.outline is not None
        assert [(s.week, s.title, s.starts, s.minutes) for s in found.outline.sections] == [
            (1, "Semer", date(2026, 4, 3), 90),
            (1, "Arroser", date(2026, 4, 5), 120),
            (2, "Tailler", date(2026, 4, 10), 45),
        ]


def test_a_person_chooses_another_sheet() -> None:
    first: files.Grid = [["Semaine", "Titre"], [1, "Semer"], [2, "Arroser"]]
    second: files.Grid = [["Titre"], ["Tailler"]]
    said = Corrections(sheet="Feuille 2")
    found = read(files.xlsx(first, second), "plan.xlsx", said).outline
    assert found is not None and [s.title for s in found.sections] == ["Tailler"]


def test_the_language_is_said_or_that_of_the_headings_or_of_the_words() -> None:
    assert read_outline(b"# langue: en\ntitre\nSemer\n", "c.csv").language == "en"
    assert read_outline(b"titre;semaine\nSowing;1\n", "c.csv").language == "fr"
    english = b"description;section\nThe art of sowing in the spring;A\n"
    assert read_outline(english, "c.csv").language == "en"
    found = read(b"section;id\nAbc;a\n", "c.csv", hints=Hints("en")).outline
    assert found is not None and found.language == "en"


@pytest.mark.parametrize(
    "line", ["# {}x", "# a{}b", "#{}:", "# :{}x", "# x:{}:", "#{};x", '"{}";x']
)
def test_lines_on_top_of_any_length_are_read_in_one_go(line: str) -> None:
    text = f"# langue: fr\n{line.format(' ' * 400_000)}\ntitre\nA\n"
    assert reading(text).source.encoding == "utf-8"


def test_a_table_of_nothing_but_unknown_names_is_told_in_one_go() -> None:
    """Where each was compared with all others, this took minutes."""
    unknown = "".join(f"# langage {number}: x\n" for number in range(500))
    heads = ";".join(f"zz{number}" for number in range(8_000))
    told = left_out(f"{unknown}titre;{heads}\nA\n")
    assert len(told) == 500 + MAX_COLUMNS - 1


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(st.text("abé \"';,\t\nZ", min_size=1), st.text('xé";,\n')),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    rows: list[tuple[str, str]], delimiter: str, encoding: str
) -> None:
    rows = [(f"T{number} {title}", text) for number, (title, text) in enumerate(rows)]
    quoted = (
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in [("title", "text"), *rows]
    )
    course = read_outline("\n".join(("# langue: fr", *quoted)).encode(encoding), "c.csv")
    assert [section.title for section in course.sections] == [
        one_line(title).strip() for title, _text in rows
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=80)
    | st.text('title;,"\n#:a 1é|-', max_size=80).map(str.encode)
    | st.text("semaine titre\n;12/h-# é", max_size=80).map(str.encode),
    st.sampled_from(["c.csv", "c.md", "c.yml", "", "c.xlsx"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    found = read(data, name)
    assert (found.outline is None) == (found.refused is not None)
