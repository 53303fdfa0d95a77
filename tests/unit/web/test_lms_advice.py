"""Advice at the LMS's door: every refusal of a launch has some, plain and in both languages."""

from __future__ import annotations

import pytest

from lti.wire.reasons import LaunchReason
from tests.reasons import codes
from web.words import lms_advice
from web.words.lms_advice import (
    AGAIN,
    CONNECTION,
    COOKIES,
    LINK,
    OTHER_BROWSER,
    SAID_NO,
    UNVERIFIED,
    advice,
)

CODES = codes(LaunchReason)
JARGON = (
    "token",
    "jeton",
    "nonce",
    "state",
    "LTI",
    "OIDC",
    "JWT",
    "cookie",
    "iframe",
    "deployment",
    "déploiement",
)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("state-expired", AGAIN),
        ("state-reused", AGAIN),
        ("nonce-mismatch", AGAIN),
        ("state-other-browser", OTHER_BROWSER),
        ("cookies-refused", COOKIES),
        ("state-missing", OTHER_BROWSER),
        ("registration-unknown", CONNECTION),
        ("deployment-unknown", CONNECTION),
        ("platform-error", SAID_NO),
        ("target-foreign", LINK),
        ("deep-linking-types-missing", LINK),
        ("signature-bad", UNVERIFIED),
        ("audience-untrusted", UNVERIFIED),
    ],
)
def test_a_refusal_is_answered_with_what_to_do_about_it(code: str, said: lms_advice.Advice) -> None:
    assert advice(code, language="en") == said


def test_every_class_is_of_codes_that_exist_and_no_code_is_in_two() -> None:
    listed = [code for codes in lms_advice._CLASSES.values() for code in codes]
    assert set(listed) <= set(CODES)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_refused_launch_is_explained_without_jargon(language: str) -> None:
    for code in CODES:
        said = advice(code, language=language)
        assert said.title and said.text
        assert not [
            word for word in JARGON if word.lower() in f"{said.title} {said.text}".lower().split()
        ]


def test_french_readers_are_advised_in_french() -> None:
    assert all(
        advice(code, language="fr").text != advice(code, language="en").text for code in CODES
    )
