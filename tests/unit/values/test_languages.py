"""The languages of pages, packs and courses: named in one place, and spelled where a language has
something of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.values.languages import LANGUAGES, language_of
from web.words.i18n import OWN_NAMES
from web.words.sentences import TERMS

ROOT = Path(__file__).parents[3]
CONTENT = {
    "engine/packs/model.py",
    "web/demo/people.py",
    "web/demo/seed.py",
    "lti/campus/profiles/canvas.py",
    "lti/campus/profiles/moodle.py",
    "web/site/lists.py",
    "web/site/shipped.py",
}
"""What speaks French without choosing: the format of packs, the people of the demo, LMSs in the
practice one, the lists that French spreadsheets open, and the example courses."""


@pytest.mark.parametrize(
    ("said", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("en_GB", "en"), ("EN", "en"), ("de", None), ("", None)],
)
def test_a_locale_means_the_language_it_begins_with_if_it_is_one_of_ours(
    said: str, language: str | None
) -> None:
    assert language_of(said) == language


def test_every_language_has_its_name_and_is_named() -> None:
    assert set(OWN_NAMES) == set(TERMS["languages"]) == set(LANGUAGES)


def test_a_language_is_spelled_only_where_the_guide_sends_who_adds_one() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.partition("### A language")[2].partition("###")[0]
    spelled = {
        str(file.relative_to(ROOT))
        for room in ("engine", "lti", "web")
        for file in (ROOT / room).rglob("*.*")
        if file.suffix in (".py", ".html", ".txt")
        and re.search("""["']fr["']""", file.read_text(encoding="utf-8"))
    }
    assert {file for file in spelled - CONTENT if f"`{file}`" not in section} == set()
