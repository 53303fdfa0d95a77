"""Makes words comparable: Snowball stems, without the stop words that any two texts share."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.values.folding import stem

_WORD = re.compile(r"[^\W\d_]{3,}")
_FRENCH = """
    afin ainsi alors après assez aucun aucune aujourd aussi autant autre autres autrement avait
    avant avec avez avoir avons beaucoup bien car ceci cela celle celles celui cependant ces cet
    cette ceux chacun chacune chaque chez comme comment contre dans déjà depuis des dès deux devant
    doit donc dont elle elles encore enfin ensuite entre est étaient était été être eux face faire
    fait fois font hors ici ils jamais jour jours jusque laquelle lequel lesquelles lesquels les
    leur leurs lors lorsque lui mais même mêmes mes mieux moins mon notre nos nous ont par parce
    parfois pas pendant peu peut peuvent plus plusieurs plutôt pour pourquoi pourtant pouvez pouvoir
    près presque puis quand que quel quelle quelles quelque quelques quels qui quoi rien sans sauf
    selon semaine semaines sera seront ses seul seule seulement sinon soit son sont sous souvent sur
    tant tel telle tels tous tout toute toutes très trois trop une unes vais vers veut voici voilà
    vont vos votre vous
"""
_ENGLISH = """
    about after again all also and another any are because been before being between both but can
    could did does doing done down during each else even ever every few for from get gets had has
    have having her here him his how into its itself just less like made make many may might more
    most much must never nor not now off often once one only onto other others our out over own per
    rather same say says she should since some someone still such than that the their them then
    there these they this those three through too two under until upon very was way week weeks were
    what when where which while who whom whose why will with within without would yet you your
"""
STOPWORDS: Mapping[str, frozenset[str]] = {
    "fr": frozenset(_FRENCH.split()),
    "en": frozenset(_ENGLISH.split()),
}


def stemmed(text: str, language: str) -> list[tuple[str, str]]:
    """The stem and the word (in lower case) of each word that is not a stop word, in the order of
    ``text``. ``language`` is fr or en."""
    words = [word for word in _WORD.findall(text.lower()) if word not in STOPWORDS[language]]
    return [(stem(word, language), word) for word in words]
