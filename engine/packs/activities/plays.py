"""Every play of a scenario: which choices lead to each of its endings, always or sometimes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.packs.activities.conditions import hold

if TYPE_CHECKING:
    from engine.packs.activities.scenario import Moment, Scenario

Made = tuple[str, str]
"""A choice: the node, and its id there."""
MOST_STEPS = 60_000
"""How many moments are walked before nothing is said."""


@dataclass(frozen=True)
class Ways:
    """The choices that every play to an ending makes, and those that some play to it makes."""

    always: frozenset[Made]
    ever: frozenset[Made]


def ways_to_endings(scenario: Scenario) -> dict[str, Ways]:
    """The ways to each ending that some play reaches; none at all if the plays are too many to walk
    each."""
    found: dict[str, Ways] = {}
    steps = 0
    for moment in _walk(scenario, scenario.opening()):
        steps += 1
        if steps > MOST_STEPS:
            return {}
        if scenario.nodes[moment.node].choices:
            continue
        made = frozenset(moment.trail.chosen)
        known = found.get(moment.node, Ways(made, made))
        found[moment.node] = Ways(known.always & made, known.ever | made)
    return found


def _walk(scenario: Scenario, start: Moment) -> Iterator[Moment]:
    """Every moment of every play in which no choice is made twice."""
    waiting = [start]
    while waiting:
        moment = waiting.pop()
        yield moment
        waiting += [
            scenario.step(moment, choice.id)
            for choice in scenario.nodes[moment.node].choices
            if hold(choice.when, moment.trail)
            and (moment.node, choice.id) not in moment.trail.chosen
        ]
