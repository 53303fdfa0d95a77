"""Plays experiences in tests: every possible play of those in ``content_packs`` whose screens ask
for one choice, a seeded sample of the plays of any other, and digests of what each shows.

``python -m tests.plays`` rewrites the digests. Do so only when a pack itself has changed, since a
play that was begun must always lead to the same screens.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.forms.base import Value
from engine.forms.form import Form
from engine.packs.activities.base import ALONE, CHOICE, Act, Activity, Acts, Cell, Screen, Typed
from engine.packs.model import Module
from engine.packs.read import read_folder, read_pack
from engine.values.errors import Invalid
from engine.values.reasons import Reason

PACKS = Path(__file__).parents[1] / "content_packs"
AT = datetime(2027, 1, 12, tzinfo=UTC)
SAMPLE = 200
"""How many plays stand for all those that have no end."""
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
    """Every experience that we ship."""
    for manifest in sorted(PACKS.glob("*/pack.yaml")):
        yield from read_pack(read_folder(manifest.parent)).modules.values()


def digest(activity: Activity) -> dict[str, Any]:
    """Plays an activity in every possible way, or in some ways where what can be said has no end,
    and hashes each screen with what it allows to be quoted."""
    return _every_play(activity) if offered(screen_after(activity)) else _some_plays(activity)


def _some_plays(activity: Activity) -> dict[str, Any]:
    """Plays by somebody alone who says whatever the form's schema allows, the same each time."""
    found = Digest()
    for seed in range(SAMPLE):
        rng, acts = random.Random(seed), ()
        while (screen := activity.screen(acts, ALONE, AT)).form.fields and not screen.finished:
            found.whole.update(_told(activity, acts, screen))
            found.screens += 1
            acts = (*acts, Act(ALONE, anything(screen.form, rng), AT))
        found.whole.update(_told(activity, acts, screen))
        found.screens += 1
        found.plays += screen.finished
    return found.as_json()


def anything(form: Form, rng: random.Random) -> dict[str, Value]:
    """Something that the form takes: what its schema allows, or else its sample."""
    said = {one.id: _any_value(one.json_schema(), rng, one.sample) for one in form.fields}
    try:
        return form.parse(said)
    except Invalid:  # what a schema cannot say, such as a limit over several numbers
        return form.sample


def _any_value(schema: Mapping[str, Any], rng: random.Random, sample: Value) -> Value:
    match schema:
        case {"enum": options}:
            return rng.choice(options)
        case {"type": "integer" | "number", "minimum": low, "maximum": high}:
            return rng.randint(int(low), int(high))
        case {"type": "array", "items": {"enum": options}, "maxItems": most}:
            return rng.sample(options, rng.randint(1, min(most, len(options))))
        case {"type": "object", "properties": its} if isinstance(sample, Mapping):
            changed = rng.sample(sorted(its), rng.randint(0, len(its)))
            return {
                name: _any_value(one, rng, sample.get(name)) if name in changed else sample[name]
                for name, one in its.items()
            }
    return sample


def _told(activity: Activity, acts: Acts, screen: Screen) -> bytes:
    """What is shown and may be quoted, whatever fields its values may have one day."""
    whole = [
        [dict(act.said) for act in acts],
        [screen.key, screen.feedback, screen.texts, screen.form.strings(), screen.finished],
        dict(screen.values),
        [(one.seat, _cell(one.said)) for one in screen.heard],
        [
            [_cell(cell) for row in (table.head, *table.rows) for cell in row]
            for table in screen.rows
        ],
        {name: _cell(quote) for name, quote in activity.quotes(acts, ALONE).items()},
    ]
    return json.dumps(whole, sort_keys=True).encode()


def _cell(cell: Cell) -> str | float | tuple[str, ...] | None:
    if isinstance(cell, Typed):
        return cell.text
    return cell.code if isinstance(cell, Reason) else cell


def _every_play(activity: Activity) -> dict[str, Any]:
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
