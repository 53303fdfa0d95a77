"""Platform Notification Service 1.0, the asking side: please tell us when a course is copied."""

from __future__ import annotations

from lti.platforms.registrations import Registration
from lti.services.call import Caller
from lti.wire import names


def ask_for_copies(caller: Caller, registration: Registration, url: str, handler: str) -> None:
    """From now on the platform posts notices of copied courses to ``handler``. Asked again, nothing
    changes.

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
