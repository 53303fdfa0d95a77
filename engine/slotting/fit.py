"""How well a module suits an audience (yes or no, with reasons) and a section (0–1, with what they
have in common)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import bm25s
import numpy as np
from numpy.typing import NDArray

from engine.curriculum.outline import Audience, Outline, Section
from engine.slotting.reasons import (
    AudienceGroupSize,
    AudienceLanguage,
    AudienceMaturity,
    AudienceMode,
)
from engine.slotting.values import Candidate, Pair
from engine.slotting.words import stemmed
from engine.values.folding import fold
from engine.values.reasons import Reason

RRF_K = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""
ENOUGH_WORDS = 2
"""Without a shared tag, fewer shared stems than this do not make a link."""
MAX_WORDS = 5
"""At most this many shared words are given as a reason."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """``value`` is in 0–1, where 1 is the best possible pair; ``tags`` and ``words`` are shared,
    the words as the section writes them."""

    value: float
    tags: tuple[str, ...]
    words: tuple[str, ...]


def unsuited(module: Candidate, audience: Audience) -> tuple[Reason, ...]:
    """Every reason why this module does not suit this audience; empty if it does."""
    return tuple(_unsuited(module, audience))


def _unsuited(module: Candidate, audience: Audience) -> Iterator[Reason]:
    if audience.language not in module.languages:
        yield AudienceLanguage(wanted=audience.language, languages=tuple(module.languages))
    if audience.group_size is not None:
        low, high = module.group_size
        groups = -(
            -audience.group_size // high
        )  # as few groups as possible; each must still be large enough
        if groups * low > audience.group_size:
            yield AudienceGroupSize(group_size=audience.group_size, low=low, high=high)
    if module.mode != audience.mode and "either" not in (module.mode, audience.mode):
        yield AudienceMode(wanted=audience.mode, mode=module.mode)
    low, high = module.maturity
    if audience.maturity is not None and not low <= audience.maturity <= high:
        yield AudienceMaturity(maturity=audience.maturity, low=low, high=high)


@dataclass(frozen=True, eq=False)
class Fits(Mapping[Pair, Fit]):
    """The fit of every linked pair. What the two have in common is computed on demand: of tens of
    thousands of pairs, hardly any is ever explained."""

    scores: Mapping[Pair, float]
    _outline: Outline
    _modules: Mapping[str, Candidate]
    _rarity: Mapping[str, int]

    def __getitem__(self, pair: Pair) -> Fit:
        module, section = self._modules[pair[0]], self._sections[pair[1]]
        return Fit(self.scores[pair], _shared_tags(module, section), self._words(module, section))

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.scores)

    def __len__(self) -> int:
        return len(self.scores)

    @cached_property
    def by_module(self) -> Mapping[str, Sequence[Pair]]:
        """The linked pairs of each module that has any."""
        pairs: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.scores:
            pairs[pair[0]].append(pair)
        return pairs

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {section.id: section for section in self._outline.sections}

    def _words(self, module: Candidate, section: Section) -> tuple[str, ...]:
        own = {stem for stem, _ in stemmed(module.text, self._outline.language)}
        shared: dict[str, str] = {}
        for stem, word in _stems(section, self._outline):
            if stem in own:
                shared.setdefault(stem, word)
        rarest = sorted(shared, key=lambda stem: self._rarity[stem])
        return tuple(shared[stem] for stem in rarest[:MAX_WORDS])


def fits(outline: Outline, modules: Collection[Candidate]) -> Fits:
    """The fit of every module to every section that it has a link with; pairs without a link are
    absent.

    Two rankings of all linked pairs, by number of shared tags and by BM25 of the module's words in
    the section's, are combined by reciprocal rank fusion; a pair absent from a ranking counts as if
    it came after the last one. The sum is scaled so that first in both is 1 and absent from both is
    0. The order of ``modules`` does not matter.
    """
    corpus = [[stem for stem, _ in _stems(section, outline)] for section in outline.sections]
    own = [{stem for stem, _ in stemmed(module.text, outline.language)} for module in modules]
    tags = _in_common(
        [{fold(tag) for tag in module.tags} for module in modules],
        [[fold(tag) for tag in section.tags] for section in outline.sections],
    )
    linked = (tags > 0) | (_in_common(own, [set(stems) for stems in corpus]) >= ENOUGH_WORDS)
    last = int(linked.sum()) + 1
    worst, best = 2 / (RRF_K + last), 2 / (RRF_K + 1)
    fused = sum(1 / (RRF_K + _ranks(scores[linked], last)) for scores in (tags, _bm25(corpus, own)))
    values = np.round((fused - worst) / (best - worst), 4).tolist()
    keys, ids = [module.key for module in modules], [section.id for section in outline.sections]
    return Fits(
        {
            (keys[module], ids[section]): value
            for module, section, value in zip(*np.nonzero(linked), values, strict=True)
        },
        outline,
        {module.key: module for module in modules},
        Counter(stem for stems in corpus for stem in set(stems)),
    )


def _stems(section: Section, outline: Outline) -> list[tuple[str, str]]:
    return stemmed(f"{section.title}\n{section.text}", outline.language)


def _shared_tags(module: Candidate, section: Section) -> tuple[str, ...]:
    own = {fold(tag) for tag in module.tags}
    return tuple(tag for tag in section.tags if fold(tag) in own)


def _in_common(own: Sequence[Collection[str]], there: Sequence[Collection[str]]) -> Floats:
    """The number of terms of ``there[j]`` that are in ``own[i]``, at (i, j)."""
    column = {term: number for number, term in enumerate(sorted(set().union(*there)))}

    def counted(rows: Sequence[Collection[str]]) -> Floats:
        counts = np.zeros((len(rows), len(column)))
        for number, terms in enumerate(rows):
            np.add.at(counts[number], [column[term] for term in terms if term in column], 1)
        return counts

    return counted(own) @ counted(there).T


def _bm25(corpus: Sequence[Sequence[str]], own: Sequence[Collection[str]]) -> Floats:
    """BM25 (Lucene's variant, k1 1.5, b 0.75) of each module's stems, each counted once, in each
    section."""
    scores = np.zeros((len(own), len(corpus)))
    known = {stem for stems in corpus for stem in stems}
    if known:
        index = bm25s.BM25()
        index.index(corpus, show_progress=False)
        for number, stems in enumerate(own):
            if wanted := sorted(known.intersection(stems)):
                scores[number] = index.get_scores(wanted)
    return np.round(scores, 4)


def _ranks(scores: Floats, last: int) -> Floats:
    """The rank from 1 of each score above 0, and ``last`` for the others; equal scores share the
    better rank."""
    ascending = np.sort(scores[scores > 0])
    ranks = 1.0 + len(ascending) - np.searchsorted(ascending, scores, side="right")
    return np.where(scores > 0, ranks, last)
