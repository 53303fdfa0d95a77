"""Third-party initiated login: checks the platform's request, stores a state, and builds the
address where the browser goes next."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.storage.work import Units
from lti.launch.reasons import (
    LoginHintMissing,
    LoginIssuerMissing,
    LoginTargetForeign,
    LoginTargetMissing,
)
from lti.launch.states import NewState, forget_unused, open_state
from lti.platforms.lookups import Named, find
from lti.platforms.registrations import Registration
from lti.wire.reading import MAX_ADDRESS, is_plain
from lti.wire.reasons import ClaimMalformed
from lti.wire.refusals import LaunchRefused
from lti.wire.secrets import new_secret
from lti.wire.urls import origin_of, with_query

IN_WINDOW = "relecture_window"
"""Our own parameter: this login was restarted in a window of its own."""
KEPT = frozenset(
    {
        "iss",
        "client_id",
        "login_hint",
        "lti_message_hint",
        "target_link_uri",
        "lti_deployment_id",
        "lti_storage_target",
        IN_WINDOW,
    }
)
"""The parameters of a login that are stored, so that it can be restarted."""

MAX_KEPT = 8000
"""How many bytes are stored of a login at most, all its parameters together."""

OwnRoute = Callable[[str], bool]
"""Whether a full address is one of our pages that a launch may end on."""


@dataclass(frozen=True)
class LoginRequest:
    """The parameters of a login request (Security Framework 1.0, section 5.1.1.1; LTI 1.3 core,
    section 4.1).

    ``storage``: the platform's frame that offers to store our state (LTI Client Side postMessages
    1.0).
    """

    platform: Named
    login_hint: str
    target: str
    message_hint: str | None = None
    storage: str | None = None


@dataclass(frozen=True)
class StartedLogin:
    """A login in progress. ``url``: where the browser goes next. ``browser``: the secret that must
    come back with the launch, either in a cookie or from the platform's ``storage`` frame, which
    posts from ``platform_origin``."""

    registration: Registration
    url: str
    state: str
    nonce: str
    browser: str
    storage: str | None
    platform_origin: str


def read_login(params: Mapping[str, str]) -> LoginRequest:
    """Parses GET or POST parameters as a request; unknown ones are ignored. Raises
    ``LaunchRefused`` (login-issuer-missing, login-hint-missing, login-target-missing): all three
    are required (Security Framework 1.0, section 5.1.1.1).

    Values that could not be stored are refused too (login-target-foreign, claim-malformed).
    """
    if not params.get("iss"):
        raise LaunchRefused(LoginIssuerMissing())
    if not params.get("login_hint"):
        raise LaunchRefused(LoginHintMissing())
    if not params.get("target_link_uri"):
        raise LaunchRefused(LoginTargetMissing())
    if not is_plain(params["target_link_uri"], MAX_ADDRESS):
        raise LaunchRefused(
            LoginTargetForeign(target=params["target_link_uri"][:200].replace("\0", ""))
        )
    _check_size(params)
    return LoginRequest(
        named(params),
        params["login_hint"],
        params["target_link_uri"],
        params.get("lti_message_hint"),
        params.get("lti_storage_target") or None,
    )


def begin(
    units: Units,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
    own: OwnRoute,
    browser: str | None,
    crowded: Callable[[Registration], bool],
) -> StartedLogin:
    """Handles a login request: finds the registration, stores a state and nonce, and returns where
    the browser goes.

    ``redirect_uri`` is our launch address. ``browser`` is the secret that this browser already has,
    if any, so that several launches can be in progress at once. ``crowded`` counts
    the login and says whether the registration has had very many. Raises ``LaunchRefused``.
    """
    request = read_login(params)
    with units.db.across("lti-lookup") as door:
        registration = find(door, request.platform)
    check_target(request.target, own)
    many = crowded(registration)
    browser = browser or new_secret()
    said = _kept(params)
    with units.write(registration.tenant) as work:
        if many:
            forget_unused(work, registration)
        fresh = open_state(work, registration, browser, request.target, said)
        work.commit()
    return StartedLogin(
        registration,
        authentication_url(registration, request, fresh, redirect_uri),
        fresh.state,
        fresh.nonce,
        browser,
        request.storage,
        origin_of(registration.login_url),
    )


def _kept(params: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if name in KEPT}


def _check_size(params: Mapping[str, str]) -> None:
    """Checks that what would be stored can be, and is little: anybody who knows an issuer can begin
    a login. Raises ``LaunchRefused("claim-malformed")``."""
    said = _kept(params)
    for name in sorted(said.keys() - {"iss", "client_id"}):  # how these are refused, ``find`` says
        if not is_plain(said[name], MAX_KEPT):
            raise LaunchRefused(ClaimMalformed(claim=name))
    stored = len(json.dumps(said)) + len(params["target_link_uri"].encode(errors="replace"))
    if stored > MAX_KEPT:
        raise LaunchRefused(ClaimMalformed(claim=max(said, key=lambda name: len(said[name]))))


def named(params: Mapping[str, str]) -> Named:
    """What a login says of the platform it comes from, whatever else is wrong with it."""
    client_id, deployment = params.get("client_id"), params.get("lti_deployment_id")
    return Named(params.get("iss", ""), client_id or None, deployment or None)


def check_target(target: str, own: OwnRoute) -> None:
    """Checks that a target link is one of our own pages: people who can add links to a course must
    not be able to use us as an open redirector.

    Raises ``LaunchRefused("login-target-foreign")`` (LTI 1.3 core, section 4.1.1; RFC 6819 section
    4.2.4).
    """
    if not own(target):
        raise LaunchRefused(LoginTargetForeign(target=target[:200]))


def authentication_url(
    registration: Registration, request: LoginRequest, fresh: NewState, redirect_uri: str
) -> str:
    """The authentication request (Security Framework 1.0, section 5.1.1.2), at the address
    registered for it, whose own query is preserved. Both hints are returned unchanged."""
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": registration.client_id,
        "redirect_uri": redirect_uri,
        "login_hint": request.login_hint,
        "state": fresh.state,
        "nonce": fresh.nonce,
    }
    return with_query(registration.login_url, **asked, lti_message_hint=request.message_hint)
