"""A scenario as a plain graph: what can be reached, what every play passes through, how often an
average play visits each node. Walks of our own: a library of graphs takes longer to load than all
the rest of a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

Moves = Mapping[str, Sequence[Sequence[str]]]
"""Node → its choices → the nodes each may lead to. A node without choices is an ending."""
_END = ""
Edges = Mapping[str, Sequence[str]]


class Graph:
    """The graph of ``moves`` from ``start``, with one artificial node after all endings. Conditions
    are ignored: every move counts."""

    def __init__(self, moves: Moves, start: str) -> None:
        self.moves, self.start = moves, start
        self.after: dict[str, list[str]] = {
            node: [target for targets in choices for target in targets] if choices else [_END]
            for node, choices in moves.items()
        }
        self.before: dict[str, list[str]] = {}
        for node, targets in self.after.items():
            for target in targets:
                self.before.setdefault(target, []).append(node)

    def reachable(self) -> frozenset[str]:
        """Every node that some play can reach."""
        return frozenset(_walk(self.after, self.start)) - {_END}

    def escaping(self) -> frozenset[str]:
        """Every node from which an ending can be reached (endings included)."""
        return frozenset(_walk(self.before, _END)) - {_END}

    def unavoidable(self) -> frozenset[str]:
        """Every node that all plays to an ending pass through.

        They lie on any one play. Along it, a node can be avoided if some move before it, or a way
        around by nodes that are not on it, leads beyond it.
        """
        play = self._shortest_play()
        places = {node: place for place, node in enumerate(play)}
        found, around, furthest = set(), set(play), 0
        for place, node in enumerate(play):
            if furthest <= place:
                found.add(node)
            ahead = [node]
            while ahead:
                for target in self.after.get(ahead.pop(), ()):
                    furthest = max(furthest, places.get(target, 0))
                    if target not in around:
                        around.add(target)
                        ahead.append(target)
        return frozenset(found) - {_END}

    def _shortest_play(self) -> list[str]:
        """The nodes of a shortest play, with the artificial end; nothing if no ending can be
        reached."""
        came_from = _walk(self.after, self.start)
        node, play = _END if _END in came_from else None, list[str]()
        while node is not None:
            play.append(node)
            node = came_from[node]
        return play[::-1]

    def expected_visits(self) -> dict[str, float]:
        """How often a uniformly random play visits each node: the ``v`` of ``v = start + Pᵀv``
        (absorbing Markov chain).

        Nodes that no play reaches, or from which no play reaches an ending, are left out.
        """
        nodes = self.reachable() & self.escaping()
        if self.start not in nodes:
            return {}
        into: dict[str, dict[str, float]] = {node: {} for node in sorted(nodes)}
        for node in into:
            for target, share in self._shares(node):
                if target in into:
                    into[target][node] = into[target].get(node, 0) + share
        try:
            return _flow(into, self.start)
        except CycleError:
            return _stationary(into, self.start)

    def _shares(self, node: str) -> list[tuple[str, float]]:
        choices = [targets for targets in self.moves.get(node, ()) if targets]
        return [
            (target, 1 / len(choices) / len(targets)) for targets in choices for target in targets
        ]


def _walk(edges: Edges, start: str) -> dict[str, str | None]:
    """Every node that can be come to, nearest first, with the one that it was come to from."""
    came_from: dict[str, str | None] = {start: None}
    ahead = [start]
    for node in ahead:
        for target in edges.get(node, ()):
            if target not in came_from:
                came_from[target] = node
                ahead.append(target)
    return came_from


def _flow(into: Mapping[str, Mapping[str, float]], start: str) -> dict[str, float]:
    """The visits of each node where no play comes back. Raises ``CycleError`` if one does."""
    visits: dict[str, float] = {}
    for node in TopologicalSorter(into).static_order():
        before = sum(visits[one] * share for one, share in into[node].items())
        visits[node] = before + (node == start)
    return visits


def _stationary(into: Mapping[str, Mapping[str, float]], start: str) -> dict[str, float]:
    """The visits of each node of a story with loops: a system of linear equations."""
    import numpy as np  # large, and most stories have no loop

    place = {node: i for i, node in enumerate(into)}
    step = np.zeros((len(into), len(into)))
    for node, shares in into.items():
        for before, share in shares.items():
            step[place[node], place[before]] = share
    first = np.zeros(len(into))
    first[place[start]] = 1.0
    visits = np.linalg.solve(np.eye(len(into)) - step, first)
    return {node: float(visits[place[node]]) for node in into}
