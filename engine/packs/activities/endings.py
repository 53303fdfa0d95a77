"""The endings of a game: the first whose conditions on its sums hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from engine.packs.activities.base import Problem
from engine.packs.activities.conditions import Compare, Condition, Trail, hold
from engine.packs.base import Frozen, Slug


class GameEnding(Frozen):
    """An ending, if all of ``when`` holds for a seat."""

    id: Slug
    when: tuple[Condition, ...] = ()


def ending_of(endings: Sequence[GameEnding], sums: Mapping[str, float]) -> str:
    """The ending of a seat whose sums these are. The lint sees that there is one."""
    trail = Trail({name: round(value) for name, value in sums.items()}, (), frozenset())
    return next(one.id for one in endings if hold(one.when, trail))


def check_endings(endings: Sequence[GameEnding], variables: Collection[str]) -> Iterator[Problem]:
    """Names that no sum has, and endings that are there twice, cannot be reached, or are
    missing."""
    ids = [one.id for one in endings]
    if endings[-1].when:
        yield Problem(("endings", len(endings) - 1), "ending-conditional", {})
    for i, ending in enumerate(endings):
        if ending.id in ids[:i]:
            values = {"id": ending.id, "list": "endings"}
            yield Problem(("endings", i, "id"), "listed-twice", values)
        for j, condition in enumerate(ending.when):
            if not isinstance(condition, Compare) or condition.variable not in variables:
                name = str(getattr(condition, "variable", ""))
                yield Problem(("endings", i, "when", j), "variable-unknown", known(name, variables))
        if not ending.when and i < len(endings) - 1:
            yield Problem(("endings", i), "ending-hides-others", {"ending": ending.id})


def known(name: str, those: Collection[str]) -> dict[str, object]:
    """The values of a fault about a name that is none of ``those``."""
    return {"name": name, "known": list(those)}
