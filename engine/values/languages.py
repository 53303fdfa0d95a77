"""The languages that pages, packs and courses can be in. A new one begins here."""

from __future__ import annotations

from typing import Literal, get_args

Lang = Literal["fr", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
