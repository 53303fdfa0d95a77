"""How well a module suits an audience (yes or no, with reasons) and a section (0–1, with what
they share)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.curriculum.outline import Audience, Outline, Section
from engine.slotting.values import Candidate, Pair
from engine.slotting.words import stemmed
from engine.values.folding import fold
from engine.values.reasons import Reason

RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
ENOUGH_WORDS = 2
"""Without a shared tag, fewer shared stems than this are no link."""
MOST_WORDS = 5
"""At most so many shared words are named as a reason."""


Shared = tuple[tuple[str, ...], dict[str, str]]
"""Tags, and words by stem, that a module and a section share, as the section writes them."""
Stemmed = Sequence[tuple[str, str]]
"""The stems and words of a section."""


@dataclass(frozen=True)
class Fit:
    """``value`` in 0–1, 1 for the best pair there could be; the tags shared, and the words
    shared as the section writes them."""

    value: float
    tags: tuple[str, ...]
    words: tuple[str, ...]


def unsuited(module: Candidate, audience: Audience) -> tuple[Reason, ...]:
    """Every reason why this audience cannot live this module; none when it can."""
    return tuple(_unsuited(module, audience))


def _unsuited(module: Candidate, audience: Audience) -> Iterator[Reason]:
    if audience.language not in module.languages:
        yield Reason(
            "audience-language", {"wanted": audience.language, "languages": list(module.languages)}
        )
    low, high = module.group_size
    groups = -(
        -audience.group_size // high
    )  # as few groups as can be; each must still be large enough
    if groups * low > audience.group_size:
        yield Reason(
            "audience-group-size", {"group_size": audience.group_size, "low": low, "high": high}
        )
    if module.mode != audience.mode and "either" not in (module.mode, audience.mode):
        yield Reason("audience-mode", {"wanted": audience.mode, "mode": module.mode})
    low, high = module.maturity
    if not low <= audience.maturity <= high:
        yield Reason("audience-maturity", {"maturity": audience.maturity, "low": low, "high": high})


def fits(outline: Outline, modules: Collection[Candidate]) -> dict[Pair, Fit]:
    """The fit of every module to every section it has a link with; pairs without a link are not
    there.

    Two rankings of all linked pairs, by number of shared tags and by BM25 of the module's words in
    the section's, are fused by reciprocal rank; what one ranking does not hold counts as if it came
    after its last. The sum is stretched so that first in both is 1 and nowhere in either is 0. The
    order of ``modules`` plays no part.
    """
    there = [
        stemmed(f"{section.title}\n{section.text}", outline.language)
        for section in outline.sections
    ]
    own = {
        module.key: {stem for stem, _ in stemmed(module.text, outline.language)}
        for module in modules
    }
    shared = {
        pair: both
        for module in modules
        for pair, both in _shared(outline, module, own[module.key], there)
    }
    rarity = Counter(stem for words in there for stem in dict(words))
    by_text = _bm25(outline, own, there)
    tag_ranks = _ranks({pair: len(tags) for pair, (tags, _) in shared.items()})
    text_ranks = _ranks({pair: by_text.get(pair, 0) for pair in shared})
    last = len(shared) + 1
    worst, best = 2 / (RRF_K + last), 2 / (RRF_K + 1)

    def value(pair: Pair) -> float:
        fused = 1 / (RRF_K + tag_ranks.get(pair, last)) + 1 / (RRF_K + text_ranks.get(pair, last))
        return round((fused - worst) / (best - worst), 4)

    return {
        pair: Fit(value(pair), tags, _rarest(words, rarity))
        for pair, (tags, words) in shared.items()
    }


def _shared(
    outline: Outline, module: Candidate, own: Collection[str], there: Sequence[Stemmed]
) -> Iterator[tuple[Pair, Shared]]:
    for section, words in zip(outline.sections, there, strict=True):
        tags = _shared_tags(module, section)
        both: dict[str, str] = {}
        for stem, word in words:
            if stem in own:
                both.setdefault(stem, word)
        if tags or len(both) >= ENOUGH_WORDS:
            yield (module.key, section.id), (tags, both)


def _shared_tags(module: Candidate, section: Section) -> tuple[str, ...]:
    own = {fold(tag) for tag in module.tags}
    return tuple(tag for tag in section.tags if fold(tag) in own)


def _bm25(
    outline: Outline, own: Mapping[str, Collection[str]], there: Sequence[Stemmed]
) -> dict[Pair, float]:
    """BM25 (Lucene's variant, k1 1.5, b 0.75) of each module's stems, each once, in each
    section; pairs above 0 alone."""
    corpus = [[stem for stem, _ in words] for words in there]
    known = {stem for stems in corpus for stem in stems}
    if not known:
        return {}
    import bm25s  # with numpy, large; a server that compares nothing does without

    index = bm25s.BM25()
    index.index(corpus, show_progress=False)
    scores = {
        key: index.get_scores(sorted(known.intersection(stems)))
        for key, stems in own.items()
        if known.intersection(stems)
    }
    return {
        (key, section.id): round(float(score), 4)
        for key, row in scores.items()
        for section, score in zip(outline.sections, row, strict=True)
        if score > 0
    }


def _ranks(scores: Mapping[Pair, float]) -> dict[Pair, int]:
    """Rank from 1 of each pair with a score above nothing; equals share the better rank."""
    ordered = sorted((score for score in scores.values() if score > 0), reverse=True)
    first: dict[float, int] = {}
    for rank, score in enumerate(ordered, 1):
        first.setdefault(score, rank)
    return {pair: first[score] for pair, score in scores.items() if score > 0}


def _rarest(words: Mapping[str, str], rarity: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(words[stem] for stem in sorted(words, key=lambda stem: rarity[stem])[:MOST_WORDS])
