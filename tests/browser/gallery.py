"""Every page there is, each with somebody who stands at that point of the road: so that each can
be looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from playwright.sync_api import Page
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.courses.slotting import Wishes
from engine.journey import answering, pausing, playing, showing
from engine.journey.answering import Asking
from engine.journey.joining import learner_of
from engine.journey.planning import replan
from engine.journey.showing import AskedPrompt, TouchView
from engine.journey.touches import close_touch, open_touch, planned_one
from engine.people.asking import LINK_LASTS
from engine.storage.tables import Account, Course, Learner, Placement, Touch
from tests.apps import PASSWORD
from tests.browser.live import Live
from tests.builders import slotted, work
from web.site.links import ANSWER_FOR, AnswerLink, Links

MARKET, GROCERY = "la-halle-en-six-semaines", "l-epicerie-du-bourg"
ANSWERS = {
    "grade": "3",
    "point": "4",
    "text": "Un mot",
    "if": "il pleut",
    "then": "je rappelle",
    "happened": "yes",
    "note": "",
}


@dataclass(frozen=True)
class Stand:
    """One page: whose it is, where it is, what is done there to see it as meant, and the status it
    comes with.

    ``signed``: whether that person is signed in.
    """

    who: str
    address: str
    then: Callable[[Page], None] | None = None
    signed: bool = True
    status: int = 200


@dataclass
class Gallery:
    """The people who stand there, by name, and the parts of addresses that are theirs."""

    there: Live
    people: dict[str, Account] = field(default_factory=dict)
    places: dict[str, dict[str, str]] = field(default_factory=dict)

    def show(self, stand: Stand, page: Page) -> None:
        """Bring that page into a window, whoever looked through it before."""
        page.context.clear_cookies()
        if stand.signed:
            page.context.add_cookies([self.there.cookie(self.people[stand.who])])
        page.goto(stand.address.format(**self.places.get(stand.who, {})))
        if stand.then is not None:
            stand.then(page)

    def all_read(self, language: str) -> None:
        """From now on everybody reads in that language."""
        with self.there.house.services.db.write(self.there.tenant) as unit:
            unit.execute(update(Account).values(language=language))
            unit.commit()


def _press(selector: str, **fields: str) -> Callable[[Page], None]:
    """Fill fields in, then press: past what the browser itself would refuse."""

    def then(page: Page) -> None:
        page.locator("main form").evaluate_all(
            "forms => forms.forEach(form => form.noValidate = true)"
        )
        for name, value in fields.items():
            page.locator(f"main [name={name}]").first.evaluate(
                "(e, value) => { e.value = value }", value
            )
        with page.expect_navigation():
            page.locator(selector).first.click()

    return then


def _take_out_whoever_is_shown(page: Page) -> None:
    """Tick the first of the list, and ask to take them out."""
    page.locator("main [name=who]").first.check()
    with page.expect_navigation():
        page.locator("button[value=remove]").click()


SUBMIT = "main form button"
VISITOR = "nobody"
STANDS: dict[str, Stand] = {
    "front": Stand(VISITOR, "/", signed=False),
    "sign in": Stand(VISITOR, "/sign-in", signed=False),
    "sign in, wrong": Stand(
        VISITOR,
        "/sign-in",
        _press(SUBMIT, email="lea@example.org", password="non"),
        signed=False,
        status=422,
    ),
    "sign in, which organisation": Stand(
        VISITOR,
        "/sign-in",
        _press(SUBMIT, email="both@example.org", password=PASSWORD),
        signed=False,
    ),
    "ask for a link": Stand(VISITOR, "/sign-in/mail", signed=False),
    "link asked for": Stand(
        VISITOR, "/sign-in/mail", _press(SUBMIT, email="nobody@example.org"), signed=False
    ),
    "sign-in link": Stand("begun", "{magic}", signed=False),
    "ask for a password": Stand(VISITOR, "/password", signed=False),
    "password link": Stand("begun", "{reset}", signed=False),
    "password too short": Stand(
        "begun", "{reset}", _press(SUBMIT, password="non"), signed=False, status=422
    ),
    "not found": Stand(VISITOR, "/nowhere", signed=False, status=404),
    "not found, signed in": Stand("begun", "/nowhere", status=404),
    "too long": Stand("text", "/touch/{touch}", _press(SUBMIT, text="x" * 300_000), status=413),
    "to be corrected": Stand(
        "text", "/touch/{touch}", _press(SUBMIT, text="oui", occurrence="une fois"), status=422
    ),
    "link expired": Stand("text", "{expired}", signed=False, status=410),
    "contract": Stand("new", "/contract"),
    "contract, stopped": Stand("stopped", "/contract"),
    "rhythm, first": Stand("fresh", "/rhythm?first=1"),
    "rhythm": Stand("begun", "/rhythm"),
    "rhythm, wrong": Stand("begun", "/rhythm", _press(SUBMIT, hour="23:00"), status=422),
    "home, fresh": Stand("fresh", "/home"),
    "home, begun": Stand("begun", "/home"),
    "home, a question waits": Stand("scale", "/home"),
    "home, what comes next": Stand("ended", "/home"),
    "player": Stand("begun", "/experience/{enrolment}"),
    "player, a choice made twice": Stand("begun", "/experience/{enrolment}?late=1"),
    "player, dilemma": Stand("torn", "/experience/{enrolment}"),
    "player, the end": Stand("ended", "/experience/{enrolment}"),
    **{
        f"question, {kind}": Stand(kind, "/touch/{touch}")
        for kind in ("text", "scale", "choice", "recall", "plan", "did-it-happen", "lighten")
    },
    "question, nothing written": Stand(
        "text", "/touch/{touch}", _press(SUBMIT, text=" "), status=422
    ),
    "question, no plan written": Stand("plan", "/touch/{touch}", _press(SUBMIT), status=422),
    "question, done": Stand("named", "/touch/1"),
    "question, planned": Stand("ended", "/touch/1"),
    "question, missed": Stand("lighten", "/touch/1"),
    "question, put off": Stand("snoozed", "/touch/{touch}"),
    "mailed question, text": Stand("text", "{answer}", signed=False),
    "mailed question, recall": Stand("recall", "{answer}?grade=3", signed=False),
    "mailed question, lighten": Stand("lighten", "{answer}", signed=False),
    "mailed question, done": Stand("named", "{answer}", signed=False),
    "mailed reveal": Stand("named", "{answer}/reveal/{enrolment}", signed=False),
    "no more mails": Stand("snoozed", "{stop}", signed=False),
    "no more mails, done": Stand("by inbox", "{stop}", signed=False),
    "inbox, empty": Stand("fresh", "/inbox"),
    "inbox": Stand("did-it-happen", "/inbox"),
    "path, empty": Stand("fresh", "/path"),
    "path": Stand("did-it-happen", "/path"),
    "reveal": Stand("named", "/experience/{enrolment}/reveal"),
    "settings": Stand("begun", "/settings"),
    "settings, paused": Stand("paused", "/settings"),
    "settings, a day gone by": Stand(
        "begun",
        "/settings",
        _press("form[action='/settings/pause'] button", until="2020-01-01"),
        status=422,
    ),
    "leave": Stand("begun", "/leave"),
    "leave, not sure": Stand("begun", "/leave", _press(SUBMIT), status=422),
    "courses": Stand("facilitator", "/courses/"),
    "courses, none": Stand("idle", "/courses/"),
    "which format": Stand("facilitator", "/formats"),
    "which format, advised": Stand("facilitator", "/formats?aim=hybridise&minutes=4&people=2"),
    "course": Stand("facilitator", "/courses/{slug}"),
    "course, wishes in conflict": Stand(
        "facilitator",
        "/courses/{slug}",
        _press("form:has([name=weekly_minutes]) button", weekly_minutes="1"),
        status=409,
    ),
    "progress": Stand("facilitator", "/courses/{slug}/people"),
    "progress, filtered": Stand("facilitator", "/courses/{slug}/people?state=active&sort=answers"),
    "people, nobody ticked": Stand(
        "facilitator",
        "/courses/{slug}/people?sort=seen",
        _press("button[value=remind]"),
        status=422,
    ),
    "people, taken out?": Stand(
        "facilitator", "/courses/{slug}/people?q=begun", _take_out_whoever_is_shown
    ),
    "figures": Stand("facilitator", "/courses/{slug}/desk"),
    "cohorts": Stand("facilitator", "/courses/{slug}/cohorts"),
    "cohorts, one without a name": Stand(
        "facilitator", "/courses/{slug}/cohorts", _press(SUBMIT, called=" "), status=422
    ),
    "invite": Stand("facilitator", "/courses/{slug}/invite"),
    "invite, an address is wrong": Stand(
        "facilitator", "/courses/{slug}/invite", _press(SUBMIT, emails="lea"), status=422
    ),
    "invitations": Stand("facilitator", "/courses/{slug}/invitations"),
    "new course": Stand("facilitator", "/courses/new"),
    "new course, nothing handed in": Stand(
        "facilitator", "/courses/new", _press(SUBMIT), status=422
    ),
    "how an outline was read": Stand(
        "facilitator", "/courses/new", _press(SUBMIT, text="Titre;Semaine\nOuvrir;1\nFermer;2")
    ),
    "invite from a list": Stand("facilitator", "/courses/{slug}/invitations/list"),
    "whom a list names": Stand(
        "facilitator",
        "/courses/{slug}/invitations/list",
        _press(SUBMIT, text="Anne Exemple <anne@example.org>; lea"),
    ),
}


def fill(there: Live) -> Gallery:
    """Bring everybody where they stand."""
    made = Gallery(there)
    for name in (
        "fresh",
        "begun",
        "torn",
        "ended",
        "named",
        "paused",
        "snoozed",
        "stopped",
        "text",
        "scale",
        "choice",
        "recall",
        "plan",
        "did-it-happen",
        "lighten",
    ):
        made.people[name] = there.invite(name)
    made.people |= {
        "new": there.invite("new", joined=False),
        "facilitator": there.facilitator(),
        "by inbox": there.invite("by-inbox", channel="inbox"),
    }
    there.house.account("town", "idle@example.org", "facilitator")
    for tenant in ("town", "valley"):
        there.house.account(tenant, "both@example.org")
    with there.house.services.db.write(there.tenant) as unit:
        made.people["idle"] = unit.scalars(
            select(Account).where(Account.email == "idle@example.org")
        ).one()
        market = unit.scalars(select(Placement).where(Placement.module == MARKET)).one()
        slotted(
            unit,
            there.house.services.library,
            unit.scalars(select(Course)).one(),
            Wishes(pin=[(MARKET, market.section)]),
            there.house.clock.now(),
        )
        _bring(unit, made)
        unit.commit()
    made.places["facilitator"] = {"slug": "modeles-socio-economiques"}
    _address(made)
    return made


def _bring(unit: Session, made: Gallery) -> None:
    walk = Walk(unit, made.there)
    made.places["begun"] = {"enrolment": walk.live("begun", made, MARKET, acts=2)}
    made.places["torn"] = {"enrolment": walk.live("torn", made, GROCERY, acts=0)}
    made.places["ended"] = {"enrolment": walk.live("ended", made, MARKET)}
    for kind in ("text", "scale", "recall", "plan", "did-it-happen", "lighten", "choice"):
        made.places[kind] = walk.to(
            made,
            kind,
            GROCERY if kind == "choice" else MARKET,
            lambda view, kind=kind: kind in _kinds(view),
            missing=kind == "lighten",
        )
    made.places["named"] = walk.to(made, "named", MARKET, lambda view: view.touch.number > 3)
    made.places["snoozed"] = walk.to(made, "snoozed", MARKET, lambda view: True)
    now = made.there.house.clock.now()
    services = made.there.house.services
    pausing.snooze(
        work(unit, library=services.library, now=walk.now, rng=services.rng),
        learner_of(unit, made.people["snoozed"].id),
        7,
    )
    pausing.pause(
        work(unit, library=services.library, now=now, rng=services.rng),
        learner_of(unit, made.people["paused"].id),
        (now + timedelta(days=9)).date(),
    )
    pausing.stop(
        work(unit, library=services.library, now=now, rng=services.rng),
        learner_of(unit, made.people["stopped"].id),
    )


def _kinds(view: TouchView) -> set[str]:
    """Of the touch, and of the question that it asks first."""
    return {view.touch.kind, *(asked.question.prompt.kind for asked in view.left[:1])}


@dataclass
class Walk:
    """Walks people on through their weeks; each of them starts on the day it is now, and their
    time is theirs alone."""

    unit: Session
    there: Live
    now: datetime = field(init=False)

    def live(self, name: str, made: Gallery, module: str, acts: int = 99) -> str:
        """The experience, up to so many acts; its enrolment."""
        self.now = self.there.house.clock.now()
        library, learner = (
            self.there.house.services.library,
            learner_of(self.unit, made.people[name].id),
        )
        placed = self.unit.scalars(select(Placement).where(Placement.module == module)).one()
        enrolment = playing.begin(
            work(self.unit, library=library, now=self.now), learner, placed.course, placed.section
        )
        for _act in range(acts):
            scene = playing.scene(work(self.unit, library=library), learner, enrolment.id)
            if scene.screen.finished:
                break
            playing.act(
                work(self.unit, library=library, now=self.now, rng=Random(1)),
                learner,
                enrolment.id,
                scene.number,
                scene.screen.form.sample,
            )
        return enrolment.id

    def to(
        self,
        made: Gallery,
        name: str,
        module: str,
        there_yet: Callable[[TouchView], bool],
        missing: bool = False,
    ) -> dict[str, str]:
        """Live it, then answer (or miss) what is asked until a touch is as wanted; where that
        is."""
        enrolment, learner = (
            self.live(name, made, module),
            learner_of(self.unit, made.people[name].id),
        )
        for _touch in range(40):
            touch = self._open(learner)
            view = self._view(learner, touch)
            while not there_yet(view) and view.left and not missing:
                self._answer(learner, touch, view.left[0])
                view = self._view(learner, touch)
            if there_yet(view):
                return {"enrolment": enrolment, "touch": str(touch.number)}
            if missing:
                self._miss(learner, touch)
        raise AssertionError(f"{name} never got there")

    def _open(self, learner: Learner) -> Touch:
        touch = planned_one(self.unit, learner.id)
        assert touch is not None
        self.now = touch.due_at
        open_touch(work(self.unit, now=self.now), learner, touch)
        return touch

    def _view(self, learner: Learner, touch: Touch) -> TouchView:
        return showing.touch_view(
            work(self.unit, library=self.there.house.services.library),
            learner.id,
            touch.number,
            "fr",
        )

    def _answer(self, learner: Learner, touch: Touch, asked: AskedPrompt) -> None:
        form = asked.question.form.sample | ANSWERS
        answering.answer(
            work(self.unit, library=self.there.house.services.library, now=self.now, rng=Random(1)),
            learner.id,
            Asking(touch.number, asked.enrolment, asked.prompt, asked.occurrence),
            form,
        )

    def _miss(self, learner: Learner, touch: Touch) -> None:
        self.now = touch.expires_at
        close_touch(work(self.unit, now=self.now), learner, touch.number, "missed")
        replan(
            work(self.unit, library=self.there.house.services.library, now=self.now, rng=Random(1)),
            learner,
        )


def _address(made: Gallery) -> None:
    """Signed links of whoever has one."""
    services, wall = made.there.house.services, made.there.house.clock.wall()
    links = Links(services.settings.secret_key, "")
    for name, account in made.people.items():
        places = made.places.setdefault(name, {})
        link = AnswerLink(account.tenant, account.id, int(places.get("touch", 0)))
        places |= {
            "answer": links.answer(link, wall),
            "expired": links.answer(link, wall - 2 * ANSWER_FOR),
            "stop": links.unsubscribe(account.tenant, account.id, wall),
        }
    begun = made.people["begun"]
    somebody = [(begun.tenant, begun.id, begun.epoch)]
    made.places["begun"] |= {
        "magic": links.magic(somebody, wall + LINK_LASTS),
        "reset": links.reset(somebody, wall + LINK_LASTS),
    }
