"""Two small modules in two languages: a scenario about a market hall, a dilemma about a canteen."""

from __future__ import annotations

from typing import Any

from engine.packs.model import Module, ModuleSpec
from engine.packs.prompts.base import PromptKind
from tests.plays import done

SCENARIO = {
    "kind": "scenario",
    "start": "soir-1",
    "variables": {"money": 12},
    "gauges": ["money"],
    "nodes": {
        "soir-1": {
            "choices": [
                {"id": "ines", "to": "soir-2", "add": {"money": 8}},
                {"id": "region", "to": "fin"},
            ]
        },
        "soir-2": {"choices": [{"id": "chene", "to": "fin"}]},
        "fin": {"ending": True},
    },
}
DILEMMA = {
    "kind": "dilemma",
    "positions": ["regie", "autre"],
    "voices": ["maire", "ines"],
    "hear": 1,
}
PROMPTS = [
    {"id": "soir", "stage": "what", "kind": "text", "minutes": 1, "variants": 3},
    {"id": "part", "stage": "what", "kind": "scale", "minutes": 0.5, "points": 5},
    {
        "id": "qui",
        "stage": "so-what",
        "kind": "choice",
        "options": ["ines", "region"],
        "minutes": 0.5,
    },
    {"id": "appuis", "stage": "now-what", "kind": "recall", "takeaway": "appuis", "minutes": 0.5},
    {"id": "plan", "stage": "now-what", "kind": "plan", "minutes": 1},
    {
        "id": "suite",
        "stage": "did-it-happen",
        "kind": "did-it-happen",
        "plan": "plan",
        "minutes": 1,
    },
]
FR = {
    "cover.title": "Boucler le budget",
    "soir-1": "Mardi. Il y a {money} k€.",
    "soir-2": "Jeudi. Il y a {money} k€.",
    "soir-1.ines": "Rappeler **Inès** ({money} k€ en caisse)",
    "soir-1.ines.quote": "rappeler Inès",
    "soir-1.region": "Remplir le formulaire",
    "soir-2.chene": "Prendre le chêne à {money} k€",
    "fin": "Le conseil.",
    "fin.trace": "le budget passe sans marge",
    "takeaway.appuis": "Trois *appuis*.",
    "reveal": "Le premier soir : {choice.soir-1}. Puis {ending}.",
    "prompt.soir.1": "Jeudi, vous avez choisi de {choice.soir-2}. Pourquoi ?",
    "prompt.soir.2": "Mardi soir ?",
    "prompt.soir.3": "« {answer.qui} » : et si c'était à refaire ?",
    "prompt.part.1": "La part d'Inès ?",
    "prompt.part.low": "nulle",
    "prompt.part.high": "entière",
    "prompt.qui.1": "À qui la semaine ? Vous disiez : « {answer.soir} »",
    "prompt.qui.option.ines": "À Inès",
    "prompt.qui.option.region": "À la Région",
    "prompt.appuis.1": "Lesquels vous reviennent ?",
    "prompt.plan.1": "Lundi, si…",
    "prompt.suite.1": "Vous aviez écrit : « {answer.plan} ». C'est arrivé ?",
}
EN = FR | {"soir-1.ines": "Call Inès back ({money} k€ in hand)", "prompt.qui.option.ines": "Inès"}
del EN["soir-1.ines.quote"]
CANTEEN = {
    "cover.title": "La cantine",
    "situation": "Mars.",
    "listen": "Qui entendre ?",
    "decide": "Et maintenant ?",
    "position.regie": "Garder la régie",
    "position.regie.quote": "garder",
    "position.autre": "Confier la cantine",
    "voice.maire": "Le maire",
    "voice.ines": "Inès, productrice",
    "position.autre.trace": "la cantine est confiée",
    "reveal": "D'abord {first}, puis {final}, sans {unheard}.",
    "takeaway.appuis": "…",
}


def _module(activity: dict[str, Any], texts: dict[str, dict[str, str]]) -> Module:
    spec = ModuleSpec.model_validate(
        {
            "id": "halle",
            "format": "mooc-unit",
            "minutes": 8,
            "maturity": [1, 2],
            "tags": ["budget"],
            "aims": ["hybridise"],
            "keywords": {"fr": []},
            "activity": activity,
            "takeaways": [{"id": "appuis"}],
            "debrief": {"prompts": PROMPTS},
        }
    )
    return Module(spec, "fr", texts)


HALL = _module(SCENARIO, {"fr": FR, "en": EN})
DINER = _module(DILEMMA, {"fr": CANTEEN})
ACTS = done("ines", "chene")


def prompt(prompt_id: str) -> PromptKind:
    """That prompt of the hall."""
    found = HALL.spec.prompt(prompt_id)
    assert found
    return found
