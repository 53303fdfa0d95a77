"""A small sound pack with two modules, and the means to break it in one place."""

from __future__ import annotations

from collections.abc import Mapping

from engine.packs.activities.scenario import Scenario
from engine.packs.model import ModuleSpec
from engine.packs.read import read_draft
from engine.packs.stamp import stamp

PACK = """\
format: 1
id: essai
version: 1.0.0
theme: sdg
written_in: fr
languages: [fr, en]
title: {fr: Essai, en: Trial}
summary: {fr: Un essai, en: A trial}
licence: CC-BY-4.0
authors: [Relecture]
aims: [lead]
hidden_words: {fr: [alliance, parten], en: [alliance]}
modules: [halle, vote]
"""
MODULE = """\
id: {id}
format: workshop
minutes: 5
maturity: [1, 2]
after: [{after}]
tags: [budget]
aims: [lead]
keywords: {{fr: [budget], en: [budget]}}
takeaways: [{{id: trois-appuis}}]
debrief:
  prompts:
    - {{id: moment, stage: what, kind: text, minutes: 1, variants: 2}}
    - {{id: regard, stage: so-what, kind: choice, options: [a, b], minutes: 0.5}}
    - {{id: plan, stage: now-what, kind: plan, minutes: 1.5}}
    - {{id: rappel, stage: now-what, kind: recall, takeaway: trois-appuis, minutes: 0.5}}
    - {{id: suite, stage: did-it-happen, kind: did-it-happen, plan: plan, minutes: 1}}
    - {{id: demain, stage: transfer, kind: scale, minutes: 0.5}}
"""
SCENARIO = """\
activity:
  kind: scenario
  start: soir
  variables: {money: 0}
  gauges: [money]
  nodes:
    soir:
      choices:
        - {id: ines, to: nuit, add: {money: 12}}
        - {id: region, to: fin}
    nuit:
      asides: [{id: pluie, when: [chose soir.ines]}]
      choices:
        - {id: rester, to: [{when: ["money >= 10"], node: fin}, {node: soir}]}
    fin: {ending: true}
"""
DILEMMA = """\
activity:
  kind: dilemma
  positions: [regie, autre]
  voices: [maire, ines, voisin]
  hear: 2
"""
LONG = {"soir": "mot " * 600, "situation": "mot " * 700}
"""The strings that make an average play of each module last its five minutes."""


def words_of(spec: ModuleSpec) -> bytes:
    """A sidecar with a few words a string, three lines a string, in the order of
    ``spec.strings()``."""
    texts = {
        string: f"Ici {string.replace('.', ' ')} {LONG.get(string, '')}".strip()
        for string in spec.strings()
    }
    return "".join(f"## {string}\n{text}\n\n" for string, text in texts.items()).encode()


def pack_files() -> dict[str, bytes]:
    """The files of the sound pack, translations stamped."""
    files = {
        "pack.yaml": PACK.encode(),
        "halle/module.yaml": (MODULE.format(id="halle", after="") + SCENARIO).encode(),
        "vote/module.yaml": (MODULE.format(id="vote", after="halle") + DILEMMA).encode(),
    }
    for module in read_draft(files).modules.values():
        assert module.spec is not None
        for lang in ("fr", "en"):
            files[f"{module.id}/{lang}.md"] = words_of(module.spec)
    return files | stamp(files)


def edited(
    path: str, old: str, new: str, *, files: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """The sound pack with the one place of ``path`` that reads ``old`` changed to ``new``."""
    found = dict(files or pack_files())
    assert found[path].count(old.encode()) == 1, (
        f"{old!r} is there {found[path].count(old.encode())} times"
    )
    found[path] = found[path].replace(old.encode(), new.encode())
    return found


def scenario(nodes: Mapping[str, object], **more: object) -> Scenario:
    """A scenario that starts at its first node."""
    return Scenario.model_validate(
        {"kind": "scenario", "start": next(iter(nodes)), "nodes": nodes} | more
    )
