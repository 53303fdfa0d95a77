"""What people are in an organisation: one of these, or several at once."""

from __future__ import annotations

from collections.abc import Collection

LEARNER, FACILITATOR, DESIGNER, ADMINISTRATOR = (
    "learner",
    "facilitator",
    "designer",
    "administrator",
)
ROLES = (LEARNER, FACILITATOR, DESIGNER, ADMINISTRATOR)
"""Every role, the one that may least first. None of these words is a part of another: rows are
searched by them."""


def in_order(roles: Collection[str]) -> tuple[str, ...]:
    """These roles as they are listed and stored."""
    return tuple(role for role in ROLES if role in roles)
