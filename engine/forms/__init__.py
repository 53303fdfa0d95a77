"""The vocabulary of all that a person can say: one file per field, and ``Form``, which combines
them. Names in packs, appearance and timing are defined elsewhere.

A new field needs its file here, its name in ``FIELDS``, ``web/templates/forms/<kind>.html``, its
words and its test.
"""

from __future__ import annotations

from engine.forms.base import Field
from engine.forms.choice import Choice, Choices
from engine.forms.date import Date
from engine.forms.grade import Grade
from engine.forms.happened import Happened
from engine.forms.link import Link
from engine.forms.number import Number
from engine.forms.person import Person
from engine.forms.place import Place
from engine.forms.plan import Clause
from engine.forms.scale import Scale
from engine.forms.text import Text


def _checked(*fields: type[Field]) -> tuple[type[Field], ...]:
    """Returns the classes unchanged; passing them as arguments lets the type checker refuse one
    that lacks something."""
    return fields


FIELDS = _checked(
    Choice,
    Choices,
    Scale,
    Grade,
    Number,
    Text,
    Clause,
    Happened,
    Place,
    Link,
    Date,
    Person,
)
"""Every field."""
