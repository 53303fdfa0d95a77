"""What each role may do on the pages: one table, which guards, navigation and pages read. What
belongs to a learner is no right: whoever learns reads and changes what is theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from engine.values.roles import ADMINISTRATOR, DESIGNER, FACILITATOR

Right = Literal["facilitate", "facilitate-all", "see-packs", "administer"]

RIGHTS: Mapping[Right, frozenset[str]] = {
    "facilitate": frozenset({FACILITATOR, ADMINISTRATOR}),
    "facilitate-all": frozenset({ADMINISTRATOR}),
    "see-packs": frozenset({DESIGNER, ADMINISTRATOR}),
    "administer": frozenset({ADMINISTRATOR}),
}
"""Who may do what: run their own courses, run every course of the organisation, see which packs are
installed and how many people are on which version, and all that is under ``/admin``."""


def may(roles: Collection[str], right: Right) -> bool:
    """Whether somebody with these roles may do that."""
    return not RIGHTS[right].isdisjoint(roles)
