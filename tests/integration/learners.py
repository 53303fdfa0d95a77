"""A learner in a browser, for tests of their pages: an installation with one course, and the
ways through its forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine.courses import members
from engine.journey import joining
from engine.journey.joining import Preferences, learner_of
from engine.packs.new import new_pack
from engine.storage.tables import Account, Touch
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY, PACK, work
from web import worker

TENANT = "town"
WORDS = "Nadia, parce qu’elle attendait."
FORMS = {
    "grade": "3",
    "point": "2",
    "option": "",
    "text": WORDS,
    "if": "il pleut",
    "then": "j’appelle",
    "happened": "partly",
}
RHYTHM: dict[str, Any] = {
    "channel": "inbox",
    "language": "fr",
    "zone": "Europe/Paris",
    "hour": "09:30",
    "opens": "09:00",
    "closes": "17:00",
    "days_off": ["6", "7"],
    "country": "FR",
    "touch_minutes": "2",
    "week_minutes": "4",
    "gap_days": "3",
}
"""The form of the learner's rhythm, filled in."""


@dataclass
class There:
    """An installation with one course and one experience in it."""

    house: House

    def enrolled(self, email: str = "lea@example.org", *, joined: bool = True) -> Visitor:
        """A browser in which somebody of the course is signed in."""
        services, account = self.house.services, self.house.account(email=email)
        with services.db.write(TENANT) as unit:
            members.enrol(unit, self.course(unit), unit.get(Account, (TENANT, account.id)), MONDAY)
            if joined:
                learner = learner_of(unit, account.id)
                joining.accept_contract(work(unit, now=MONDAY), learner)
                joining.set_preferences(
                    work(unit, library=services.library, now=MONDAY, rng=services.rng),
                    learner,
                    Preferences(),
                )
            unit.commit()
        visitor = self.house.client()
        visitor.sign_in(email)
        return visitor

    def course(self, unit):
        return unit.scalars(select(builders.Course)).one()

    def rows(self, table):
        """Everything kept in a table."""
        with self.house.services.db.read(TENANT) as unit:
            return list(unit.scalars(select(table)))

    def next_touch(self) -> Touch:
        """Time goes on to the planned touch, and the worker opens it."""
        planned = next(t for t in self.rows(Touch) if t.state == "planned")
        self.house.clock.later(
            seconds=max(0, (planned.due_at - self.house.clock.now()).total_seconds())
        )
        worker.tick(self.house.services)
        return next(t for t in self.rows(Touch) if t.number == planned.number)


def installed(folder: Path, *others: str, **settings: str) -> There:
    """An installation under ``folder``, with these other organisations and settings."""
    made = There(house(folder, TENANT, *others, **settings))
    made.house.services.library.install(new_pack(PACK), MONDAY)
    with made.house.services.db.write(TENANT) as unit:
        builders.course(unit)
        unit.commit()
    return made


def begin(there: There, visitor: Visitor) -> str:
    """Into the experience; its address."""
    visitor.get("/home")
    with there.house.services.db.read(TENANT) as unit:
        course = there.course(unit).id
    return visitor.post(f"/courses/{course}/s1/begin").location


def live(there: There, visitor: Visitor) -> str:
    """Live the experience to its end by each first option; its address."""
    here = begin(there, visitor)
    while found := screen(visitor.get(here).text):
        visitor.post(here, {"number": found[0], "choice": found[1][0]})
    return here


def screen(page: str) -> tuple[str, list[str]] | None:
    """The number of the act asked for and its options; None at the end."""
    number = re.search(r'name="number" value="(\d+)"', page)
    return (number[1], re.findall(r'name="choice" value="([^"]+)"', page)) if number else None


def asked(page: str) -> dict[str, str]:
    """The hidden fields of the question on the page."""
    return dict(
        re.findall(r'type="hidden" name="(enrolment|prompt|occurrence)" value="([^"]*)"', page)
    )


def answer(visitor: Visitor, touch: Touch):
    """Answer the question that a touch shows."""
    page = visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]
    option = re.search(r'name="option" value="([^"]+)"', page)
    return visitor.post(
        f"/touch/{touch.number}", {**FORMS, "option": option[1] if option else "", **asked(page)}
    )


def heard(page: str) -> list[str]:
    """The faults on a page, each of them tied to the field or group that it is about: who hears
    the page meets it there."""
    faults = re.findall(r'class="fault" id="([^"]+)"', page)
    tied = [
        name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()
    ]
    assert set(faults) <= set(tied), page
    return faults
