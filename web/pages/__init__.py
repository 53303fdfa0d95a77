"""Pages: one module per group of pages, each with a blueprint named ``bp``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from flask import Blueprint

ROOMS = (
    "front",
    "account",
    "address",
    "learner",
    "player",
    "answer",
    "outlines",
    "facilitator",
    "people_lists",
    "invitations",
    "links",
    "health",
    "lms.launching",
    "lms.inside",
    "lms.course",
    "lms.notices",
    "lms.choosing",
    "lms.registering",
    "lms.connections",
)


def blueprints() -> Iterator[Blueprint]:
    """Yields the blueprint of every group of pages."""
    for room in ROOMS:
        yield import_module(f"web.pages.{room}").bp
