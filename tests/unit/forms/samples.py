"""One field of every kind, as an author might ask for it."""

from __future__ import annotations

from datetime import date

from engine.forms.base import Field, Option
from engine.forms.choice import Choice, Choices
from engine.forms.date import Date
from engine.forms.grade import Grade
from engine.forms.happened import Happened
from engine.forms.link import Link
from engine.forms.number import Number
from engine.forms.person import Person
from engine.forms.place import Place
from engine.forms.plan import Clause
from engine.forms.reasons import SignsAnswer
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
IF, THEN = Clause("if", "if"), Clause("then", "then")
HAPPENED = Happened("happened")
PLACE = Place("stance", "left", "right", "bottom", "top", steps=4)
LINK = Link("tie", (("ines", "who.ines"), ("maire", "who.maire"), ("voisin", "who.voisin")))
DATE = Date("when", date(2027, 1, 12), date(2027, 6, 30))
PERSON = Person("with", (("maire", "who.maire"), ("voisin", "who.voisin")))
EVERY: tuple[Field, ...] = (
    CHOICE,
    CHOICES,
    SCALE,
    GRADE,
    NUMBER,
    SHARE,
    TEXT,
    LINE,
    IF,
    THEN,
    HAPPENED,
    PLACE,
    LINK,
    DATE,
    PERSON,
)
