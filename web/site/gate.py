"""The gate as pages use it: who knocks, what they spend, and which browsers are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from engine.people import gate
from engine.people.gate import Visitor, Way
from engine.values.errors import RelectureError
from lti.wire.secrets import new_secret
from web.services import Services
from web.site import signing
from web.site.context import current_services
from web.site.networks import network_of

PURPOSE = "known-browser"
LASTS = timedelta(days=365)
MOST = 5
"""How many people a browser is remembered for, the last ones: a family or a shared computer."""


def visitor(email: str | None = None) -> Visitor:
    """Who makes this request; known if the owner of that address has signed in here before."""
    if email is None:
        return Visitor(network_of_visitor())
    secret, people = _known()
    return Visitor(network_of_visitor(), secret if _trace(email) in people else None)


def network_of_visitor() -> str:
    """What tries from one place are counted by, according to the trusted proxies."""
    return network_of(request.remote_addr or "")


def spend(services: Services, ways: Sequence[Way]) -> Way:
    """Counts a try before it is made; returns the way that it went, to be given back if it turns
    out right. Raises ``TooMany``."""
    blind, wall = _blind(services), services.clock.wall()
    with services.db.shared() as session:
        if refused := gate.refusal(session, ways, wall, blind):
            raise refused
    with services.db.shared(write=True) as session:
        return gate.spend(session, ways, wall, blind)


def give_back(services: Services, way: Way) -> None:
    """Takes back a try that turned out right."""
    with services.db.shared(write=True) as session:
        gate.give_back(session, way, _blind(services))


def remember(response: AnyResponse, email: str | None) -> AnyResponse:
    """Lets this browser be known as one in which the owner of the address has signed in. The
    cookie opens nothing: it only keeps strangers' tries from counting against its owner."""
    if email is None:
        return response
    services = current_services()
    secret, people = _known()
    people = [_trace(email), *(one for one in people if one != _trace(email))][:MOST]
    response.set_cookie(
        _cookie(services),
        signing.sign(
            services.settings.secret_key,
            PURPOSE,
            [secret or new_secret(), people],
            services.clock.wall() + LASTS,
        ),
        max_age=LASTS,
        secure=services.settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _known() -> tuple[str | None, list[str]]:
    """The secret of this browser and whom it is known for, as traces of their addresses."""
    services = current_services()
    try:
        secret, people = signing.read(
            services.settings.secret_key,
            PURPOSE,
            request.cookies.get(_cookie(services), ""),
            services.clock.wall(),
        )
    except RelectureError:
        return None, []
    return str(secret), [str(one) for one in people]


def _trace(email: str) -> str:
    return _blind(current_services())(f"known:{email}")[:16]


def _blind(services: Services) -> gate.Blind:
    return partial(signing.blind, services.settings.secret_key)


def _cookie(services: Services) -> str:
    return "__Host-relecture-known" if services.settings.https else "relecture-known"
