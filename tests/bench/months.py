"""Nine months of a whole organisation through the real use cases on simulated time: everybody
joins, lives their experiences, and answers touches at the rates that were observed."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import structlog

from tests.apps import House
from tests.bench import product
from tests.bench.row import Row, at_most

LEARNERS, SAMPLE, FEW, CORES = 1_800, 64, 8, 2
"""How many there are, how many are lived unless ``FULL=1``, and in how many processes, each with a
database of its own. A few are lived before, in other processes: what a process does once (compiles
statements, loads holidays, parses packs) is in both, and is not multiplied with the sample."""
START, DAYS, PLAYED_BY = datetime(2027, 9, 6, tzinfo=UTC), 270, 200
"""A Monday of September; how long it goes on; and the day by which the last experience began."""
TICKS = (7, 11, 15)
"""Hours (UTC) of each day at which the worker looks: touches are due at 8:40 in Paris."""
RATES = (0.79, 0.62, 0.54, 0.47, 0.45, 0.25)
"""How many answer, after so many missed in a row."""


@dataclass
class Lived:
    """What happened, and the seconds of processor and of wall that it took."""

    seconds: float = 0
    wall: float = 0
    looks: int = 0
    played: int = 0
    touches: int = 0
    answers: int = 0


def lived(learners: int, experiences: int, seed: int, days: int = DAYS) -> Lived:
    """One organisation on one core. Setting up the course is not counted; joining is."""
    structlog.configure(processors=[_drop])
    done, chance = Lived(), Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        made, there = product.installed(Path(folder), experiences, START)
        start, wall = process_time(), perf_counter()
        who = [product.learner(there, f"{n}@example.org") for n in range(learners)]
        begins = [[_begins(n, experiences, chance) for n in range(experiences)] for _ in who]
        answers_on: dict[tuple[str, int], int | None] = {}
        for day in range(days):
            for one, own in zip(who, begins, strict=True):
                for n in (n for n, begun in enumerate(own, start=1) if begun == day):
                    product.play(there, one, n)
                    done.played += 1
            _day(made, there, day, answers_on, chance, done)
        done.seconds, done.wall = process_time() - start, perf_counter() - wall
        done.touches = len(answers_on)
        made.services.close()
    return done


def _drop(_logger: object, _name: str, _event: object) -> None:
    raise structlog.DropEvent


def _begins(n: int, experiences: int, chance: Random) -> int:
    """The day on which somebody begins their n-th experience: within a week of its date."""
    return PLAYED_BY * n // experiences + chance.randrange(7)


def _day(
    made: House,
    there: product.Town,
    day: int,
    answers_on: dict[tuple[str, int], int | None],
    chance: Random,
    done: Lived,
) -> None:
    """The worker's looks; then who meant to answer today answers."""
    for hour in TICKS:
        at = START + timedelta(days=day, hours=hour)
        made.clock.later(seconds=(at - made.clock.now()).total_seconds())
        done.looks += product.tick(made)
    for touch in product.waiting(there):
        key = touch.learner, touch.number
        if key not in answers_on:
            will = chance.random() < RATES[min(touch.missed, len(RATES) - 1)]
            answers_on[key] = day + min(6, int(chance.expovariate(0.7))) if will else None
        if answers_on[key] == day:
            done.answers += product.respond(there, touch)


def on_all_cores(learners: int, experiences: int, days: int) -> Lived:
    """What happened in all, and the seconds of the core that took longest."""
    shares = [learners // CORES + (n < learners % CORES) for n in range(CORES)]
    if not all(shares):  # one core is enough
        return lived(learners, experiences, 1, days)
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(lived, shares, [experiences] * CORES, range(CORES), [days] * CORES))
    return Lived(
        max(one.seconds for one in found),
        max(one.wall for one in found),
        max(one.looks for one in found),
        sum(one.played for one in found),
        sum(one.touches for one in found),
        sum(one.answers for one in found),
    )


def minutes_of_all(whole: Lived, sample: int, few: Lived, fewer: int, idle: float) -> float:
    """Minutes for all learners. A look of the worker that finds nothing costs ``idle`` seconds, and
    looks are as many for all as for a sample; a process does some things once, for all as for a
    ``few``. Only what more learners add is multiplied."""
    busy, before = (one.seconds - one.looks * idle for one in (whole, few))
    more = (busy - before) / (sample - fewer) * (LEARNERS - sample)
    return (DAYS * len(TICKS) * idle + busy + more) / 60


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """With 4 and with 12 experiences; processor time, so that neighbours do not count."""
    full = bool(os.environ.get("FULL"))
    sample, fewer, days = (1, 0, 9) if tiny else (LEARNERS if full else SAMPLE, FEW, DAYS)
    nobody = lived(0, 1, 0, 2 if tiny else 60)
    idle = nobody.seconds / nobody.looks
    yield Row("a look of the worker that finds nothing", idle * 1000, "ms", note="processor time")
    for experiences, goal in ((1, 2),) if tiny else ((4, 2), (12, 6)):
        whole = on_all_cores(sample, experiences, days)
        if whole.played != sample * experiences:
            sys.exit("not everybody lived everything: nothing was measured")
        minutes = whole.seconds / 60
        if not full:
            few = on_all_cores(fewer, experiences, days)
            minutes = minutes_of_all(whole, sample, few, fewer, idle)
        note = (
            f"{'measured whole' if full else f'measured on {sample} learners, extrapolated'}, "
            f"processor time on {CORES} cores (wall ×{whole.wall / whole.seconds:.1f}); a learner: "
            f"{whole.touches / sample:.1f} touches, {whole.answers / sample:.1f} answers"
        )
        what = f"nine months of {LEARNERS} learners, {experiences} experiences"
        yield Row(what, minutes, "min", at_most(goal), note)
