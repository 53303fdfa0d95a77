"""Words: holes, how many a reader reads, and which ones are hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.rules.hidden import named
from engine.packs.rules.markup import check_markup
from engine.packs.sidecar import Entry
from engine.packs.texts import count_words, fill, holes


def test_holes_are_named_once_in_order_and_filled_when_known() -> None:
    assert holes("{who} a {n} ans, {who}") == ("who", "n")
    assert fill("{who} a {n} ans", {"n": "8"}) == "{who} a 8 ans"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("« L'alliance de dix-huit heures ! »", 4),
        ("38 000 € — 8,5 min", 4),
        ("[un lien](https://exemple.org/a/b)", 2),
        ("![une halle](halle.png)", 2),
        ("**gras** et\n\n> cité", 3),
    ],
)
def test_words_are_counted_as_a_reader_reads_them(text: str, count: int) -> None:
    assert count_words(text) == count


@pytest.mark.parametrize(
    ("text", "lang", "said"),
    [
        ("Les Alliances du bourg", "fr", [("alliance", 4)]),
        ("Une ALLIÂNCE", "fr", [("alliance", 4)]),
        ("Trouver des partenaires, un partenariat", "fr", [("parten", 12), ("parten", 28)]),
        ("l'art de faire  alliance", "fr", [("alliance", 16), ("faire alliance", 9)]),
        ("Boucler le budget", "fr", []),
        ("Le lien", "fr", [("lien", 3)]),
        ("La liane", "fr", []),
        ("Two allies, one linked", "en", [("ally", 4), ("link", 16)]),
    ],
)
def test_hidden_words_are_found_by_spelling_stem_and_beginning(
    text: str, lang: str, said: list[tuple[str, int]]
) -> None:
    hidden = {"fr": ("alliance", "parten", "faire alliance", "lien"), "en": ("ally", "link")}[lang]
    assert named(text, hidden, lang) == said


SIGNS = ["a", "é", "1. ", "\n", "\n\n", " ", "    ", "\t", "---", "===", "***", "_", "*"]
SIGNS += ["> ", "- ", "# ", "<b>", "[a](b)", "![](c.png)", "```", "~~~", "&amp;", "\\", "\u00a0"]


def judged(text: str) -> list[tuple[int, int, str]]:
    faults = check_markup("fr.md", Entry("cover.title", text, 1, 2, None), ())
    return [(fault.line, fault.column, fault.code) for fault in faults]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(SIGNS), max_size=9).map("".join))
def test_prose_that_is_taken_for_plain_holds_nothing_that_a_parser_would_find(text: str) -> None:
    """A link after it makes the parser run whatever the text is."""
    assert judged(text) == judged(f"{text}\n\n[ici](https://exemple.org)")
