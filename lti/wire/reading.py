"""Reading JSON that somebody else wrote: text that could be neither stored nor shown is refused
as if it were no JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")

MAX_ID_CHARS = 255
"""How long the ids are that we keep, an issuer's among them."""
MAX_ADDRESS = 2000
"""How long an address may be that we keep."""


def read_json(data: bytes, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """UTF-8 JSON (RFC 8259 section 8.1) without NUL and without half a surrogate pair, both of
    which an escape could smuggle in.

    ``pairs`` makes an object of its members. Raises ``ValueError`` and ``RecursionError``.
    """
    text = data.decode("utf-8-sig")
    read = json.loads(text, object_pairs_hook=pairs)
    if "\\u" in text:
        if _NUL.search(text):
            raise ValueError("NUL in a text")
        json.dumps(read, ensure_ascii=False).encode()
    return read


def text_of(said: Mapping[str, Any], name: str) -> str | None:
    """The text under that name; None if there is none, or an empty one."""
    value = said.get(name)
    return value if isinstance(value, str) and value else None


def id_of(said: Mapping[str, Any], name: str) -> str | None:
    """The id under that name, which some platforms send as a number; None if there is none, or an
    empty one."""
    value = said.get(name)
    return str(value) if type(value) is int else text_of(said, name)


def is_plain(text: str, most: int) -> bool:
    """Whether a parameter of a browser is short enough to be kept and has no NUL."""
    return len(text) <= most and "\0" not in text
