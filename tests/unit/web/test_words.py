"""Words: every reason that the code can give has a sentence, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from engine.journey.joining import Preferences
from engine.packs.arcs import arcs
from engine.values.reasons import Reason
from lti.wire.refusals import FetchCode, LaunchCode, RegistrationCode, ServiceCode
from web.words.reasons import words
from web.words.sentences import SENTENCES, TERMS, Plural, Sentence
from web.words.sentences_lms import ADMIN

ROOT = Path(__file__).parents[3]
CALL = re.compile(
    r"\b(?:Reason|Invalid|(?:Launch|Fetch|Service|Registration)?Refused|NotFound|Conflict|TooMany|Expired)"
    r"\(\s*\"([a-z0-9-]+)\""
)
MADE_UP = {
    *(f"preference-{field.replace('_', '-')}" for field in Preferences.__dataclass_fields__),
    *(f"touch-{state}" for state in ("planned", "missed", "snoozed", "answered")),
    *(
        f"done-{action}"
        for action in ("lighter", "as-it-is", "pause", "resume", "inbox-only", "stop")
    ),
    *(
        f"pin{clash}"
        for clash in (
            "-banned",
            "-needs-banned",
            "-impossible",
            "-without-prerequisite",
            "s-share-section",
            "s-share-module",
            "s-exceed-week",
            "-before-prerequisite",
            "s-conflict",
        )
    ),
    "limits-conflict",
    "faulty-file",
    "pasted-faulty",
}
"""Codes that the code puts together from pieces."""


def codes() -> Iterator[str]:
    for file in (
        *ROOT.glob("engine/**/*.py"),
        *ROOT.glob("lti/**/*.py"),
        *ROOT.glob("web/**/*.py"),
    ):
        yield from CALL.findall(file.read_text(encoding="utf-8"))
    for kind in (LaunchCode, FetchCode, ServiceCode, RegistrationCode):
        yield from get_args(kind)
    yield from MADE_UP


def test_every_code_has_words() -> None:
    assert {code for code in codes() if code not in SENTENCES} == set()


def test_no_words_are_kept_for_codes_that_nobody_gives() -> None:
    assert set(SENTENCES) - set(codes()) - {"delivery-refused"} == set()


def test_every_stage_of_every_arc_has_a_name() -> None:
    assert {stage.id for arc in arcs().values() for stage in arc.stages} <= set(TERMS["stage"])


def holes(sentence: Sentence) -> set[str]:
    return set(
        re.findall(
            r"%\((\w+)\)s",
            sentence.one + sentence.many if isinstance(sentence, Plural) else sentence,
        )
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_can_be_said(language: str) -> None:
    for code, sentences in SENTENCES.items():
        for sentence in sentences:
            said = words(
                Reason(code, dict.fromkeys(holes(sentence), 2)), language=language, zone="UTC"
            )
            assert said and "%(" not in said


def test_values_are_said_as_the_reader_writes_them() -> None:
    def say(code: str, language: str, **params: object) -> str:
        return words(Reason(code, params), language=language, zone="Europe/Paris")

    assert (
        say("week-minutes-left", "fr", left=1.5, limit=6.0)
        == "Il vous restera ensuite 1,5 des 6 minutes de votre semaine."
    )
    assert say("holiday", "fr", day="2026-11-11") == "Le mercredi 11 novembre est férié."
    assert (
        say("snoozed", "en", until="2026-11-11T23:30:00+00:00")
        == "You put it off until Thursday 12 November."
    )
    assert say("holiday", "fr", day="2026-11-01") == "Le dimanche 1er novembre est férié."
    assert (
        say("your-hour", "fr", hour="08:40")
        == "Elle vient vers 8\u202fh\u202f40, l’heure de votre rythme."
    )
    assert say("aims-served", "fr", aims=["balance", "co-construct"]).endswith(
        "\u202f: «\u202féquilibrer performance et engagement\u202f» et «\u202fco-construire "
        "des solutions locales\u202f»."
    )
    assert say("shared-tags", "en", tags=["team", "skills"]).endswith(": team and skills.")
    assert "environ 88\xa0%" in say("recall-due", "fr", due="2026-03-16", retrievability=0.88)
    assert say("too-many-tries", "fr", minutes=1).endswith("Attendez une minute, puis réessayez.")
    assert say("happened", "en", happened="not-yet", note="") == "not yet"


def test_a_refusal_of_the_lms_says_what_is_known_of_it() -> None:
    def say(code: str, language: str = "en", **params: object) -> str:
        return words(Reason(code, params), language=language, zone="UTC")

    assert "that its key address does not publish" in say("kid-unknown", kid="k1", why=None)
    assert "could not be fetched: the answer took too long." in say(
        "kid-unknown", kid="k1", why="fetch-too-slow"
    )
    assert "la réponse a trop tardé" in say("kid-unknown", "fr", kid="k1", why="fetch-too-slow")
    assert say("registration-unknown", issuer="https://lms.example", client_id=None).startswith(
        "No connection has the issuer https://lms.example. "
    )
    assert (
        say("registration-unknown", registration="r1")
        == "There is no such connection. It may have been deleted."
    )
    assert "refused the login: access_denied. " in say(
        "platform-error", error="access_denied", why=""
    )
    assert "(list of members)" in say("service-malformed", service="roster")
    assert "(lms.example)" in say("service-answered", service="lms.example", status=503)


def test_the_pages_for_platforms_quote_what_relecture_says() -> None:
    said = [sentence for sentences in ADMIN.values() for sentence in sentences]
    for page in (ROOT / "docs" / "lms").glob("*.md"):
        rows = [
            line.split("|")
            for line in page.read_text(encoding="utf-8")
            .partition("## What goes wrong")[2]
            .splitlines()
        ]
        for quoted in (
            quote for cells in rows if len(cells) > 2 for quote in re.findall("“(.+?)”", cells[2])
        ):
            assert any(quoted in sentence for sentence in said), f"{page.name}: {quoted}"


def test_a_pin_is_said_as_an_experience_in_a_section() -> None:
    pins = [["p/halle", "s1"], ["p/bourg", "s2"]]
    names = {"p/halle": "The hall", "s1": "Money", "p/bourg": "The grocer", "s2": "Law"}
    said = words(Reason("pins-conflict", {"pins": pins}), language="en", zone="UTC", names=names)
    assert said.endswith(
        ": “The hall” in the section “Money” and “The grocer” in the section “Law”."
    )
    why = [Reason("longer-than-week", {"minutes": 9, "weekly_minutes": 8}).as_json()]
    said = words(
        Reason("pin-impossible", {"pins": pins[:1], "why": why}),
        language="fr",
        zone="UTC",
        names=names,
    )
    assert said.startswith(
        "Impossible d’épingler «\u202fThe hall\u202f» dans la section «\u202fMoney\u202f». Il "
        "faut 9 minutes"
    )


def test_reasons_inside_reasons_are_said_too() -> None:
    inner = Reason("pins-share-section", {"section": "s1"}).as_json()
    said = words(
        Reason("limits-conflict", {"reasons": [inner]}),
        language="en",
        zone="UTC",
        names={"s1": "The market hall"},
    )
    assert said == (
        "These limits cannot all hold. Two experiences are pinned to “The market hall”, "
        "and a section holds one."
    )


def test_a_code_without_words_is_said_in_general_terms() -> None:
    assert "no-such-code" in words(Reason("no-such-code"), language="en", zone="UTC")
