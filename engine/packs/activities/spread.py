"""The tables of a negotiation: what is laid open of offers, of one's own points and, at the end, of
everybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.packs.activities.bargaining import Offer, Package
from engine.packs.activities.base import Cell, Rows
from engine.packs.activities.talks import ACCEPT, DO, LEAVE, Clause
from engine.packs.reasons import (
    ClauseName,
    InAll,
    OffersSoFar,
    OptionName,
    Signed,
    WithoutAgreement,
    YourPoints,
)


@dataclass(frozen=True)
class Spread:
    """What the tables are made of; ``seats``: the string ids of the names of the ``roles``."""

    clauses: tuple[Clause, ...]
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    no_deal: Mapping[str, int]

    def offers(self, offers: Sequence[Offer], seat: int) -> tuple[Rows, ...]:
        """These offers, the last one first, with what each is worth to a seat."""
        last_first = offers[::-1]
        rows: list[tuple[Cell, ...]] = [
            (clause.string, *(clause.option(one.package[n]) for one in last_first))
            for n, clause in enumerate(self.clauses)
        ]
        role = self.roles[seat - 1]
        rows.append((YourPoints(), *(self._worth(role, one.package) for one in last_first)))
        head: tuple[Cell, ...] = (
            ClauseName(),
            *(self.seats[one.seat - 1] for one in last_first),
        )
        return (Rows(OffersSoFar(), head, tuple(rows)),) if offers else ()

    def own(self, seat: int) -> tuple[Rows, ...]:
        """What every option is worth to a seat, clause by clause: narrow enough for a phone."""
        return self._points(self.roles[seat - 1 : seat], (YourPoints(),))

    def all(self) -> tuple[Rows, ...]:
        """What every option is worth to every seat."""
        return self._points(self.roles, self.seats)

    def signed(self, package: Package | None) -> tuple[Rows, ...]:
        """What was signed, and what each seat has of it."""
        if package is None:
            return ()
        rows: list[tuple[Cell, ...]] = [
            (clause.string, clause.option(n), *(clause.points[role][n] for role in self.roles))
            for clause, n in zip(self.clauses, package, strict=True)
        ]
        worth = (self._worth(role, package) for role in self.roles)
        rows.append((InAll(), f"{DO}.{ACCEPT}", *worth))
        return (Rows(Signed(), (ClauseName(), OptionName(), *self.seats), tuple(rows)),)

    def _points(self, roles: Sequence[str], heads: tuple[Cell, ...]) -> tuple[Rows, ...]:
        head = (OptionName(), *heads)
        tables = [
            Rows(
                clause.string,
                head,
                tuple(
                    (clause.option(n), *(clause.points[role][n] for role in roles))
                    for n in range(len(clause.options))
                ),
            )
            for clause in self.clauses
        ]
        had: tuple[Cell, ...] = (f"{DO}.{LEAVE}", *(self.no_deal[role] for role in roles))
        return (*tables, Rows(WithoutAgreement(), head, (had,)))

    def _worth(self, role: str, package: Package) -> int:
        return sum(one.points[role][n] for one, n in zip(self.clauses, package, strict=True))
