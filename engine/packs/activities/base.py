"""The protocol that every activity implements: a few pure functions. No I/O, no clock, no
randomness."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from engine.forms.base import Option, Value
from engine.forms.choice import Choice
from engine.forms.form import Form
from engine.packs.activities.way import Way
from engine.values.reasons import Reason

ALONE = 1
"""The seat of a learner who plays alone."""
GUEST = 2
"""In such an experience, that of somebody without an account, who answers one thing by a link."""
CHOICE = "choice"
"""The id of the only field on a screen that asks what to do."""
SENT_ALONG = ("number", "step", "lang")
"""What pages send along with a form: no field whose id an author chooses may be called so."""


@dataclass(frozen=True)
class Act:
    """One thing done at a table. ``seat`` counts from 1; ``said`` is the input as the screen's form
    parsed it (field id → JSON value); ``at`` is aware learning time."""

    seat: int
    said: Mapping[str, Value]
    at: datetime
    recorded: bool = False
    """Whether the seat's recorded voice did it, since nobody sat there, or nobody answered in
    time. Such acts are worked out, and stand in no log."""


Acts = tuple[Act, ...]
"""Every act so far, in order. This tuple is the whole state of an experience."""


@dataclass(frozen=True)
class Gauge:
    """A number shown beside the story (money raised, say). ``label`` is a string id whose text has
    a ``{value}`` hole."""

    label: str
    value: int


@dataclass(frozen=True)
class Typed:
    """Somebody's own words, shown exactly as they were typed."""

    text: str


Cell = str | int | float | Typed | Reason | tuple[str, ...] | None
"""What a table or a line shows: a string id or several, a number, somebody's own words, the
shell's, or (None) nothing that this seat may see."""


@dataclass(frozen=True)
class Heard:
    """What a seat said, for the others to read. ``recorded``: by its recorded voice."""

    seat: int
    said: Cell
    recorded: bool = False


@dataclass(frozen=True)
class Rows:
    """A table of what was done so far: ``head`` names the columns; the first cell of a row names
    the row."""

    title: Cell
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Appointment:
    """A day that somebody chose, or before which they need not come back: ``key`` names what it is
    for, ``about`` (a string id) says it. ``made`` is the day since which it has stood."""

    key: str
    day: date
    about: str
    made: date


@dataclass(frozen=True)
class Screen:
    """The screen after some acts. All words are string ids of the module; the shell turns them into
    text.

    ``feedback`` is what the last act caused in the world (None at the start). ``texts`` is the
    story of this moment, one paragraph each. ``form`` is what can be said or done now; it has no
    fields when there is nothing to do, as when the experience is ``finished``. ``values`` fill
    holes such as ``{money}`` in those texts and in the words of the form.

    At a table, ``heard`` is what others said aloud and ``rows`` what all may see of what was done;
    ``seats`` names the seats (string ids), in some of which somebody is ``present``; ``awaited``
    are those that the table waits for, until ``until`` if it does not wait for ever. If it
    ``lasts``, this moment goes on until then for everybody, and nobody is late.

    ``appointment`` is the day on which something is to be done away from the screen; where the form
    has no fields, one comes back on that day. ``guest`` (a string id) says what the link is for by
    which somebody without an account may answer now, from the seat ``GUEST``.
    """

    key: str
    feedback: str | None
    texts: tuple[str, ...]
    form: Form
    gauges: tuple[Gauge, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    finished: bool = False
    heard: tuple[Heard, ...] = ()
    rows: tuple[Rows, ...] = ()
    seats: Mapping[int, str] = field(default_factory=dict)
    present: frozenset[int] = frozenset()
    awaited: tuple[int, ...] = ()
    until: datetime | None = None
    lasts: bool = False
    appointment: Appointment | None = None
    guest: str | None = None

    def strings(self) -> tuple[str, ...]:
        """Every string id that it shows, of its form and of what was said aloud too."""
        cells = [one.said for one in self.heard]
        for table in self.rows:
            cells += [table.title, *table.head, *(cell for row in table.rows for cell in row)]
        return (
            *((self.feedback,) if self.feedback else ()),
            *self.texts,
            *self.form.strings(),
            *(gauge.label for gauge in self.gauges),
            *((self.appointment.about,) if self.appointment else ()),
            *((self.guest,) if self.guest else ()),
            *(cell for cell in cells if isinstance(cell, str)),
            *(one for cell in cells if isinstance(cell, tuple) for one in cell),
            *self.seats.values(),
        )


Quote = str | int | float | Typed
"""What can be quoted: a string id, a number, or somebody's own words."""


def choose(options: Iterable[tuple[str, str]]) -> Form:
    """A form that asks for one of several things to do; ``options`` are (id, string id of the
    label) pairs."""
    return Form((Choice(CHOICE, tuple(Option(id, label) for id, label in options)),))


def chosen(act: Act) -> str:
    """The option chosen on a screen with such a form; "" if the act does not hold one."""
    choice = act.said.get(CHOICE)
    return choice if isinstance(choice, str) and len(act.said) == 1 else ""


@dataclass(frozen=True)
class Problem:
    """One semantic fault. ``path`` locates it inside ``activity``
    (``("nodes", "soir-1", "choices", 0)``); ``code`` (kebab-case) and ``params`` are for
    ``rules``, which puts it into words for the author."""

    path: tuple[str | int, ...]
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """The cost of an average play: expected words read, expected decisions made, and the minutes
    that go by beyond reading and deciding."""

    words: float
    decisions: float
    minutes: float = 0.0


class Activity(Protocol):
    """A kind of experience. Implementations are frozen pydantic models with a literal ``kind``."""

    kind: Any

    @property
    def seats(self) -> tuple[str, ...]:
        """The string ids of the names of its seats, in order; none for one that is lived alone."""

    def strings(self) -> tuple[str, ...]:
        """Every string id that each language must have."""

    def optional_strings(self) -> tuple[str, ...]:
        """String ids that a language may have (a shorter ``.quote`` of a choice); no others are
        allowed."""

    def holes(self, string_id: str) -> Collection[str]:
        """The names allowed in braces in the words of that string; ``Screen.values`` fills them."""

    def check(self) -> Iterator[Problem]:
        """Every semantic fault of the structure, in one pass."""

    def screen(self, acts: Acts, seat: int, now: datetime) -> Screen:
        """The screen after ``acts``, as ``seat`` sees it at ``now`` (aware, in the zone in which
        days are named). Raises ``Invalid("act-impossible", …)`` if they cannot have happened."""

    def quotes(self, acts: Acts, seat: int) -> Mapping[str, Quote]:
        """What a prompt addressed to ``seat`` may quote after these acts: its own, and only what is
        public of the others'. Name → string id, such as ``{"choice.soir-1": "soir-1.ines.quote"}``,
        a number, or the words of that seat.

        The name of a choice points to its ``.quote`` string; the reader falls back to the choice's
        own label if the language has no such string.
        """

    def way(self, acts: Acts, seat: int) -> Way:
        """How far ``seat`` is after ``acts``, conditions aside. Raises ``Invalid`` as ``screen``
        does."""

    def quotable(self) -> Mapping[str, bool]:
        """Every name that ``quotes`` can return, and whether *every* complete play returns it."""

    def reading(self, words: Callable[[str], int]) -> Reading:
        """The cost of an average play; ``words(string_id)`` counts the words of one string."""
