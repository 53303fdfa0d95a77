"""Everything that the benches ask of the product but over HTTP: when its interfaces move, this
file moves and no other here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from sqlalchemy import select, update

from engine.courses import members, outlines
from engine.curriculum.outline import Audience, Outline, Section
from engine.delivery.message import Message
from engine.delivery.send import Outgoing, send_due
from engine.forms.form import Form
from engine.journey import answering, pausing, playing, showing
from engine.journey.addresses import MAIL
from engine.journey.answering import Asking
from engine.journey.joining import held_learner, learner_of
from engine.journey.showing import AskedPrompt
from engine.journey.touches import open_touch, planned_one, unclosed_one
from engine.packs.read import read_folder
from engine.storage.claims import DeliveryKey
from engine.storage.database import Database
from engine.storage.library import Library
from engine.storage.queries.running import TENANT as TENANT_BOUND
from engine.storage.queries.running import rows
from engine.storage.tables import Account, Course, Delivery, Learner, Placement, Touch
from engine.storage.work import Units
from tests import builders
from tests.apps import PASSWORD_HASH, SECRET, House, house
from tests.fakes import FakeClock
from web import worker
from web.site import forms as sent
from web.site.links import AnswerLink, Links

TENANT = "town"
PACK = Path(__file__).parents[2] / "content_packs" / "modeles-socio-economiques"
LEARNER = "lea@example.org"
"""The address of the learner who is lived and copied."""


OPEN = (
    select(Touch.learner, Touch.number, Learner.missed_in_a_row)
    .join(Learner, (Learner.tenant == Touch.tenant) & (Learner.id == Touch.learner))
    .where(Touch.tenant == TENANT_BOUND, Touch.state == "open")
)
"""Every open touch. It is prebuilt: what the benches themselves take should not count."""


@dataclass
class Town:
    """An organisation with a course of so many experiences, and time that only the bench moves."""

    db: Database
    library: Library
    clock: FakeClock
    course: str
    rng: Random

    @property
    def units(self) -> Units:
        """What opens units of work here."""
        return Units(self.db, self.library, self.clock, self.rng)

    @property
    def course_slug(self) -> str:
        """The course's name in addresses."""
        return "course"


@dataclass(frozen=True)
class Waiting:
    """An open touch: of whom, its number, and how many that learner missed in a row before."""

    learner: str
    number: int
    missed: int


def town(db: Database, experiences: int = 1, clock: FakeClock | None = None) -> Town:
    """The course of that town; its experiences are those of the content pack, over and over."""
    clock, library = clock or FakeClock(), Library(db)
    placed = [
        (pack.id, pack.version, module)
        for n in range(-(-experiences // 4))
        for pack in [library.install(_pack(n), clock.now())]
        for module in pack.manifest.modules
    ][:experiences]
    sections = tuple(
        Section(f"s{n}", f"Section {n}", "Commerce, budget", week=n)
        for n in range(1, experiences + 1)
    )
    with db.write(TENANT) as unit:
        plan = Outline("course", "Un cours", "fr", Audience("fr"), sections)
        course = outlines.import_outline(unit, plan, clock.now())
        for section, (pack, version, module) in zip(sections, placed, strict=True):
            unit.add(
                Placement(
                    course=course.id,
                    section=section.id,
                    pack=pack,
                    version=version,
                    module=module,
                    minutes=6,
                    fit=0.8,
                    reasons=[],
                )
            )
        unit.commit()
    return Town(db, library, clock, course.id, Random(7))


@cache
def _pack(n: int) -> dict[str, bytes]:
    """The content pack's files, as a pack of another name."""
    files = dict(read_folder(PACK))
    files["pack.yaml"] = re.sub(
        rb"^id: (\S+)$", rb"id: \1-%d" % n, files["pack.yaml"], count=1, flags=re.M
    )
    return files


def installed(
    folder: Path, experiences: int = 1, now: datetime = builders.MONDAY
) -> tuple[House, Town]:
    """A town with its pages, on SQLite; a process that serves the same file finds it up to date."""
    made = house(folder, TENANT)
    made.clock.learning = made.clock.walled = now
    return made, town(made.services.db, experiences, made.clock)


def waking_zone(now: datetime) -> str:
    """A time zone in which it is about noon, so that real time is within learners' hours."""
    hours = (12 - now.astimezone(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def learner(there: Town, email: str = LEARNER, *, zone: str = "Europe/Paris") -> str:
    """Somebody who joined the course and signs in with the tests' password; days off are none
    outside Paris. Their id."""
    with there.db.write(TENANT) as unit:
        course = unit.scalars(select(Course)).one()
        made = builders.learner(unit, there.library, course, email)
        made.account.password_hash = PASSWORD_HASH
        if zone != "Europe/Paris":
            made.zone, made.days_off, made.country = zone, [], ""
        unit.commit()
        return made.id


def facilitator(there: Town, email: str) -> None:
    """Somebody who runs the course."""
    with there.db.write(TENANT) as unit:
        course = unit.scalars(select(Course)).one()
        account = Account(
            email=email, name="Ada", roles=frozenset({"facilitator"}), created_at=there.clock.now()
        )
        account.password_hash = PASSWORD_HASH
        unit.add(account)
        unit.flush()
        unit.add(Learner(id=account.id))
        unit.flush()
        members.enrol(unit, course, account, there.clock.now(), "facilitator")
        unit.commit()


def play(there: Town, who: str, section: int) -> None:
    """Live an experience to its end as over the pages: every screen looked at, every act a unit of
    its own, options by chance."""
    with there.units.write(TENANT) as work:
        learner = held_learner(work.session, who)
        enrolment = playing.begin(work, learner, there.course, f"s{section}").id
        work.commit()
    while True:
        with there.units.read(TENANT) as work:
            scene = playing.scene(work, held_learner(work.session, who), enrolment)
        if scene.screen.finished:
            return
        said = by_chance(there.rng, scene.screen.form)
        with there.units.write(TENANT) as work:
            learner = held_learner(work.session, who)
            playing.act(work, learner, enrolment, scene.number, said)
            work.commit()


def by_chance(rng: Random, form: Form) -> dict[str, str]:
    """What a browser sends for a form: an option by chance where one tap is enough, else what the
    form itself offers as a sample."""
    if taps := form.taps():
        field, option = rng.choice(taps)
        return {field: option.id}
    return sent.as_written(form.sample)


def open_now(there: Town, who: str, *, mail: bool = False) -> int:
    """Open the learner's planned touch, whatever the hour; with a mail that waits, if told so. Its
    number."""
    with there.units.write(TENANT) as work:
        made, touch = learner_of(work.session, who), planned_one(work.session, who)
        assert touch is not None
        open_touch(work, made, touch)
        if mail:
            row = Delivery(learner=who, touch=touch.number, channel=MAIL, next_at=work.wall)
            work.session.add(row)
        work.commit()
        return touch.number


def fall_due(there: Town, at: datetime) -> None:
    """Every planned touch falls due then."""
    with there.db.engine.begin() as connection:
        connection.execute(
            update(Touch.__table__)
            .where(Touch.__table__.c.state == "planned")
            .values(due_at=at, expires_at=at + timedelta(days=7))
        )


def waiting(there: Town) -> list[Waiting]:
    """Every open touch."""
    with there.db.read(TENANT) as unit:
        return [Waiting(*row) for row in rows(unit, OPEN)]


def respond(there: Town, touch: Waiting) -> int:
    """Answer a whole touch as over the pages: each question is looked at, each answer is a unit of
    its own; how many there were. The question of the rhythm is answered by going on."""
    answers = 0
    while True:
        with there.units.read(TENANT) as work:
            view = showing.touch_view(work, touch.learner, touch.number, "fr")
        if view.touch.kind == "lighten" and view.touch.state == "open":
            with there.units.write(TENANT) as work:
                pausing.carry_on(work, learner_of(work.session, touch.learner))
                work.commit()
            return answers
        if not view.left:
            return answers
        asked = view.left[0]
        asking = Asking(touch.number, asked.enrolment, asked.prompt, asked.occurrence)
        with there.units.write(TENANT) as work:
            answering.answer(work, touch.learner, asking, by_chance(there.rng, asked.question.form))
            work.commit()
        answers += 1


def forms(there: Town, who: str, number: int) -> list[dict[str, str]]:
    """The fields that answer each question of a touch, in order."""
    with there.units.read(TENANT) as work:
        view = showing.touch_view(work, who, number, "fr")
    return [_fields(there.rng, asked) for asked in view.left]


def _fields(rng: Random, asked: AskedPrompt) -> dict[str, str]:
    which = {"enrolment": asked.enrolment, "prompt": asked.prompt}
    return which | {"occurrence": str(asked.occurrence)} | by_chance(rng, asked.question.form)


def tick(made: House) -> int:
    """The worker, until nothing is left to do; how often it looked."""
    looks = 1
    while worker.tick(made.services) != worker.Counts():
        made.outbox.messages.clear()
        looks += 1
    return looks


def has_open(there: Town, who: str) -> bool:
    """Whether somebody has an open touch."""
    with there.db.read(TENANT) as unit:
        return unclosed_one(unit, who) is not None


def links(there: Town, who: Sequence[str], number: int, base_url: str) -> list[str]:
    """The paths under which these learners answer that touch without signing in."""
    made, wall = Links(SECRET, base_url), there.clock.wall()
    each = (AnswerLink(TENANT, one, number) for one in who)
    return [made.answer(link, wall).removeprefix(base_url) for link in each]


class NoOp:
    """A channel through which nothing goes."""

    def send(self, message: Message) -> None:
        """Take it, and that is all."""

    def release(self) -> None:
        """Nothing is kept."""


def hand_over(db: Database, owner: str) -> int:
    """Claim, send through a channel that does nothing and settle, until nothing is left; how many
    were sent."""

    def render(key: DeliveryKey, to: str) -> Message:
        return Message(to, "s", "t", "h", f"<{key.learner}@example.org>")

    units = Units(db, Library(db), FakeClock(), Random(1))
    return send_due(units, Outgoing(owner, render, {MAIL: NoOp()})).sent
