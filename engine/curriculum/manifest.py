"""Reads the outline that a package of learning content carries: SCORM 1.2 and 2004, Common
Cartridge 1.0–1.3 (IMS Content Packaging, ``imsmanifest.xml``, with the title and the language of
its LOM). Nothing else of it is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.curriculum.limits import MAX_TITLE
from engine.curriculum.package import Members, Package, row
from engine.curriculum.reasons import SectionHidden
from engine.sheets.markup import walk
from engine.values.lines import one_line

WANTED = re.compile("imsmanifest.xml", re.IGNORECASE)
DEEPEST = 40
_TITLE = ["metadata", "lom", "general", "title"]
LONGEST = 2_000
"""Characters of a title that are gathered."""


@dataclass
class Item:
    """An item of the package, or the organization that holds them; ``seen`` is whether learners
    see it."""

    title: str = ""
    seen: bool = True
    items: list[Item] = field(default_factory=list)


def read_package(parts: Members, kind: str) -> Package:
    """The outline in a zip with a manifest. Raises ``Unreadable``."""
    name = next((one for one in sorted(parts.names) if one.lower() == "imsmanifest.xml"), "")
    reader = _Reader()
    walk(parts.read(name), kind, reader.begin, reader.end, reader.text)
    root = reader.default()
    top = root
    while len(top.items) == 1 and top.items[0].items:  # a cartridge has one item above all others
        top = top.items[0]
    hidden = (one.title[:MAX_TITLE] for one in top.items if not one.seen and one.title)
    rows = tuple(
        row(number, one.title, _inside(one, 0))
        for number, one in enumerate(top.items, 1)
        if one.seen
    )
    said = {name: one_line(words) for name, words in reader.general.items()}
    title = root.title or said["title"] or top.title
    return Package(title, rows, tuple(map(SectionHidden, hidden)), said["language"])


def _inside(item: Item, depth: int) -> Iterator[str]:
    for one in item.items:
        if one.seen and depth < DEEPEST:
            if one.title:
                yield one.title
            yield from _inside(one, depth + 1)


@dataclass
class _Reader:
    """Collects the organizations of a manifest as its elements come."""

    wanted: str = ""
    found: list[tuple[str, Item]] = field(default_factory=list)
    above: list[Item] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    general: dict[str, str] = field(default_factory=lambda: {"title": "", "language": ""})
    """What the metadata of the whole package say (LOM): of several languages, the first."""
    spoken: int = 0

    def begin(self, name: str, said: Mapping[str, str]) -> None:
        self.path.append(name)
        self.spoken += self.path[1:5] == _TITLE and len(self.path) == 6
        if name == "organizations":
            self.wanted = said.get("default", "")
        elif name == "organization":
            self.above = [Item()]
            self.found.append((said.get("identifier", ""), self.above[0]))
        elif name == "item" and self.above:
            item = Item(seen=said.get("isvisible", "true") not in ("false", "0"))
            self.above[-1].items.append(item)
            self.above.append(item)

    def end(self, name: str) -> None:
        self.path.pop()
        if name in ("item", "organization") and self.above:
            done = self.above.pop()
            done.title = one_line(done.title)

    def text(self, said: str) -> None:
        if self.above and self.path[-2:] in (["item", "title"], ["organization", "title"]):
            self.above[-1].title += said
        elif self.path[1:4] == _TITLE[:3] and len(self.path) < 7:
            name = self.path[4] if len(self.path) > 4 else ""
            is_first = name != "title" or self.spoken < 2
            if name in self.general and is_first and len(self.general[name]) < LONGEST:
                self.general[name] += said

    def default(self) -> Item:
        """The organization that the manifest names, else the first; an empty one if there is
        none."""
        named = [item for name, item in self.found if name == self.wanted]
        return next(iter(named or [item for _name, item in self.found]), Item())
