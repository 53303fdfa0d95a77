"""Why no table can be read in a file, and what was noticed while reading one."""

from __future__ import annotations

from typing import Annotated

from engine.values.errors import Invalid
from engine.values.reasons import Reason, Vocabulary

Kind = Annotated[str, Vocabulary("files")]
"""What a file is: see ``engine.sheets.kinds``."""


class Unreadable(Invalid):
    """The file as a whole cannot be read as a table; ``reason`` says what it is instead, or what is
    wrong with it."""


class FileEmpty(Reason, code="sheet-empty"):
    """Nothing is in it."""


class FileTooLarge(Reason, code="sheet-too-large"):
    """More than ``most`` megabytes, as it is or unpacked."""

    most: int


class TooManyRows(Reason, code="sheet-too-many-rows"):
    """More than ``most`` rows."""

    most: int


class OtherFile(Reason, code="sheet-other"):
    """A file of another kind."""

    kind: Kind


class FileDamaged(Reason, code="sheet-damaged"):
    """It begins as such a file, and cannot be read to its end."""

    kind: Kind


class LettersUnclear(Reason, code="sheet-letters"):
    """The letters beyond ASCII on this line may be read in two ways, or in none."""

    line: int


class LettersLost(Reason, code="sheet-letters-lost"):
    """Whoever wrote the file has lost a letter on this line: U+FFFD stands for it."""

    line: int


class LettersRepaired(Reason, code="sheet-letters-repaired"):
    """The text had been encoded twice (« Ã© » for « é »), and was read as it was meant."""


class SheetsHidden(Reason, code="sheet-hidden"):
    """Hidden sheets were not read."""

    sheets: tuple[str, ...]


class QuotationOpen(Reason, code="sheet-quotation"):
    """A quotation mark on this line is never closed; it was read as a letter."""

    line: int


class ColumnUnused(Reason, code="sheet-column-unused"):
    """A column that says nothing which is kept; ``near`` is a heading that it resembles."""

    heading: str
    near: str = ""


class ColumnUnnamed(Reason, code="sheet-column-unnamed"):
    """The same of a column without a heading; ``number`` counts from 1."""

    number: int
