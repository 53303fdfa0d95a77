"""The words that teachers write over columns, in French and English, folded (see
``engine.values.folding.fold``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from engine.values.languages import Lang

Field = Literal["", "id", "number", "title", "text", "week", "starts", "ends", "minutes", "tags"]
"""What a column holds; nothing of use for ``""``. ``number`` counts the sections, which their order
does already."""
FIELDS: tuple[Field, ...] = get_args(Field)


def listed(words: str, sign: str = ", ") -> frozenset[str]:
    """The words of a list."""
    return frozenset(words.split(sign))


NAMES: Mapping[Lang, Mapping[Field, frozenset[str]]] = {
    "fr": {
        "id": listed("id, identifiant, section id"),
        "number": listed("n, no, nb, num, numero, ordre, rang, seance n, lecon n, jour n"),
        "title": listed(
            "titre, intitule, libelle, theme, thematique, sujet, thematiques, themes, nom"
        ),
        "text": listed(
            "texte, contenu, description, objectif, competence, resume, detail, notion, "
            "programme, deroule, deroulement, presentation, contenus, points abordes, attendu, "
            "apprentissage, acquis, sommaire, themes abordes, notions abordees"
        ),
        "week": listed("semaine, sem, semaines"),
        "starts": listed("date, debut, du, jour, quand, commence, dates, calendrier, periode"),
        "ends": listed("fin, au, termine, jusqu au"),
        "minutes": listed(
            "duree, minute, heure, horaire, volume, temps, creneau, minutes, heures, nb h, "
            "horaires, volume horaire, nombre heures, nb heures"
        ),
        "tags": listed("etiquette, mots cles, mot cle, tag, tags, etiquettes"),
    },
    "en": {
        "id": listed("id, section id, slug, key"),
        "number": listed(
            "no, number, num, nr, order, index, lecture number, class number, lec, session no"
        ),
        "title": listed("title, topic, heading, subject, topics, name, theme, lecture topic"),
        "text": listed(
            "text, description, content, objective, summary, outcome, overview, detail, "
            "details, contents, abstract, concepts, goals, outcomes, guiding question"
        ),
        "week": listed("week, wk, weeks"),
        "starts": listed("start, starts, from, date, when, dates, begins, day, days"),
        "ends": listed("end, ends, to, until, finishes"),
        "minutes": listed("duration, minutes, length, hours, time, min, mins"),
        "tags": listed("tag, tags, keyword, keywords"),
    },
}
WEAK_TITLES: Mapping[Lang, frozenset[str]] = {
    "fr": listed(
        "module, cours, seance, lecon, chapitre, sequence, section, partie, bloc, unite, etape, "
        "activite, session, atelier, sous theme, sous thematique, sous titre, "
        "sujet traite, competence, objectif, contenu, description, "
        "type"
    ),
    "en": listed(
        "module, lecture, lesson, class, unit, session, section, part, chapter, activity, "
        "course, event, content, description, milestone, step, sequence, topic area, type, "
        "program, subtopic, sub topic, subtheme, subtitle"
    ),
}
"""What may head titles where nothing better does, or else what is counted."""
SMALL = listed(
    "de, la, le, les, du, des, d, l, the, of, a, an, en, et, and, pour, for, in, on, aux, au, "
    "to, par, per, prevu, prevue, prevues, estimee, estime, previsionnelle, previsionnel, "
    "indicative, total, totale, approx, environ, seance, seances, cours, session, sessions, "
    "module, modules, class, lecture, lectures, course, activite, activity, section, sections, "
    "sequence, lesson, unit, formation, chapitre, lecon, pedagogique, general, pedagogiques, "
    "detaille, detailles, detaillee, visee, visees, vises, vise, abordes, abordees, traite, "
    "traites, principal, principaux, main, learning, key, weekly, number, n, no, mon, monday, "
    "tentative"
)
"""Words beside the one that tells."""
OTHERS = listed(
    "leader, author, professor, teacher, "
    "due, rendu, rendre, limite, deadline, homework, assignment, assignments, devoir, devoirs, "
    "hw, exam, quiz, url, link, links, lien, liens, color, colour, couleur, slides, slide, "
    "video, videos, pdf, reading, readings, intervenant, intervenante, instructor, formateur, "
    "formatrice, enseignant, salle, room, lieu, location, ressource, ressources, resource, "
    "resources, evaluation, remarque, remarques, remarks, modalite, mode, statut, status, "
    "justification, intention, release, available, solution, presenter, speaker, email, "
    "courriel, telephone, phone, inscription, naissance, modification, creation, justificatif"
)
"""Words that make a heading another thing: the date of a homework begins no section."""
TELLING: tuple[Field, ...] = ("minutes", "ends", "starts", "title", "text", "week", "tags")
"""The fields that one word among others tells, in the order in which they are tried."""
CODES = listed("id, type, url, code, lien, link")
"""Between brackets, they say that a column holds codes."""
NUMBERS = listed("n, no, num, numero, nr")
CLOCKS = listed("horaire, horaires, heure, time, creneau, temps")
HOURS = listed("h, heure, heures, hour, hours, hrs")
MINUTES = listed("min, minute, minutes, mins, mn")
HEADS_AT: Mapping[Lang, tuple[int, ...]] = {"fr": (0,), "en": (-1, 0)}
"""Which word of a heading tells: « Date de la séance », “Session date”."""
DAY_FIRST: Mapping[Lang, bool | None] = {"fr": True, "en": None}
"""Whether the day comes before the month in numbers; None where some write it so, others not."""
LANGUAGE_NAMES: Mapping[str, Lang] = {
    "francais": "fr",
    "francaise": "fr",
    "french": "fr",
    "anglais": "en",
    "anglaise": "en",
    "english": "en",
}
SMALL_WORDS: Mapping[Lang, frozenset[str]] = {
    "fr": listed(
        "le la les des du un une et est dans pour par sur avec au aux ce ces qui que", " "
    ),
    "en": listed("the of and to in for with on is are this that by from at how what", " "),
}
"""The words that tell in which language a text is."""
