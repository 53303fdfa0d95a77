"""Words: every reason that the code can give has a sentence, in both languages."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_args

import pytest

from engine.packs.arcs import arcs
from engine.slotting.reasons import SectionTaken, SharedWords
from engine.values.reasons import Reason, Said, Vocabulary, marks, types_of
from tests.reasons import codes, every, example
from web.words.reasons import holes, words
from web.words.sentences import SENTENCES, TERMS, Plural
from web.words.sentences_lms import ADMIN

ROOT = Path(__file__).parents[3]


def stored(code: str, **params: object) -> Reason:
    """A reason as rows hold it."""
    return Reason.from_json({"code": code, "params": params})


def test_every_reason_has_words_and_no_words_are_kept_for_none() -> None:
    assert codes() == set(SENTENCES)


@pytest.mark.parametrize("kind", every(), ids=lambda kind: kind.code)
def test_the_holes_of_a_sentence_are_values_of_its_reason(kind: type[Reason]) -> None:
    sentences, values = SENTENCES[kind.code], types_of(kind)
    said = {name for name, declared in values.items() if Said.NOT not in marks(declared)}
    assert set().union(*map(holes, sentences)) == said
    assert {s.by for s in sentences if isinstance(s, Plural)} <= {
        name for name, declared in values.items() if declared is int
    }
    always = {field.name for field in fields(kind) if field.default is MISSING}
    assert holes(sentences[-1]) <= always, "one sentence can be said whatever is known"


def test_every_vocabulary_of_a_reason_has_words() -> None:
    used = {
        mark.name
        for kind in every()
        for declared in types_of(kind).values()
        for mark in (*marks(declared), *(m for one in get_args(declared) for m in marks(one)))
        if isinstance(mark, Vocabulary)
    }
    assert used | {"asking"} == set(TERMS)


def test_every_stage_of_every_arc_has_a_name() -> None:
    assert {stage.id for arc in arcs().values() for stage in arc.stages} <= set(TERMS["stage"])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", every(), ids=lambda kind: kind.code)
def test_every_reason_can_be_said(kind: type[Reason], language: str) -> None:
    said = words(example(kind), language=language, zone="Europe/Paris")
    assert said and "%(" not in said


def test_what_only_looks_like_a_day_or_an_hour_is_said_as_it_is() -> None:
    names = {"2027-01-12": "2027-01-12"}
    for title in (names, {}):
        said = words(SectionTaken("2027-01-12", "p/12:30"), language="en", zone="UTC", names=title)
        assert said == "“2027-01-12” already holds p/12:30."
    assert "« 08:40 »" in words(SharedWords(("08:40", "a b")), language="fr", zone="UTC").replace(
        "\u202f", " "
    )


def test_values_are_said_as_the_reader_writes_them() -> None:
    def say(code: str, language: str, **params: object) -> str:
        return words(stored(code, **params), language=language, zone="Europe/Paris")

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
        say("your-hour", "fr", hour="08:40", zone="Europe/Paris")
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
        return words(stored(code, **params), language=language, zone="UTC")

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
    said = words(
        stored("pins-conflict", pins=pins, bans=[]), language="en", zone="UTC", names=names
    )
    assert said.endswith(
        ": “The hall” in the section “Money” and “The grocer” in the section “Law”."
    )
    why = [{"code": "longer-than-week", "params": {"minutes": 9, "weekly_minutes": 8}}]
    said = words(
        stored("pin-impossible", pins=pins[:1], bans=[], why=why),
        language="fr",
        zone="UTC",
        names=names,
    )
    assert said.startswith(
        "Impossible d’épingler «\u202fThe hall\u202f» dans la section «\u202fMoney\u202f». Il "
        "faut 9 minutes"
    )


def test_reasons_inside_reasons_are_said_too() -> None:
    inner = {
        "code": "pins-share-section",
        "params": {"pins": [["a", "s1"], ["b", "s1"]], "bans": [], "section": "s1"},
    }
    said = words(
        stored("limits-conflict", reasons=[inner]),
        language="en",
        zone="UTC",
        names={"s1": "The market hall"},
    )
    assert said == (
        "These limits cannot all hold. Two experiences are pinned to “The market hall”, "
        "and a section holds one."
    )


def test_a_stored_reason_that_nobody_knows_any_more_is_said_in_general_terms() -> None:
    assert "no-such-code" in words(stored("no-such-code", x=1), language="en", zone="UTC")
