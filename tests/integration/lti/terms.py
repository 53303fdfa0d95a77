"""A term on our own platform: people who arrive from it, live an experience and answer for
weeks; and the worker's jobs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import select

from engine.delivery.outbox import NewsCounts
from engine.journey import answering, joining, playing, showing
from engine.journey.answering import Asking
from engine.journey.joining import Preferences, learner_of
from engine.journey.touches import open_touch, planned_one
from engine.packs.new import new_pack
from engine.storage.library import Library
from engine.storage.tables import LtiScore, Outbox
from engine.storage.work import Units
from lti.campus.campus import Campus
from lti.campus.clients import DEPLOYMENT
from lti.campus.gradebook import Mark
from lti.courses import arrivals
from lti.courses.arrivals import Arrival, LaunchTarget
from lti.courses.contexts import ContextKey
from lti.courses.people import LocaleDefaults
from lti.courses.rosters import Rosters
from lti.courses.scores import send_scores
from lti.courses.scoring import Grade
from lti.launch.values import (
    Context,
    GradeService,
    GroupService,
    Launch,
    NoticeService,
    Platform,
    ResourceLink,
    RosterService,
    User,
)
from lti.wire import names
from tests import builders
from tests.builders import work
from tests.integration.lti.lms import LEARNER, NOW, Lms
from tests.integration.lti.platforms import Plugged, plugged

MODULE = f"{builders.PACK}/{builders.MODULE}"
TO_EXPERIENCE = LaunchTarget("experience", MODULE)
FORMS = {
    "text": {"text": "Nadia, parce qu’elle attendait."},
    "recall": {"grade": "3"},
    "scale": {"point": "2"},
    "plan": {"if": "il pleut", "then": "j’appelle"},
    "did-it-happen": {"happened": "partly", "note": "à moitié"},
}


def comment(grade: Grade, language: str) -> str:
    """A sentence that tells which grade it was made of."""
    return f"{language} {grade.activity} {grade.share}"


@dataclass
class Term:
    """Both clocks are the tool's own ``now``."""

    tool: Plugged
    library: Library = field(init=False)
    rosters: Rosters = field(init=False)

    def __post_init__(self) -> None:
        self.library = Library(self.tool.db)
        self.library.install(new_pack(builders.PACK), NOW)
        self.campus.wall = self.wall
        self.tool.caller = replace(
            self.tool.caller, units=Units(self.tool.db, self.library, self, Random(7))
        )
        self.rosters = Rosters(
            self.tool.caller,
            "https://relecture.example.org/lti/notices",
        )

    @property
    def campus(self) -> Campus:
        """The platform."""
        return self.tool.campus

    @property
    def key(self) -> ContextKey:
        """Its course."""
        return ContextKey(self.tool.registration.id, DEPLOYMENT, "course-1")

    def now(self) -> datetime:
        return self.tool.now

    def wall(self) -> datetime:
        return self.tool.now

    def later(self, **delta: float) -> None:
        """Time goes on."""
        self.tool.now += timedelta(**delta)

    def place(self, *titles: str) -> None:
        """The teacher places links; they are called link-1, link-2…"""
        client = self.campus.clients[self.tool.registration.client_id]
        self.campus.place(client, [{"title": title} for title in titles])

    def launch(
        self,
        user: str = "student-3",
        *,
        link: str = "link-1",
        context: str = "course-1",
        graded: bool = True,
        column: str | None = None,
        groups: str | None = None,
        notices: str | None = None,
        product: str = "",
        roles: tuple[str, ...] = (LEARNER,),
        **custom: str,
    ) -> Launch:
        """What the platform says of someone who follows a link."""
        at = self.campus.base
        scopes = (names.SCOPE_SCORE, names.SCOPE_LINE_ITEM)
        grades = GradeService(scopes, f"{at}/lineitems", column) if graded else None
        return Launch(
            self.tool.registration.tenant,
            self.tool.registration.id,
            DEPLOYMENT,
            "resource-link",
            "",
            User(user),
            roles,
            Context(context, title="Économie"),
            ResourceLink(link, "Semaine 3"),
            platform=Platform(product=product),
            custom={"counts": "both", **custom},
            grades=grades,
            roster=RosterService(f"{at}/members"),
            groups=GroupService(groups, None, ()) if groups else None,
            notices=NoticeService(notices, (), (names.CONTEXT_COPY_NOTICE,)) if notices else None,
        )

    def arrive(self, launch: Launch, target: LaunchTarget = TO_EXPERIENCE) -> Arrival:
        """They come in by it."""
        with self.tool.db.write("town") as unit:
            arrival = arrivals.arrive(
                work(unit, library=self.library, now=self.now(), wall=self.wall(), rng=Random(7)),
                launch,
                target,
                LocaleDefaults(None, "fr", "Europe/Paris"),
            )
            unit.commit()
            assert arrival is not None
            return arrival

    def live(self, arrival: Arrival) -> str:
        """They say yes to the contract and live the experience to its end; its enrolment."""
        with self.tool.db.write("town") as unit:
            who = learner_of(unit, arrival.account.id)
            if who.contract_at is None:
                joining.accept_contract(work(unit, now=self.now()), who)
                joining.set_preferences(
                    work(unit, library=self.library, now=self.now(), rng=Random(7)),
                    who,
                    Preferences(channel="inbox"),
                )
            assert arrival.course is not None and arrival.section is not None
            begun = playing.begin(
                work(unit, library=self.library, now=self.now()),
                who,
                arrival.course.id,
                arrival.section,
            )
            scene = playing.scene(work(unit, library=self.library), who, begun.id)
            while not scene.screen.finished:
                scene = playing.act(
                    work(unit, library=self.library, now=self.now(), rng=Random(7)),
                    who,
                    begun.id,
                    scene.number,
                    scene.screen.form.sample,
                )
            unit.commit()
            return begun.id

    def answer_next(self, arrival: Arrival) -> bool:
        """Time goes on to their next touch, and they answer all of it; False when there is none."""
        with self.tool.db.write("town") as unit:
            who = learner_of(unit, arrival.account.id)
            touch = planned_one(unit, who.id)
            if touch is None:
                return False
            self.tool.now = max(self.now(), touch.due_at)
            open_touch(work(unit, now=self.now()), who, touch)
            for asked in showing.touch_view(
                work(unit, library=self.library), who.id, touch.number, "fr"
            ).left:
                answering.answer(
                    work(unit, library=self.library, now=self.now(), rng=Random(7)),
                    who.id,
                    Asking(touch.number, asked.enrolment, asked.prompt, asked.occurrence),
                    FORMS[asked.question.prompt.kind],
                )
            unit.commit()
            return True

    def send(self) -> NewsCounts:
        """The worker sends scores."""
        return send_scores(self.tool.caller, "worker-1", comment)

    def mark(self, user: str = "student-3", column: int = 1) -> Mark | None:
        """What stands in the gradebook."""
        return self.campus.book.marks.get((column, user))

    def outbox(self) -> Outbox:
        """The one row of the outbox."""
        with self.tool.db.read("town") as unit:
            return unit.scalars(select(Outbox)).one()

    def scores(self) -> list[LtiScore]:
        """What is kept of scores that were sent."""
        with self.tool.db.read("town") as unit:
            return list(unit.scalars(select(LtiScore).order_by(LtiScore.link)))


@contextmanager
def term(folder: Path, lms: Lms, members: int = 30) -> Iterator[Term]:
    """A platform with that many members, the tool plugged into it, and one link placed."""
    with plugged(folder, lms, members) as tool:
        made = Term(tool)
        made.place("Semaine 3")
        yield made
