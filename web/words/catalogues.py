"""Keeps the French catalogue in step with the code: ``python -m web.words.catalogues`` adds new
messages and drops unused ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from engine.values.languages import LANGUAGES
from web.words.i18n import TRANSLATIONS

CODE = Path(__file__).parents[1]
METHODS = [
    ("cli/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = DEFAULT_KEYWORDS | {"_n": (1, 2)}


def extracted() -> Catalog:
    """Every message that pages, mails and reasons use, with the places where it is used."""
    found = Catalog(project="Relecture", charset="utf-8", fuzzy=False)
    options = {"**.html": {"trimmed": "true"}}
    for file, _line, message, _comments, context in extract_from_dir(
        CODE, METHODS, options, KEYWORDS
    ):
        found.add(message, None, [(f"web/{file}", 0)], context=context)
    return found


def written(language: str) -> Catalog:
    """The catalogue of a language, as stored in its file; an empty one if there is none yet."""
    if not _file(language).exists():
        _file(language).parent.mkdir(parents=True)
        return Catalog(locale=language, project="Relecture", charset="utf-8", fuzzy=False)
    with _file(language).open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> None:
    """Updates a language's file from the code: new messages are added empty, unused ones
    removed."""
    catalogue = written(language)
    since = catalogue.creation_date
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.creation_date = since  # else the file changes whenever this runs
    with _file(language).open("wb") as file:
        write_po(
            file, catalogue, width=130, no_location=True, sort_output=True, ignore_obsolete=True
        )


def untranslated(catalogue: Catalog) -> Iterator[str]:
    """The messages that have no translation, or only a fuzzy one."""
    for message in catalogue:
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(said)):
            yield str(message.id)


def _file(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


if __name__ == "__main__":
    for other in LANGUAGES:
        if other != "en":  # which the code is written in
            update(other)
