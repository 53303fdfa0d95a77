"""Pages: one module per group of pages, each with a blueprint named ``bp``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from flask import Blueprint

ROOMS = (
    "front",
    "public",
    "account",
    "address",
    "learner",
    "player",
    "answer",
    "outlines",
    "facilitator",
    "replanning",
    "course_life",
    "course_words",
    "sharing",
    "tables",
    "trying",
    "formats",
    "desk",
    "people",
    "cohorts",
    "course_tables",
    "mondays",
    "people_lists",
    "invitations",
    "accepting",
    "announcements",
    "setup",
    "links",
    "guests",
    "health",
    "offline",
    "hooks",
    "zones",
    "lms.launching",
    "lms.inside",
    "lms.course",
    "lms.notices",
    "lms.choosing",
    "lms.registering",
    "lms.connections",
    "admin.people",
    "admin.person",
    "admin.organisation",
    "admin.packs",
    "admin.deliveries",
    "admin.log",
    "admin.retention",
)


def blueprints() -> Iterator[Blueprint]:
    """Yields the blueprint of every group of pages."""
    for room in ROOMS:
        yield import_module(f"web.pages.{room}").bp
