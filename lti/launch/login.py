"""Third-party initiated login: checks the platform's request, stores a state, and builds the
address where the browser goes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

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

DEPLOYMENT_NAMES = ("lti_deployment_id", "deployment_id")
"""The deployment in a login (LTI 1.3 core, section 4.1.2); the second name is Canvas's."""
CARRIED = (
    "iss",
    "client_id",
    "login_hint",
    "lti_message_hint",
    "target_link_uri",
    "lti_storage_target",
    *DEPLOYMENT_NAMES,
)
"""The parameters of a login that go along while we find out whether this browser keeps a cookie."""

MAX_CARRIED = 8000
"""How many bytes these may have at most, all together: they stand in an address."""
MAX_STORAGE = 255
"""How long the name of a platform's frame may be."""

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


def check(units: Units, params: Mapping[str, str], own: OwnRoute) -> Registration:
    """The registration that a login request is for. Nothing is stored, and the platform is not
    asked yet. Raises ``LaunchRefused``, as ``begin`` does."""
    return _checked(units, params, own)[1]


def _checked(
    units: Units, params: Mapping[str, str], own: OwnRoute
) -> tuple[LoginRequest, Registration]:
    request = read_login(params)
    with units.db.across("lti-lookup") as door:
        registration = find(door, request.platform)
    check_target(request.target, own)
    return request, registration


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
    request, registration = _checked(units, params, own)
    many = crowded(registration)
    browser = browser or new_secret()
    with units.write(registration.tenant) as work:
        if many:
            forget_unused(work, registration)
        fresh = open_state(work, registration, browser, request.target, request.storage)
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


def carried(params: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a login request with which it can be made again."""
    return {name: params[name] for name in CARRIED if name in params}


def _check_size(params: Mapping[str, str]) -> None:
    """Checks that a login can be made again, by an address of a usual length. Raises
    ``LaunchRefused("claim-malformed")``."""
    said = carried(params)
    for name in sorted(said.keys() - {"iss", "client_id"}):  # how these are refused, ``find`` says
        if not is_plain(said[name], MAX_CARRIED):
            raise LaunchRefused(ClaimMalformed(claim=name))
    if len(urlencode(said, errors="replace")) > MAX_CARRIED:
        raise LaunchRefused(ClaimMalformed(claim=max(said, key=lambda name: len(said[name]))))
    if len(said.get("lti_storage_target", "")) > MAX_STORAGE:
        raise LaunchRefused(ClaimMalformed(claim="lti_storage_target"))


def named(params: Mapping[str, str]) -> Named:
    """What a login says of the platform it comes from, whatever else is wrong with it."""
    deployment = next((params[name] for name in DEPLOYMENT_NAMES if params.get(name)), None)
    return Named(params.get("iss", ""), params.get("client_id") or None, deployment)


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
