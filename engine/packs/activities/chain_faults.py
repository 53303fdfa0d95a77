"""What can be wrong with a value chain: its actors, its flows and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.packs.activities.base import Problem
from engine.packs.activities.chaining import STATES, Flow
from engine.packs.activities.endings import known


def flow_faults(actors: Sequence[str], flows: Sequence[Flow]) -> Iterator[Problem]:
    """Names that are there twice or that nothing has, and flows that could not be otherwise."""
    ids = [flow.id for flow in flows]
    for name, listed in (("actors", list(actors)), ("flows", ids)):
        for i, one in enumerate(listed):
            if one in listed[:i]:
                yield Problem((name, i), "listed-twice", {"id": one, "list": name})
    for i, flow in enumerate(flows):
        for wrong in (*_ends_of_the_arrow(flow, actors), *_chances(flow, ids)):
            yield Problem(("flows", i, *wrong.path), wrong.code, wrong.params)
    used = {actor for flow in flows for actor in (flow.giver, flow.taker)}
    for i, actor in enumerate(actors):
        if actor not in used:
            yield Problem(("actors", i), "actor-idle", {"actor": actor})


def _ends_of_the_arrow(flow: Flow, actors: Sequence[str]) -> Iterator[Problem]:
    for part, actor in (("from", flow.giver), ("to", flow.taker)):
        if actor not in actors:
            yield Problem((part,), "actor-unknown", known(actor, actors))
    if flow.giver == flow.taker:
        yield Problem((), "flow-to-itself", {"flow": flow.id})


def _chances(flow: Flow, ids: Sequence[str]) -> Iterator[Problem]:
    for one in flow.needs:
        if one not in ids:
            yield Problem(("needs",), "flow-unknown", known(one, ids))
        if one == flow.id:
            yield Problem(("needs",), "flow-needs-itself", {"flow": flow.id})
    if not flow.booked and set(STATES) <= set(flow.ends):
        yield Problem(("ends",), "flow-doomed", {"flow": flow.id})
    if flow.booked and flow.hours:
        yield Problem(("hours",), "flow-booked", {"flow": flow.id})


def limit_faults(flows: Sequence[Flow], line: str, draw: int, hours: int) -> Iterator[Problem]:
    """A line that nobody pays, and limits that leave nothing to decide: all arrows fit, none can be
    counted, or all that fit can."""
    booked = [flow.id for flow in flows if flow.booked]
    if line not in booked:
        yield Problem(("line",), "line-unbooked", known(line, booked))
    favours = [flow.hours for flow in flows if not flow.booked]
    if draw >= len(favours):
        yield Problem(("draw",), "draw-all", {"draw": draw, "flows": len(favours)})
        return
    if min(favours) > hours:
        yield Problem(("hours",), "hours-none", {"hours": hours, "least": min(favours)})
    most = sum(sorted(favours)[-draw:])
    if most <= hours:
        yield Problem(("hours",), "hours-all", {"hours": hours, "most": most})
