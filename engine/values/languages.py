"""The languages that pages, packs and courses can be in. A new one begins here; the first is what
is meant where nothing says which."""

from __future__ import annotations

from typing import Literal, get_args

Lang = Literal["fr", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


def language_of(text: str) -> Lang | None:
    """The language that an id or the name of a locale (``fr-CA``, ``en_GB``) means, if it is one of
    ours."""
    plain = text.replace("_", "-").partition("-")[0].lower()
    return next((one for one in LANGUAGES if one == plain), None)
