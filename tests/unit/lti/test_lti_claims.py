"""Whatever stands in a token, reading it ends in a value or in a refusal that says why, never in
a crash."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti.courses.arrivals import LaunchTarget
from lti.courses.people import name_of
from lti.launch.claims import read_launch
from lti.launch.login import authentication_url, read_login
from lti.launch.states import NewState
from lti.launch.values import Launch
from lti.launch.verify import (
    check_audience,
    check_header,
    check_nonce,
    check_subject,
    check_times,
    read_header,
    signed_claims,
)
from lti.platforms.registrations import Registration
from lti.platforms.tokens import read_token
from lti.wire import names
from lti.wire.reasons import LaunchReason
from lti.wire.refusals import LaunchRefused
from lti.wire.secrets import hashed
from tests.reasons import codes
from web.pages.lms.targets import target_of

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
HERE = Registration(
    "town",
    "r",
    "https://lms.example.org",
    "client-1",
    "https://lms.example.org/auth",
    "https://lms.example.org/token",
    "https://lms.example.org/keys",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = [
    names.MESSAGE_TYPE,
    names.VERSION,
    names.DEPLOYMENT,
    names.TARGET,
    names.RESOURCE_LINK,
    names.CONTEXT,
    names.ROLES,
    names.CUSTOM,
    names.PRESENTATION,
    names.PLATFORM,
    names.FOR_USER,
    names.AGS,
    names.NRPS,
    names.GROUPS,
    names.NOTICES,
    names.DL_SETTINGS,
    "name",
    "email",
]
RIGHT: dict[str, Any] = {
    "sub": "user-7",
    names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST,
    names.VERSION: "1.3.0",
    names.DEPLOYMENT: "1",
    names.TARGET: "https://a.example/x",
    names.ROLES: [],
    names.RESOURCE_LINK: {"id": "1"},
    names.DL_SETTINGS: {
        "deep_link_return_url": "https://lms.example.org/back",
        "accept_types": ["ltiResourceLink"],
    },
}
SOME = settings(max_examples=80)


def read(claims: dict[str, Any]) -> Launch:
    return read_launch(claims, HERE, "https://a.example/x")


@SOME
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5))
def test_any_claims_are_a_launch_or_a_known_refusal(spoiled: dict[str, Any]) -> None:
    try:
        launch = read({**RIGHT, **spoiled})
    except LaunchRefused as refused:
        assert refused.reason.code in codes(LaunchReason)
        json.dumps(refused.reason.as_json())
    else:
        assert launch.target == "https://a.example/x" and all(
            isinstance(role, str) for role in launch.roles
        )


@SOME
@given(
    st.sampled_from(
        [
            names.RESOURCE_LINK,
            names.CONTEXT,
            names.PRESENTATION,
            names.AGS,
            names.NRPS,
            names.GROUPS,
            names.NOTICES,
            names.FOR_USER,
            names.DL_SETTINGS,
        ]
    ),
    st.sampled_from(
        [
            "id",
            "label",
            "type",
            "return_url",
            "scope",
            "lineitems",
            "context_memberships_url",
            "context_groups_url",
            "platform_notification_service_url",
            "user_id",
            "accept_types",
            "title",
        ]
    ),
    JSON,
)
def test_any_member_of_any_claim_is_read_or_refused(claim: str, member: str, value: Any) -> None:
    with contextlib.suppress(LaunchRefused):
        read({**RIGHT, claim: {**RIGHT.get(claim, {}), member: value}})


@SOME
@given(
    st.text(max_size=60) | st.lists(st.text("abcABC012-_=", max_size=20), max_size=5).map(".".join)
)
def test_any_text_as_token_is_refused_before_a_key_is_asked_for(token: str) -> None:
    def key_of(_kid: str) -> Any:
        raise AssertionError("no key is looked up for this")

    with pytest.raises(LaunchRefused):
        signed_claims(token, key_of)


@SOME
@given(
    st.dictionaries(
        st.sampled_from(["aud", "azp", "exp", "iat", "nbf", "nonce", "sub", "iss"]), JSON
    )
)
def test_any_connect_claims_are_right_or_a_known_refusal(claims: dict[str, Any]) -> None:
    for check in (
        lambda: check_audience(claims, HERE),
        lambda: check_times(claims, NOW, timedelta(minutes=1)),
        lambda: check_nonce(claims, hashed("n")),
        lambda: check_subject(claims, HERE),
    ):
        with contextlib.suppress(LaunchRefused):
            check()


@given(st.integers(-2000, 8000), st.integers(-2000, 8000), st.integers(0, 300))
@SOME
def test_a_token_is_good_exactly_between_its_times(iat: int, exp: int, skew: int) -> None:
    start = int(NOW.timestamp())
    right = iat <= skew and iat >= -600 - skew and exp > -skew
    try:
        check_times({"iat": start + iat, "exp": start + exp}, NOW, timedelta(seconds=skew))
    except LaunchRefused:
        assert not right
    else:
        assert right


@pytest.mark.parametrize(
    "exp", [True, float("nan"), float("inf"), 10**400, "1799056800", None, [1]]
)
def test_a_time_that_is_no_number_of_seconds_counts_as_missing(exp: object) -> None:
    with pytest.raises(LaunchRefused, match="exp-missing"):
        check_times({"iat": NOW.timestamp(), "exp": exp}, NOW, timedelta(minutes=1))


def test_a_header_is_read_strictly() -> None:
    assert read_header("eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.c2ln") == {
        "alg": "RS256",
        "kid": "a",
    }
    assert check_header({"alg": "RS256", "kid": "a", "typ": "JWT"}) == "a"
    for header in ("eyJhbGciOiJSUzI1NiJ9\n", "W10", "eyJhIjoxLCJhIjoyfQ", "*" * 8):
        with pytest.raises(LaunchRefused, match="token-malformed"):
            read_header(f"{header}.e30.c2ln")


def test_parameters_of_a_login_are_read_and_unknown_ones_ignored() -> None:
    said = read_login(
        {
            "iss": "i",
            "login_hint": "h",
            "target_link_uri": "t",
            "canvas_region": "x",
            "client_id": "",
            "lti_storage_target": "_parent",
        }
    )
    assert (said.platform.client_id, said.message_hint, said.storage) == (None, None, "_parent")


@SOME
@given(st.text(min_size=1).filter(str.isprintable), st.text().filter(lambda hint: "\0" not in hint))
def test_hints_go_back_untouched(login_hint: str, message_hint: str) -> None:
    said = read_login(
        {
            "iss": "i",
            "login_hint": login_hint,
            "target_link_uri": "t",
            "lti_message_hint": message_hint,
        }
    )
    query = parse_qs(
        urlsplit(
            authentication_url(HERE, said, NewState("s", "n"), "https://a.example/launch")
        ).query,
        keep_blank_values=True,
    )
    assert (query["login_hint"], query["lti_message_hint"]) == ([login_hint], [message_hint])


@SOME
@given(JSON)
def test_a_token_lives_an_hour_when_its_life_is_absurd(life: Any) -> None:
    until = read_token({"access_token": "t", "expires_in": life}, "a", NOW).until
    assert NOW - timedelta(minutes=1) <= until <= NOW + timedelta(days=1)


def test_a_life_said_as_text_is_believed() -> None:
    assert read_token(
        {"access_token": "t", "expires_in": "600"}, "a", NOW
    ).until == NOW + timedelta(minutes=9)


def test_an_address_of_a_service_that_could_not_be_kept_is_dropped() -> None:
    said = {
        **RIGHT,
        names.NRPS: {"context_memberships_url": "https://a.example/" + "x" * 2000},
        names.GROUPS: {"context_groups_url": "https://a.example/\x7f"},
    }
    launch = read_launch(said, HERE, "https://a.example/x")
    assert launch.roster is None and launch.groups is None


def test_titles_and_names_that_a_platform_gives_are_one_line() -> None:
    scam = "Budget\n\nPayez\u2028ici\u202e\x07"
    said_by_platform = {
        names.CONTEXT: {"id": "c", "title": scam, "label": scam},
        names.RESOURCE_LINK: {"id": "l", "title": scam},
        names.PLATFORM: {"name": scam},
        "name": scam,
    }
    launch = read(RIGHT | said_by_platform)
    assert launch.context and launch.resource_link
    said = (launch.context.title, launch.context.label, launch.resource_link.title)
    assert {*said, launch.platform.name, name_of(launch.user)} == {"Budget Payez ici"}


@pytest.mark.parametrize(
    ("said", "opens"),
    [("path", "path"), ("x" * 30, "course"), ("experience", "course"), ("", "course")],
)
def test_a_custom_parameter_opens_only_what_we_have(said: str, opens: str) -> None:
    assert target_of(
        "https://a.example", "https://a.example/lti/to/course", {"item": said}
    ) == LaunchTarget(opens)
