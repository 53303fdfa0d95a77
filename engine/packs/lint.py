"""Finds every fault of a pack in one run: those of reading it and those of each rule. A pack
without faults may be installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.packs.missing import missing_strings
from engine.packs.model import Manifest, ModuleSpec, Pack
from engine.packs.read import (
    Draft,
    ModuleDraft,
    missing_words,
    pack_of,
    read_draft,
    too_many_files,
)
from engine.packs.rules.claims import check_claims
from engine.packs.rules.debrief import check_debrief
from engine.packs.rules.minutes import check_minutes, experience_minutes
from engine.packs.rules.structure import (
    check_activity,
    check_manifest,
    check_module,
    check_prerequisites,
)
from engine.packs.rules.wording import check_words
from engine.values.faults import Fault, Faults, in_order

FOLLOWS_FROM_ACTIVITY = frozenset({"hole-unknown", "quote-uncertain"})
"""Codes that mean nothing while the activity itself is faulty, since the activity decides what may
be quoted."""


@dataclass(frozen=True)
class Report:
    """The result of checking a pack's files.

    ``faults`` holds all faults and warnings, by file and line. ``pack`` is None if the files cannot
    be read as one. ``minutes`` maps each module that can be played from start to end to the minutes
    of an average play by language.
    """

    faults: tuple[Fault, ...]
    pack: Pack | None
    minutes: Mapping[str, Mapping[str, float]]


def report(files: Mapping[str, bytes]) -> Report:
    """The report on a pack's files. ``files`` maps paths inside the pack to bytes. Never raises."""
    draft = read_draft(files)
    try:
        pack = pack_of(draft, files)
    except Faults:
        pack = None
    return Report(_faults(draft, len(files)), pack, _minutes(draft))


def check_pack(files: Mapping[str, bytes]) -> tuple[Fault, ...]:
    """Only the faults and warnings of ``report``. Never raises."""
    return _faults(read_draft(files), len(files))


def _faults(draft: Draft, count: int) -> tuple[Fault, ...]:
    faults = [*too_many_files(count), *draft.faults, *check_prerequisites(draft)]
    if draft.manifest is not None:
        faults += check_manifest(draft.document, draft.manifest)
    for module in draft.modules.values():
        if module.spec is not None:
            faults += _check(draft, module, module.spec)
    return in_order(faults)


def _check(draft: Draft, module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    activity = list(check_activity(module, spec))
    yield from activity
    said = [
        *check_debrief(module, spec),
        *(_check_with(draft.manifest, draft, module, spec) if draft.manifest else ()),
    ]
    yield from (fault for fault in said if not (activity and fault.code in FOLLOWS_FROM_ACTIVITY))
    if not activity:
        yield from check_minutes(module, spec)
        if draft.manifest:
            yield from check_claims(draft.manifest, module, spec)


def _check_with(
    manifest: Manifest, draft: Draft, module: ModuleDraft, spec: ModuleSpec
) -> Iterator[Fault]:
    yield from missing_words(draft, module)
    yield from check_module(manifest, module, spec)
    yield from check_words(manifest, module, spec)


def read_sound(files: Mapping[str, bytes]) -> Pack:
    """The pack made of these files, if it is fit to be installed. Raises ``Faults`` with every
    fault (warnings are ignored)."""
    draft = read_draft(files)
    faults = [fault for fault in _faults(draft, len(files)) if fault.severity == "fault"]
    if faults:
        raise Faults(faults)
    return pack_of(draft, files)


def _minutes(draft: Draft) -> dict[str, dict[str, float]]:
    playable = [
        (module, module.spec)
        for module in draft.modules.values()
        if module.spec is not None and not any(module.spec.activity.check())
    ]
    timed = {
        module.id: {
            lang: round(experience_minutes(spec, sidecar), 1)
            for lang, sidecar in module.sidecars.items()
            if not any(missing_strings(spec, sidecar))
        }
        for module, spec in playable
    }
    return {module: by_lang for module, by_lang in timed.items() if by_lang}
