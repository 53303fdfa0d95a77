"""Compares the declared minutes of an experience and its prompts with those computed from their
words and steps."""

from __future__ import annotations

from collections.abc import Iterator

from engine.packs.missing import missing_strings
from engine.packs.model import ModuleSpec
from engine.packs.prompts.base import PromptKind
from engine.packs.read import ModuleDraft
from engine.packs.sidecar import Sidecar
from engine.values.faults import Fault

WORDS_A_MINUTE = 200
"""Silent reading speed on a phone, at the slow end for adults (Brysbaert, 2019, finds 238 in
English)."""
MINUTES_A_DECISION = 0.2
SHARE, LEAST, PROMPT_TOLERANCE = 0.3, 1.0, 0.25
"""An experience may differ from its declared minutes by 30 % or one minute; a prompt may take a
quarter of a minute longer."""


def experience_minutes(spec: ModuleSpec, sidecar: Sidecar) -> float:
    """Minutes that an average play takes in the sidecar's language."""

    def words(string: str) -> int:
        entry = sidecar.entries.get(string)
        return entry.words if entry else 0

    reading = spec.activity.reading(words)
    decided = reading.decisions * MINUTES_A_DECISION
    return reading.words / WORDS_A_MINUTE + decided + reading.minutes


def prompt_minutes(prompt: PromptKind, sidecar: Sidecar) -> float:
    """Minutes that a prompt takes in the sidecar's language: its longest wording, its labels, the
    answer."""
    counted = {s: entry.words for s in prompt.strings() if (entry := sidecar.entries.get(s))}
    variants = [counted.pop(prompt.variant(n), 0) for n in range(1, prompt.variants + 1)]
    return (max(variants) + sum(counted.values())) / WORDS_A_MINUTE + prompt.form().minutes


def check_minutes(module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """The faults of declared minutes, in each language whose words are complete."""
    document = module.document
    if not 5 <= spec.minutes <= 12:
        yield document.fault(
            ("minutes",),
            "minutes-unusual",
            {"minutes": spec.minutes},
            warning=True,
        )
    for lang, sidecar in module.sidecars.items():
        if any(missing_strings(spec, sidecar)):
            continue
        cost = experience_minutes(spec, sidecar)
        if abs(cost - spec.minutes) > max(LEAST, SHARE * spec.minutes):
            yield document.fault(
                ("minutes",),
                "minutes-differ",
                {
                    "stated": spec.minutes,
                    "lang": lang,
                    "takes": round(cost, 1),
                    "right": max(1, round(cost)),
                },
            )
        for i, prompt in enumerate(spec.debrief.prompts):
            if (cost := prompt_minutes(prompt, sidecar)) > prompt.minutes + PROMPT_TOLERANCE:
                yield document.fault(
                    ("debrief", "prompts", i, "minutes"),
                    "prompt-minutes",
                    {
                        "prompt": prompt.id,
                        "takes": round(cost, 2),
                        "lang": lang,
                        "stated": prompt.minutes,
                    },
                )
