"""The names people use for the fields of a course, in French or English, and ids derived from
titles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from itertools import chain, count

from engine.values.faults import Hint, closest
from engine.values.folding import fold

COURSE: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifiant"),
    "title": ("title", "titre", "course", "cours", "parcours"),
    "language": ("language", "langue"),
    "theme": ("theme",),
    "starts_on": ("starts on", "starts", "start", "debut", "commence le"),
    "audience": ("audience", "public"),
    "sections": ("sections",),
}
AUDIENCE: Mapping[str, tuple[str, ...]] = {
    "language": ("language", "langue"),
    "group_size": ("group size", "group", "groupe", "taille du groupe", "effectif"),
    "mode": ("mode", "modalite"),
    "maturity": ("maturity", "maturite"),
}
SECTION: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifiant", "section id", "section"),
    "title": ("title", "titre", "intitule", "heading"),
    "text": ("text", "texte", "description", "contenu", "content"),
    "week": ("week", "semaine"),
    "starts": ("starts", "start", "debut", "from", "du"),
    "ends": ("ends", "end", "fin", "to", "au"),
    "minutes": ("minutes", "duree", "duration", "duree en minutes"),
    "tags": ("tags", "tag", "etiquettes", "etiquette", "mots cles", "keywords"),
}
MODES: Mapping[str, tuple[str, ...]] = {
    "online": ("online", "en ligne", "a distance", "distanciel"),
    "onsite": ("onsite", "on site", "sur place", "presentiel", "en presence"),
    "either": ("either", "both", "hybrid", "hybride", "mixte", "les deux"),
}
FRENCH = frozenset(
    {
        "identifiant",
        "titre",
        "cours",
        "parcours",
        "langue",
        "debut",
        "commence le",
        "public",
        "groupe",
        "taille du groupe",
        "effectif",
        "modalite",
        "maturite",
        "intitule",
        "texte",
        "contenu",
        "semaine",
        "du",
        "fin",
        "au",
        "duree",
        "duree en minutes",
        "etiquettes",
        "etiquette",
        "mots cles",
    }
)
ALIKE = frozenset(
    {
        "id",
        "theme",
        "audience",
        "section",
        "sections",
        "mode",
        "description",
        "minutes",
        "tag",
        "tags",
    }
)
"""Field names that exist only in French, and those that both languages share; all others are
English."""
LONGEST_ID = 60
NUMBERED = 55
"""Characters of an id, and of one that a number follows."""
FAR = 0.2
"""How much more (on a likeness scale of 0–1) a name in the other language must resemble a word to
be suggested instead."""


def slug(text: str) -> str:
    """An id made from a title: ``"L’équipe, à deux"`` gives ``"l-equipe-a-deux"``. At most 60
    characters, of whole words unless the first is longer; empty when nothing usable is left."""
    whole = fold(text).replace(" ", "-").strip("-")
    kept = whole[:LONGEST_ID]
    if whole[LONGEST_ID : LONGEST_ID + 1] not in ("", "-"):
        kept = kept.rpartition("-")[0] or kept
    return kept.strip("-")


def free_id(wish: str, taken: Collection[str]) -> str:
    """An id of at most 60 characters that is not taken: ``wish``, or ``wish`` with a number, for
    which a last word makes room."""
    short = wish if len(wish) <= NUMBERED else wish[: NUMBERED + 1].rpartition("-")[0]
    numbered = (f"{short or wish[:NUMBERED]}-{number}" for number in count(2))
    return next(name for name in chain((wish,), numbered) if name not in taken)


def named(word: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """The known name that a written word stands for, ignoring accents and case; None if there is no
    match."""
    folded = fold(word)
    return next((name for name, words in known.items() if folded in words), None)


def hint(word: str, known: Mapping[str, tuple[str, ...]], language: str | None) -> Hint:
    """What to suggest for an unknown word: a known name or two, else the list of all.

    Suggestions are in the ``language`` of the file's other names (see ``spoken``), or in both when
    that is undecided.
    """
    if guessed := guesses(word, known, language):
        return Hint("did-you-mean" if len(guessed) == 1 else "either", guessed)
    return Hint("one-of", tuple(known))


def guesses(
    word: str, known: Mapping[str, tuple[str, ...]], language: str | None
) -> tuple[str, ...]:
    """The known names most similar to a word: one, in ``language`` (see ``spoken``) unless one in
    the other language is much closer; up to two if ``language`` is None."""
    spellings, said = [name for names in known.values() for name in names], fold(word)
    near = {
        "en": closest(said, [name for name in spellings if name not in FRENCH]),
        "fr": closest(said, [name for name in spellings if name in FRENCH | ALIKE]),
    }
    likeness = {name: SequenceMatcher(None, name, said).ratio() for name in near.values() if name}
    kept = [name for name, ratio in likeness.items() if ratio > max(likeness.values()) - FAR]
    wanted = near.get(language or "")
    return (wanted,) if wanted in kept else tuple(kept)


def spoken(names: Iterable[str]) -> str | None:
    """The language of most names in a file, counting only names that exist in one language; None
    when that is undecided."""
    known = {
        word
        for fields in (COURSE, AUDIENCE, SECTION)
        for words in fields.values()
        for word in words
    } - ALIKE
    french = [word in FRENCH for name in names if (word := fold(name)) in known]
    return (
        None if 2 * sum(french) == len(french) else "fr" if 2 * sum(french) > len(french) else "en"
    )
