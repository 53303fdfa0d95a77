"""A request whose lists of wishes are read to a limit: what a browser sends is short, and what
somebody else makes up must cost no more."""

from __future__ import annotations

from typing import TypeVar

from flask import Request
from werkzeug.datastructures import Accept, LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.utils import cached_property

Kind = TypeVar("Kind", bound=Accept)

MOST_WISHES = 10
"""How many entries of a list count, in the order in which they were sent. Browsers put what they
want most first."""


class BoundedRequest(Request):
    """Reads each ``Accept-…`` header once, and its first entries only."""

    @cached_property
    def accept_languages(self) -> LanguageAccept:
        """The languages that the browser asks for."""
        return self._first_wishes("Accept-Language", LanguageAccept)

    @cached_property
    def accept_encodings(self) -> Accept:
        """The encodings that the browser can read."""
        return self._first_wishes("Accept-Encoding", Accept)

    def _first_wishes(self, header: str, kind: type[Kind]) -> Kind:
        entries = self.headers.get(header, "").split(",", MOST_WISHES)[:MOST_WISHES]
        return parse_accept_header(",".join(entries), kind)
