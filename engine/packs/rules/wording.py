"""The rules for a module's words in each language: complete, fresh, valid markup, known holes,
nothing revealed too early."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from engine.packs.arcs import Arc, arcs
from engine.packs.missing import missing_strings, told
from engine.packs.model import Manifest, ModuleSpec
from engine.packs.prompts.base import PromptKind
from engine.packs.read import ModuleDraft
from engine.packs.rules.hidden import named
from engine.packs.rules.markup import check_markup, image_names
from engine.packs.rules.seen import seen
from engine.packs.sidecar import Entry, Sidecar
from engine.packs.texts import HOLE, holes, source_hash
from engine.values.faults import Fault, Hint, Value, nearest
from engine.values.folding import fold

_COVER = ("cover.title", "cover.summary")


def check_words(manifest: Manifest, module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    """Every fault in the words of one module, in all languages."""
    source = module.sidecars.get(manifest.written_in)
    for lang in manifest.languages:
        sidecar = module.sidecars.get(lang)
        if sidecar is None:
            if lang != manifest.written_in:
                yield module.no_words(lang)
            continue
        if source is not None and lang != manifest.written_in:
            yield from _translation(spec, sidecar, source, manifest.written_in)
        yield from _strings(spec, sidecar, module.images)
        yield from _secrets(manifest, spec, sidecar, lang)
    yield from _unused_images(module, spec)


def _translation(
    spec: ModuleSpec, sidecar: Sidecar, source: Sidecar, written_in: str
) -> Iterator[Fault]:
    """Compares a translation with its source. What the source lacks is reported for the source
    alone, and until it is complete the two are not compared."""
    missing = [one for one in missing_strings(spec, sidecar) if one[0] in source.entries]
    missing += [
        (string, _line_of(sidecar, string.rpartition(".")[0]))
        for string in spec.activity.optional_strings()
        if string in source.entries and string not in sidecar.entries
    ]
    yield from told(
        sidecar,
        missing,
        "translation-missing.many",
        lambda string, line: _not_translated(sidecar, string, line),
    )
    if not any(missing_strings(spec, source)):
        yield from _not_fresh(sidecar, source, written_in)


def _line_of(sidecar: Sidecar, string: str) -> int:
    entry = sidecar.entries.get(string)
    return entry.line if entry else 1


def _not_translated(sidecar: Sidecar, string: str, line: int) -> Fault:
    return Fault(sidecar.file, line, 1, "translation-missing", {"string": string})


def _not_fresh(sidecar: Sidecar, source: Sidecar, written_in: str) -> Iterator[Fault]:
    pairs = [
        (entry, source.entries[entry.id])
        for entry in sidecar.entries.values()
        if entry.id in source.entries
    ]
    if pairs and not any(entry.source for entry, _ in pairs):
        yield Fault(sidecar.file, 1, 1, "translation-unstamped.all")
        return
    for entry, original in pairs:
        if entry.source == source_hash(original.text):
            continue
        values: dict[str, Value] = {
            "string": entry.id,
            "place": f"{source.file}:{original.line}",
            "full": f"{sidecar.file.split('/')[0]}/{entry.id}",
        }
        if entry.source is None:
            yield Fault(sidecar.file, entry.line, 4, "translation-unstamped", values)
        else:
            stale = values | {"lang": written_in}
            yield Fault(sidecar.file, entry.line, 4, "translation-stale", stale)


def _strings(spec: ModuleSpec, sidecar: Sidecar, images: Collection[str]) -> Iterator[Fault]:
    known = dict.fromkeys((*spec.strings(), *spec.activity.optional_strings()))
    for entry in sidecar.entries.values():
        if entry.id not in known:
            unwritten = [string for string in known if string not in sidecar.entries]
            yield Fault(
                sidecar.file,
                entry.line,
                4,
                "string-unknown",
                {"string": entry.id, "hint": nearest(entry.id, unwritten, "remove-or-correct")},
            )
            continue
        yield from check_markup(sidecar.file, entry, images)
        yield from _holes(spec, sidecar, entry)
    yield from _labels_to_quote(spec, sidecar)


def _place(entry: Entry, at: int) -> tuple[int, int]:
    """Line and column in the file of a position in the entry's text."""
    before = entry.text[:at]
    return entry.text_line + before.count("\n"), at - before.rfind("\n")


def _labels_to_quote(spec: ModuleSpec, sidecar: Sidecar) -> Iterator[Fault]:
    for quote in spec.activity.optional_strings():
        label = sidecar.entries.get(quote.removesuffix(".quote"))
        if label is not None and quote not in sidecar.entries and holes(label.text):
            yield Fault(
                sidecar.file,
                label.line,
                4,
                "quote-missing",
                {"label": label.id, "quote": quote},
            )


# --- holes


def _holes(spec: ModuleSpec, sidecar: Sidecar, entry: Entry) -> Iterator[Fault]:
    if "{" not in entry.text and "}" not in entry.text:
        return
    for brace in re.finditer(r"[{}]", HOLE.sub(lambda hole: "·" * len(hole[0]), entry.text)):
        yield Fault(
            sidecar.file,
            *_place(entry, brace.start()),
            "hole-not-understood",
        )
    allowed = allowed_holes(spec, entry.id)
    for hole in HOLE.finditer(entry.text):
        if hole[1] not in allowed:
            yield Fault(
                sidecar.file,
                *_place(entry, hole.start()),
                "hole-unknown",
                {
                    "hole": hole[0],
                    "string": entry.id,
                    "hint": nearest(hole[1], allowed) if allowed else Hint("no-hole"),
                },
            )
        elif entry.id == "reveal" and not allowed[hole[1]]:
            yield Fault(
                sidecar.file,
                *_place(entry, hole.start()),
                "quote-uncertain",
                {"hole": hole[0]},
            )


def allowed_holes(spec: ModuleSpec, string_id: str) -> dict[str, bool]:
    """The names that a string may use in braces, and whether each has a value whatever the learner
    did."""
    if string_id == "reveal":
        return dict(spec.activity.quotable())
    prompt = next(
        (
            p
            for p in spec.debrief.prompts
            if string_id in (p.variant(n) for n in range(1, p.variants + 1))
        ),
        None,
    )
    if prompt is not None:
        return {**spec.activity.quotable(), **_answers(spec, prompt)}
    if string_id in _COVER or string_id.startswith(("takeaway.", "prompt.")):
        return {}
    return dict.fromkeys(sorted(spec.activity.holes(string_id)), True)


def _answers(spec: ModuleSpec, prompt: PromptKind) -> dict[str, bool]:
    """``answer.<id>`` of each earlier prompt: certain only for the one whose answer this prompt
    returns to."""
    arc = arcs().get(spec.debrief.arc)
    stages = [stage.id for stage in arc.stages] if arc else []

    def order(one: PromptKind) -> tuple[int, int]:
        return (
            stages.index(one.stage) if one.stage in stages else -1,
            spec.debrief.prompts.index(one),
        )

    before = (p for p in spec.debrief.prompts if order(p) < order(prompt))
    return {f"answer.{p.id}": prompt.follows == p.id for p in before}


# --- what must not be said yet


def _secrets(manifest: Manifest, spec: ModuleSpec, sidecar: Sidecar, lang: str) -> Iterator[Fault]:
    hidden = next((words for name, words in manifest.hidden_words.items() if name == lang), ())
    for entry in (e for name in _COVER if (e := sidecar.entries.get(name))):
        for word, at in named(entry.text, hidden, lang):
            yield Fault(
                sidecar.file,
                *_place(entry, at),
                "hidden-word",
                {"word": word},
            )
    arc = arcs().get(spec.debrief.arc)
    for entry in _before_reveal(spec, sidecar, arc) if arc else ():
        for word, at in named(entry.text, hidden, lang):
            yield Fault(
                sidecar.file,
                *_place(entry, at),
                "reveals-too-early",
                {"string": entry.id, "word": word},
            )
        yield from _named_takeaways(spec, sidecar, entry)


def _before_reveal(spec: ModuleSpec, sidecar: Sidecar, arc: Arc) -> Iterator[Entry]:
    for prompt in spec.debrief.prompts:
        stage = arc.stage(prompt.stage)
        if stage is not None and not stage.after_reveal:
            yield from (
                entry for string in prompt.strings() if (entry := sidecar.entries.get(string))
            )


def _named_takeaways(spec: ModuleSpec, sidecar: Sidecar, entry: Entry) -> Iterator[Fault]:
    words = _plain(entry.text)
    for takeaway in spec.takeaways:
        said = sidecar.entries.get(takeaway.string)
        phrases = [
            *([_plain(takeaway.id)] if "-" in takeaway.id else []),
            *([_plain(said.text)] if said else []),
        ]
        if any(phrase in words for phrase in phrases):
            yield Fault(
                sidecar.file,
                entry.text_line,
                1,
                "reveals-too-early.takeaway",
                {"string": entry.id, "takeaway": takeaway.id},
            )


def _plain(text: str) -> str:
    """The words a reader sees, normalised so that a phrase is found by its words."""
    return f" {fold(seen(text).text)} "


def _unused_images(module: ModuleDraft, spec: ModuleSpec) -> Iterator[Fault]:
    if any(any(missing_strings(spec, sidecar)) for sidecar in module.sidecars.values()):
        return  # the missing words may be the ones that show an image
    shown = {
        name
        for s in module.sidecars.values()
        for entry in s.entries.values()
        for name in image_names(entry)
    }
    for name in sorted(set(module.images) - shown):
        yield Fault(
            module.path(name),
            1,
            1,
            "image-unused",
            severity="warning",
        )
