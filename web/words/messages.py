"""The messages of a catalogue without Babel, which takes longer to load than most commands take:
``.po`` files as ``catalogues`` writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

TRANSLATIONS = Path(__file__).parent / "translations"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_FIELD = re.compile(rf"^(msg\w+(?:\[\d\])?)((?:\s+{_QUOTED})+)", re.MULTILINE)
_PART = re.compile(_QUOTED)


@lru_cache
def messages(language: str) -> Mapping[str, tuple[str, ...]]:
    """Each message of a language (after its context) with its translation; one with a plural (kept
    under its singular) has two. Nothing for the language of the code, which has no file."""
    file = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    entries = file.read_text(encoding="utf-8").split("\n\n") if file.is_file() else ()
    return {_key(fields): _said(fields) for entry in entries if (fields := _fields(entry))}


def translated(language: str, message: str, context: str = "") -> str:
    """A message in that language; as it stands where it has no translation."""
    return messages(language).get(context + message, (message,))[0]


def counted(language: str, one: str, many: str, number: int) -> str:
    """The form of a message that goes with ``number``; French says zero in the singular."""
    several = number > 1 if language == "fr" else number != 1
    return messages(language).get(one, (one, many))[several]


def _fields(entry: str) -> dict[str, str]:
    return {
        name: "".join(json.loads(part) for part in _PART.findall(text))
        for name, text in _FIELD.findall(entry)
    }


def _key(fields: Mapping[str, str]) -> str:
    return fields.get("msgctxt", "") + fields["msgid"]


def _said(fields: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(text for name, text in fields.items() if name.startswith("msgstr"))
