"""Keeps the French catalogue in step with the code: ``python -m web.words.catalogues`` adds new
messages and drops unused ones."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po

from engine.values.languages import LANGUAGES
from web.words.messages import TRANSLATIONS
from web.words.terminal import AS_IT_STANDS, help_messages

CODE = Path(__file__).parents[1]
CLICK = Path(click.__file__).parent
HELPFUL = ("help", "metavar")
"""The arguments of ``option`` and ``argument`` that people read."""
UNSAID = ("_termui_impl.py", "_winconsole.py", "shell_completion.py")
"""Files of click that say nothing here."""


def extract_commands(
    file: IO[bytes], keywords: Any, tags: Collection[str], options: Any
) -> Iterator[tuple[Any, ...]]:
    """The messages of a file of commands, as Babel's extractors yield them: those that are marked,
    and the help of each command and option, paragraph by paragraph."""
    source = file.read()
    yield from extract_python(BytesIO(source), keywords, tags, options)
    for node in ast.walk(ast.parse(source)):
        for line, text in _helps(node):
            for message in help_messages(text):
                yield line, "_", message.removeprefix(AS_IT_STANDS), []


def _helps(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
        yield node.lineno, ast.get_docstring(node) or ""
    if isinstance(node, ast.Call):
        said = [word.value for word in node.keywords if word.arg in HELPFUL]
        yield from ((node.lineno, str(one.value)) for one in said if isinstance(one, ast.Constant))


def _makes_command(decorator: ast.expr) -> bool:
    made = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")
    return name in ("command", "group")


METHODS: list[tuple[str, Any]] = [
    ("cli/**.py", extract_commands),
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = DEFAULT_KEYWORDS | {"_n": (1, 2), "N_": None}


def extracted() -> Catalog:
    """Every message that pages, mails, reasons and commands use, with the places where it is used;
    and those of click, which says them in our name."""
    found = Catalog(project="Relecture", charset="utf-8", fuzzy=False)
    options = {"**.html": {"trimmed": "true"}}
    for file, _line, message, _comments, context in extract_from_dir(
        CODE, METHODS, options, KEYWORDS
    ):
        found.add(message, None, [(f"web/{file}", 0)], context=context)
    theirs = [*((name, "ignore") for name in UNSAID), ("**.py", "python")]
    for file, _line, message, *_ in extract_from_dir(CLICK, theirs, {}, KEYWORDS):
        found.add(message, None, [(f"click/{file}", 0)])
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
