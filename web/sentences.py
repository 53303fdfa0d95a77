"""The sentences of every reason code, as English message ids; French stands in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plural:
    """A sentence that counts ``by`` one of its values."""

    one: str
    many: str
    by: str


Sentence = str | Plural


def _(message: str) -> str:
    """Marks a message for the catalogue."""
    return message


UNKNOWN = _("Something was decided for a reason that has no words yet (%(code)s).")

TERMS: Mapping[str, Mapping[str, str]] = {}
"""Values that are ids, in words, by the name of their hole."""

SENTENCES: Mapping[str, tuple[Sentence, ...]] = {
    "page-unknown": (_("The address may be misspelt, or the page may have gone. Start from the home page."),),
}
"""By code, the sentences that may say it: the first whose holes can all be filled is used."""
