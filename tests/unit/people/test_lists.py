"""Lists of people as others keep them: who is on them, and who was left out and why."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.people.lists import MAX_PEOPLE, PeopleCorrections, PeopleReading, read_people
from engine.people.reasons import NobodyFound, PersonTwice
from engine.sheets.reasons import OtherFile
from tests.unit.sheets import files


def people(text: str) -> list[tuple[str, str]]:
    return [(person.name, person.email) for person in read_people(text.encode()).people]


def left_out(reading: PeopleReading) -> list[str]:
    return [str(reason) for reason in reading.left_out]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
def test_a_sheet_is_read_whatever_its_order_its_capitals_and_its_encoding(encoding: str) -> None:
    text = (
        "Groupe;NOM;Prénom;Adresse de courriel;Territoire\r\n"
        "A;EXEMPLE;Anne-Laure;ANNE@EXAMPLE.ORG;Guyane\r\n"
        "B;d’Essai;ZOÉ;zoe@example.org ;Île d’Yeu\r\n"
    )
    found = read_people(text.encode(encoding)).people
    assert [(p.line, p.email, p.name, p.group, p.territory) for p in found] == [
        (2, "anne@example.org", "Anne-Laure Exemple", "A", "Guyane"),
        (3, "zoe@example.org", "Zoé d’Essai", "B", "Île d’Yeu"),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "Nom de famille;Prénom;Courriel",
        "Last name;First name;Email",
        "Surname;Given name;E-mail address",
        "NOM;PRENOM;MAIL",
        "Nom;Prénom(s);Adresse électronique",
        "Nom d'usage;Prénom;Mél",
    ],
)
def test_headings_are_those_that_people_write(headings: str) -> None:
    assert people(f"{headings}\nExemple;Anne;anne@example.org\n") == [
        ("Anne Exemple", "anne@example.org")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Anne Exemple <anne@example.org>; Exemple, Bruno <bruno@example.org>",
        'Anne Exemple <anne@example.org>, "EXEMPLE, Bruno" <bruno@example.org>',
        "À : 'Anne Exemple' <anne@example.org>;\n'Exemple, Bruno' <bruno@example.org>;\n",
        "Anne Exemple anne@example.org\nEXEMPLE Bruno bruno@example.org\n",
        "Anne Exemple (DDT) <mailto:anne@example.org>\nBruno EXEMPLE <bruno@example.org>\n",
        "Nom et prénom\tCourriel\nExemple Anne\tanne@example.org\nEXEMPLE BRUNO\tbruno@example.org",
        "Anne;EXEMPLE;anne@example.org\nBruno;EXEMPLE;bruno@example.org\n",
        "Participant,Email\nAnne Exemple,anne@example.org\nBruno Exemple,bruno@example.org\n",
    ],
)
def test_names_are_kept_the_first_name_first(text: str) -> None:
    assert people(text) == [
        ("Anne Exemple", "anne@example.org"),
        ("Bruno Exemple", "bruno@example.org"),
    ]


@pytest.mark.parametrize(
    "text", ["a@x.org, b@x.org; c@x.org", "a@x.org\nb@x.org\n\nc@x.org", "a@x.org b@x.org c@x.org"]
)
def test_bare_addresses_are_people_without_a_name(text: str) -> None:
    assert people(text) == [("", "a@x.org"), ("", "b@x.org"), ("", "c@x.org")]


def test_an_address_counts_once_in_any_case_and_keeps_what_each_row_says() -> None:
    found = read_people(b"email;nom;groupe\nA@x.org;;\nb@x.org;B;\na@X.ORG;Anne;G\n")
    assert [(p.email, p.name, p.group) for p in found.people] == [
        ("a@x.org", "Anne", "G"),
        ("b@x.org", "B", ""),
    ]
    assert found.left_out == (PersonTwice(4, "a@x.org", 2),)


def test_the_good_ones_never_wait_for_the_bad_ones() -> None:
    text = "Courriel;Nom;Fonction\nanne@x.org;Anne;x\nbruno@;B;y\n;Zoé;z\nécole@x.org;É;\n;;\n"
    found = read_people(text.encode())
    assert [person.email for person in found.people] == ["anne@x.org"]
    assert left_out(found) == [
        "sheet-column-unused {'heading': 'Fonction', 'near': ''}",
        "person-address {'line': 3, 'email': 'bruno@'}",
        "person-without-address {'line': 4, 'words': 'Zoé z'}",
        "person-address {'line': 5, 'email': 'école@x.org'}",
    ]


def test_words_without_an_address_between_others_are_said() -> None:
    found = read_people("Anne <a@x.org>; Zoé; Bruno\nb@x.org\nfin".encode())
    assert [person.email for person in found.people] == ["a@x.org", "b@x.org"]
    assert left_out(found) == [
        "person-without-address {'line': 1, 'words': 'Zoé'}",
        "person-without-address {'line': 1, 'words': 'Bruno'}",
        "person-without-address {'line': 3, 'words': 'fin'}",
    ]


def test_a_workbook_is_a_list_too() -> None:
    grid: files.Grid = [
        ["Liste 2026"],
        [None],
        ["Nom", "Prénom", "Mail"],
        ["Exemple", "Anne", "a@x.org"],
    ]
    for data in (files.xlsx([], grid), files.ods(grid)):
        found = read_people(data)
        assert (found.heading, [person.name for person in found.people]) == (3, ["Anne Exemple"])


def test_where_nobody_is_found_the_reason_is_told() -> None:
    assert read_people(b"titre;semaine\nSemer;1\n").refused == NobodyFound()
    for kind, some in files.KINDS.items():
        assert read_people(some[0]).refused == OtherFile(kind)


def test_a_person_says_which_column_is_what() -> None:
    text = "a;b;c\nExemple;x;anne@example.org\n"
    said = PeopleCorrections(columns={0: "last", 2: "email", 1: "group"}, heading=1)
    [found] = read_people(text.encode(), said).people
    assert (found.name, found.group, found.email) == ("Exemple", "x", "anne@example.org")


def test_more_than_the_most_are_left_out_and_the_first_are_not() -> None:
    text = "Courriel\n" + "".join(f"p{n}@example.org\n" for n in range(MAX_PEOPLE + 5))
    found = read_people(text.encode())
    assert len(found.people) == MAX_PEOPLE
    assert left_out(found) == [
        f"people-too-many {{'line': {MAX_PEOPLE + 2}, 'most': {MAX_PEOPLE}}}"
    ]


@settings(max_examples=200)
@given(st.binary(max_size=80) | st.text('a@x.org<>;,"\n\tNom é', max_size=120).map(str.encode))
def test_any_bytes_are_a_list_or_refused(data: bytes) -> None:
    found = read_people(data)
    assert (not found.people) == (found.refused is not None)
    emails = [person.email for person in found.people]
    assert len(set(emails)) == len(emails)


NAMES = st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8),
    st.sampled_from(sorted(files.DIALECTS)),
    st.permutations(["Nom", "Prénom", "Courriel"]),
)
def test_whoever_is_on_a_list_is_found_in_any_order_of_columns(
    names: list[tuple[str, str]], dialect: str, order: list[str]
) -> None:
    rows = [
        {"Prénom": first, "Nom": last, "Courriel": f"p{n}@example.org"}
        for n, (first, last) in enumerate(names)
    ]
    grid = [order, *([row[name] for name in order] for row in rows)]
    found = read_people(files.delimited(grid, dialect)).people
    assert [(p.name, p.email) for p in found] == [
        (f"{row['Prénom']} {row['Nom']}", row["Courriel"]) for row in rows
    ]
