"""How far a play is: the decisions made, and how many may still come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """``done`` decisions; ``least`` and ``most`` still to come on the shortest and on the longest
    way to an end. ``most`` is None where the story can come back to itself: there is no longest
    way then."""

    done: int
    least: int
    most: int | None

    @property
    def step(self) -> int:
        """The number of the decision at hand; at the end, of the last one."""
        return self.done + (0 if self.most == 0 else 1)

    @property
    def whole(self) -> int | None:
        """The decisions of the longest way that begins with those made."""
        return None if self.most is None else self.done + self.most

    @property
    def sure(self) -> bool:
        """Whether every way on is as long."""
        return self.least == self.most

    def minutes_left(self, stated: float) -> int | None:
        """Of the minutes stated for the whole, those that the longest way on may take, rounded up;
        None at the end, and where nothing can be said."""
        if not self.most:
            return None
        return -int(-stated * self.most // (self.done + self.most))


def lengths(moves: Mapping[str, Collection[str]]) -> dict[str, tuple[int, int | None]]:
    """How many moves lead from each node to an end (a node without moves): at least, and at most.
    ``moves`` maps each node to those that come next. Nodes that reach no end are left out."""
    least = _shortest(moves)
    most: dict[str, int | None] = {}
    for node in least:
        _longest(node, moves, most, set())
    return {node: (number, most[node]) for node, number in least.items()}


def _shortest(moves: Mapping[str, Collection[str]]) -> dict[str, int]:
    found = {node: 0 for node, after in moves.items() if not after}
    more, number = True, 0
    while more:
        number += 1
        ready = [n for n, after in moves.items() if n not in found and found.keys() & set(after)]
        found.update(dict.fromkeys(ready, number))
        more = bool(ready)
    return found


def _longest(
    node: str, moves: Mapping[str, Collection[str]], found: dict[str, int | None], above: set[str]
) -> int | None:
    """The moves of the longest way from ``node``; None if it can come back to a node on its way."""
    if node in found:
        return found[node]
    if node in above:
        return None
    ways = [_longest(n, moves, found, above | {node}) for n in moves.get(node, ())]
    lengths = [0 if way is None else way + 1 for way in ways]
    found[node] = None if None in ways else max(lengths, default=0)
    return found[node]
