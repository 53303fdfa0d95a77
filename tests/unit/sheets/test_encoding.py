"""Letters: each as it was written, or a refusal; never another one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sheets.encoding import decode
from engine.sheets.reasons import LettersLost, LettersRepaired, LettersUnclear, Unreadable

PLAN = (
    "semaine;titre;texte\n1;Décider à deux;« L’équité, c’est déjà ça » : où ça mène\n"
    "2;Équité – façons d’être;Noël, maïs, naïf, forêt, août, œuvre… 20 €\n"
)
WITHOUT_LIGATURE = PLAN.replace("œ", "oe").replace("€", "euros").replace("…", "...")
"""MS-DOS has neither, nor the apostrophes and dashes of print."""
PLAIN = WITHOUT_LIGATURE.replace("’", "'").replace("–", "-")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", PLAN),
        ("utf-8-sig", PLAN),
        ("utf-16", PLAN),
        ("utf-16-le", PLAN),
        ("utf-16-be", PLAN),
        ("utf-32", PLAN),
        ("cp1252", PLAN),
        ("mac_roman", PLAN),
        ("cp850", PLAIN),
        ("iso-8859-15", PLAIN + "3;Œuvrer au cœur;5 €\n"),
    ],
)
def test_the_same_letters_come_out_of_every_encoding(encoding: str, text: str, ending: str) -> None:
    assert decode(text.replace("\n", ending).encode(encoding))[0] == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("mac_roman", "titre\nDécider à deux\nÉquité\n"),
        ("mac_roman", "titre\nÀ la fin\n"),
        ("mac_roman", "titre\nL’eau\n"),
        ("cp1252", "titre;durée\nécole;2\n"),
        ("cp1252", "Nom;Prénom\nModèle;Zoé\nd’Essai;Loïc\n"),
        ("cp1252", "NOM\nLEFÈVRE\nMÜLLER\nNuñez\nØstergård\n"),
        ("cp850", "titre;durée\nCréer;2\n"),
    ],
)
def test_a_few_letters_are_enough_to_tell_the_encoding(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    "data",
    [
        "Привет, мир: это план курса\n".encode("cp1251"),
        "Καλημέρα κόσμε, αυτό είναι\n".encode("cp1253"),
        "Łódź, Żółć\n".encode("cp1250"),
        b"a\x81\x8d\x8f\x9d b\n",
        "titre\nécole\n".encode("cp1252"),  # or « Ècole » of an old Mac
    ],
)
def test_letters_that_may_be_others_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        decode(data)
    assert isinstance(refused.value.reason, LettersUnclear)


def test_a_refusal_says_on_which_line_the_letters_are() -> None:
    with pytest.raises(Unreadable) as refused:
        decode(b"titre\r\nplain\r\nz\xb3oty\r\n")
    assert refused.value.reason == LettersUnclear(3)


def test_a_letter_that_was_lost_before_is_told_and_not_kept() -> None:
    with pytest.raises(Unreadable) as refused:
        decode("titre\nD\ufffdcider\n".encode())
    assert refused.value.reason == LettersLost(2)


def test_letters_that_were_encoded_twice_are_repaired_and_said() -> None:
    twice = PLAN.replace("à", "a").encode().decode("cp1252").encode()
    text, _encoding, notes = decode(twice)
    assert (text, notes) == (PLAN.replace("à", "a"), (LettersRepaired(),))


def test_an_encoding_that_somebody_chose_is_taken() -> None:
    data = "Kępa".encode("cp1250")
    assert decode(b"caf\xe9", "cp850")[0] == "cafÚ"
    with pytest.raises(Unreadable):
        decode(data, "utf-8")


WORDS = re.findall(
    r"\S+",
    "Équité école être Être où à À façon Ça noël Noël maïs île Île août forêt là déjà créé CRÉÉ "
    "LEFÈVRE Zoé d’été l’Île «Ensemble» œuvre lieu projet budget 2026 B12 Côte âge Âge reçu",
)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=20),
    st.sampled_from(
        [(e, n) for e in ("cp1252", "mac_roman", "utf-8", "utf-16") for n in ("\n", "\r\n", "\r")]
        + [("cp850", "\r\n")]
    ),
)
def test_french_words_come_out_as_they_went_in_or_not_at_all(
    words: list[str], written: tuple[str, str]
) -> None:
    encoding, ending = written
    text = "titre\n" + "\n".join(words) + "\n"
    try:
        read = decode(text.replace("\n", ending).encode(encoding, "ignore"))[0]
    except Unreadable:
        return
    assert read == text.encode(encoding, "ignore").decode(encoding)


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decode(data)
    except Unreadable as refused:
        assert refused.reason
