"""Signed tokens: good for one purpose, until one time, and unforgeable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.errors import NotFound
from web.site import signing

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SECRET = "a secret of the tests"


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(0, 10**6)), max_size=4))
def test_a_token_gives_back_what_was_signed(payload: list[object]) -> None:
    token = signing.sign(SECRET, "magic", payload, NOW)
    assert signing.read(SECRET, "magic", token, NOW) == payload


def test_a_token_serves_no_other_purpose_and_no_other_secret() -> None:
    token = signing.sign(SECRET, "magic", ["a"], NOW)
    for secret, purpose in ((SECRET, "reset"), ("another secret", "magic")):
        with pytest.raises(NotFound):
            signing.read(secret, purpose, token, NOW)


def test_a_token_ends() -> None:
    token = signing.sign(SECRET, "magic", ["a"], NOW)
    with pytest.raises(signing.Expired):
        signing.read(SECRET, "magic", token, NOW + timedelta(seconds=1))


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_a_changed_token_is_unknown(at: int, letter: str) -> None:
    token = signing.sign(SECRET, "magic", ["somebody", 3], NOW)
    at %= len(token) - 1  # the last letter of base64 carries bits that do not count
    forged = token[:at] + letter + token[at + 1 :]
    if forged != token:
        with pytest.raises(NotFound):
            signing.read(SECRET, "magic", forged, NOW)


def test_a_blinded_name_tells_nothing_but_equality() -> None:
    assert signing.blind(SECRET, "lea@example.org") == signing.blind(SECRET, "lea@example.org")
    assert signing.blind("other", "lea@example.org") != signing.blind(SECRET, "lea@example.org")
    assert "lea" not in signing.blind(SECRET, "lea@example.org")
