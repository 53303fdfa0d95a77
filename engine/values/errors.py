"""The root of the project's own exceptions, and the few kinds that every room shares."""

from __future__ import annotations

from engine.values.reasons import Reason


class RelectureError(Exception):
    """Anything Relecture deliberately refuses. Carries a ``Reason`` so that pages, mails and the
    CLI can put it into words."""

    def __init__(self, code: str, **params: object) -> None:
        self.reason = Reason(code, params)
        super().__init__(f"{code} {dict(params)}" if params else code)


class NotFound(RelectureError):
    """What was named does not exist, or not for this tenant or person (deliberately
    indistinguishable)."""


class Refused(RelectureError):
    """A domain rule forbids it; nothing was changed."""


class Invalid(RelectureError):
    """The input itself is wrong; nothing was changed. ``params`` say where, and what would be
    right."""


class Conflict(RelectureError):
    """Someone else (or another tab) got there first; nothing was changed."""
