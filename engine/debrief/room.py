"""The debrief of an experience lived in one room, for whoever leads it: out of the role first, then
what is asked before the experience is named, and only then what it was about."""

from __future__ import annotations

from dataclasses import dataclass

from engine.packs.activities.together import OUT
from engine.packs.arcs import arcs
from engine.packs.model import Module
from engine.packs.texts import holes


@dataclass(frozen=True)
class RoomCard:
    """What to say, as Markdown: how to step ``out`` of one's role (None if nobody has one), what to
    have ``asked`` in that order, and the takeaways to ``name``."""

    out: str | None
    asked: tuple[str, ...]
    named: tuple[str, ...]


def room_card(module: Module, lang: str) -> RoomCard:
    """The card of a module. What would quote somebody is not asked aloud; nor is what comes back
    later: a takeaway to recall, a plan to look at again."""
    spec = module.spec
    arc = arcs().get(spec.debrief.arc)
    before = {one.id for one in arc.stages if not one.after_reveal} if arc else set()
    asked = []
    for prompt in spec.debrief.prompts:
        wordings = (prompt.variant(n) for n in range(1, prompt.variants + 1))
        texts = [module.text(one, lang) for one in wordings]
        plain = next((text for text in texts if not holes(text)), None)
        if prompt.stage in before and prompt.recalls is None and plain:
            asked.append(plain)
    out = module.text(OUT, lang) if OUT in spec.activity.strings() else None
    named = tuple(module.text(one.string, lang) for one in spec.takeaways)
    return RoomCard(out, tuple(asked), named)
