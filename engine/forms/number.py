"""A number between two bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from engine.forms.base import Field, Said, Strings, Value
from engine.forms.reasons import AnswerEmpty, AnswerMalformed, AnswerOutOfRange
from engine.values.errors import Invalid
from engine.values.reasons import Reason

_WRITTEN = re.compile(r"[-−]?[0-9]{1,12}([.,][0-9]{1,6})?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")


@dataclass(frozen=True)
class Number(Field):
    """A whole number from ``least`` to ``most``, or one with up to ``decimals`` decimals. A decimal
    comma and spaces between thousands, as in French, are accepted."""

    id: str
    least: float
    most: float
    decimals: int = 0
    kind: ClassVar[str] = "number"
    minutes: ClassVar[float] = 0.3
    gain: ClassVar[float] = 0.12

    @property
    def step(self) -> float:
        """The smallest difference between two values."""
        return float(10**-self.decimals) if self.decimals else 1

    @property
    def sample(self) -> Value:
        return self._value(Decimal(str(self.least)))

    def parse(self, said: Said) -> Value:
        raw = said.get(self.id)
        if raw is None or raw == "":
            raise Invalid(AnswerEmpty(), field=self.id)
        number = _number(raw)
        if number is None or number != round(number, self.decimals):
            raise Invalid(AnswerMalformed(), field=self.id)
        if not self.least <= number <= self.most:
            raise Invalid(AnswerOutOfRange(least=self.least, most=self.most), field=self.id)
        return self._value(number)

    def words(self, value: Value, strings: Strings, lang: str) -> str | Reason:
        written = f"{value:.{self.decimals}f}"
        return written.replace(".", ",") if lang == "fr" else written

    def json_schema(self) -> dict[str, Any]:
        """The schema without the number of decimals: division of binary fractions cannot check
        them."""
        kind = {"type": "number" if self.decimals else "integer"}
        return {**kind, "minimum": self.least, "maximum": self.most}

    def _value(self, number: Decimal) -> Value:
        return float(number) if self.decimals else int(number)


def _number(raw: object) -> Decimal | None:
    """The number as typed, or as sent in JSON; None if it is not a sensible number."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    if not isinstance(raw, str) and not abs(raw) < 10**12:
        return None
    written = _SPACES.sub("", raw) if isinstance(raw, str) else repr(raw)
    if not _WRITTEN.fullmatch(written):
        return None
    return Decimal(written.replace(",", ".").replace("−", "-"))
