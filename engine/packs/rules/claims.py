"""The rules for what a story says of its player: a choice that a prompt quotes reads well there, an
ending claims nothing that this player did not do, a choice leads on. All of them are warnings: only
an author can tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.packs.activities.dilemma import Dilemma
from engine.packs.activities.plays import Made, ways_to_endings
from engine.packs.activities.scenario import Scenario
from engine.packs.model import Manifest, ModuleSpec
from engine.packs.read import ModuleDraft
from engine.packs.rules.seen import seen
from engine.packs.sidecar import Entry, Sidecar
from engine.packs.texts import HOLE, holes
from engine.values.faults import Fault
from engine.values.folding import bare, stem

SPECIFIC = 9
"""From this many letters on, one word is enough to recognise a choice by; of shorter ones it takes
two in a sentence."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE = re.compile(r"[^.!?…\n]+")


def check_claims(manifest: Manifest, module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """Every warning about one module, in the language in which it is written."""
    source = module.sidecars.get(manifest.written_in)
    if source is not None:
        yield from _unwritten_quotes(spec, source)
    if isinstance(spec.activity, Scenario):
        yield from _loops(module, spec.activity)
        if source is not None:
            yield from _endings(spec.activity, source, manifest.written_in)


# --- labels that would be quoted


def _unwritten_quotes(spec: ModuleSpec, sidecar: Sidecar) -> Iterator[Fault]:
    quoted = dict(_quoted(spec, sidecar))
    for quote in spec.activity.optional_strings():
        label = sidecar.entries.get(quote.removesuffix(".quote"))
        by = next((at for name, at in quoted.items() if _may_give(spec, name, quote)), None)
        if label is None or by is None or quote in sidecar.entries or holes(label.text):
            continue
        yield Fault(
            sidecar.file,
            label.line,
            4,
            "quote-unwritten",
            {"by": by, "label": label.id, "quote": quote},
            "warning",
        )


def _quoted(spec: ModuleSpec, sidecar: Sidecar) -> Iterator[tuple[str, str]]:
    """Each name that a prompt or the reveal quotes, and the string that does."""
    asks = (p.variant(n) for p in spec.debrief.prompts for n in range(1, p.variants + 1))
    for string in (*asks, "reveal"):
        entry = sidecar.entries.get(string)
        for hole in HOLE.finditer(entry.text) if entry else ():
            yield hole[1], string


def _may_give(spec: ModuleSpec, name: str, quote: str) -> bool:
    """Whether quoting ``name`` may show the string ``quote`` (or the label that it is for)."""
    if isinstance(spec.activity, Dilemma):
        votes = quote.startswith("position.")
        return name in ("first", "final") if votes else name.startswith(("heard.", "unheard"))
    return name == f"choice.{quote.rsplit('.', 2)[0]}"


# --- choices that lead nowhere


def _loops(module: ModuleDraft, scenario: Scenario) -> Iterator[Fault]:
    for name, node in scenario.nodes.items():
        for i, choice in enumerate(node.choices):
            if any(route.node == name for route in choice.to):
                yield module.document.fault(
                    ("activity", "nodes", name, "choices", i, "to"),
                    "choice-loops",
                    {"choice": choice.id, "node": name},
                    warning=True,
                )


# --- endings


def _endings(scenario: Scenario, sidecar: Sidecar, lang: str) -> Iterator[Fault]:
    own = _own_words(scenario, sidecar, lang)
    for ending, ways in ways_to_endings(scenario).items():
        doubtful = {made: own[made] for made in sorted(ways.ever - ways.always) if own.get(made)}
        for string in (ending, f"{ending}.trace"):
            entry = sidecar.entries.get(string)
            if entry is not None:
                yield from _claims(sidecar, entry, doubtful, lang)


def _claims(
    sidecar: Sidecar, entry: Entry, doubtful: Mapping[Made, frozenset[str]], lang: str
) -> Iterator[Fault]:
    for sentence in _SENTENCE.finditer(entry.text):
        said = _stems(sentence[0], lang)
        for (node, choice), own in doubtful.items():
            shared = sorted(word for root, word in said.items() if root in own)
            if len(shared) > 1 or any(len(word) >= SPECIFIC for word in shared):
                start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
                before = entry.text[:start]
                yield Fault(
                    sidecar.file,
                    entry.text_line + before.count("\n"),
                    start - before.rfind("\n"),
                    "ending-claims",
                    {"string": entry.id, "words": tuple(shared), "choice": f"{node}.{choice}"},
                    "warning",
                )


def _own_words(scenario: Scenario, sidecar: Sidecar, lang: str) -> dict[Made, frozenset[str]]:
    """The stems of each choice's label and quote that no other choice has, nor any moment where
    one still chooses: what it alone is recognised by."""
    told = {
        (name, choice.id): frozenset(
            root
            for part in ("", ".quote")
            if (entry := sidecar.entries.get(f"{name}.{choice.id}{part}"))
            for root in _stems(entry.text, lang)
        )
        for name, node in scenario.nodes.items()
        for choice in node.choices
    }
    uses = Counter(root for roots in told.values() for root in roots)
    around = {
        root
        for name, node in scenario.nodes.items()
        if node.choices and (entry := sidecar.entries.get(name))
        for root in _stems(entry.text, lang)
    }
    return {
        made: frozenset(root for root in roots if uses[root] == 1 and root not in around)
        for made, roots in told.items()
    }


@lru_cache(maxsize=2_048)
def _stems(text: str, lang: str) -> dict[str, str]:
    """The words that a reader sees, of four letters or more, by their stem."""
    return {bare(stem(word.lower(), lang)): word for word in _WORD.findall(seen(text).text)}
