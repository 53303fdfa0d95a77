"""The language of a command line, and messages in it. Loads nothing slow: Babel and Flask are for
pages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from inspect import cleandoc

from engine.values.languages import Lang, language_of
from web.words.messages import counted, translated

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Which variables of the environment say the language of messages; the first that is set decides
(POSIX.1-2017, 8.2)."""


def language(environ: Mapping[str, str] = os.environ) -> Lang:
    """The language that the locale says: ``fr_FR.UTF-8``, ``fr`` or ``fr_CA@euro`` is French. That
    of the code where it is none of ours, ``C`` or ``POSIX``, or nothing is set."""
    locale = next(filter(None, map(environ.get, VARIABLES)), "")
    return language_of(locale.partition(".")[0].partition("@")[0]) or "en"


def gettext(message: str, **values: object) -> str:
    """A message in the language of the terminal, with its holes filled."""
    said = translated(language(), message)
    return said % values if values else said


def pgettext(context: str, message: str) -> str:
    """A message of one word that is said otherwise elsewhere."""
    return translated(language(), message, context)


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """A message with a plural, whose hole ``num`` is filled too."""
    return counted(language(), one, many, num) % {"num": num, **values}


AS_IT_STANDS = "\b\n"
"""How click marks a paragraph of a help that is not wrapped, such as examples."""


def help_messages(text: str) -> list[str]:
    """The messages of a help: its paragraphs, on one line unless they are not wrapped."""
    return [
        part if part.startswith(AS_IT_STANDS) else " ".join(part.split())
        for part in cleandoc(text).split("\n\n")
        if part
    ]


def help_in_words(text: str) -> str:
    """A help in the language of the terminal."""
    return "\n\n".join(
        AS_IT_STANDS + gettext(part.removeprefix(AS_IT_STANDS))
        if part.startswith(AS_IT_STANDS)
        else gettext(part)
        for part in help_messages(text)
    )
