"""Lists of people in the shapes in which people keep them, each with its right outcome."""

from __future__ import annotations

import pytest

from engine.people.lists import read_people

ANNE = ("anne.exemple@example.org", "Anne Exemple", "Nord")
BRUNO = ("bruno.essai@example.org", "Bruno d’Essai", "Sud")

LISTS: dict[str, tuple[bytes, list[tuple[str, str, str]]]] = {
    "two rows of headings": (
        "Agent;;Contact;Affectation\n"
        "Nom;Prénom;Courriel;Groupe\n"
        "EXEMPLE;Anne;anne.exemple@example.org;Nord\n"
        "d’ESSAI;Bruno;bruno.essai@example.org;Sud\n".encode(),
        [ANNE, BRUNO],
    ),
    "last and first name in one column": (
        "NOM Prénom;Mail;Groupe\n"
        "EXEMPLE Anne;anne.exemple@example.org;Nord\n"
        "d’ESSAI Bruno;bruno.essai@example.org;Sud\n".encode(),
        [ANNE, BRUNO],
    ),
    "semicolons and quotation marks": (
        '"Nom";"Prénom";"Courriel";"Groupe"\r\n'
        '"EXEMPLE";"Anne";"anne.exemple@example.org";"Nord"\r\n'
        '"d’ESSAI";"Bruno";"bruno.essai@example.org";"Sud"\r\n'.encode(),
        [ANNE, BRUNO],
    ),
    "what Outlook copies, over several lines": (
        "EXEMPLE Anne <anne.exemple@example.org>;\r\n"
        ' "d’Essai, Bruno"\r\n <bruno.essai@example.org>;\r\n'.encode(),
        [(*ANNE[:2], ""), (*BRUNO[:2], "")],
    ),
    "capitals throughout": (
        "NOM;PRENOM;COURRIEL;GROUPE\n"
        "EXEMPLE;ANNE;ANNE.EXEMPLE@EXAMPLE.ORG;Nord\n"
        "D’ESSAI;BRUNO;BRUNO.ESSAI@EXAMPLE.ORG;Sud\n".encode(),
        [ANNE, BRUNO],
    ),
    "the same person twice, in other letters": (
        "Courriel;Nom complet;Groupe\n"
        "anne.exemple@example.org;Anne Exemple;\n"
        "bruno.essai@example.org;Bruno d’Essai;Sud\n"
        "Anne.Exemple@Example.org;Anne EXEMPLE;Nord\n".encode(),
        [ANNE, BRUNO],
    ),
    "accents of Windows": (
        "Nom;Prénom;Mél;Équipe\r\nÉxemple;Zoé;zoe@example.org;Île-d’Yeu\r\n".encode("cp1252"),
        [("zoe@example.org", "Zoé Éxemple", "Île-d’Yeu")],
    ),
    "a hidden mark at the beginning": (
        b"\xef\xbb\xbf"
        + "Courriel,Nom,Prénom,Groupe\nanne.exemple@example.org,Exemple,Anne,Nord\n".encode(),
        [ANNE],
    ),
    "the group in the last column": (
        "N°;Civilité;Nom d’usage;Prénom;Service;Adresse de messagerie;Promotion\n"
        "1;Mme;EXEMPLE;Anne;DDT;anne.exemple@example.org;Nord\n"
        "2;M.;d’ESSAI;Bruno;DRH;bruno.essai@example.org;Sud\n".encode(),
        [ANNE, BRUNO],
    ),
    "telephone numbers beside": (
        "Nom\tPrénom\tTéléphone\tCourriel\tPortable\tGroupe\n"
        "Exemple\tAnne\t01 23 45 67 89\tanne.exemple@example.org\t+33 6 12 34 56 78\tNord\n"
        "d’Essai\tBruno\t\tbruno.essai@example.org\t0612345678\tSud\n".encode(),
        [ANNE, BRUNO],
    ),
    "two addresses in one cell": (
        "Nom;Prénom;Courriel;Groupe\n"
        "Exemple;Anne;anne.exemple@example.org / a.exemple@example.net;Nord\n".encode(),
        [ANNE],
    ),
}


@pytest.mark.parametrize("shape", LISTS)
def test_a_list_is_read_as_it_is_kept(shape: str) -> None:
    data, people = LISTS[shape]
    assert [(one.email, one.name, one.group) for one in read_people(data).people] == people
