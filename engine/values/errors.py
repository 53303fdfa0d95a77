"""The two roots of the project's own exceptions, refusals and bugs, and the few kinds of refusal
that every room shares."""

from __future__ import annotations

from engine.values.reasons import Reason


class RelectureError(Exception):
    """Anything Relecture deliberately refuses. Carries a ``Reason`` so that pages, mails and the
    CLI can put it into words; its text begins with the reason's code. ``field`` is the name of the
    form control that it concerns."""

    def __init__(self, reason: Reason, *, field: str | None = None) -> None:
        super().__init__(str(reason))
        self.reason, self.field = reason, field


class NotFound(RelectureError):
    """What was named does not exist, or not for this tenant or person (deliberately
    indistinguishable)."""


class Refused(RelectureError):
    """A domain rule forbids it; nothing was changed."""


class NotYet(Refused):
    """A domain rule forbids it now and will allow it later, which the reason tells."""


class Invalid(RelectureError):
    """The input itself is wrong; nothing was changed. The reason says what would be right, and
    ``field`` where."""


class Conflict(RelectureError):
    """Someone else (or another tab) got there first; nothing was changed."""


class Bug(Exception):
    """A programming error, never a user's mistake: it has no words, and the log shows its
    traceback."""
