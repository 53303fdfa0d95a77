"""Reads the chapters of an Open edX course from its export (OLX): in the order of ``course.xml``,
without what only its staff sees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.curriculum.limits import MAX_TITLE
from engine.curriculum.package import Members, Node, Package, document, row
from engine.curriculum.reasons import SectionHidden
from engine.sheets.values import Row
from engine.values.lines import one_line
from engine.values.reasons import Reason

KIND = "olx"
WANTED = re.compile(
    r"(?:[^/]{1,100}/){0,3}(?:course\.xml|(?:course|chapter|sequential)/[^/]{1,200}\.xml|"
    r"policies/[^/]{1,100}/policy\.json)"
)


@dataclass(frozen=True)
class _Export:
    """An export below its folder; ``policies`` say of an element what its file may not."""

    parts: Members
    folder: str
    policies: Mapping[str, Any]

    def element(self, node: Node) -> Node:
        """An element as its own file has it, with what its policy says."""
        name = node.said.get("url_name", "")
        own = node
        if not node.inside and name:
            file = self.parts.read(f"{self.folder}{node.name}/{name}.xml")
            own = next(document(file, KIND).all(node.name), node)
        policy = self.policies.get(f"{node.name}/{name}")
        told = policy if isinstance(policy, dict) else {}
        said = {**node.said, **own.said, **{key: _said(value) for key, value in told.items()}}
        return Node(node.name, said, "", own.inside)


def read_course(parts: Members) -> Package:
    """The chapters of an export in their order. Raises ``Unreadable``."""
    at = min((n for n in parts.names if n.split("/")[-1] == "course.xml"), key=len, default="")
    folder = at.removesuffix("course.xml")
    root = next(document(parts.read(at), KIND).all("course"), Node("course", {}))
    export = _Export(parts, folder, _policies(parts, folder, root.said.get("url_name", "")))
    course = export.element(root)
    rows, left_out, began = list[Row](), list[Reason](), list[date | None]()
    for number, listed in enumerate(course.all("chapter"), 1):
        chapter = export.element(listed)
        title = one_line(chapter.said.get("display_name", ""))
        if _is_hidden(chapter):
            left_out.append(SectionHidden(title[:MAX_TITLE] or str(number)))
            continue
        began.append(_day(chapter.said.get("start", "")))
        rows.append(row(number, title, _titles(export, chapter), began[-1]))
    if len(set(began)) < 2 or None in began:  # one day for all of them says nothing
        rows = [Row(one.line, one.cells[:2]) for one in rows]
    title, language = course.said.get("display_name", ""), course.said.get("language", "")
    return Package(one_line(title), tuple(rows), tuple(left_out), language)


def _titles(export: _Export, chapter: Node) -> Iterator[str]:
    for listed in chapter.all("sequential"):
        part = export.element(listed)
        if not _is_hidden(part):
            yield one_line(part.said.get("display_name", ""))


def _is_hidden(node: Node) -> bool:
    return node.said.get("visible_to_staff_only", "").lower() == "true"


def _policies(parts: Members, folder: str, run: str) -> Mapping[str, Any]:
    try:
        found = json.loads(parts.read(f"{folder}policies/{run}/policy.json") or b"{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value) if value is not None else ""


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip('"')[:10])
    except ValueError:
        return None
