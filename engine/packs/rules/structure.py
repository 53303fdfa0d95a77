"""The structure rules: an activity that can be played to its end, prerequisites without cycles, a
manifest whose claims are true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from engine.packs.activities.base import Problem
from engine.packs.base import SEMVER
from engine.packs.document import Document
from engine.packs.model import Manifest, ModuleSpec
from engine.packs.read import Draft, ModuleDraft
from engine.values.faults import Fault, Value, nearest


def check_activity(module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """The activity's own problems, with their positions, and ids that two strings
    share."""
    problems = [_placed(module.document, problem) for problem in spec.activity.check()]
    yield from problems
    if problems:
        return
    seats = len(spec.activity.seats)
    if seats and spec.group_size[1] != seats:
        values = {"most": spec.group_size[1], "seats": seats}
        yield module.document.fault(("group_size",), "group-size-differs", values)
    every = Counter((*spec.strings(), *spec.activity.optional_strings()))
    for string in (
        s for s, times in every.items() if times > 1 and not s.startswith(("prompt.", "takeaway."))
    ):
        yield module.document.fault(
            ("activity",),
            "string-shared",
            {"string": string},
        )


def _placed(document: Document, problem: Problem) -> Fault:
    values = dict(problem.params)
    if "known" in values:
        values["hint"] = nearest(values["name"], values.pop("known"))
    return document.fault(("activity", *problem.path), problem.code, values)


def check_module(manifest: Manifest, module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """Checks a module against its pack: aims that the pack serves, keywords in each of its
    languages."""
    for i, aim in enumerate(spec.aims):
        if aim not in manifest.aims:
            yield module.document.fault(
                ("aims", i),
                "aim-undeclared",
                {"aim": aim},
            )
    for lang in manifest.languages:
        if not spec.keywords.get(lang):
            yield module.document.fault(("keywords",), "keywords-missing", {"lang": lang})


def check_manifest(document: Document, manifest: Manifest) -> Iterator[Fault]:
    """Checks pack.yaml: title and summary in every language, a well-formed version and licence,
    authors with names."""
    if manifest.written_in not in manifest.languages:
        values = {"lang": manifest.written_in}
        yield document.fault(("written_in",), "language-missing", values)
    for name, texts in (("title", manifest.title), ("summary", manifest.summary)):
        for lang in manifest.languages:
            if not texts.get(lang, "").strip():
                yield document.fault((name, lang), f"title-missing.{name}", {"lang": lang})
    for lang in manifest.languages:
        if not manifest.hidden_words.get(lang):
            yield document.fault(
                ("hidden_words",),
                "hidden-words-missing",
                {"lang": lang},
                warning=True,
            )
    for i, author in enumerate(manifest.authors):
        if not author.strip():
            yield document.fault(("authors", i), "author-empty")
    if not re.fullmatch(SEMVER, manifest.version):
        yield document.fault(("version",), "not-a-version.strict", {"said": manifest.version})
    yield from _check_licence(document, manifest.licence)


def _check_licence(document: Document, licence: str) -> Iterator[Fault]:
    try:
        canonicalize_license_expression(licence)
    except InvalidLicenseExpression as wrong:
        said, values = str(wrong), {"licence": licence}
        if unknown := re.fullmatch(r"(?:Unknown license.*|Invalid licenseref): '(.*)'", said):
            values["name"] = unknown[1]
        case = "not-a-licence.name" if unknown else "not-a-licence"
        yield document.fault(("licence",), case, values)


def check_prerequisites(draft: Draft) -> Iterator[Fault]:
    """Checks that ``after`` names modules of the pack and has no cycles."""
    waits: dict[str, set[str]] = {}
    for module in draft.modules.values():
        others = [name for name in draft.modules if name != module.id]
        for i, before in enumerate(module.spec.after if module.spec else ()):
            if before == module.id:
                own: dict[str, Value] = {"module": before}
                yield module.document.fault(("after", i), "prerequisite-cycle.itself", own)
            elif before in draft.modules:
                waits.setdefault(module.id, set()).add(before)
            else:
                unknown: dict[str, Value] = {"module": before, "hint": nearest(before, others)}
                yield module.document.fault(("after", i), "module-unknown", unknown)
    for circle in _circles(waits):
        yield draft.modules[min(circle)].document.fault(
            ("after",), "prerequisite-cycle", {"modules": tuple(sorted(circle))}
        )


def _circles(waits: Mapping[str, set[str]]) -> Iterator[set[str]]:
    """Modules that wait for one another, circle by circle, none of them in two."""
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as found:
        circle = set(found.args[1])
        yield circle
        yield from _circles({name: those - circle for name, those in waits.items()})
