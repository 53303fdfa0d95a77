"""The sentences of a facilitator's desk: what cannot be done with the people of a course."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

DESK: Mapping[str, tuple[str, ...]] = {
    "cohort-unknown": (_("This course has no such cohort any more. Choose another one."),),
    "cohort-name-missing": (_("Write a name for the cohort."),),
    "cohort-name-taken": (
        _("Another cohort of this course is called “%(name)s”. Write another name."),
    ),
    "nobody-selected": (_("Tick at least one person first."),),
}
