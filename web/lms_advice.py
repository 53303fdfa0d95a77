"""What to tell someone whose launch was refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Advice:
    """A title and what to do."""

    title: str
    text: str


def advice(code: str) -> Advice:
    """What to tell them."""
    return Advice(code, code)
