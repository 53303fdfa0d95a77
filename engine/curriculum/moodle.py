"""Reads the sections of a Moodle course from its backup (``.mbz``): ``moodle_backup.xml``, and of
each section and activity the one file that says whether learners see it. Users, grades, logs and
answers lie in other files, and those are never opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from engine.curriculum.limits import MAX_TITLE
from engine.curriculum.package import Members, Node, Package, document, plain, row
from engine.curriculum.reasons import SectionHidden, SectionUnnamed
from engine.sheets.values import Row
from engine.values.lines import one_line
from engine.values.reasons import Reason

KIND = "moodle"
WANTED = re.compile(
    r"moodle_backup\.xml|sections/section_\d{1,12}/section\.xml|"
    r"activities/[a-z0-9]{1,40}_\d{1,12}/module\.xml"
)
NOTHING = "$@NULL@$"
"""How a backup writes that nothing was given."""
MIDNIGHT = timedelta(hours=12)
"""A course begins at midnight where its site is: in UTC, that is up to half a day off."""
WEEK = timedelta(days=7)
SHOWN = 3
"""A section without a name is called after so many of its activities."""


@dataclass(frozen=True)
class _Course:
    title: str
    starts: date | None
    by_week: bool
    activities: Mapping[str, Mapping[str, str]]
    """The title of each activity that learners see, by its id, by section."""


def read_backup(parts: Members) -> Package:
    """The sections of a backup in their order. Raises ``Unreadable``."""
    root = document(parts.read("moodle_backup.xml"), KIND)
    about = next(root.all("moodle_backup", "information"), Node("", {}))
    contents = next(about.all("contents"), Node("", {}))
    course = _Course(
        _given(about.child("original_course_fullname"))
        or _given(about.child("original_course_shortname")),
        _day(about.child("original_course_startdate")),
        about.child("original_course_format").startswith("weeks"),
        _activities(parts, contents),
    )
    found = sorted(_sections(parts, contents), key=lambda pair: pair[0])
    rows, left_out = list[Row](), list[Reason]()
    for number, section in found:
        made = _read(course, number, section)
        if isinstance(made, Row):
            rows.append(made)
        else:
            left_out.append(made)
    return Package(course.title, tuple(rows), tuple(left_out))


def _sections(parts: Members, contents: Node) -> Iterator[tuple[int, Node]]:
    """Each section with its number; those inside another one are activities of that."""
    for at, listed in enumerate(contents.all("sections", "section")):
        path = f"{listed.child('directory')}/section.xml"
        if not WANTED.fullmatch(path):
            continue
        section = next(document(parts.read(path), KIND).all("section"), listed)
        if not _given(section.child("component")):
            number = section.child("number")
            yield (int(number) if number.isdecimal() and len(number) < 9 else at), section


def _read(course: _Course, number: int, section: Node) -> Row | Reason:
    """The row of a section, or why there is none."""
    name = one_line(_given(section.child("name")))
    if section.child("visible") == "0":
        return SectionHidden(name[:MAX_TITLE] or str(number))
    there = course.activities.get(section.said.get("id", ""), {})
    order = {one: at for at, one in enumerate(section.child("sequence").split(","))}
    titles = [there[one] for one in sorted(there, key=lambda one: order.get(one, len(order)))]
    summary = plain(_given(section.child("summary")))
    if not name and number > 0:
        name = " · ".join(titles[:SHOWN]) or summary.split("\n")[0]
    if not name:
        return SectionUnnamed(number)
    starts = None
    if course.by_week and course.starts and 0 < number <= 520:
        starts = course.starts + (number - 1) * WEEK
    ends = starts + WEEK - timedelta(days=1) if starts else None
    return row(number, name, (summary, *titles), starts, ends)


def _activities(parts: Members, contents: Node) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in contents.all("activities", "activity"):
        title, path = one_line(_given(one.child("title"))), f"{one.child('directory')}/module.xml"
        if title and (not WANTED.fullmatch(path) or _is_seen(parts.read(path))):
            found.setdefault(one.child("sectionid"), {})[one.child("moduleid")] = title
    return found


def _is_seen(data: bytes) -> bool:
    module = next(document(data, KIND).all("module"), Node("", {}))
    return module.child("visible") != "0"


def _given(text: str) -> str:
    return "" if text == NOTHING else text


def _day(seconds: str) -> date | None:
    if not seconds.isdecimal() or len(seconds) > 11 or int(seconds) == 0:
        return None
    return (datetime.fromtimestamp(int(seconds), UTC) + MIDNIGHT).date()
