"""What is refused to a platform: one exception a kind of exchange, each with its own group of
reasons."""

from __future__ import annotations

from engine.values.errors import RelectureError
from lti.wire.reasons import FetchReason, LaunchReason, RegistrationReason, ServiceReason


class LaunchRefused(RelectureError):
    """A login or launch is refused: no session is made. The user is told what to do, the
    administrator why."""

    def __init__(self, reason: LaunchReason) -> None:
        super().__init__(reason)


class FetchRefused(RelectureError):
    """The guarded client did not go there, or did not take what came back."""

    def __init__(self, reason: FetchReason) -> None:
        super().__init__(reason)


class ServiceRefused(RelectureError):
    """A service call was not made, or the platform did not do what was asked. ``lasting`` ones
    are not worth a retry."""

    def __init__(self, reason: ServiceReason, *, lasting: bool = True) -> None:
        super().__init__(reason)
        self.lasting = lasting


class RegistrationRefused(RelectureError):
    """A dynamic registration did not come about; nothing was stored."""

    def __init__(self, reason: RegistrationReason) -> None:
        super().__init__(reason)
