"""An earlier answer, read again: « signez-vous encore ? »."""

from __future__ import annotations

import pytest

from engine.debrief.compose import compose
from engine.debrief.values import EarlierAnswer
from engine.debrief.words import Story
from engine.forms.reasons import SignsAnswer
from engine.packs.activities.base import ALONE
from engine.packs.lint import check_pack
from engine.packs.model import Module
from engine.packs.prompts.again import Again
from engine.packs.prompts.base import Answer
from engine.packs.read import read_pack
from engine.packs.stamp import stamp
from engine.values.errors import Invalid
from tests.plays import done
from tests.unit.packs.samples import edited

WRITTEN = "{id: demain, stage: transfer, kind: scale, minutes: 0.5}"
ASKED = "{id: encore, stage: transfer, kind: again, prompt: %s, minutes: 1}"
SIGNED = {"signs": "not-quite", "note": "plus *tout* à fait"}


def files(prompt: str = "moment", stage: str = "transfer") -> dict[str, bytes]:
    """The sound pack, one prompt of its first module read again."""
    asked = (ASKED % prompt).replace("stage: transfer", f"stage: {stage}")
    found = edited("halle/module.yaml", f"    - {WRITTEN}\n", f"    - {WRITTEN}\n    - {asked}\n")
    for lang in ("fr", "en"):
        found[f"halle/{lang}.md"] += b"## prompt.encore.1\nSignez-vous encore ?\n"
    return found | stamp(found)


def module(prompt: str = "moment") -> Module:
    return read_pack(files(prompt)).modules["halle"]


def again() -> Again:
    found = module().spec.prompt("encore")
    assert isinstance(found, Again)
    return found


def faults(found: dict[str, bytes]) -> list[str]:
    return [f"{f.line}:{f.column} {f.code}" for f in check_pack(found) if f.severity == "fault"]


def test_a_pack_may_read_an_earlier_answer_again() -> None:
    assert faults(files()) == faults(files("regard")) == faults(files("plan")) == []


@pytest.mark.parametrize(
    ("prompt", "stage", "fault"),
    [
        ("momentt", "transfer", "18:58 earlier-unknown"),
        ("encore", "transfer", "18:58 earlier-unknown"),
        ("rappel", "transfer", "18:58 earlier-unknown"),
        ("demain", "transfer", "18:27 again-too-early"),
        ("suite", "now-what", "18:27 again-too-early"),
    ],
)
def test_what_it_reads_again_exists_has_an_answer_to_sign_and_comes_before(
    prompt: str, stage: str, fault: str
) -> None:
    assert faults(files(prompt, stage)) == [fault]


def test_the_answer_stands_beside_its_question() -> None:
    asked = compose(
        Story(module(), done("region"), ALONE, "fr"), again(), 1, {"moment": {"text": "Le *chêne*"}}
    )
    assert asked.text == "Signez-vous encore ?"
    assert asked.earlier == EarlierAnswer("Ici prompt moment 1", "Le \\*chêne\\*")


def test_without_that_answer_there_is_nothing_beside() -> None:
    assert compose(Story(module(), done("region"), ALONE, "fr"), again(), 1, {}).earlier is None


def test_it_is_answered_by_one_tap_and_a_line_if_one_likes() -> None:
    form = again().form()
    assert form.parse({"signs": "no"}) == {"signs": "no", "note": ""}
    assert form.parse(SIGNED) == SIGNED
    assert form.sender == "signs" and not form.own_words
    with pytest.raises(Invalid, match="answer-not-offered"):
        form.parse({"signs": "perhaps"})


@pytest.mark.parametrize(
    ("answer", "quoted"),
    [(SIGNED, "plus \\*tout\\* à fait"), ({"signs": "yes", "note": ""}, None)],
)
def test_it_reads_as_what_was_signed_and_is_quoted_by_its_line(
    answer: Answer, quoted: str | None
) -> None:
    words = again().words(answer, str, "fr")
    assert words == SignsAnswer(signs=answer["signs"], note=quoted or None)
    assert again().quoted(answer, str, "fr") == quoted
