"""The fictional people of the demo, each with a temperament, and what they do as learning time
passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from engine.debrief.values import Question
from engine.journey import answering, joining, pausing, playing, showing
from engine.journey.answering import Asking
from engine.journey.home import experiences
from engine.journey.touches import open_one
from engine.people.accounts import account_by_email
from engine.spacing.days import local_day, zone_of
from engine.storage.tables import Enrolment, Learner
from engine.storage.work import Work
from web.demo import tables

DOMAIN = "demo.example"
LEARNER, COMPANION, FACILITATOR = "camille", "inès", "dominique"
"""The people a visitor can be: a learner who was just invited, one who waits at a table, and the
facilitator of the course."""
INBOX = joining.Preferences(channel="inbox")


@dataclass(frozen=True)
class Character:
    """A fictional learner. Days count from the day the invitations were sent.

    ``lives``: the days on which they live one more experience, or as soon as one is open;
    ``answers_until``: the day after which they stop answering; ``pause``: first day and length of a
    pause.
    """

    name: str
    lives: tuple[int, ...]
    answers_until: int | None = None
    pause: tuple[int, int] | None = None

    @property
    def email(self) -> str:
        """An address that cannot exist (RFC 2606)."""
        return address(self.name)


CHARACTERS = (
    Character("Aïcha", (0, 21, 35, 49)),
    Character("Bruno", (1, 24, 38)),
    Character("Chloé", (9, 30)),
    Character("Driss", (8, 23, 37, 51), pause=(78, 21)),
    Character("Élise", (24,), answers_until=32),
    Character("Fabien", (22, 40)),
    Character("Gwenola", (72, 86)),
    Character("Hugo", (89,)),
)

TEXTS = (
    "J’ai repensé à ce coup de fil que je n’ai pas passé. Il attendait sans doute une réponse "
    "simple.",
    "Au fond, j’ai choisi ce qui se voyait le plus. Le reste me paraissait pouvoir attendre.",
    "Ma première question : qui d’autre aurait intérêt à ce que ça tienne ?",
    "J’en ai parlé à ma collègue, elle n’aurait pas fait le même choix que moi.",
    "Un peu de gêne, et de la curiosité pour ce que l’autre voulait vraiment.",
)
PLANS = (
    (
        "un message attend depuis plus d’une semaine",
        "j’appelle le mardi matin, avant d’ouvrir mes courriels",
    ),
    (
        "on me demande encore un tableau",
        "je propose d’abord une visite avec les trois personnes concernées",
    ),
    ("le dossier revient au bureau municipal", "je viens avec deux habitants qui le portent"),
)
NOTES = ("Pas comme prévu, mais c’est fait.", "", "Deux fois sur trois.")


def address(name: str) -> str:
    """The mail address of a fictional person."""
    plain = name.lower().translate(str.maketrans("éèêëïîç", "eeeeiic"))
    return f"{plain}@{DOMAIN}"


def live(work: Work, character: Character, invited_on: date) -> None:
    """Does what this person does by now: join, live an experience, answer open questions, pause.
    Repeating it changes nothing."""
    now, account = work.now, account_by_email(work.session, character.email)
    if account is None:
        return
    learner = joining.learner_of(work.session, account.id)
    day = (local_day(now, zone_of(learner.zone)) - invited_on).days
    if day < character.lives[0]:
        return
    if learner.contract_at is None:
        joining.accept_contract(work, learner)
        joining.set_preferences(work, learner, INBOX)
    begun = work.session.scalar(select(func.count()).where(Enrolment.learner == learner.id)) or 0
    if begun < sum(first <= day for first in character.lives):
        live_one(work, learner)
    tables.play_on(work, learner)
    if character.answers_until is None or day <= character.answers_until:
        answer_open(work, learner)
    if (
        character.pause
        and learner.paused_until is None
        and 0 <= day - character.pause[0] < character.pause[1]
    ):
        until = invited_on + timedelta(days=sum(character.pause))
        pausing.pause(work, learner, until)


def live_one(work: Work, learner: Learner) -> None:
    """Lives the next experience open to this learner, making varied choices."""
    new = [e for e in experiences(work, learner, "fr") if e.state == "new"]
    ready = [e for e in new if e.module[1] != tables.GAME]
    if not ready:
        return
    enrolment = playing.begin(work, learner, ready[0].course, ready[0].section)
    scene = playing.scene(work, learner, enrolment.id)
    while not scene.screen.finished:
        said = {
            field.id: work.rng.choice(field.taps()).id if field.taps() else field.sample
            for field in scene.screen.form.fields
        }
        scene = playing.act(work, learner, enrolment.id, scene.number, said)


def answer_open(work: Work, learner: Learner) -> None:
    """Answers every question of the open touch, if there is one; keeps the rhythm as it is when
    asked about it."""
    touch = open_one(work, learner.id)
    if touch is None:
        return
    if touch.kind == "lighten":
        pausing.carry_on(work, learner)
        return
    for asked in showing.touch_view(work, learner.id, touch.number, "fr").left:
        answering.answer(
            work,
            learner.id,
            Asking(touch.number, asked.enrolment, asked.prompt, asked.occurrence),
            form_of(asked.question, work.rng),
        )


def form_of(question: Question, rng: Random) -> dict[str, Any]:
    """A form filled in as a person might: taps, and their own words if they have some. Few admit
    that they have forgotten everything."""
    plan = rng.choice(PLANS)
    own = {
        "text": rng.choice(TEXTS),
        "if": plan[0],
        "then": plan[1],
        "note": rng.choice(NOTES),
        "grade": rng.choice(("2", "3", "3", "4")),
    }
    return {
        field.id: own.get(field.id)
        or (rng.choice(field.taps()).id if field.taps() else field.sample)
        for field in question.form.fields
    }
