"""The names that people give to the fields of a course, in French or English, and how words are made comparable."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

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

_SEPARATORS = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Lower case without accents, every other sign a single space: ``"Durée (min)"`` gives ``"duree min"``."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", bare.replace("œ", "oe").replace("æ", "ae")).strip()


def slug(text: str) -> str:
    """``"L’équipe, à deux"`` gives ``"l-equipe-a-deux"``: 60 characters at most, empty when nothing is left."""
    return fold(text).replace(" ", "-")[:60].strip("-")


def named(word: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """Which of the known names a written word stands for, accents and case aside; None when it is none of them."""
    folded = fold(word)
    return next((name for name, words in known.items() if folded in words), None)


def nearest(word: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """The known word that looks most like ``word``, or None when nothing does."""
    words: Iterable[str] = [w for ws in known.values() for w in ws]
    close = difflib.get_close_matches(fold(word), list(words), 1, 0.6)
    return close[0] if close else None
