"""What is said of how others answered."""

from __future__ import annotations

from engine.values.reasons import Reason


class ChoseOtherwise(Reason, code="chose-otherwise"):
    """So many of these people chose otherwise."""

    otherwise: int
    people: int


class NearlyAllAlike(Reason, code="nearly-all-alike"):
    """At most one of these people chose otherwise."""

    people: int


class NearlyAllOtherwise(Reason, code="nearly-all-otherwise"):
    """At most one of these people chose the same."""

    people: int
