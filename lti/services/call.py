"""Makes one call to a platform's service: checks the host, sends a token, and tells failures worth
retrying from others."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from engine.storage.work import Units
from engine.values.errors import RelectureError
from lti.platforms import registrations
from lti.platforms.registrations import Registration
from lti.platforms.tokens import Tokens
from lti.services.budget import Budget
from lti.wire.http import Answer, Http
from lti.wire.reading import MAX_ADDRESS
from lti.wire.reasons import (
    ServiceAnswered,
    ServiceHostUnknown,
    ServiceMalformed,
    ServiceOutOfTime,
)
from lti.wire.refusals import ServiceRefused
from lti.wire.urls import host_of, is_web_address

MAX_PAGES = 500
MAX_TIME = timedelta(minutes=2)
"""How long we wait for the pages of a whole list; our own time between pages does not count."""
RETRY = frozenset({408, 409, 425, 429})
TOKEN_OVER = frozenset({401, 403})
"""How platforms say that a token is no longer good; 403 is Sakai's way."""


class Declined(ServiceRefused):
    """The platform declined what was asked and nothing else: it says neither that the connection
    works nor that it does not."""

    def __init__(self, reason: ServiceAnswered, *, lasting: bool) -> None:
        super().__init__(reason, lasting=lasting)
        self.answered = reason


class OutOfTime(ServiceRefused):
    """A registration has used up its time for now. Nothing was asked of the platform."""

    def __init__(self, url: str) -> None:
        super().__init__(ServiceOutOfTime(service=host_of(url)), lasting=False)


@dataclass(frozen=True)
class Request:
    """What is asked of a service: ``body`` is sent as JSON. ``matters``: the statuses with which
    the platform declines what is asked and nothing else."""

    method: str
    url: str
    scopes: Sequence[str]
    accept: str
    body: Any = None
    content_type: str = "application/json"
    matters: Collection[int] = ()


@dataclass(frozen=True)
class Caller:
    """Calls services, and records the outcome of each call in the registration's health.

    Opens units of work of its own: no transaction is open during a call, and its outcome must
    survive whatever becomes of the caller's work. ``budget``: none for what somebody waits for.
    """

    units: Units
    http: Http
    tokens: Tokens
    budget: Budget | None = None

    def call(
        self,
        registration: Registration,
        method: str,
        url: str,
        scopes: Sequence[str],
        *,
        accept: str,
        body: Any = None,
        content_type: str = "application/json",
        matters: Collection[int] = (),
    ) -> Answer:
        """Makes one call with a bearer token (Security Framework 1.0, section 4.1; RFC 6750 section
        2.1); where that may be over, once more with a new one.

        Any answer returned is a success. Raises ``ServiceRefused`` and ``FetchRefused``, and
        ``OutOfTime`` if nothing is left of the budget.
        """
        asked = Request(method, url, scopes, accept, body, content_type, matters)
        if self.budget is None:
            return self._call(registration, asked)
        whose = registration.tenant, registration.id
        if not self.budget.has_left(whose):
            raise OutOfTime(url)
        with self.budget.spending(whose, self.units.clock.wall):
            return self._call(registration, asked)

    def _call(self, registration: Registration, asked: Request) -> Answer:
        try:
            with self.units.read(registration.tenant) as work:
                known = registrations.known_hosts(work, registration)
            check_host(asked.url, known)
            answer = self._send(registration, asked)
            if answer.status in TOKEN_OVER:
                self.tokens.forget(registration, asked.scopes)
                answer = self._send(registration, asked)
            _check_status(answer, asked)
        except Declined:
            raise
        except RelectureError as wrong:
            with self.units.write(registration.tenant) as work:
                registrations.note_failure(work, registration, wrong.reason)
                work.commit()
            raise
        with self.units.write(registration.tenant) as work:
            registrations.note_service(work, registration)
            work.commit()
        return answer

    def pages(
        self, registration: Registration, url: str, scopes: Sequence[str], *, accept: str
    ) -> Iterator[Answer]:
        """Yields every page of a list, one at a time, following ``rel=next`` on known hosts (RFC
        8288; NRPS 2.0, section 2.4.2).

        Raises ``ServiceRefused("service-malformed")`` if a page repeats, there are too many pages,
        or the run takes too long; the last two may succeed another time.
        """
        seen: set[str] = set()
        following: str | None = url
        waited, wall = timedelta(0), self.units.clock.wall
        while following is not None:
            if following in seen:
                raise without_end(url, lasting=True)
            if len(seen) >= MAX_PAGES or waited >= MAX_TIME:
                raise without_end(url)
            seen.add(following)
            began = wall()
            answer = self.call(registration, "GET", following, scopes, accept=accept)
            waited += wall() - began
            yield answer
            following = link(answer, "next", following)

    def _send(self, registration: Registration, asked: Request) -> Answer:
        headers = {
            "Authorization": f"Bearer {self.tokens.token(registration, asked.scopes)}",
            "Accept": asked.accept,
        }
        if asked.body is None:
            return self.http.send(asked.method, asked.url, headers=headers)
        return self.http.send(
            asked.method,
            asked.url,
            headers={**headers, "Content-Type": asked.content_type},
            body=json.dumps(asked.body).encode(),
        )


def without_end(url: str, *, lasting: bool = False) -> ServiceRefused:
    """The refusal of a list that never ends, or is longer than we follow."""
    return ServiceRefused(
        ServiceMalformed(service=host_of(url), why="pages without end"), lasting=lasting
    )


def check_host(url: str, known: frozenset[str]) -> None:
    """Refuses to send a token to a host that neither the registration nor a verified launch of it
    named; hosted platforms share an issuer and serve from other domains. Raises
    ``ServiceRefused("service-host-unknown")``."""
    if host_of(url) not in known:
        raise ServiceRefused(ServiceHostUnknown(host=host_of(url)))


def link(answer: Answer, relation: str, base: str) -> str | None:
    """The target of the ``Link`` header with that relation (RFC 8288 section 3), as an absolute
    address; None if there is none.

    Raises ``ServiceRefused("service-malformed")`` if it is not an address.
    """
    for part in _links(answer.headers.get("link", "")):
        target, _, parameters = part.partition(">")
        for parameter in parameters.split(";"):
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "rel" and relation in value.strip(' ",').lower().split():
                return _joined(base, target.strip().lstrip("<"))
    return None


def _joined(base: str, target: str) -> str:
    try:
        url = urljoin(base, target)
    except ValueError:
        url = ""
    if len(url) > MAX_ADDRESS or not url.isprintable() or not is_web_address(url):
        raise ServiceRefused(ServiceMalformed(service=host_of(base)))
    return url


def _links(header: str) -> Iterator[str]:
    """The individual links of a header. Commas may also occur inside addresses, so each link starts
    at its ``<``."""
    return (part for part in header.split("<") if ">" in part)


def _check_status(answer: Answer, asked: Request) -> None:
    if 200 <= answer.status < 300:
        return
    reason = ServiceAnswered(service=host_of(asked.url), status=answer.status, said=answer.said)
    lasting = 400 <= answer.status < 500 and answer.status not in RETRY
    if answer.status in asked.matters:
        raise Declined(reason, lasting=lasting)
    raise ServiceRefused(reason, lasting=lasting)
