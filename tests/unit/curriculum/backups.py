"""Archives of courses in the shapes that Moodle and Open edX write, made here."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

NULL = "$@NULL@$"
START = 1_801_004_400
"""Midnight of 27 January 2027 in Paris."""


@dataclass(frozen=True)
class Part:
    """A section of a Moodle course, and the titles of its activities; those with a ``-`` before
    them are hidden."""

    name: str
    activities: Sequence[str] = ()
    summary: str = NULL
    visible: bool = True
    component: str = NULL


def moodle(
    parts: Sequence[Part], course_format: str = "topics", start: int = START
) -> dict[str, bytes]:
    """The members of a backup, with the people and grades that a real one holds."""
    sections, activities, members = [], [], dict[str, str]()
    for number, part in enumerate(parts):
        section, modules = 100 + number, []
        for at, title in enumerate(part.activities):
            module = section * 1000 + at
            modules.append(str(module))
            activities.append(
                f"<activity><moduleid>{module}</moduleid><sectionid>{section}</sectionid>"
                f"<modulename>page</modulename><title>{title.removeprefix('-')}</title>"
                f"<directory>activities/page_{module}</directory></activity>"
            )
            members[f"activities/page_{module}/module.xml"] = (
                f'<module id="{module}"><visible>{int(title[0] != "-")}</visible></module>'
            )
            members[f"activities/page_{module}/grades.xml"] = "<grade>SECRET 20/20</grade>"
        sections.append(
            f"<section><sectionid>{section}</sectionid><title>{number}</title>"
            f"<directory>sections/section_{section}</directory></section>"
        )
        members[f"sections/section_{section}/section.xml"] = (
            f'<section id="{section}"><number>{number}</number><name>{part.name}</name>'
            f"<summary>{part.summary}</summary><sequence>{','.join(reversed(modules))}</sequence>"
            f"<visible>{int(part.visible)}</visible><component>{part.component}</component>"
            "</section>"
        )
    members["moodle_backup.xml"] = (
        "<moodle_backup><information>"
        "<original_course_fullname>Le jardin &amp; ses alliés</original_course_fullname>"
        f"<original_course_startdate>{start}</original_course_startdate>"
        f"<original_course_format>{course_format}</original_course_format>"
        f"<contents><activities>{''.join(activities)}</activities>"
        f"<sections>{''.join(reversed(sections))}</sections></contents>"
        "</information></moodle_backup>"
    )
    members["users.xml"] = "<users><user><email>SECRET@example.org</email></user></users>"
    members["files/ab/abcdef"] = "SECRET"
    return {name: text.encode() for name, text in members.items()}


def olx(chapters: Mapping[str, str], folder: str = "course/") -> dict[str, bytes]:
    """The members of an export: each chapter with more attributes as XML."""
    listed = "".join(f'<chapter url_name="c{n}"/>' for n in range(len(chapters)))
    members = {
        f"{folder}course.xml": '<course url_name="2027" org="o" course="c"/>',
        f"{folder}course/2027.xml": f'<course display_name="Le jardin">{listed}</course>',
        f"{folder}static/film.mp4": "x",
    }
    for number, (title, more) in reversed(list(enumerate(chapters.items()))):
        members[f"{folder}chapter/c{number}.xml"] = (
            f'<chapter display_name="{title}" {more}><sequential url_name="s{number}"/>'
            f'<sequential url_name="t{number}"/></chapter>'
        )
        members[f"{folder}sequential/s{number}.xml"] = '<sequential display_name="Aller voir"/>'
        members[f"{folder}sequential/t{number}.xml"] = (
            '<sequential display_name="SECRET" visible_to_staff_only="true"/>'
        )
    return {name: text.encode() for name, text in members.items()}


def tarred(
    members: Mapping[str, bytes],
    *more: tarfile.TarInfo,
    mode: Literal["w:gz", "w", "w:bz2", "w:xz"] = "w:gz",
) -> bytes:
    """A tar of these members, and of some that hold nothing."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in more:
            tar.addfile(info)
    return file.getvalue()
