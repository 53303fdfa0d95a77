"""Platform Notification Service 1.0, our side: asks to be notified when a course is copied."""

from __future__ import annotations

from lti.platforms.registrations import Registration
from lti.services.call import Caller
from lti.wire import names


def ask_for_copies(caller: Caller, registration: Registration, url: str, handler: str) -> None:
    """Asks the platform to post notices of copied courses to ``handler``. Asking again changes
    nothing.

    Raises ``ServiceRefused`` and ``FetchRefused``.
    """
    caller.call(
        registration,
        "PUT",
        url,
        [names.SCOPE_NOTICES],
        accept="application/json",
        body={"notice_type": names.CONTEXT_COPY_NOTICE, "handler": handler},
    )
