"""The pages of a long list: how long one is, how many there are, and which one is meant."""

from __future__ import annotations

A_PAGE = 50
"""So many rows are shown at once."""


def pages_of(found: int) -> int:
    """How many pages so many rows fill, at least one."""
    return max(1, -(-found // A_PAGE))


def nearest(page: int, found: int) -> int:
    """The page that is asked for, counted from 1; of one that is not there, the nearest."""
    return max(1, min(page, pages_of(found)))


def before(page: int) -> int:
    """How many rows stand on the pages before this one."""
    return (page - 1) * A_PAGE
