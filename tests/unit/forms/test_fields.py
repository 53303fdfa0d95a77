"""What each field reads, refuses, and says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.forms.base import Field
from engine.forms.reasons import Day, HappenedAnswer, PlaceOnPlane, Point, RecallGrade, SignsAnswer
from engine.values.errors import Invalid

from .samples import (
    CHOICE,
    CHOICES,
    DATE,
    GRADE,
    HAPPENED,
    IF,
    LINE,
    LINK,
    NUMBER,
    PERSON,
    PLACE,
    SCALE,
    SHARE,
    TEXT,
    THEN,
)

WORDS = {
    "who.ines": "Inès",
    "who.maire": "le maire",
    "who.voisin": "un *voisin*",
    "share.low": "nulle",
    "share.high": "entière",
    "left": "loin",
    "right": "près",
    "bottom": "contre",
    "top": "pour",
}


@pytest.mark.parametrize(
    ("field", "said", "value"),
    [
        (CHOICES, {"who": "maire"}, ["maire"]),
        (CHOICES, {"who": ["voisin", "ines"]}, ["ines", "voisin"]),
        (CHOICES, {"who": ["ines", "ines"]}, ["ines"]),
        (SCALE, {"share": 4}, 4),
        (GRADE, {"grade": "1"}, 1),
        (NUMBER, {"weeks": " 12 "}, 12),
        (NUMBER, {"weeks": "1\u202f2"}, 12),
        (NUMBER, {"weeks": 12.0}, 12),
        (SHARE, {"rate": "-0,25"}, -0.25),
        (SHARE, {"rate": "\u22121"}, -1.0),
        (TEXT, {"text": " a\r\nb\t\u202ec "}, "a\nb c"),
        (LINE, {"note": "a\nb"}, "a b"),
        (LINE, {}, ""),
        (PLACE, {"stance.x": "2", "stance.y": "4"}, {"x": 2, "y": 4}),
        (LINK, {"tie.from": "ines", "tie.to": "voisin"}, {"from": "ines", "to": "voisin"}),
        (DATE, {"when": "2027-03-01"}, "2027-03-01"),
        (PERSON, {"with.role": "maire", "with.other": ""}, {"role": "maire"}),
        (PERSON, {"with.role": "maire", "with.other": "la gardienne"}, {"other": "la gardienne"}),
    ],
)
def test_what_is_read(field: Field, said: dict[str, Any], value: object) -> None:
    assert field.parse(said) == value


@pytest.mark.parametrize(
    ("field", "said", "code", "params"),
    [
        (CHOICE, {"who": "maire"}, "answer-not-offered", {"field": "who"}),
        (
            CHOICES,
            {"who": ["ines", "maire", "voisin"]},
            "answer-too-many",
            {"field": "who", "most": 2},
        ),
        (CHOICES, {"who": []}, "answer-empty", {"field": "who"}),
        (SCALE, {"share": "6"}, "answer-not-offered", {"field": "share"}),
        (SCALE, {"share": True}, "answer-not-offered", {"field": "share"}),
        (GRADE, {"grade": "٣"}, "answer-not-offered", {"field": "grade"}),
        (
            NUMBER,
            {"weeks": "53"},
            "answer-out-of-range",
            {"field": "weeks", "least": 0, "most": 52},
        ),
        (NUMBER, {"weeks": "1,5"}, "answer-malformed", {"field": "weeks"}),
        (NUMBER, {"weeks": "many"}, "answer-malformed", {"field": "weeks"}),
        (TEXT, {"text": ["a"]}, "answer-malformed", {"field": "text"}),
        (
            LINE,
            {"note": "x" * 301},
            "answer-too-long",
            {"field": "note", "limit": 300, "length": 301},
        ),
        (PLACE, {"stance": {"x": 1}}, "answer-empty", {"field": "stance.y"}),
        (PLACE, {"stance": {"x": 1, "y": 1, "z": 1}}, "answer-malformed", {"field": "stance"}),
        (LINK, {"tie.from": "ines", "tie.to": "ines"}, "answer-same-twice", {"field": "tie.to"}),
        (DATE, {"when": "12/01/2027"}, "answer-malformed", {"field": "when"}),
        (DATE, {"when": "2027-02-30"}, "answer-malformed", {"field": "when"}),
        (
            DATE,
            {"when": "2027-07-01"},
            "answer-out-of-range",
            {"field": "when", "least": "2027-01-12", "most": "2027-06-30"},
        ),
        (PERSON, {"with.role": "ines"}, "answer-not-offered", {"field": "with.role"}),
        (
            PERSON,
            {"with.other": "x" * 81},
            "answer-too-long",
            {"field": "with.other", "limit": 80, "length": 81},
        ),
    ],
)
def test_what_is_refused(
    field: Field, said: dict[str, Any], code: str, params: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as refused:
        field.parse(said)
    assert {"field": refused.value.field, **refused.value.reason.as_json()["params"]} == params
    assert refused.value.reason.code == code


@pytest.mark.parametrize(
    ("field", "value", "whole", "quoted"),
    [
        (CHOICE, "ines", "Inès", "Inès"),
        (CHOICE, "nobody", SignsAnswer(signs="no"), None),
        (CHOICES, ["ines", "voisin"], "Inès, un *voisin*", "Inès, un *voisin*"),
        (
            SCALE,
            4,
            Point(point=4, points=5, low="nulle", high="entière"),
            "4 sur 5",
        ),
        (GRADE, 3, RecallGrade(grade="effort"), None),
        (HAPPENED, "yes", HappenedAnswer(happened="yes"), None),
        (NUMBER, 12, "12", "12"),
        (SHARE, -0.25, "-0,25", "-0,25"),
        (TEXT, "Un *mot*.\n\nDeux", "Un \\*mot\\*\\.\\\nDeux", "Un \\*mot\\*\\. Deux"),
        (LINE, "", "", None),
        (IF, "Si il pleut…", "s’il pleut", "s’il pleut"),
        (THEN, "alors appelle", "alors j’appelle", "alors j’appelle"),
        (
            PLACE,
            {"x": 2, "y": 4},
            PlaceOnPlane(2, 4, 4, left="loin", right="près", bottom="contre", top="pour"),
            None,
        ),
        (LINK, {"from": "ines", "to": "maire"}, "Inès → le maire", "Inès → le maire"),
        (DATE, "2027-03-01", Day(day=date(2027, 3, 1)), None),
        (PERSON, {"role": "maire"}, "le maire", "le maire"),
        (PERSON, {"other": "la *gardienne*"}, "la \\*gardienne\\*", "la \\*gardienne\\*"),
    ],
)
def test_how_a_value_reads(field: Field, value: Any, whole: object, quoted: str | None) -> None:
    assert field.words(value, WORDS.__getitem__, "fr") == whole
    assert field.quoted(value, WORDS.__getitem__, "fr") == quoted
