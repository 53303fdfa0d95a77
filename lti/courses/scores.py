"""Scores sent weeks after the launch: each learner's progress in each graded link, sent to the
gradebook only when it has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from engine.delivery.outbox import DAILY, NewsCounts, NewsFailure, Tell, tell_news
from engine.journey.news import renew
from engine.storage.claims import NewsKey
from engine.storage.tables import (
    Account,
    Answer,
    Course,
    Enrolment,
    LtiContext,
    LtiLink,
    LtiPerson,
    LtiScore,
    Membership,
    Placement,
)
from engine.storage.tables.journeys import OVER
from engine.storage.work import Work
from engine.values.errors import RelectureError
from lti.courses.contexts import PLACED
from lti.courses.scoring import ExperienceState, Grade, grade, mean
from lti.platforms import registrations
from lti.platforms.reasons import RegistrationDisabled
from lti.platforms.registrations import Registration
from lti.services import ags
from lti.services.ags import Attempt, LineItem, Score
from lti.services.budget import Budget
from lti.services.call import Caller, OutOfTime
from lti.wire.reasons import ColumnGone
from lti.wire.refusals import FetchRefused, ServiceRefused

POINTS = 100
"""The maximum score of a column that we create; a platform scales our scores to its own."""

Comment = Callable[[Grade, str], str]
"""One short sentence that tells a learner their grade, in their language."""


@dataclass(frozen=True)
class LinkKey:
    """Identifies a placed link, whose id is unique within its deployment."""

    registration: str
    deployment: str
    link: str


@dataclass(frozen=True)
class Due:
    """A score to send: to which column (None: still to be found among ``line_items``, or made there
    with ``label``), for whom, of which ``attempt``, and the time of the one sent before."""

    key: LinkKey
    line_item: str | None
    line_items: str | None
    label: str
    resource: str
    counts: str
    subjects: tuple[str, ...]
    account: str
    language: str
    grade: Grade
    attempt: Attempt | None
    last: datetime | None

    @property
    def is_placed(self) -> bool:
        """Whether the link was placed, and followed by nobody yet."""
        return self.key.link.startswith(PLACED)


def send_scores(caller: Caller, owner: str, comment: Comment) -> NewsCounts:
    """Sends the pending scores to gradebooks, one experience at a time, with no transaction open
    during a call.

    A platform that cannot be reached is not called again in this batch: its other scores are
    postponed like those that were tried. Each registration has a budget of each batch, so that a
    slow platform keeps no other waiting; what it could not take is put off, and not counted as a
    try.
    """
    within = replace(caller, budget=Budget())
    return tell_news(caller.units, owner, teller(within, comment))


def teller(caller: Caller, comment: Comment) -> Tell:
    """Returns a function that sends the score of one experience to every gradebook where it
    counts."""
    return _Teller(caller, comment).tell


@dataclass
class _Teller:
    caller: Caller
    comment: Comment
    away: dict[tuple[str, str], NewsFailure] = field(default_factory=dict)

    def tell(self, key: NewsKey) -> NewsFailure | None:
        with self.caller.units.read(key.tenant) as work:
            dues = scores_due(work, key.enrolment)
        return worst(
            trouble for due in dues if (trouble := self._send(key.tenant, due)) is not None
        )

    def _send(self, tenant: str, due: Due) -> NewsFailure | None:
        known = self.away.get((tenant, due.key.registration))
        if known is not None:
            return known
        with self.caller.units.read(tenant) as work:
            registration = registrations.get(work, due.key.registration)
        if not registration.enabled:
            return NewsFailure(RegistrationDisabled(issuer=registration.issuer), DAILY)
        try:
            self._post_to_column(registration, due)
        except OutOfTime as over:
            return NewsFailure(over.reason, tried=False)
        except ServiceRefused as refused:
            return (
                NewsFailure(refused.reason, ()) if refused.lasting else NewsFailure(refused.reason)
            )
        except RelectureError as refused:
            trouble = NewsFailure(refused.reason)
            if isinstance(refused, FetchRefused):
                self.away[tenant, registration.id] = trouble
            return trouble
        return None

    def _post_to_column(self, registration: Registration, due: Due) -> None:
        """Posts to the column of the link, if it has one. If it is gone, perhaps there is another
        by now: none that a teacher removed is made again."""
        # A platform makes the columns of the links that it places.
        line_item = due.line_item or self._find_column(registration, due, make=not due.is_placed)
        if line_item is None:
            return
        try:
            self._post(registration, due, line_item)
        except ServiceRefused as refused:
            if not isinstance(refused.reason, ColumnGone):
                raise
            other = self._find_column(registration, due, make=False)
            if other == line_item:
                raise
            if other is not None:
                self._post(registration, due, other)

    def _post(self, registration: Registration, due: Due, line_item: str) -> None:
        caller, wall = self.caller, self.caller.units.clock.wall()
        stamp = ags.next_timestamp(due.last, wall)
        given = None if due.grade.share is None else round(due.grade.share * POINTS, 2)
        for subject in due.subjects:
            score = Score(
                subject,
                stamp,
                due.grade.activity,
                due.grade.grading,
                given,
                POINTS,
                self.comment(due.grade, due.language),
                due.attempt if registration.is_canvas else None,
            )
            ags.post_score(caller, registration, line_item, score, due.last)
        with self.caller.units.write(registration.tenant) as work:
            work.session.merge(
                LtiScore(
                    tenant=registration.tenant,
                    registration=due.key.registration,
                    deployment=due.key.deployment,
                    link=due.key.link,
                    account=due.account,
                    share=due.grade.share,
                    activity=due.grade.activity,
                    stamped_at=stamp,
                )
            )
            work.commit()

    def _find_column(self, registration: Registration, due: Due, *, make: bool) -> str | None:
        """Finds the column of a link, and stores it (AGS 2.0, section 3.2); or makes it, if it may
        be made. A link for which there is none is no longer graded, until a launch names one; one
        that was only placed may not be saved in the platform yet. What a launch named meanwhile
        stands."""
        link = None if due.is_placed else due.key.link
        wanted = LineItem(due.label, POINTS, due.resource, due.counts, link)
        look = ags.find_or_create if make else ags.find
        found = look(self.caller, registration, due.line_items, wanted) if due.line_items else None
        with self.caller.units.write(registration.tenant) as work:
            row = _link(work.session, due.key)
            if row.line_item == due.line_item:
                row.line_item = found.url if found else None
                row.graded = found is not None or due.is_placed
            work.commit()
            return row.line_item


def worst(troubles: Iterable[NewsFailure]) -> NewsFailure | None:
    """The failure that decides about the next try, of those that occurred with some links: one
    worth retrying, if there is any, and one that counts as a try before one that was put off."""
    return max(troubles, key=lambda trouble: (len(trouble.waits), trouble.tried), default=None)


def scores_due(work: Work, enrolment_id: str) -> tuple[Due, ...]:
    """Every score that this experience changes: in the graded links to it, and to a whole course,
    in the courses that its learner is in. Empty for a learner who came from no platform."""
    enrolment = work.session.scalars(select(Enrolment).where(Enrolment.id == enrolment_id)).one()
    account = work.session.scalars(select(Account).where(Account.id == enrolment.learner)).one()
    subjects: dict[str, list[str]] = {}
    for person in work.session.scalars(
        select(LtiPerson).where(LtiPerson.account == account.id).order_by(LtiPerson.subject)
    ):
        subjects.setdefault(person.registration, []).append(person.subject)
    lived = lived_by(work, account.id)
    dues = []
    for link, context in _links(work.session, account.id, list(subjects)):
        if link.module not in (None, enrolment.module, f"{enrolment.pack}/{enrolment.module}"):
            continue
        reached = _reached(work.session, link, context, lived)
        key = LinkKey(link.registration, link.deployment, link.link)
        last = work.session.get(
            LtiScore,
            (work.session.info["tenant"], key.registration, key.deployment, key.link, account.id),
        )
        # What is only under way is no news to a gradebook, and would empty a mark in some.
        if reached is not None and (
            reached.share is not None
            if last is None
            else (last.share, last.activity) != (reached.share, reached.activity)
        ):
            dues.append(
                Due(
                    key,
                    link.line_item,
                    context.line_items_url,
                    link.title or _title(work.session, context),
                    link.module or "course",
                    link.counts,
                    tuple(subjects[link.registration]),
                    account.id,
                    account.language,
                    reached,
                    _attempt(enrolment, link, last),
                    last.stamped_at if last else None,
                )
            )
    return tuple(dues)


def _attempt(enrolment: Enrolment, link: LtiLink, last: LtiScore | None) -> Attempt | None:
    """What a score is of; None for the mean of a course, which is never done with."""
    if link.module is None or enrolment.finished_at is None:
        return None
    return Attempt(enrolment.finished_at, last is None)


def lived_by(work: Work, learner: str) -> dict[tuple[str, str], ExperienceState]:
    """That learner's progress in each experience, by pack and module."""
    of_enrolment = and_(Enrolment.tenant == Answer.tenant, Enrolment.id == Answer.enrolment)
    answered = {
        row[0]: row[1]
        for row in work.session.execute(
            select(Answer.enrolment, func.count(distinct(Answer.prompt)))
            .join(Enrolment, of_enrolment)
            .where(Enrolment.learner == learner)
            .group_by(Answer.enrolment)
        )
    }
    return {
        (e.pack, e.module): ExperienceState(
            e.finished_at is not None,
            answered.get(e.id, 0),
            len(work.library.module(e.pack, e.version, e.module).spec.debrief.prompts),
            e.closed_as == "complete",
            e.closed_as in ("ended", OVER),
        )
        for e in work.session.scalars(select(Enrolment).where(Enrolment.learner == learner))
    }


def news_for(unit: Session, course: str) -> None:
    """Marks everything that the members of that course have finished as news, because a link of it
    is graded from now on."""
    member = and_(Membership.tenant == Enrolment.tenant, Membership.account == Enrolment.learner)
    placed = and_(
        Placement.tenant == Enrolment.tenant,
        Placement.pack == Enrolment.pack,
        Placement.module == Enrolment.module,
    )
    known = and_(LtiPerson.tenant == Enrolment.tenant, LtiPerson.account == Enrolment.learner)
    renew(
        unit,
        unit.scalars(
            select(Enrolment.id)
            .join(Membership, member)
            .join(Placement, placed)
            .join(LtiPerson, known)
            .distinct()
            .where(
                Membership.course == course,
                Placement.course == course,
                Enrolment.finished_at.is_not(None),
            )
        ).all(),
    )


def _links(
    unit: Session, learner: str, of_registrations: list[str]
) -> list[tuple[LtiLink, LtiContext]]:
    """The graded links of the courses that someone learns in, on the platforms that know them."""
    its_context = and_(
        LtiContext.tenant == LtiLink.tenant,
        LtiContext.registration == LtiLink.registration,
        LtiContext.deployment == LtiLink.deployment,
        LtiContext.context == LtiLink.context,
    )
    member = and_(Membership.tenant == LtiContext.tenant, Membership.course == LtiContext.course)
    rows = unit.execute(
        select(LtiLink, LtiContext)
        .join(LtiContext, its_context)
        .join(Membership, member)
        .where(
            Membership.account == learner,
            Membership.role == "learner",
            LtiLink.graded,
            LtiLink.registration.in_(of_registrations),
        )
        .order_by(LtiLink.registration, LtiLink.deployment, LtiLink.link)
    )
    return [(row[0], row[1]) for row in rows]


def _reached(
    unit: Session, link: LtiLink, context: LtiContext, lived: dict[tuple[str, str], ExperienceState]
) -> Grade | None:
    """The grade for a link: for its module, or the mean over everything placed in the course."""
    if link.module is not None:
        return next(
            (
                grade(how, link.counts)
                for (pack, module), how in lived.items()
                if link.module in (module, f"{pack}/{module}")
            ),
            None,
        )
    placed = unit.execute(
        select(Placement.pack, Placement.module).where(Placement.course == context.course)
    )
    return mean(
        [
            grade(lived[key], link.counts) if (key := (pack, module)) in lived else None
            for pack, module in placed
        ]
    )


def _title(unit: Session, context: LtiContext) -> str:
    return unit.scalars(select(Course.title).where(Course.id == context.course)).one()


def _link(unit: Session, key: LinkKey) -> LtiLink:
    return unit.get_one(LtiLink, (unit.info["tenant"], key.registration, key.deployment, key.link))
