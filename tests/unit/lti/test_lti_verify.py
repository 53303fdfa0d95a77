"""What makes a token one to trust, to the second and to the letter, and what a refusal says."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import RSAKey

from lti.launch.verify import check_header, check_subject, check_times, read_header, verify
from lti.platforms.registrations import Registration
from lti.wire.refusals import LaunchRefused
from lti.wire.secrets import hashed

NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
T = int(NOW.timestamp())
HEADER = {"alg": "RS256", "kid": "a"}
RIGHT: dict[str, Any] = {
    "iss": "https://lms.example.org",
    "aud": "client-1",
    "exp": T + 300,
    "iat": T,
    "nonce": "n",
    "sub": "user-7",
}


def registration(**changes: Any) -> Registration:
    """A platform that trusts one sister tool among a token's recipients."""
    at = "https://lms.example.org"
    urls = (f"{at}/auth", f"{at}/token", f"{at}/keys")
    return Registration("town", "r", at, "client-1", *urls, audiences=("sister",), **changes)


HERE = registration()


@cache
def key(_kid: str) -> RSAKey:
    return RSAKey.generate_key(2048)


def token(header: dict[str, Any], claims: dict[str, Any]) -> str:
    registry = jws.JWSRegistry(algorithms=["RS256"], strict_check_header=False)
    return jws.serialize_compact(header, json.dumps(claims), key("a"), registry=registry)


def refusal(claims: dict[str, Any], here: Registration = HERE) -> dict[str, Any] | None:
    """Why a rightly signed token with these claims is refused; None when it is not."""
    try:
        assert verify(token(HEADER, claims), here, key, hashed("n"), NOW) == claims
    except LaunchRefused as refused:
        return refused.reason.as_json()
    return None


def saying(**claims: Any) -> dict[str, Any]:
    return {**RIGHT, **claims}


def without(claim: str) -> dict[str, Any]:
    return {name: value for name, value in RIGHT.items() if name != claim}


@pytest.mark.parametrize(
    "claims",
    [
        RIGHT,
        saying(aud=["client-1"]),
        saying(aud=["client-1", "client-1"]),
        saying(azp="client-1"),
        saying(aud=["client-1", "sister"], azp="client-1"),
        saying(exp=T - 59),
        saying(exp=10**12 - 1),
        saying(iat=T + 60),
        saying(iat=T - 660),
        saying(nbf=T + 60),
        saying(sub="x" * 255),
    ],
)
def test_a_token_that_just_keeps_every_rule_gives_its_claims(claims: dict[str, Any]) -> None:
    assert refusal(claims) is None


@pytest.mark.parametrize(
    ("claims", "code", "params"),
    [
        (
            saying(iss="https://x.example/" + "x" * 300),
            "issuer-mismatch",
            {"issuer": "https://x.example/" + "x" * 237, "expected": HERE.issuer},
        ),
        (without("iss"), "issuer-mismatch", {"issuer": "None", "expected": HERE.issuer}),
        (saying(aud="sister"), "audience-missing", {"expected": "client-1"}),
        (without("aud"), "audience-missing", {"expected": "client-1"}),
        (
            saying(aud=["client-1", "stranger"], azp="client-1"),
            "audience-untrusted",
            {"expected": "client-1"},
        ),
        (
            saying(aud=["client-1", {"id": "sister"}], azp="client-1"),
            "audience-untrusted",
            {"expected": "client-1"},
        ),
        (saying(aud=["client-1", "sister"]), "azp-missing", {}),
        (saying(azp="sister"), "azp-mismatch", {"expected": "client-1"}),
        (saying(azp=None), "azp-mismatch", {"expected": "client-1"}),
        (without("exp"), "exp-missing", {}),
        (saying(exp=True), "exp-missing", {}),
        (saying(exp=10**12), "exp-missing", {}),
        (saying(exp=-(10**13)), "exp-missing", {}),
        (saying(exp=T - 60), "expired", {"seconds": 60}),
        (saying(exp=T - 61.5), "expired", {"seconds": 61}),
        (without("iat"), "iat-missing", {}),
        (saying(iat=T + 61), "iat-future", {"seconds": 61}),
        (saying(iat=T + 60.5), "iat-future", {"seconds": 60}),
        (saying(iat=T - 661), "iat-stale", {"seconds": 661}),
        (saying(iat=T - 660.5), "iat-stale", {"seconds": 660}),
        (saying(nbf=T + 61), "nbf-future", {"seconds": 61}),
        (saying(nbf=T + 60.5), "nbf-future", {"seconds": 60}),
        (without("nonce"), "nonce-missing", {}),
        (saying(nonce=""), "nonce-missing", {}),
        (saying(nonce=7), "nonce-missing", {}),
        (saying(nonce="m"), "nonce-mismatch", {}),
        (saying(nonce=hashed("n")), "nonce-mismatch", {}),
        (without("sub"), "subject-missing", {}),
        (saying(sub=""), "subject-missing", {}),
        (saying(sub=["user-7"]), "subject-missing", {}),
        (saying(sub=True), "subject-missing", {}),
        (saying(sub="x" * 256), "subject-missing", {}),
        (saying(sub="zoé"), "subject-missing", {}),
    ],
)
def test_a_token_that_breaks_one_rule_is_refused_and_the_refusal_says_by_how_much(
    claims: dict[str, Any], code: str, params: dict[str, Any]
) -> None:
    assert refusal(claims) == {"code": code, "params": params}


@pytest.mark.parametrize("skew", [0, 5])
def test_how_far_clocks_may_differ_is_the_callers_to_say(skew: int) -> None:
    check_times(saying(exp=T - skew + 1, iat=T + skew), NOW, timedelta(seconds=skew))
    with pytest.raises(LaunchRefused, match="expired"):
        check_times(saying(exp=T - skew), NOW, timedelta(seconds=skew))


def test_where_anonymous_launches_are_taken_nobody_need_be_named_but_a_name_is_still_checked() -> (
    None
):
    anonymous = registration(anonymous=True)
    assert refusal(without("sub"), anonymous) is None
    assert refusal(saying(sub="user-7"), anonymous) is None
    with pytest.raises(LaunchRefused, match="subject-missing"):
        check_subject({"sub": ""}, anonymous)


def test_a_header_may_hold_what_nobody_knows() -> None:
    unknown = token({**HEADER, "typ": "JWT", "region": "north"}, RIGHT)
    assert verify(unknown, HERE, key, hashed("n"), NOW) == RIGHT


def test_another_key_than_the_platforms_is_refused_by_the_beginning_of_its_id() -> None:
    with pytest.raises(LaunchRefused) as refused:
        verify(token({**HEADER, "kid": "k" * 99}, RIGHT), HERE, key, hashed("n"), NOW)
    assert refused.value.reason.as_json() == {"code": "signature-bad", "params": {"kid": "k" * 60}}


@pytest.mark.parametrize("said", [None, ""])
def test_without_a_token_that_is_what_is_said(said: str | None) -> None:
    with pytest.raises(LaunchRefused, match="token-missing"):
        verify(said, HERE, key, hashed("n"), NOW)


@pytest.mark.parametrize(("alg", "told"), [(None, "None"), (7, "7"), ("R" * 30, "R" * 20)])
def test_another_algorithm_is_refused_by_the_beginning_of_its_name(alg: object, told: str) -> None:
    with pytest.raises(LaunchRefused) as refused:
        check_header({"alg": alg, "kid": "a"})
    assert refused.value.reason.as_json() == {"code": "algorithm-refused", "params": {"alg": told}}


@pytest.mark.parametrize("name", ["jku", "jwk", "x5u", "x5c", "crit"])
def test_a_header_that_brings_its_own_key_is_refused_by_what_it_brings(name: str) -> None:
    with pytest.raises(LaunchRefused) as refused:
        check_header({**HEADER, name: None})
    assert refused.value.reason.as_json() == {
        "code": "header-key-refused",
        "params": {"header": name},
    }


@pytest.mark.parametrize("kid", [None, "", 7])
def test_a_key_is_named_by_text(kid: object) -> None:
    with pytest.raises(LaunchRefused, match="kid-missing"):
        check_header({"alg": "RS256", "kid": kid})


def encoded(header: dict[str, Any]) -> str:
    data = json.dumps(header, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers(), max_size=3))
@settings(max_examples=100)
def test_any_header_is_read_as_it_was_written(header: dict[str, Any]) -> None:
    safe = json.loads(json.dumps(header).replace("\\u0000", ""))
    assert read_header(f"{encoded(safe)}.e30.c2ln") == safe


def test_the_longest_token_has_twice_128_kilobytes() -> None:
    head, tail = f"{encoded(HEADER)}.", ".c2ln"
    most = 2 * 128 * 1024 - len(head) - len(tail)
    assert read_header(head + "e" * most + tail) == HEADER
    with pytest.raises(LaunchRefused, match="token-malformed"):
        read_header(head + "e" * (most + 1) + tail)


@pytest.mark.parametrize("said", [".e30.c2ln", "{}..c2ln", "{}.e30", "{}.e30.c2ln.x", "{}.é.c2ln"])
def test_a_token_has_three_parts_of_ascii_of_which_the_first_two_hold_something(said: str) -> None:
    assert read_header(f"{encoded(HEADER)}.e30.") == HEADER
    with pytest.raises(LaunchRefused, match="token-malformed"):
        read_header(said.format(encoded(HEADER)))
