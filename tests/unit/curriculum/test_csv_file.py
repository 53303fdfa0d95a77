"""A course kept as a table: any spreadsheet's CSV, in French or English, or a refusal that says
where."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum.csv_file import read_csv
from engine.curriculum.outline import Audience, Section
from engine.values.faults import Faults
from engine.values.lines import one_line

ABOUT = "# titre: Tenir un budget\n# langue: fr\n# effectif: 12\n# maturité: 2\n"
TABLE = (
    "Titre;Début;Durée;Étiquettes;Texte\nL’équipe;12/01/2027;45;équipe, budget;Deux lignes\nLa "
    "caisse;2027-01-19;;;\n"
)


def faults(data: bytes) -> list[str]:
    with pytest.raises(Faults) as refused:
        read_csv(data, "c.csv")
    return [str(fault) for fault in refused.value.faults]


def test_headings_and_lines_on_top_may_be_french() -> None:
    course = read_csv((ABOUT + TABLE).encode(), "c.csv")
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
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ends_change_nothing(encoding: str, ending: str) -> None:
    data = (ABOUT + TABLE).replace("\n", ending).encode(encoding)
    assert read_csv(data, "c.csv") == read_csv((ABOUT + TABLE).encode(), "c.csv")


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    table = TABLE.replace("équipe, budget", "équipe|budget").replace(";", delimiter)
    assert read_csv((ABOUT + table).encode(), "c.csv") == read_csv(
        (ABOUT + TABLE).encode(), "c.csv"
    )


def test_the_file_name_is_the_title_of_last_resort() -> None:
    course = read_csv(b"# language: en\n# group: 30\ntitle\nOne\n", "sent/Spring course.csv")
    assert (course.id, course.title, course.audience) == (
        "spring-course",
        "Spring course",
        Audience("en", 30),
    )


def test_cells_between_quotation_marks_hold_delimiters_line_ends_and_quotes() -> None:
    course = read_csv(
        b'# language: en\ntitle,text\n"A, b","He said ""go"".\nThen left."\nC,d\n', "c.csv"
    )
    assert [(s.title, s.text) for s in course.sections] == [
        ("A, b", 'He said "go".\nThen left.'),
        ("C", "d"),
    ]


def test_lines_on_top_survive_a_spreadsheet_that_fills_them_with_delimiters() -> None:
    course = read_csv(
        b'"# title: One, two",,\n# language: en,,\n,,\ntitle,week,\nA,1,\n,,\n', "c.csv"
    )
    assert course.title == "One, two" and len(course.sections) == 1


def test_section_heads_the_titles_when_nothing_else_does() -> None:
    course = read_csv(b"# language: en\nsection;week\nFirst steps;3\n", "c.csv")
    assert course.sections == (Section("first-steps", "First steps", week=3),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title;tittle\nA;1\n", "did you mean “title”?"),
        ("titre;texte;titel\nA;x;1\n", "did you mean “titre”?"),
        ("# langue: fr\n# idntifiant: x\ntitre\nA\n", "did you mean “identifiant”?"),
        (
            "title;sommaine\nA;1\n",
            "c.csv:1:7: “sommaine” is no heading that is known — did you mean “semaine”?",
        ),
        ("title;zzz\nA;1\n", "use one of: id, title, text"),
        ("texte;semaine\nx;1\n", "c.csv:1:1: no column holds the titles of the sections — "),
        ("title;titre\nA;B\n", "says again what another one says"),
        ("title;week\n\nA;1\nB;x\n", "c.csv:4:3: “x” is no whole number from 1 to 520 — "),
        ('title;week\n"A\nB";x\n', "c.csv:3:4: “x” is no whole number"),
        ("title,text\nA,one, two\n", "c.csv:2:7: this row has more cells than the 2 headings — "),
        ('title;text\nA;"never closed\nB;c\n', "c.csv:2:3: this cell opens a quotation mark"),
        ("title;text\n;only text\n", "c.csv:2:1: this section has no title"),
        ("# title: !!!\n# language: fr\ntitle\nA\n", "c.csv:1:1: no id can be made of “!!!”"),
        ("title;week\n", "the course has no section"),
        ("", "the course has no section"),
        (
            "# langage: fr\ntitle\nA\n",
            "c.csv:1:1: “langage” is not known of a course — did you mean “language” or “langue”?",
        ),
        ("# maturity: 9\ntitle\nA\n", "c.csv:1:1: “9” is no whole number from 1 to 4 — "),
    ],
)
def test_a_faulty_table_is_refused_with_where_and_what(text: str, told: str) -> None:
    assert any(told in fault for fault in faults(text.encode()))


def test_all_faults_of_a_table_are_told_at_once() -> None:
    assert len(faults(b"# langue: fr\ntitle;wek;start\n;1;never\nB;1;32/01/2027\n")) == 4


@pytest.mark.parametrize("line", ["# {}x", "# a{}b", "#{}:", "# :{}x", "# x:{}:"])
def test_lines_on_top_of_any_length_are_read_in_one_go(line: str) -> None:
    course = read_csv(f"# langue: fr\n{line.format(' ' * 400_000)}\ntitre\nA\n".encode(), "c.csv")
    assert course.sections == (Section("a", "A"),)


def test_a_table_of_nothing_but_unknown_names_is_told_in_one_go() -> None:
    """Where each was compared with all others, this took minutes."""
    unknown = "".join(f"# langage {number}: x\n" for number in range(8_000))
    assert (
        len(
            faults(
                (unknown + ";".join(f"zz{number}" for number in range(8_000)) + "\nA\n").encode()
            )
        )
        > 8_000
    )


def test_what_is_no_text_or_too_much_of_it_is_refused() -> None:
    assert "no text in an encoding" in faults(b"title\n\x81\x8d\n")[0]
    assert "no text in an encoding" in faults(bytes(range(256)) * 4)[0]
    assert "keep it under 1 MB" in faults(b"x" * 1_000_001)[0]


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(st.text("abé \"';,\t\nZ", min_size=1).filter(str.strip), st.text('xé";,\n')),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(";,\t"),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_what_a_spreadsheet_writes_is_read_back(
    rows: list[tuple[str, str]], delimiter: str, encoding: str
) -> None:
    quoted = (
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in [("title", "text"), *rows]
    )
    course = read_csv("\n".join(("# langue: fr", *quoted)).encode(encoding), "c.csv")
    assert [(s.title, s.text) for s in course.sections] == [
        (one_line(title), text.strip()) for title, text in rows
    ]


@settings(max_examples=100)
@given(st.binary(max_size=80) | st.text('title;,"\n#:a 1é', max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_csv(data, "c.csv")
    except Faults as refused:
        assert refused.faults
