"""What a module is in figures, before anybody lives it: words a screen, how often chance comes to
each ending, what nobody ever reads, its prompts, and who ends with what when it is played by
script."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from engine.packs.activities.base import ALONE, CHOICE, Act, Activity, Acts, Screen
from engine.packs.activities.together import Together
from engine.packs.arcs import arcs
from engine.packs.model import Module
from engine.packs.scripts import Script, Seeded, anything, hand_of, next_at, play, scripts
from engine.packs.texts import count_words

MOST_SCREENS, MOST_LONG = 20_000, 100
"""How many screens are walked one by one, and how many decisions deep, before plays are drawn
instead."""
DRAWN = 500
"""How many plays are drawn: a chance of one half is then told to within four hundredths or so."""
SEEDS = 3
"""How many plays at random are shown beside those by script."""
TRACE, AFTER = ".trace", ".after"


@dataclass(frozen=True)
class Words:
    """The words that are read on the mean screen of a play at random, and on the longest: its
    ``key``."""

    mean: float
    most: int
    key: str


@dataclass(frozen=True)
class Chances:
    """How plays end in which everything is chosen at random, each option as likely as another.

    ``endings`` maps each ending to its chance (0–1). ``exact``: each of the ``plays`` was walked;
    else so many were drawn. ``choices`` are those that none of them was offered, ``texts`` what
    else none of them showed (where all is read by one learner).
    """

    endings: Mapping[str, float]
    plays: int
    exact: bool
    choices: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One prompt. ``day`` counts from the end of the experience; ``minutes`` as declared."""

    id: str
    kind: str
    stage: str
    day: int | None
    minutes: float
    variants: int


@dataclass(frozen=True)
class Ended:
    """How a play by script ended, for its first seat; ``numbers`` as the kind names them."""

    script: Script
    ending: str
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Stats:
    """All that is told of one module; ``words`` by language. Only what is lived by several is
    played by script."""

    module: str
    kind: str
    words: Mapping[str, Words]
    chances: Chances
    prompts: tuple[Asked, ...]
    played: tuple[Ended, ...]


def stats(module: Module, seeded: Seeded) -> Stats:
    """The figures of a module without faults. What is drawn is the same each time."""
    activity: Activity = module.spec.activity
    seen = _seen(activity, seeded)
    return Stats(
        module.id,
        module.spec.activity.kind,
        {lang: _words(seen.screens, _counting(module, lang)) for lang in module.texts},
        _chances(activity, seen),
        tuple(_asked(module)),
        tuple(by_script(activity, seeded)),
    )


def chances(activity: Activity, seeded: Seeded) -> Chances:
    """How plays at random end: every play where they are few enough to walk, else some."""
    return _chances(activity, _seen(activity, seeded))


def by_script(activity: Activity, seeded: Seeded) -> Iterator[Ended]:
    """How each play by script of an experience for several ends; none, for any other."""
    if not isinstance(activity, Together):
        return
    for script in scripts(activity, SEEDS):
        played = play(activity, hand_of(script, activity, seeded))
        done = activity.standing(played.acts, next_at(played.acts)).done
        yield Ended(script, _ending(activity, played.acts), activity.outcome(done))


# --- plays at random


@dataclass
class _Seen:
    """Screens with how often a play at random shows each, and how likely it is to end in each
    ending."""

    exact: bool
    screens: list[tuple[float, Screen]] = field(default_factory=list)
    endings: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    plays: int = 0


def _seen(activity: Activity, seeded: Seeded) -> _Seen:
    return _walk(activity) or _drawn(activity, seeded("plays"))


def _walk(activity: Activity) -> _Seen | None:
    """Every play there is, where each screen asks for one of a few options and they are not too
    many; else None."""
    seen = _Seen(exact=True)
    pending: list[tuple[Acts, float]] = [((), 1.0)]
    while pending:
        acts, chance = pending.pop()
        screen = activity.screen(acts, ALONE, next_at(acts))
        seen.screens.append((chance, screen))
        if screen.finished:
            seen.plays += 1
            seen.endings[_ending(activity, acts)] += chance
            continue
        options = [option.id for _, option in screen.form.taps()]
        if not options or len(acts) > MOST_LONG or len(seen.screens) > MOST_SCREENS:
            return None
        share = chance / len(options)
        at = next_at(acts)
        pending += [((*acts, Act(ALONE, {CHOICE: option}, at)), share) for option in options]
    return seen


def _drawn(activity: Activity, rng: Random) -> _Seen:
    """Some plays at random, the same each time."""
    seen = _Seen(exact=False, plays=DRAWN)
    for _ in range(DRAWN):
        played = play(activity, lambda _acts, form: anything(form, rng))
        seen.screens += [(1 / DRAWN, screen) for screen in played.screens]
        if played.over:
            seen.endings[_ending(activity, played.acts)] += 1 / DRAWN
    return seen


def _ending(activity: Activity, acts: Acts) -> str:
    """The ending that a play has come to, by the string that tells it; "" where a kind names
    none."""
    return str(activity.quotes(acts, ALONE).get("ending", "")).removesuffix(TRACE)


def _chances(activity: Activity, seen: _Seen) -> Chances:
    strings = activity.strings()
    choices = {s.removesuffix(AFTER) for s in strings if s.endswith(AFTER)} & set(strings)
    traces = {s for s in strings if s.endswith(TRACE) and s not in choices}
    endings = {s.removesuffix(TRACE): 0.0 for s in strings if s in traces}
    shown = {string for _, screen in seen.screens for string in screen.strings()}
    unread = [s for s in strings if s not in shown | traces | set(endings)]
    return Chances(
        {name: round(chance, 6) for name, chance in (endings | dict(seen.endings)).items()},
        seen.plays,
        seen.exact,
        tuple(s for s in unread if s in choices),
        tuple(s for s in unread if s.removesuffix(AFTER) not in choices and not activity.seats),
    )


# --- words and prompts


def _counting(module: Module, lang: str) -> Callable[[str], int]:
    counted: dict[str, int] = {}

    def words(string: str) -> int:
        if string not in counted:
            counted[string] = count_words(module.text(string, lang))
        return counted[string]

    return words


def _words(screens: list[tuple[float, Screen]], words: Callable[[str], int]) -> Words:
    """Without the names of seats, which a learner alone does not see."""
    counts = [
        (chance, sum(map(words, replace(screen, seats={}).strings())), screen.key)
        for chance, screen in screens
    ]
    mean = sum(chance * count for chance, count, _ in counts) / sum(chance for chance, *_ in counts)
    _, most, key = max(counts, key=lambda one: one[1])
    return Words(round(mean, 1), most, key)


def _asked(module: Module) -> Iterator[Asked]:
    """The prompts, in the order of their days."""
    arc = arcs()[module.spec.debrief.arc]
    stages = {stage.id: n for n, stage in enumerate(arc.stages)}
    for one in sorted(module.spec.debrief.prompts, key=lambda p: stages.get(p.stage, len(stages))):
        stage = arc.stage(one.stage)
        day = stage.day if stage else None
        yield Asked(one.id, one.kind, one.stage, day, one.minutes, one.variants)
