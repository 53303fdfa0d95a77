"""Faults as an English reader has them."""

from __future__ import annotations

from engine.values.faults import Fault
from web.words import faults


def line(fault: Fault) -> str:
    """The whole line."""
    return faults.line(fault, "en")


def what(fault: Fault) -> str:
    """What is wrong."""
    return faults.said(fault, "en")[0]


def fix(fault: Fault) -> str:
    """What to do."""
    return faults.said(fault, "en")[1]
