"""What the platform refuses, with OAuth error codes and explanations for developers."""

from __future__ import annotations

from lti.campus.profiles.profile import Refusal


class PlatformRefused(Exception):
    """A refusal by the platform. ``code`` is an OAuth 2.0 or OpenID Connect error code where one
    fits, ``why`` explains it, ``status`` is the HTTP status."""

    def __init__(self, code: str, why: str, status: int = 400) -> None:
        super().__init__(f"{code}: {why}")
        self.code, self.why, self.status = code, why, status


def refused(said: Refusal, *, user: str = "") -> PlatformRefused:
    """That refusal, of a call about ``user``."""
    return PlatformRefused(said.code, said.why.replace("{user}", user), said.status)
