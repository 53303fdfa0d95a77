"""Converts the modules of a pack to what slotting needs to know about them."""

from __future__ import annotations

from engine.packs.model import Module, Pack
from engine.slotting.values import Candidate


def candidates(pack: Pack, language: str) -> tuple[Candidate, ...]:
    """Every module of the pack, with its words in ``language`` where it has them. Keys are
    ``pack/module``, without the version."""
    return tuple(_candidate(pack, module, language) for module in pack.modules.values())


def _candidate(pack: Pack, module: Module, language: str) -> Candidate:
    spec = module.spec
    keywords = next((words for lang, words in spec.keywords.items() if lang == language), ())
    return Candidate(
        key=f"{pack.id}/{spec.id}",
        kind=spec.activity.kind,
        minutes=spec.minutes,
        group_size=spec.group_size,
        mode=spec.mode,
        maturity=spec.maturity,
        after=tuple(f"{pack.id}/{slug}" for slug in spec.after),
        tags=spec.tags,
        aims=spec.aims,
        languages=pack.manifest.languages,
        text="\n".join(
            (
                module.text("cover.title", language),
                module.text("cover.summary", language),
                *keywords,
            )
        ),
    )
