"""Playing experiences in tests; every play of those in ``content_packs``, and digests of what each
of them shows.

``python -m tests.plays`` writes the digests anew: only when a pack itself has changed, since a play
that was begun must lead to the same screens for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.packs.activities.base import ALONE, CHOICE, Act, Activity, Acts, Screen
from engine.packs.model import Module
from engine.packs.read import read_folder, read_pack

PACKS = Path(__file__).parents[1] / "content_packs"
AT = datetime(2027, 1, 12, tzinfo=UTC)
DIGESTS = Path(__file__).parent / "data" / "plays.json"


def done(*choices: str) -> Acts:
    """Those choices made, one after another, by whoever plays alone."""
    return tuple(Act(ALONE, {CHOICE: choice}, AT) for choice in choices)


def screen_after(activity: Activity, *choices: str) -> Screen:
    """Where those choices lead."""
    return activity.screen(done(*choices), ALONE, AT)


def quotes_after(activity: Activity, *choices: str) -> Mapping[str, str]:
    """What may be quoted after those choices."""
    return activity.quotes(done(*choices), ALONE)


def offered(screen: Screen) -> list[str]:
    """The ids of what can be done on a screen; none at the end."""
    return [option.id for _, option in screen.form.taps()]


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
    screen = screen_after(activity, *taken)
    options = [(option.id, option.label) for _, option in screen.form.taps()]
    shown = [
        screen.key,
        screen.feedback,
        screen.texts,
        options,
        [(gauge.label, gauge.value) for gauge in screen.gauges],
        dict(screen.values),
        screen.finished,
        dict(quotes_after(activity, *taken)),
    ]
    return shown, [option for option, _label in options], screen.finished


if __name__ == "__main__":
    found = {module.id: digest(module.spec.activity) for module in modules()}
    DIGESTS.write_text(json.dumps(found, indent=2) + "\n")
