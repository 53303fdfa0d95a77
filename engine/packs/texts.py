"""What a string of a pack is called and which holes ``{…}`` it may have. Structure never holds words; sidecars hold only words."""

from __future__ import annotations

import re
from collections.abc import Mapping

HOLE = re.compile(r"\{([a-z][a-z0-9.-]*)\}")


def holes(text: str) -> tuple[str, ...]:
    """The names between braces, in order of first appearance: ``"{who} a {n} ans"`` gives ``("who", "n")``."""
    return tuple(dict.fromkeys(HOLE.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each known hole replaced; an unknown hole stays as it is (the linter refuses those beforehand)."""
    return HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)
