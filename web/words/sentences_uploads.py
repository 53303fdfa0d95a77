"""Sentences about what somebody hands in: files, outlines, lists of people."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

UPLOADS: Mapping[str, tuple[str, ...]] = {
    "upload-gone": (
        _(
            "What was handed in here is no longer there: it was kept or dropped, or a day has "
            "passed. Hand it in again."
        ),
    ),
    "course-title-missing": (_("Write a title: learners read it in every email."),),
    "nothing-handed-in": (_("Choose a file, or paste a text."),),
}
