"""What cannot be done with the links that a platform placed in a course."""

from __future__ import annotations

from engine.values.reasons import Reason


class PlacedLinkUnknown(Reason, code="placed-link-unknown"):
    """The course has no such link."""


class ChoiceCounts(Reason, code="choice-counts"):
    """Not one of the ways to count."""
