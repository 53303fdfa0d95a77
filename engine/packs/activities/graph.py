"""A scenario as a plain graph: what can be reached, what every play passes through, how often an
average play visits each node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx
import numpy as np

Moves = Mapping[str, Sequence[Sequence[str]]]
"""Node → its choices → the nodes each may lead to. A node without choices is an ending."""
_END = ""


class Graph:
    """The graph of ``moves`` from ``start``, with one artificial node after all endings. Conditions
    are ignored: every move counts."""

    def __init__(self, moves: Moves, start: str) -> None:
        self.moves, self.start = moves, start
        self.graph: nx.DiGraph[str] = nx.DiGraph()
        self.graph.add_nodes_from([start, *moves, _END])
        for node, choices in moves.items():
            self.graph.add_edges_from((node, target) for targets in choices for target in targets)
            if not choices:
                self.graph.add_edge(node, _END)

    def reachable(self) -> frozenset[str]:
        """Every node that some play can reach."""
        return frozenset(nx.descendants(self.graph, self.start) | {self.start}) - {_END}

    def escaping(self) -> frozenset[str]:
        """Every node from which an ending can be reached (endings included)."""
        return frozenset(nx.ancestors(self.graph, _END))

    def unavoidable(self) -> frozenset[str]:
        """Every node that all plays to an ending pass through: the dominators of the end (Lengauer
        and Tarjan, 1979)."""
        before = nx.immediate_dominators(self.graph, self.start)
        passed, node = set(), before.get(_END)
        while node is not None and node not in passed:
            passed.add(node)
            node = before.get(node)
        return frozenset(passed)

    def expected_visits(self) -> dict[str, float]:
        """How often a uniformly random play visits each node: the ``v`` of ``v = start + Pᵀv``
        (absorbing Markov chain).

        Nodes that no play reaches, or from which no play reaches an ending, are left out.
        """
        nodes = sorted(self.reachable() & self.escaping())
        if self.start not in nodes:
            return {}
        place = {node: i for i, node in enumerate(nodes)}
        step = np.zeros((len(nodes), len(nodes)))
        for node in nodes:
            for target, share in self._shares(node):
                if target in place:
                    step[place[target], place[node]] += share
        first = np.zeros(len(nodes))
        first[place[self.start]] = 1.0
        visits = np.linalg.solve(np.eye(len(nodes)) - step, first)
        return {node: float(visits[place[node]]) for node in nodes}

    def _shares(self, node: str) -> list[tuple[str, float]]:
        choices = [targets for targets in self.moves.get(node, ()) if targets]
        return [
            (target, 1 / len(choices) / len(targets)) for targets in choices for target in targets
        ]
