"""Plays by script: somebody alone who says on each form what a rule says, until the end. The other
seats are played by their recorded voices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal

from engine.forms.base import Value
from engine.forms.form import Form
from engine.packs.activities.base import ALONE, Act, Activity, Acts, Screen
from engine.packs.activities.together import Together
from engine.values.errors import Invalid

AT = datetime(2000, 1, 1, tzinfo=UTC)
"""When such a play begins."""
MONTH = timedelta(days=31)
"""So long after the act before it each act is done: longer than any activity waits for a day.
Nobody waits for anybody in such a play."""
MOST_ACTS = 1_000
"""After how many acts a play that comes to no end is given up."""
Hand = Callable[[Acts, Form], dict[str, Value]]
"""What is said on a form, after the acts so far."""
Seeded = Callable[[str], Random]
"""Chance that is the same each time for the same seed."""
Way = Literal["voice", "lowest", "middle", "highest", "early", "late", "random"]
LATE = 2
"""How many acts go by before who comes late says the highest."""


@dataclass(frozen=True)
class Script:
    """How the first seat is played: as the recorded voice ``of`` a role would, or always with the
    lowest, the middle or the highest of what each form takes; ``early`` is the highest once and
    then the middle, ``late`` the middle twice and then the highest. ``of`` is the seed of a play
    at random."""

    way: Way
    of: str = ""


@dataclass(frozen=True)
class Play:
    """A play from the beginning: what the first seat did, and each screen that it saw."""

    acts: Acts
    screens: tuple[Screen, ...]

    @property
    def over(self) -> bool:
        """Whether it came to an end."""
        return self.screens[-1].finished


def play(activity: Activity, hand: Hand) -> Play:
    """A play in which ``hand`` says everything that the first seat is asked."""
    acts: Acts = ()
    screens = [activity.screen(acts, ALONE, AT)]
    while screens[-1].form.fields and not screens[-1].finished and len(acts) < MOST_ACTS:
        acts = (*acts, Act(ALONE, hand(acts, screens[-1].form), next_at(acts)))
        screens += _waited_on(activity, acts)
        screens.append(activity.screen(acts, ALONE, next_at(acts)))
    return Play(acts, tuple(screens))


def _waited_on(activity: Activity, acts: Acts) -> Iterator[Screen]:
    """The screen on which one waits for a day after ``acts``, if one does."""
    if isinstance(activity, Together):
        return  # whose voices are there at once
    screen = activity.screen(acts, ALONE, acts[-1].at)
    if not screen.form.fields and not screen.finished:
        yield screen


def next_at(acts: Acts) -> datetime:
    """When all that there is to wait for after ``acts`` has passed."""
    return acts[-1].at + MONTH if acts else AT


def scripts(activity: Together, seeds: int) -> Iterator[Script]:
    """The scripts that tell something about an experience for several: each voice that its pack
    records, the extremes, who comes early or late where numbers are said, and some at random."""
    yield from (Script("voice", role) for role in _voices(activity))
    yield from (Script("lowest"), Script("middle"), Script("highest"))
    opening = activity.screen((), ALONE, AT).form
    if all(one.json_schema().get("type") in ("integer", "number") for one in opening.fields):
        yield from (Script("early"), Script("late"))
    yield from (Script("random", str(seed)) for seed in range(1, seeds + 1))


def hand_of(script: Script, activity: Together, seeded: Seeded) -> Hand:
    """What says everything in a play by that script."""
    match script.way:
        case "voice":
            return _speaking(activity, script.of)
        case "early":
            return lambda acts, form: at_share(form, 0.5 if acts else 1)
        case "late":
            return lambda acts, form: at_share(form, 0.5 if len(acts) < LATE else 1)
        case "random":
            rng = seeded(script.of)
            return lambda _acts, form: anything(form, rng)
        case always:
            share = {"lowest": 0.0, "middle": 0.5, "highest": 1.0}[always]
            return lambda _acts, form: at_share(form, share)


def _voices(activity: Together) -> Mapping[str, Any]:
    """What the pack records for each role; nothing in a kind that records nothing."""
    voices: Mapping[str, Any] = getattr(activity, "voices", {})
    return voices


def _speaking(activity: Together, role: str) -> Hand:
    """The first seat as the recorded voice of ``role`` would play it."""
    voices = _voices(activity)
    lent = activity.model_copy(
        update={"voices": {**voices, activity.roles[ALONE - 1]: voices[role]}}
    )
    return lambda acts, _form: lent.voice(activity.standing(acts, next_at(acts)).done, ALONE)


def at_share(form: Form, share: float) -> dict[str, Value]:
    """What lies at that share (0: the lowest or first, 1: the highest or last) of all that each
    field takes; its sample where there is no such order, or where the form refuses that."""
    return _taken(form, lambda schema, sample: _value_at(schema, share, sample))


def anything(form: Form, rng: Random) -> dict[str, Value]:
    """Something that the form takes: what its schema allows, or else its sample."""
    return _taken(form, lambda schema, sample: _any_value(schema, rng, sample))


def _taken(form: Form, said: Callable[[Mapping[str, Any], Value], Value]) -> dict[str, Value]:
    try:
        return form.parse({one.id: said(one.json_schema(), one.sample) for one in form.fields})
    except Invalid:  # what a schema cannot say, such as a limit over several numbers
        return form.sample


def _value_at(schema: Mapping[str, Any], share: float, sample: Value) -> Value:
    match schema:
        case {"enum": options}:
            return options[round(share * (len(options) - 1))]
        case {"type": "integer" | "number", "minimum": low, "maximum": high}:
            return round(low + share * (high - low))
        case {"type": "array", "items": {"enum": options}, "maxItems": most}:
            return options[: max(1, round(share * most))]
        case {"type": "object", "properties": its} if isinstance(sample, Mapping):
            return {name: _value_at(one, share, sample.get(name)) for name, one in its.items()}
    return sample


def _any_value(schema: Mapping[str, Any], rng: Random, sample: Value) -> Value:
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
