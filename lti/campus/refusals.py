"""What the platform refuses, in the words of OAuth and for the eyes of a developer."""

from __future__ import annotations

from engine.values.errors import RelectureError


class PlatformRefused(RelectureError):
    """``code`` is an error code of OAuth 2.0 or OpenID Connect where one fits, ``why`` says
    more, ``status`` is HTTP's."""

    def __init__(self, code: str, why: str, status: int = 400) -> None:
        super().__init__(code, why=why)
        self.code, self.why, self.status = code, why, status
