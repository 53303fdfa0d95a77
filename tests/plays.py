"""Plays experiences in tests: every possible play of those in ``content_packs``, and digests of
what each shows.

``python -m tests.plays`` rewrites the digests. Do so only when a pack itself has changed, since a
play that was begun must always lead to the same screens.
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
    """These choices, made one after another by a learner who plays alone."""
    return tuple(Act(ALONE, {CHOICE: choice}, AT) for choice in choices)


def screen_after(activity: Activity, *choices: str) -> Screen:
    """The screen after these choices."""
    return activity.screen(done(*choices), ALONE, AT)


def quotes_after(activity: Activity, *choices: str) -> Mapping[str, str]:
    """What may be quoted after these choices."""
    return activity.quotes(done(*choices), ALONE)


def offered(screen: Screen) -> list[str]:
    """The ids of what can be done on a screen; empty at the end."""
    return [option.id for _, option in screen.form.taps()]


@dataclass
class Digest:
    """The combined result of all plays of one experience."""

    screens: int = 0
    plays: int = 0
    whole: Any = field(default_factory=hashlib.sha256)

    def as_json(self) -> dict[str, Any]:
        return {"screens": self.screens, "plays": self.plays, "sha256": self.whole.hexdigest()}


def modules() -> Iterator[Module]:
    """Every experience that we ship and that is lived alone, by one choice after another. Those
    with seats have properties of their own, in the test of their kind."""
    for manifest in sorted(PACKS.glob("*/pack.yaml")):
        shipped = read_pack(read_folder(manifest.parent)).modules.values()
        yield from (one for one in shipped if not one.spec.activity.seats)


def digest(activity: Activity) -> dict[str, Any]:
    """Plays an activity in every possible way and hashes each screen with what it allows to be
    quoted."""
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
