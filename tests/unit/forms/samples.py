"""One field of every kind, as an author might ask for it, and what each reads, refuses and says."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from engine import forms
from engine.forms.base import Field, Option
from engine.forms.choice import Choice, Choices
from engine.forms.date import Date
from engine.forms.grade import Grade
from engine.forms.grid import Grid, Line, notches
from engine.forms.happened import Happened
from engine.forms.hours import Hours, Offer, Row
from engine.forms.link import Link
from engine.forms.number import Number
from engine.forms.person import Person
from engine.forms.place import Place
from engine.forms.plan import Clause
from engine.forms.plane import Plane, moved
from engine.forms.reasons import (
    HappenedAnswer,
    NothingMoved,
    PlaceOnPlane,
    PlainValue,
    Point,
    RecallGrade,
    SignsAnswer,
)
from engine.forms.reword import Reword, words_changed
from engine.forms.scale import Scale
from engine.forms.text import Text

CHOICE = Choice("who", (Option("ines", "who.ines"), Option("nobody", SignsAnswer(signs="no"))))
CHOICES = Choices("who", tuple(Option(x, f"who.{x}") for x in ("ines", "maire", "voisin")), most=2)
SCALE = Scale("share", 5, "share.low", "share.high")
GRADE = Grade("grade")
NUMBER = Number("weeks", 0, 52)
SHARE = Number("rate", -1, 1.5, decimals=2)
TEXT = Text("text")
LINE = Text("note", lines=False, needed=False)
ASKED = Text("name", lines=False, needed=False, asks="who.ines")
IF, THEN = Clause("if", "if"), Clause("then", "then")
HAPPENED = Happened("happened")
PLACE = Place("stance", "left", "right", "bottom", "top", steps=4)
LINK = Link("tie", (("ines", "who.ines"), ("maire", "who.maire"), ("voisin", "who.voisin")))
DATE = Date("when", date(2027, 1, 12), date(2027, 6, 30))
PERSON = Person("with", (("maire", "who.maire"), ("voisin", "who.voisin")))
LINES = (
    Line("users", "row.users", ("low", "mid", "high")),
    Line("rain", "row.rain", ("low", "high")),
)
GRID = Grid("scores", {"honey": "case.honey", "bikes": "case.bikes"}, LINES)
AGAIN = Grid("moved", {"honey": "case.honey"}, LINES, {"honey.users": 1, "honey.rain": 0}, most=1)
REWORD = Reword("wording", "who gets the keys", 3)
TAKEN = Hours(
    "mend",
    {
        "night": Row("task.night", (Offer("-", "mend.none", 0), Offer("watch", "mend.watch", 9))),
        "posts": Row("task.posts", (Offer("-", "mend.none", 0), Offer("ask", "mend.ask", 1))),
    },
    most=9,
)
MAP = Plane(
    "map", {"ines": "who.ines", "_added": "who.voisin"}, "right", "top", optional=("_added",)
)
STOOD = {"ines.x": 3, "ines.y": 4, "maire.x": 0, "maire.y": 9}
MOVES = Plane("moves", {"ines": "who.ines", "maire": "who.maire"}, "right", "top", 9, STOOD, most=1)
EVERY: tuple[Field, ...] = (
    CHOICE,
    CHOICES,
    SCALE,
    GRADE,
    NUMBER,
    SHARE,
    TEXT,
    LINE,
    ASKED,
    IF,
    THEN,
    HAPPENED,
    PLACE,
    LINK,
    DATE,
    PERSON,
    GRID,
    AGAIN,
    REWORD,
    TAKEN,
    MAP,
    MOVES,
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
    "case.honey": "le miel",
    "case.bikes": "les vélos",
    "task.night": "la nuit",
    "task.posts": "les poteaux",
    "mend.none": "pas moi",
    "mend.watch": "veiller",
}
"""The words of the strings that the samples name."""

READ: list[tuple[Field, dict[str, Any], object]] = [
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
    (
        AGAIN,
        {"moved.honey.users": "2", "moved.honey.rain": "0"},
        {"honey.users": 2, "honey.rain": 0},
    ),
    (TAKEN, {"mend.night": "watch", "mend.posts": "-"}, {"night": "watch", "posts": "-"}),
    (MAP, {"map.ines.x": "0", "map.ines.y": "10"}, {"ines.x": 0, "ines.y": 10}),
    (
        MAP,
        {"map": {"ines.x": 1, "ines.y": 2, "_added.x": 3, "_added.y": 4}},
        {"ines.x": 1, "ines.y": 2, "_added.x": 3, "_added.y": 4},
    ),
    (MOVES, {"moves": {**STOOD, "ines.x": "8"}}, {**STOOD, "ines.x": 8}),
    (PERSON, {"with.role": "maire", "with.other": ""}, {"role": "maire"}),
    (PERSON, {"with.role": "maire", "with.other": "la gardienne"}, {"other": "la gardienne"}),
]
"""A field, what comes in, and the value that it is."""

REFUSED: list[tuple[Field, dict[str, Any], str, dict[str, object]]] = [
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
    (
        AGAIN,
        {"moved.honey.users": "2", "moved.honey.rain": "1"},
        "notches-too-many",
        {"field": "moved", "moved": 2, "most": 1},
    ),
    (
        AGAIN,
        {"moved.honey.users": "3", "moved.honey.rain": "0"},
        "answer-not-offered",
        {"field": "moved.honey.users"},
    ),
    (AGAIN, {"moved.honey.rain": "0"}, "answer-not-offered", {"field": "moved.honey.users"}),
    (
        TAKEN,
        {"mend.night": "watch", "mend.posts": "ask"},
        "hours-too-many",
        {"field": "mend", "hours": 10, "most": 9},
    ),
    (TAKEN, {"mend.night": "watch"}, "answer-empty", {"field": "mend.posts"}),
    (
        TAKEN,
        {"mend.night": "ask", "mend.posts": "-"},
        "answer-not-offered",
        {"field": "mend.night"},
    ),
    (MAP, {"map.ines.x": "3"}, "answer-empty", {"field": "map.ines.y"}),
    (
        MAP,
        {"map": {"ines.x": 1, "ines.y": 2, "_added.x": 3}},
        "answer-empty",
        {"field": "map._added.y"},
    ),
    (
        MAP,
        {"map.ines.x": "11", "map.ines.y": "2"},
        "answer-out-of-range",
        {"field": "map.ines.x", "least": 0, "most": 10},
    ),
    (MAP, {"map": {"nobody.x": 1}}, "answer-malformed", {"field": "map"}),
    (
        MOVES,
        {"moves": {**STOOD, "ines.x": 8, "maire.y": 8}},
        "actors-moved",
        {"field": "moves", "moved": 2, "most": 1},
    ),
    (
        REWORD,
        {"wording": "quite another thing altogether"},
        "reworded-too-far",
        {"field": "wording", "changed": 4, "most": 3},
    ),
    (REWORD, {"wording": " "}, "answer-empty", {"field": "wording"}),
    (PERSON, {"with.role": "ines"}, "answer-not-offered", {"field": "with.role"}),
    (
        PERSON,
        {"with.other": "x" * 81},
        "answer-too-long",
        {"field": "with.other", "limit": 80, "length": 81},
    ),
]
"""A field, what comes in, the code of the refusal, and its values."""

SAID: list[tuple[Field, Any, object, object]] = [
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
    (DATE, "2027-03-01", PlainValue(value=date(2027, 3, 1)), None),
    (AGAIN, {"honey.users": 2, "honey.rain": 0}, "le miel (2, 0)", "le miel (2, 0)"),
    (REWORD, "who gets a spare key", "who gets a spare key", "who gets a spare key"),
    (
        TAKEN,
        {"night": "watch", "posts": "-"},
        "la nuit (veiller) · les poteaux (pas moi)",
        "la nuit (veiller) · les poteaux (pas moi)",
    ),
    (MAP, {"ines.x": 1, "ines.y": 2}, "Inès (1, 2)", "Inès (1, 2)"),
    (MOVES, {**STOOD, "maire.x": 9}, "le maire (9, 9)", "le maire (9, 9)"),
    (MOVES, STOOD, NothingMoved(), None),
    (PERSON, {"role": "maire"}, "le maire", "le maire"),
    (PERSON, {"other": "la *gardienne*"}, "la \\*gardienne\\*", "la \\*gardienne\\*"),
]
"""A field, a value, how it reads in full, and in mid-sentence."""


def kinds() -> set[type[Field]]:
    """Every kind of field: what the files of the room hold."""
    for file in iter_modules(forms.__path__):
        import_module(f"{forms.__name__}.{file.name}")
    return set(Field.__subclasses__())


def sayable(field: Field, value: Any) -> bool:
    """Whether a value that fits the field's schema is one it reads. JSON Schema cannot compare
    days, nor count decimals, notches, hours, words or who moved."""
    if isinstance(field, Hours):
        return sum(one.hours for one in field.taken(value)) <= field.most
    if isinstance(field, Grid):
        return field.most is None or notches(field.start, value) <= field.most
    if isinstance(field, Plane):
        return field.most is None or len(moved(field.start, value)) <= field.most
    if isinstance(field, Reword):
        return words_changed(field.start, value) <= field.most and bool(value.strip())
    if isinstance(field, Date):
        return field.first.isoformat() <= str(value) <= field.last.isoformat()
    return not isinstance(field, Number) or round(value, field.decimals) == value
