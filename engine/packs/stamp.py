"""Stamps translations: writes into every heading the hash of the source string it was translated
from. No other byte changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.packs.read import ModuleDraft, read_draft
from engine.packs.sidecar import HEADING
from engine.packs.texts import source_hash
from engine.values.faults import Faults

_HEADING_LINE = re.compile(rb"(?m)^## *\t*[^\r\n]*")


@dataclass(frozen=True)
class Stamp:
    """One heading of a translation: the hash in it (None if it has none yet) and the current hash
    of its source."""

    file: str
    string: str
    lang: str
    before: str | None
    after: str

    @property
    def name(self) -> str:
        """The string with its module: ``la-vitrine/reveal``."""
        return f"{self.file.split('/')[0]}/{self.string}"


def due(files: Mapping[str, bytes], only: Collection[str] = ()) -> tuple[Stamp, ...]:
    """Every heading whose hash is missing or out of date, limited to the strings in ``only`` if
    there are any.

    ``only`` holds ids such as ``reveal`` (in all modules) or ``la-vitrine/reveal`` (in that one).

    Raises ``Faults`` if ``pack.yaml``, which names the source language, or a sidecar cannot be
    read.
    """
    stamps = (one for one in _headings(files) if one.before != one.after)
    return tuple(one for one in stamps if not only or not {one.string, one.name}.isdisjoint(only))


def translated(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Every string that exists in both a translation and its source, as ``module/string-id``.
    Raises as ``due`` does."""
    return tuple(dict.fromkeys(one.name for one in _headings(files)))


def _headings(files: Mapping[str, bytes]) -> Iterator[Stamp]:
    """The heading of each translated string, with the hash it should have."""
    draft = read_draft(files)
    if draft.manifest is None:
        raise Faults(fault for fault in draft.faults if fault.file == "pack.yaml")
    sidecars = [
        sidecar for module in draft.modules.values() for sidecar in module.sidecars.values()
    ]
    if unreadable := [
        fault for sidecar in sidecars if not sidecar.entries for fault in sidecar.faults
    ]:
        raise Faults(unreadable)
    for module in draft.modules.values():
        yield from _of_module(module, draft.manifest.written_in)


def _of_module(module: ModuleDraft, lang: str) -> Iterator[Stamp]:
    source = module.sidecars[lang].entries if lang in module.sidecars else {}
    for sidecar in (s for name, s in module.sidecars.items() if name != lang):
        for entry in sidecar.entries.values():
            if entry.id in source:
                yield Stamp(
                    sidecar.file, entry.id, lang, entry.source, source_hash(source[entry.id].text)
                )


def stamp(files: Mapping[str, bytes], only: Collection[str] = ()) -> dict[str, bytes]:
    """The sidecars that change, stamped, by path. Raises as ``due`` does."""
    changes: dict[str, dict[str, Stamp]] = {}
    for one in due(files, only):
        changes.setdefault(one.file, {})[one.string] = one
    return {file: _write(files[file], stamps) for file, stamps in changes.items()}


def _write(data: bytes, stamps: Mapping[str, Stamp]) -> bytes:
    """The sidecar with these stamps written in; ``stamps`` is keyed by string id."""

    def heading(line: re.Match[bytes]) -> bytes:
        found = HEADING.fullmatch(line[0].decode("utf-8"))
        one = stamps.get(found["id"]) if found else None
        if one is None:
            return line[0]
        return f"## {one.string} <!-- {one.lang} {one.after} -->".encode()

    return _HEADING_LINE.sub(heading, data)
