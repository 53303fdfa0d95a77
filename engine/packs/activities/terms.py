"""What can be wrong with the terms of a negotiation: its clauses and its voices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod

from engine.packs.activities.bargaining import Concedes, best
from engine.packs.activities.base import Problem
from engine.packs.activities.endings import known
from engine.packs.activities.talks import Clause

MOST_PACKAGES = 5_000
"""So that what was left on the table is counted at once."""


def terms_faults(
    clauses: Sequence[Clause],
    roles: Sequence[str],
    no_deal: Mapping[str, int],
    reserved: Sequence[str],
) -> Iterator[Problem]:
    """Clauses called alike or by a ``reserved`` name, points that are missing or too many, and
    more packages than can be counted."""
    ids = [clause.id for clause in clauses]
    for i, clause in enumerate(clauses):
        at = ("clauses", i)
        if clause.id in reserved:
            yield Problem((*at, "id"), "clause-reserved", {"name": clause.id})
        if clause.id in ids[:i]:
            yield Problem((*at, "id"), "listed-twice", {"id": clause.id, "list": "clauses"})
        for j, option in enumerate(clause.options):
            if option in clause.options[:j]:
                yield Problem(
                    (*at, "options", j), "listed-twice", {"id": option, "list": "options"}
                )
            if option == "quote":
                yield Problem((*at, "options", j), "string-shared", {"string": clause.option(j)})
        yield from _of_roles((*at, "points"), clause.points, roles)
        for role, points in clause.points.items():
            if len(points) != len(clause.options):
                counts = {"points": len(points), "options": len(clause.options)}
                yield Problem((*at, "points", role), "points-count", counts)
    yield from _of_roles(("no_deal",), no_deal, roles)
    count = prod(len(clause.options) for clause in clauses)
    if count > MOST_PACKAGES:
        params = {"packages": count, "most": MOST_PACKAGES}
        yield Problem(("clauses",), "packages-too-many", params)


def _of_roles(
    at: tuple[str | int, ...], points: Mapping[str, object], roles: Sequence[str]
) -> Iterator[Problem]:
    for role in points:
        if role not in roles:
            yield Problem((*at, role), "role-unknown", known(role, roles))
    for role in roles:
        if role not in points:
            yield Problem(at, "points-missing", {"role": role})


def voice_faults(
    role: str, voice: Concedes, clauses: Sequence[Clause], no_deal: int
) -> Iterator[Problem]:
    """A voice that would sign what is worse than leaving, wants more than there is, or is polite
    about what no clause has."""
    most = best(tuple(clause.points.get(role, (0,)) for clause in clauses))
    if voice.settles < no_deal:
        params = {"settles": voice.settles, "without": no_deal}
        yield Problem(("voices", role, "settles"), "voice-below-leaving", params)
    if not voice.settles <= voice.opens <= most:
        params = {"opens": voice.opens, "settles": voice.settles, "most": most}
        yield Problem(("voices", role, "opens"), "voice-opens", params)
    options = {clause.id: clause.options for clause in clauses}
    for clause, option in voice.polite.items():
        at, names = ("voices", role, "polite", clause), options.get(clause)
        if names is None:
            yield Problem(at, "clause-unknown", known(clause, list(options)))
        elif option not in names:
            yield Problem(at, "option-unknown", {"clause": clause} | known(option, names))
