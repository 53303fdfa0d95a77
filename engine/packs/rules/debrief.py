"""The debrief rules: known stages, recall after the reveal, follow-ups after their plan, quotes
that always exist."""

from __future__ import annotations

from collections.abc import Iterator

from engine.packs.arcs import Arc, arcs
from engine.packs.model import ModuleSpec
from engine.packs.prompts.base import Debriefing
from engine.packs.read import ModuleDraft
from engine.packs.rules.wording import allowed_holes
from engine.packs.sidecar import Sidecar
from engine.packs.texts import holes
from engine.values.faults import Fault, nearest
from engine.values.yamlmarks import Path

FEWEST, MOST, REVEAL_WORDS = 5, 7, 120


def check_debrief(module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """Every fault of the debrief of one module."""
    document, prompts = module.document, spec.debrief.prompts
    if not FEWEST <= len(prompts) <= MOST:
        yield document.fault(
            ("debrief", "prompts"),
            "prompt-count",
            {"count": len(prompts), "fewest": FEWEST, "most": MOST},
        )
    arc = arcs().get(spec.debrief.arc)
    if arc is None:
        yield document.fault(
            ("debrief", "arc"),
            "arc-unknown",
            {"arc": spec.debrief.arc, "hint": nearest(spec.debrief.arc, arcs())},
        )
    else:
        yield from _check_arc(module, spec, arc)
    yield from _twice(module, ("takeaways",), [t.id for t in spec.takeaways])
    yield from _twice(module, ("debrief", "prompts"), [p.id for p in prompts])
    yield from _check_prompts(module, spec, arc)
    for sidecar in module.sidecars.values():
        yield from _check_reveal(sidecar)
        yield from _check_quotes(module, spec, sidecar)
    yield from _never_recalled(module, spec)


def _check_arc(module: ModuleDraft, spec: ModuleSpec, arc: Arc) -> Iterator[Fault]:
    used = {prompt.stage for prompt in spec.debrief.prompts}
    for stage in (s.id for s in arc.stages if s.id not in used):
        needed = {
            arc.reveal_after: "stage-empty.reveal",
            arc.closes_with: "stage-empty.end",
        }
        yield module.document.fault(
            ("debrief", "prompts"),
            needed.get(stage, "stage-empty"),
            {"stage": stage},
            warning=stage not in needed,
        )
    for i, prompt in enumerate(spec.debrief.prompts):
        at, found = ("debrief", "prompts", i), arc.stage(prompt.stage)
        if found is None:
            yield module.document.fault(
                (*at, "stage"),
                "stage-unknown",
                {
                    "arc": arc.id,
                    "stage": prompt.stage,
                    "hint": nearest(prompt.stage, [s.id for s in arc.stages]),
                },
            )


def _check_prompts(module: ModuleDraft, spec: ModuleSpec, arc: Arc | None) -> Iterator[Fault]:
    around = Debriefing(arc, [t.id for t in spec.takeaways], spec.debrief.prompts)
    for i, prompt in enumerate(around.prompts):
        for flaw in prompt.check(around):
            path = ("debrief", "prompts", i, *flaw.path)
            yield module.document.fault(path, flaw.case, flaw.values)


def _twice(module: ModuleDraft, at: Path, ids: list[str]) -> Iterator[Fault]:
    for i, name in enumerate(ids):
        if name in ids[:i]:
            yield module.document.fault((*at, i), "listed-twice.ids", {"id": name})


def _check_reveal(sidecar: Sidecar) -> Iterator[Fault]:
    reveal = sidecar.entries.get("reveal")
    if reveal is not None and (count := reveal.words) > REVEAL_WORDS:
        yield Fault(
            sidecar.file,
            reveal.line,
            4,
            "reveal-too-long",
            {"words": count, "most": REVEAL_WORDS},
        )


def _check_quotes(module: ModuleDraft, spec: ModuleSpec, sidecar: Sidecar) -> Iterator[Fault]:
    """Requires at least one wording that quotes only what is always available, since a prompt is
    asked whatever the learner did."""
    for prompt in spec.debrief.prompts:
        written = [
            e
            for n in range(1, prompt.variants + 1)
            if (e := sidecar.entries.get(prompt.variant(n)))
        ]
        quoted = [holes(entry.text) for entry in written]
        if len(written) < prompt.variants or not all(quoted):
            continue  # a wording not written yet may be the safe one
        allowed = allowed_holes(spec, prompt.variant(1))
        unsure = [[hole for hole in names if not allowed.get(hole, True)] for names in quoted]
        if all(unsure):
            yield Fault(
                sidecar.file,
                written[0].text_line,
                1,
                "quote-uncertain.wordings",
                {
                    "prompt": prompt.id,
                    "holes": tuple(
                        dict.fromkeys(f"{{{hole}}}" for names in unsure for hole in names)
                    ),
                },
            )


def _never_recalled(module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    recalled = {prompt.recalls for prompt in spec.debrief.prompts}
    for i, takeaway in enumerate(spec.takeaways):
        if takeaway.id not in recalled:
            yield module.document.fault(
                ("takeaways", i),
                "never-recalled",
                {"takeaway": takeaway.id},
                warning=True,
            )
