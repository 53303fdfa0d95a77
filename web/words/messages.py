"""The messages of a catalogue without Babel, which takes longer to load than most commands take:
``.po`` files as ``catalogues`` writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from gettext import c2py
from pathlib import Path

TRANSLATIONS = Path(__file__).parent / "translations"
_WRAP = '"\n"'
_ENTRY = re.compile(
    r'(?:^msgctxt "(.*)"\n)?^msgid "(.*)"\n(?:msgid_plural ".*"\n)?'
    r'msgstr(?:\[0\])? "(.*)"(?:\nmsgstr\[1\] "(.*)")?',
    re.MULTILINE,
)
_PLURAL = re.compile(r"plural=([^;]+);")
Messages = Mapping[str, tuple[str, str]]


@lru_cache
def messages(language: str) -> Messages:
    """Each message of a language (after its context) with its translation, and the one of its
    plural (kept under its singular). Nothing for the language of the code, which has no file."""
    file = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    text = file.read_text(encoding="utf-8").replace(_WRAP, "") if file.is_file() else ""
    return {
        _plain(context + message): (_plain(one), _plain(many))
        for context, message, one, many in _ENTRY.findall(text)
    }


def translated(language: str, message: str, context: str = "") -> str:
    """A message in that language; as it stands where it has no translation."""
    return messages(language).get(context + message, (message,))[0]


def counted(language: str, one: str, many: str, number: int) -> str:
    """The form of a message that goes with ``number``."""
    return messages(language).get(one, (one, many))[_form(language)(number)]


@lru_cache
def _form(language: str) -> Callable[[int], int]:
    """Which form goes with a number, as the head of the catalogue says; as in English without
    one."""
    head = messages(language).get("", ("",))[0]
    rule = _PLURAL.search(head)
    return c2py(rule[1] if rule else "n != 1")


def _plain(quoted: str) -> str:
    return str(json.loads(f'"{quoted}"')) if "\\" in quoted else quoted
