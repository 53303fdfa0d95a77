"""Every play of the experiences in ``content_packs``, and digests of what each of them shows.

``python -m tests.plays`` writes the digests anew: only when a pack itself has changed, since a play
that was begun must lead to the same screens for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.packs.activities.base import Activity, Acts
from engine.packs.model import Module
from engine.packs.read import read_folder, read_pack

PACKS = Path(__file__).parents[1] / "content_packs"
DIGESTS = Path(__file__).parent / "data" / "plays.json"


@dataclass
class Digest:
    """What all plays of one experience come to."""

    screens: int = 0
    plays: int = 0
    whole: Any = field(default_factory=hashlib.sha256)

    def as_json(self) -> dict[str, Any]:
        return {"screens": self.screens, "plays": self.plays, "sha256": self.whole.hexdigest()}


def modules() -> Iterator[Module]:
    """Every experience that we ship."""
    for manifest in sorted(PACKS.glob("*/pack.yaml")):
        yield from read_pack(read_folder(manifest.parent)).modules.values()


def digest(activity: Activity) -> dict[str, Any]:
    """Plays an activity in every possible way, each screen and what it may quote taken in."""
    found, pending = Digest(), [()]
    while pending:
        taken: tuple[str, ...] = pending.pop()
        shown, options, finished = _shown(activity, taken)
        found.whole.update(json.dumps([taken, shown], sort_keys=True).encode())
        found.screens += 1
        found.plays += finished
        pending += [(*taken, option) for option in options]
    return found.as_json()


def _shown(activity: Activity, taken: tuple[str, ...]) -> tuple[list[Any], list[str], bool]:
    acts: Acts = taken
    screen = activity.screen(acts)
    options = [(option.id, option.label) for option in screen.options]
    shown = [
        screen.key,
        screen.feedback,
        screen.texts,
        options,
        [(gauge.label, gauge.value) for gauge in screen.gauges],
        dict(screen.values),
        screen.finished,
        dict(activity.quotes(acts)),
    ]
    return shown, [option for option, _label in options], screen.finished


if __name__ == "__main__":
    found = {module.id: digest(module.spec.activity) for module in modules()}
    DIGESTS.write_text(json.dumps(found, indent=2) + "\n")
