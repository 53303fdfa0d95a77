"""How a course file was read: its outline, which column became what, and what was left out, so that
a person can correct it before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.curriculum.durations import Unit
from engine.curriculum.outline import Outline
from engine.curriculum.vocabulary import Field
from engine.sheets.values import Column, Source
from engine.values.faults import Fault
from engine.values.languages import Lang
from engine.values.reasons import Reason


@dataclass(frozen=True)
class Corrections:
    """What a person says otherwise. ``columns``: the field of each column that they name.
    ``heading``: the line of the headings, 0 for none. What is empty or None is guessed."""

    columns: Mapping[int, Field] = field(default_factory=dict)
    heading: int | None = None
    language: Lang | None = None
    title: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    unit: Unit = ""
    day_first: bool | None = None
    year: int | None = None


@dataclass(frozen=True)
class Reading:
    """What was understood of a file. ``outline`` is None where there is none, for the reason
    ``refused``; ``faults`` are those of a course written in our own YAML. ``heading`` is a line, 0
    for none; ``columns`` is empty for what is no table; several may be a title, or a text.
    ``untitled``: the course says no title, and has that of its file."""

    name: str
    source: Source
    outline: Outline | None = None
    refused: Reason | None = None
    left_out: tuple[Reason, ...] = ()
    columns: tuple[Column, ...] = ()
    heading: int = 0
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    untitled: bool = False
