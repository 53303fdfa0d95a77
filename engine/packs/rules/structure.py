"""The structure rules: an activity that can be played to its end, prerequisites without cycles, a
manifest whose claims are true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from engine.packs.activities.base import Problem
from engine.packs.base import SEMVER
from engine.packs.document import Document
from engine.packs.model import Manifest, ModuleSpec
from engine.packs.read import Draft, ModuleDraft
from engine.values.faults import Fault, nearest

PROBLEMS: Mapping[str, tuple[str, str]] = {
    "start-unknown": ("there is no node “{name}” to start at", "{nearest}"),
    "node-unknown": ("there is no node “{name}”", "{nearest}"),
    "variable-unknown": ("there is no variable “{name}”", "{nearest}"),
    "choice-unknown": ("the node “{node}” has no choice “{name}”", "{nearest}"),
    "node-unreachable": ("no play ever comes to “{node}”", "lead a choice to it, or remove it"),
    "loop-without-end": (
        "no ending can be reached from “{node}”",
        "lead one of the choices of this loop out of it",
    ),
    "dead-end": (
        "“{node}” has no choices and is no ending",
        "add choices, or write “ending: true”",
    ),
    "ending-with-choices": (
        "“{node}” is an ending and has choices",
        "remove “ending: true”, or the choices",
    ),
    "choices-all-conditional": (
        "every choice of “{node}” has a “when”, so a learner may find none",
        "leave one without “when”",
    ),
    "id-twice": (
        "“{id}” is there twice in “{node}”",
        "give each choice and aside of a node its own id",
    ),
    "node-reserved": (
        "a node may not be called “{node}”",
        "choose another name: other strings of the module begin so",
    ),
    "last-route-conditional": (
        "the last route of “{choice}” has a “when”: it may lead nowhere",
        "add a last one without “when”",
    ),
    "route-hides-others": (
        "this route of “{choice}” has no “when”, so no later one is taken",
        "put it last, or add a “when”",
    ),
    "listed-twice": ("“{id}” is there twice in “{list}”", "give one of them another id"),
    "role-unknown": ("there is no role “{name}”", "{nearest}"),
    "round-never": (
        "round {round} never comes: there are {rounds}",
        "lower the round, or play more of them",
    ),
    "ending-conditional": (
        "the last ending has a “when”, so a play may have none",
        "add a last one without “when”",
    ),
    "ending-hides-others": (
        "the ending “{ending}” has no “when”, so no later one is reached",
        "put it last, or add a “when”",
    ),
    "table-endless": (
        "with all seats played by their voices, this has not ended after {steps} acts",
        "play fewer rounds",
    ),
    "hear-too-many": (
        "{hear} voices are to be heard, there are {voices}",
        "lower “hear”, or add voices",
    ),
}


def check_activity(module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """The activity's own problems, in words and with their positions, and ids that two strings
    share."""
    problems = [_in_words(module.document, problem) for problem in spec.activity.check()]
    yield from problems
    if problems:
        return
    every = Counter((*spec.strings(), *spec.activity.optional_strings()))
    for string in (
        s for s, times in every.items() if times > 1 and not s.startswith(("prompt.", "takeaway."))
    ):
        yield module.document.fault(
            ("activity",),
            "string-shared",
            f"two things would be told by the one string “{string}”",
            "give one of them another id",
        )


def _in_words(document: Document, problem: Problem) -> Fault:
    params = dict(problem.params)
    if "known" in params:
        params["nearest"] = nearest(params["name"], params["known"])
    what, fix = PROBLEMS[problem.code]
    return document.fault(
        ("activity", *problem.path),
        problem.code,
        what.format(**params),
        fix.format(**params),
    )


def check_module(manifest: Manifest, module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """Checks a module against its pack: aims that the pack serves, keywords in each of its
    languages."""
    for i, aim in enumerate(spec.aims):
        if aim not in manifest.aims:
            yield module.document.fault(
                ("aims", i),
                "aim-undeclared",
                f"pack.yaml does not name the aim “{aim}”",
                f"add “{aim}” to “aims” in pack.yaml, or remove it here",
            )
    for lang in manifest.languages:
        if not spec.keywords.get(lang):
            yield module.document.fault(
                ("keywords",),
                "keywords-missing",
                f"there are no keywords in “{lang}”",
                f"add “{lang}: [word, …]”, words that a host course would use",
            )


def check_manifest(document: Document, manifest: Manifest) -> Iterator[Fault]:
    """Checks pack.yaml: title and summary in every language, a well-formed version and licence,
    authors with names."""
    if manifest.written_in not in manifest.languages:
        yield document.fault(
            ("written_in",),
            "language-missing",
            f"“{manifest.written_in}” is not among the languages",
            f"add “{manifest.written_in}” to “languages”",
        )
    for name, texts in (("title", manifest.title), ("summary", manifest.summary)):
        for lang in manifest.languages:
            if not texts.get(lang, "").strip():
                yield document.fault(
                    (name, lang),
                    "title-missing",
                    f"there is no {name} in “{lang}”",
                    f"add “{lang}: …” to “{name}”",
                )
    for lang in manifest.languages:
        if not manifest.hidden_words.get(lang):
            yield document.fault(
                ("hidden_words",),
                "hidden-words-missing",
                f"no hidden words in “{lang}”, so no cover is checked in it",
                f"add “{lang}: [word, …]” to “hidden_words”",
                warning=True,
            )
    for i, author in enumerate(manifest.authors):
        if not author.strip():
            yield document.fault(
                ("authors", i),
                "author-empty",
                "an author without a name",
                "write who wrote the pack",
            )
    if not re.fullmatch(SEMVER, manifest.version):
        yield document.fault(
            ("version",),
            "not-a-version",
            f"“{manifest.version}” is not a version",
            "write one such as 1.0.0 or 1.0.0-rc.1: no part is empty, no number begins with a zero",
        )
    yield from _check_licence(document, manifest.licence)


def _check_licence(document: Document, licence: str) -> Iterator[Fault]:
    try:
        canonicalize_license_expression(licence)
    except InvalidLicenseExpression as wrong:
        joined = not str(wrong).startswith("Invalid license expression")
        why = str(wrong).lower() if joined else "names are joined by AND, OR or WITH"
        yield document.fault(
            ("licence",),
            "not-a-licence",
            f"“{licence}” is no SPDX licence: {why}",
            "write one such as CC-BY-SA-4.0, or LicenseRef- and a name of your own",
        )


def check_prerequisites(draft: Draft) -> Iterator[Fault]:
    """Checks that ``after`` names modules of the pack and has no cycles."""
    import networkx as nx  # large: not loaded by code that only reads packs

    graph: nx.DiGraph[str] = nx.DiGraph()
    for module in draft.modules.values():
        for i, before in enumerate(module.spec.after if module.spec else ()):
            if before == module.id:
                yield module.document.fault(
                    ("after", i),
                    "prerequisite-cycle",
                    "this module waits for itself",
                    f"take “{before}” out of “after”",
                )
                continue
            graph.add_edge(module.id, before)
            if before not in draft.modules:
                yield module.document.fault(
                    ("after", i),
                    "module-unknown",
                    f"there is no module “{before}” in this pack",
                    nearest(before, [m for m in draft.modules if m != module.id]),
                )
    for circle in nx.strongly_connected_components(graph):
        if len(circle) > 1:
            yield draft.modules[min(circle)].document.fault(
                ("after",),
                "prerequisite-cycle",
                f"these modules wait for one another: {', '.join(sorted(circle))}",
                "remove one “after” of the circle",
            )
