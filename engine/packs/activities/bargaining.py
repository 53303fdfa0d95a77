"""The arithmetic of whole-package offers: what a package is worth to each seat, what would have
been better for all, and how a recorded counterpart concedes. Pure functions of numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from pydantic import Field

from engine.packs.base import Frozen, Slug

Package = tuple[int, ...]
"""One option of each clause, counted from 0, in the order of the clauses."""
Points = tuple[tuple[int, ...], ...]
"""What each option of each clause is worth to one seat."""


@dataclass(frozen=True)
class Offer:
    """A whole package, and the seat that made it."""

    seat: int
    package: Package


def packages(sizes: Sequence[int]) -> Iterator[Package]:
    """Every package there is, the last clause varying first; ``sizes``: options of each clause."""
    return product(*map(range, sizes))


def worth(points: Points, package: Package) -> int:
    """What a package is worth to a seat with these ``points``."""
    return sum(of[option] for of, option in zip(points, package, strict=True))


def best(points: Points) -> int:
    """What the best package is worth to a seat."""
    return sum(map(max, points))


def better_for_all(points: Sequence[Points], than: Sequence[int]) -> int:
    """How many packages are worth no less than ``than`` to any seat, and more to one at least
    (Pareto improvements); both in the order of the seats."""
    had = list(than)
    return sum(
        all(now >= before for now, before in zip(got, had, strict=True)) and got != had
        for package in packages([len(of) for of in points[0]])
        if (got := [worth(its, package) for its in points])
    )


def priced_first(points: Points, package: Package) -> int:
    """The clause on which a package gives a seat the most points; the first of several."""
    got = [of[option] for of, option in zip(points, package, strict=True)]
    return got.index(max(got))


class Concedes(Frozen):
    """A counterpart whose aspiration falls evenly from ``opens``, at the first offer, to
    ``settles``, at the last (a monotone concession: Faratin, Sierra and Jennings, 1998). It takes
    what is worth at least that to it; else, of all packages that are, it offers the one nearest to
    what the others asked for in their own offers. It knows nothing else of their interests.

    ``polite`` maps clauses to the option that it writes down out of courtesy, until somebody asks
    for another one or it can no longer afford it.
    """

    opens: int = Field(ge=0, le=1000)
    settles: int = Field(ge=0, le=1000)
    polite: dict[Slug, Slug] = Field(default_factory=dict)

    def aspires(self, number: int, last: int) -> float:
        """The points that it wants of offer ``number`` (from 1) of ``last``."""
        gone = (min(number, last) - 1) / (last - 1)
        return self.opens - (self.opens - self.settles) * gone

    def offers(
        self,
        points: Points,
        asked: Sequence[Package],
        aspiration: float,
        courtesy: Mapping[int, int],
    ) -> Package:
        """What it offers after the others ``asked`` for these packages; ``courtesy`` is ``polite``
        by numbers. Of equally near packages it takes the one that is worth most to itself."""
        kept = {
            clause: option
            for clause, option in courtesy.items()
            if all(package[clause] == option for package in asked)
        }
        wishes = [_wishes(asked, clause) for clause in range(len(points))]

        def rank(package: Package) -> tuple[bool, bool, float, int]:
            own = worth(points, package)
            polite = all(package[clause] == option for clause, option in kept.items())
            near = sum(wish[option] for wish, option in zip(wishes, package, strict=True))
            return own >= aspiration, polite, near, own

        return max(packages([len(of) for of in points]), key=rank)


def _wishes(asked: Sequence[Package], clause: int) -> Counter[int]:
    """How much the others seem to want each option of a clause: how often they asked for it, and
    the more so the less they moved from it (a frequency model: Tunalı, Aydoğan and
    Sanchez-Anguix, 2017)."""
    seen = Counter(package[clause] for package in asked)
    firm = max(seen.values(), default=0)
    return Counter({option: times * firm for option, times in seen.items()})
