"""The scenario: moments, choices with a cost, several endings. A frozen value with pure functions
that play it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from engine.forms.form import Form
from engine.packs.activities.base import (
    Acts,
    Gauge,
    Problem,
    Reading,
    Screen,
    choose,
    chosen,
)
from engine.packs.activities.conditions import Chose, Compare, Condition, Seen, Trail, hold
from engine.packs.activities.way import Way, lengths
from engine.packs.base import Frozen, Slug
from engine.packs.reasons import ActImpossible
from engine.values.errors import Invalid

if TYPE_CHECKING:
    from engine.packs.activities.graph import Graph

RESERVED = frozenset({"cover", "takeaway", "reveal", "prompt", "var"})
"""First parts of a module's other string ids, so no node may have one of these names."""
ASIDE_SHARE = 0.5
"""How often an average play shows a conditional paragraph: unknown, so assumed half the time."""


class Aside(Frozen):
    """A paragraph after a node's story, shown if all of ``when`` holds."""

    id: Slug
    when: tuple[Condition, ...] = Field(min_length=1)


class Route(Frozen):
    """Where a choice leads if all of ``when`` holds."""

    when: tuple[Condition, ...] = ()
    node: Slug


def _routes(to: Any) -> Any:
    return ({"node": to},) if isinstance(to, str) else to


class Choice(Frozen):
    """One thing to do at a node. ``add`` changes variables before the routes are evaluated; the
    first route that holds is taken."""

    id: Slug
    to: Annotated[
        tuple[Route, ...],
        Field(min_length=1),
        BeforeValidator(_routes, json_schema_input_type=Slug | tuple[Route, ...]),
    ]
    add: dict[Slug, int] = Field(default_factory=dict)
    when: tuple[Condition, ...] = ()


class Node(Frozen):
    """A moment of the story: it either has choices or is an ending."""

    asides: tuple[Aside, ...] = ()
    choices: tuple[Choice, ...] = ()
    ending: bool = False


@dataclass(frozen=True)
class Moment:
    """The current point of a play: the node, and everything that conditions can refer to."""

    node: str
    trail: Trail


class Scenario(Frozen):
    """``activity: {kind: scenario}``. An act is the id of a choice at the current node."""

    kind: Literal["scenario"]
    seats: ClassVar[tuple[str, ...]] = ()
    start: Slug
    variables: dict[Slug, int] = Field(default_factory=dict)
    gauges: tuple[Slug, ...] = ()
    nodes: dict[Slug, Node] = Field(min_length=1, max_length=300)

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""
        return (
            *(s for name, node in self.nodes.items() for s in _strings(name, node)),
            *(f"var.{name}" for name in self.gauges),
        )

    def optional_strings(self) -> tuple[str, ...]:
        """The shorter ``.quote`` of each choice."""
        return tuple(
            f"{name}.{choice.id}.quote"
            for name, node in self.nodes.items()
            for choice in node.choices
        )

    def holes(self, string_id: str) -> frozenset[str]:
        """The variables; ``{value}`` in a gauge; none in what a prompt quotes, since that is read
        outside the story."""
        if string_id.startswith("var."):
            return frozenset({"value"})
        return (
            frozenset() if string_id.endswith((".quote", ".trace")) else frozenset(self.variables)
        )

    # --- playing

    def screen(self, acts: Acts, seat: int, now: datetime) -> Screen:
        """The screen after ``acts``. Raises ``Invalid("act-impossible", act, at)`` if they cannot
        have happened."""
        moment = self._replay(acts)
        node, trail = self.nodes[moment.node], moment.trail
        offered = [(c.id, f"{moment.node}.{c.id}") for c in node.choices if hold(c.when, trail)]
        return Screen(
            key=moment.node,
            feedback=".".join((*trail.chosen[-1], "after")) if acts else None,
            texts=(
                moment.node,
                *(f"{moment.node}.{a.id}" for a in node.asides if hold(a.when, trail)),
            ),
            form=choose(offered) if offered else Form(),
            gauges=tuple(Gauge(f"var.{name}", trail.numbers.get(name, 0)) for name in self.gauges),
            values={name: str(number) for name, number in trail.numbers.items()},
            finished=not offered,
        )

    def quotes(self, acts: Acts, seat: int) -> Mapping[str, str]:
        """``choice.<node>`` for each node passed (the last choice, if passed more than once), and
        ``ending`` once reached."""
        moment = self._replay(acts)
        named = {f"choice.{node}": f"{node}.{choice}.quote" for node, choice in moment.trail.chosen}
        return named | (
            {"ending": f"{moment.node}.trace"} if not self.nodes[moment.node].choices else {}
        )

    def way(self, acts: Acts, seat: int) -> Way:
        """How far the play is, if every choice could be made."""
        least, most = self._lengths.get(self._replay(acts).node, (0, 0))
        return Way(len(acts), least, most)

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, int | None]]:
        return lengths(
            {
                name: {route.node for choice in node.choices for route in choice.to}
                for name, node in self.nodes.items()
            }
        )

    def _replay(self, acts: Acts) -> Moment:
        moment = self.opening()
        for act in acts:
            moment = self.step(moment, chosen(act))
        return moment

    def opening(self) -> Moment:
        """Where every play begins."""
        return Moment(self.start, Trail(dict(self.variables), (), frozenset({self.start})))

    def step(self, moment: Moment, act: str) -> Moment:
        """Where a choice leads. Raises ``Invalid("act-impossible", act, at)``."""
        trail = moment.trail
        offered = (
            c for c in self.nodes[moment.node].choices if c.id == act and hold(c.when, trail)
        )
        choice = next(offered, None)
        if choice is None:
            raise Invalid(ActImpossible(act=act, at=moment.node))
        numbers = {name: number + choice.add.get(name, 0) for name, number in trail.numbers.items()}
        trail = Trail(numbers, (*trail.chosen, (moment.node, act)), trail.seen)
        node = next(route.node for route in choice.to if hold(route.when, trail))
        return Moment(node, Trail(numbers, trail.chosen, trail.seen | {node}))

    # --- what is true of every play

    @cached_property
    def _graph(self) -> Graph:
        # The graph library is large and only needed to check a pack, not to play one.
        from engine.packs.activities.graph import Graph

        def targets(choice: Choice) -> list[str]:
            return [route.node for route in choice.to if route.node in self.nodes]

        return Graph(
            {name: [targets(c) for c in node.choices] for name, node in self.nodes.items()},
            self.start,
        )

    def quotable(self) -> Mapping[str, bool]:
        """``choice.<node>`` for each reachable node with choices: True if every play passes it.
        ``ending`` always."""
        always, reached = self._graph.unavoidable(), self._graph.reachable()
        named = {
            f"choice.{name}": name in always
            for name, node in self.nodes.items()
            if node.choices and name in reached
        }
        return named | {"ending": True}

    def reading(self, words: Callable[[str], int]) -> Reading:
        """The cost of a uniformly random play that ignores conditions (a conditional paragraph
        counts for half)."""
        total = decisions = 0.0
        for name, visits in self._graph.expected_visits().items():
            node = self.nodes[name]
            total += visits * _cost(name, node, words)
            decisions += visits * bool(node.choices)
        return Reading(total, decisions)

    # --- faults

    def check(self) -> Iterator[Problem]:
        """Every semantic fault of the graph, in one pass."""
        if self.start not in self.nodes:
            yield _problem(("start",), "start-unknown", name=self.start, known=list(self.nodes))
        for i, gauge in enumerate(self.gauges):
            if gauge not in self.variables:
                yield _problem(
                    ("gauges", i), "variable-unknown", name=gauge, known=list(self.variables)
                )
        for name, node in self.nodes.items():
            yield from self._check_node(name, node)
        if self.start in self.nodes:
            yield from self._check_paths()

    def _check_paths(self) -> Iterator[Problem]:
        reached, escaping = self._graph.reachable(), self._graph.escaping()
        for name, node in self.nodes.items():
            if name not in reached:
                yield _problem(("nodes", name), "node-unreachable", node=name)
            elif name not in escaping and node.choices:
                yield _problem(("nodes", name), "loop-without-end", node=name)

    def _check_node(self, name: str, node: Node) -> Iterator[Problem]:
        at = ("nodes", name)
        if name in RESERVED:
            yield _problem(at, "node-reserved", node=name)
        if not node.choices and not node.ending:
            yield _problem(at, "dead-end", node=name)
        if node.choices and node.ending:
            yield _problem(at, "ending-with-choices", node=name)
        if node.choices and all(choice.when for choice in node.choices):
            yield _problem(at, "choices-all-conditional", node=name)
        uses = Counter([*(a.id for a in node.asides), *(c.id for c in node.choices)])
        for used in (u for u, times in uses.items() if times > 1):
            yield _problem(at, "id-twice", id=used, node=name)
        for i, aside in enumerate(node.asides):
            yield from self._check_conditions((*at, "asides", i, "when"), aside.when)
        for i, choice in enumerate(node.choices):
            yield from self._check_choice((*at, "choices", i), choice)

    def _check_choice(self, at: tuple[str | int, ...], choice: Choice) -> Iterator[Problem]:
        yield from self._check_conditions((*at, "when"), choice.when)
        for variable in choice.add:
            if variable not in self.variables:
                yield _problem(
                    (*at, "add", variable),
                    "variable-unknown",
                    name=variable,
                    known=list(self.variables),
                )
        for i, route in enumerate(choice.to):
            last = i == len(choice.to) - 1
            if route.node not in self.nodes:
                yield _problem(
                    (*at, "to", i, "node"), "node-unknown", name=route.node, known=list(self.nodes)
                )
            if last and route.when:
                yield _problem((*at, "to", i, "when"), "last-route-conditional", choice=choice.id)
            if not last and not route.when:
                yield _problem((*at, "to", i), "route-hides-others", choice=choice.id)
            yield from self._check_conditions((*at, "to", i, "when"), route.when)

    def _check_conditions(
        self, at: tuple[str | int, ...], conditions: tuple[Condition, ...]
    ) -> Iterator[Problem]:
        for i, condition in enumerate(conditions):
            match condition:
                case Compare(variable=name) if name not in self.variables:
                    yield _problem(
                        (*at, i), "variable-unknown", name=name, known=list(self.variables)
                    )
                case Chose(node=name) | Seen(node=name) if name not in self.nodes:
                    yield _problem((*at, i), "node-unknown", name=name, known=list(self.nodes))
                case Chose(node=name, choice=chosen) if chosen not in (
                    known := [c.id for c in self.nodes[name].choices]
                ):
                    yield _problem((*at, i), "choice-unknown", name=chosen, node=name, known=known)


def _strings(name: str, node: Node) -> Iterator[str]:
    yield name
    yield from (f"{name}.{aside.id}" for aside in node.asides)
    for choice in node.choices:
        yield from (f"{name}.{choice.id}", f"{name}.{choice.id}.after")
    if node.ending:
        yield f"{name}.trace"


def _cost(name: str, node: Node, words: Callable[[str], int]) -> float:
    story = words(name) + ASIDE_SHARE * sum(words(f"{name}.{aside.id}") for aside in node.asides)
    labels = sum(words(f"{name}.{choice.id}") for choice in node.choices)
    feedback = sum(words(f"{name}.{choice.id}.after") for choice in node.choices) / max(
        1, len(node.choices)
    )
    return story + labels + feedback


def _problem(path: tuple[str | int, ...], code: str, **params: object) -> Problem:
    return Problem(path, code, params)
