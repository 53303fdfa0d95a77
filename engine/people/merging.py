"""Decides what becomes of two accounts of one person: values in, values out. One stays, the other
goes into it, and nothing that was lived is lost but what was lived twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.values.roles import in_order


@dataclass(frozen=True)
class Lived:
    """An experience that somebody began; ``module`` is ``pack/module``."""

    id: str
    module: str
    started_at: datetime
    finished: bool
    answers: int


@dataclass(frozen=True)
class Side:
    """One of the two accounts. ``courses`` and what they are in each; ``platforms`` by which they
    come; ``joined``: they accepted the trust contract."""

    id: str
    email: str | None
    roles: frozenset[str]
    joined: bool
    courses: dict[str, str]
    lived: tuple[Lived, ...] = ()
    platforms: int = 0


@dataclass(frozen=True)
class Merge:
    """What a merge would do. ``address`` is where the person is reached then, ``lost_address`` the
    one that no longer signs in.

    Of what was lived twice ``dropped`` (ids of experiences) goes, for ``kept`` at the same place.
    ``courses`` come from the other account, with the role in each; ``contract``: the trust
    contract and rhythm do too.
    """

    stays: str
    goes: str
    roles: tuple[str, ...]
    address: str | None
    lost_address: str | None
    courses: dict[str, str]
    moved: tuple[str, ...]
    kept: tuple[Lived, ...]
    dropped: tuple[Lived, ...]
    platforms: int
    contract: bool


def decide(stays: Side, goes: Side) -> Merge:
    """What becomes of two different accounts.

    An experience that both lived is kept from whoever got further: the finished one, then the one
    with more answers, then the one begun first; the account that stays wins a tie. In a course that
    both are in, who runs it in one of them runs it.
    """
    kept, dropped = _twice(stays.lived, goes.lived)
    return Merge(
        stays=stays.id,
        goes=goes.id,
        roles=in_order(stays.roles | goes.roles),
        address=stays.email or goes.email,
        lost_address=goes.email if stays.email else None,
        courses=_courses(stays.courses, goes.courses),
        moved=tuple(one.id for one in goes.lived if one not in dropped),
        kept=kept,
        dropped=dropped,
        platforms=goes.platforms,
        contract=goes.joined and not stays.joined,
    )


def _courses(own: dict[str, str], others: dict[str, str]) -> dict[str, str]:
    """The courses to add or to change, with the role in each."""
    return {
        course: role
        for course, role in others.items()
        if own.get(course) is None or (role == "facilitator" and own[course] != role)
    }


def _twice(
    own: Sequence[Lived], others: Sequence[Lived]
) -> tuple[tuple[Lived, ...], tuple[Lived, ...]]:
    theirs = {one.module: one for one in others}
    pairs = [(one, theirs[one.module]) for one in own if one.module in theirs]
    best = [max(pair, key=_far) for pair in pairs]
    return tuple(best), tuple(
        one for pair, kept in zip(pairs, best, strict=True) for one in pair if one is not kept
    )


def _far(one: Lived) -> tuple[bool, int, float]:
    """How far an experience went; of two that are alike ``max`` takes the first."""
    return one.finished, one.answers, -one.started_at.timestamp()
