"""What the pages for teachers set in bold stands on our pages, in the language of the page."""

from __future__ import annotations

import re

import pytest

from tests.papers import read
from web.words.catalogues import written

LEAD = re.compile(r"[.?:]$")
"""How the first words of a paragraph end, which are bold too."""


@pytest.mark.parametrize(("page", "language"), [("teacher.md", "en"), ("teacher.fr.md", "fr")])
def test_the_words_of_ours_that_a_teacher_looks_for_are_on_our_pages(
    page: str, language: str
) -> None:
    bold = re.findall(r"\*\*(.+?)\*\*", read(f"docs/lms/{page}").replace("\n   ", " "))
    ours = {words for words in bold if not LEAD.search(words.replace("\u202f", " "))}
    said = {plain(text) for text in known(language)} | {"Relecture"}
    assert len(ours) > 8
    assert sorted(plain(words) for words in ours if plain(words) not in said) == []


def known(language: str) -> list[str]:
    """Every text of our pages in that language."""
    messages = (one for one in written("fr") if isinstance(one.id, str) and one.id)
    return [str(one.string if language == "fr" else one.id) for one in messages]


def plain(text: str) -> str:
    """With plain spaces alone, so that the space before a colon is no matter."""
    return re.sub(r"\s+", " ", text)
