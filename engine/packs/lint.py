"""Every fault of a pack in one run: those of reading, and what each rule has to say. A pack without faults may be installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.packs.faults import Fault, in_order
from engine.packs.model import ModuleSpec
from engine.packs.read import Draft, ModuleDraft, missing_words, read_draft
from engine.packs.rules.debrief import check_debrief
from engine.packs.rules.minutes import check_minutes, experience_minutes
from engine.packs.rules.structure import check_activity, check_manifest, check_module, check_prerequisites
from engine.packs.rules.wording import check_words


def check_pack(files: Mapping[str, bytes]) -> tuple[Fault, ...]:
    """All faults and warnings, by file and line. ``files`` maps paths inside the pack to bytes. Never raises."""
    draft = read_draft(files)
    faults = [*draft.faults, *check_prerequisites(draft)]
    if draft.manifest is not None:
        faults += check_manifest(draft.document, draft.manifest)
    for module in draft.modules.values():
        if module.spec is not None:
            faults += _check(draft, module, module.spec)
    return in_order(faults)


def _check(draft: Draft, module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    playable = list(check_activity(module, spec))
    yield from playable
    yield from check_debrief(module, spec)
    if draft.manifest is not None:
        yield from missing_words(draft, module)
        yield from check_module(draft.manifest, module, spec)
        yield from check_words(draft.manifest, module, spec)
    if not playable:
        yield from check_minutes(module, spec)


def computed_minutes(files: Mapping[str, bytes]) -> dict[str, dict[str, float]]:
    """Module → language → minutes of an average play, for each module that can be read."""
    return {
        module.id: {lang: round(experience_minutes(module.spec, sidecar), 1) for lang, sidecar in module.sidecars.items()}
        for module in read_draft(files).modules.values() if module.spec is not None
    }
