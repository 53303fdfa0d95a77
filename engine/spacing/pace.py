"""Pace: how a learner keeps up, updated after each touch. If touches are missed, the learner is
asked less often, never more."""

from __future__ import annotations

from dataclasses import replace

from engine.spacing.values import Pace, TouchEnd

WIDEN = 1.5
WIDEST_FACTOR = 8.0
ASK_AFTER_MISSED = 3


def after(pace: Pace, end: TouchEnd) -> Pace:
    """The pace after a touch has ended: a missed touch widens the gap (up to × 8), an answered one
    narrows it again, and a snooze does not count as a miss."""
    if end == "answered":
        return replace(pace, missed_in_a_row=0, gap_factor=max(1.0, pace.gap_factor / WIDEN))
    if end == "missed":
        return replace(
            pace,
            missed_in_a_row=pace.missed_in_a_row + 1,
            gap_factor=min(WIDEST_FACTOR, pace.gap_factor * WIDEN),
        )
    return pace


def must_ask(pace: Pace) -> bool:
    """Whether the next touch has to ask « lighter, or stop? »."""
    return pace.missed_in_a_row >= ASK_AFTER_MISSED and not pace.asked_to_lighten
