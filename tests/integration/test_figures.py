"""A course in figures: true for people in two courses that share an experience, the same on both
databases, and counted in as many statements for many people as for few."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import figures, members, progress
from engine.courses.figures import Figures, Moved
from engine.courses.progress import Wish
from engine.journey.joining import learner_of
from engine.journey.leaving import leave_course
from engine.journey.touches import close_touch, reopen_touch, touch_of
from engine.people import invitations
from engine.spacing.values import TouchEnd
from engine.storage.tables import Course, Delivery, Enrolment, Invitation, Touch, TouchPrompt
from engine.storage.work import Work
from tests import builders
from tests.builders import MONDAY, World, work

pytestmark = pytest.mark.both_databases

PARIS = ZoneInfo("Europe/Paris")
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def there(tmp_path: Path) -> World:
    return builders.world(tmp_path, "town", "village")


def counted(there: World, unit: Session, course: Course) -> Figures:
    return figures.figures(now(there, unit), course, PARIS)


def now(there: World, unit: Session) -> Work:
    return work(unit, library=there.library, now=there.now, rng=there.rng)


def states(there: World, unit: Session, course: Course) -> dict[str, str]:
    seen = progress.progress(now(there, unit), course)
    return {one.email: one.state for one in seen.people}


def reached(counted: Figures) -> tuple[int, ...]:
    funnel = counted.funnel
    return funnel.invited, funnel.came, funnel.began, funnel.finished, funnel.complete


def test_the_figures_follow_people_from_the_invitation_to_the_end_of_a_debrief(
    there: World,
) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        assert reached(counted(there, unit, course)) == (0, 0, 0, 0, 0)
        invitations.invite(now(there, unit), course, ["noe@example.org", "ines@example.org"])
        builders.learner(unit, there.library, course, "a@example.org", joined=False)
        builders.learner(unit, there.library, course, "b@example.org")
        for n in range(2):
            one = builders.learner(unit, there.library, course, f"c{n}@example.org")
            lived = builders.lived(unit, there, one, course)
        lived.closed_at, lived.closed_as = there.now, "complete"
        unit.flush()
        seen = counted(there, unit, course)
        assert reached(seen) == (6, 3, 2, 2, 1)
        assert (seen.funnel.uncome, seen.funnel.unbegun) == (2, 2)
        assert [*seen.sections] == ["s1"]
        section = seen.sections["s1"]
        assert (section.begun, section.finished, section.complete) == (2, 2, 1)


def test_an_experience_that_two_courses_share_counts_in_both_for_who_is_in_both(
    there: World,
) -> None:
    with there.db.write(there.tenant) as unit:
        here, there_too = builders.course(unit), builders.course(unit, "other")
        lea = builders.learner(unit, there.library, here)
        members.enrol(unit, there_too, lea.account, MONDAY)
        alone = builders.learner(unit, there.library, there_too, "noe@example.org")
        lived = builders.lived(unit, there, lea, here)
        lived.closed_at, lived.closed_as = there.now, "complete"
        unit.flush()
        assert reached(counted(there, unit, here)) == (1, 1, 1, 1, 1)
        seen = counted(there, unit, there_too)
        assert reached(seen) == (2, 2, 1, 1, 1) and seen.sections["s1"].finished == 1
        assert states(there, unit, there_too) == {
            "lea@example.org": "done",
            "noe@example.org": "ready",
        }
        [one] = progress.progress(now(there, unit), there_too, Wish(section="s1")).people
        assert (one.account, one.finished) == (lea.id, 1) and alone.id != lea.id


def test_what_a_member_lived_in_another_course_that_is_not_placed_here_does_not_count(
    there: World,
) -> None:
    with there.db.write(there.tenant) as unit:
        here = builders.course(unit)
        empty = builders.outlines.import_outline(unit, builders.outline("empty"), MONDAY)
        lea = builders.learner(unit, there.library, here)
        members.enrol(unit, empty, lea.account, MONDAY)
        builders.lived(unit, there, lea, here)
        assert reached(counted(there, unit, empty)) == (1, 1, 0, 0, 0)
        assert states(there, unit, empty) == {"lea@example.org": "ready"}


def test_who_has_left_counts_no_more(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        lea = builders.learner(unit, there.library, course)
        builders.lived(unit, there, lea, course)
        leave_course(now(there, unit), lea, course.id)
        unit.flush()
        assert reached(counted(there, unit, course)) == (0, 0, 0, 0, 0)


def test_this_week_stands_beside_the_last_one_up_to_the_same_hour_and_whole(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        there.now = MONDAY + WEEK + DAY  # a Tuesday
        for n, at in enumerate((DAY, -5 * DAY, -7 * DAY, -15 * DAY)):
            one = builders.learner(unit, there.library, course, f"c{n}@example.org")
            lived = builders.lived(unit, there, one, course)
            lived.started_at = lived.finished_at = MONDAY + WEEK + at - timedelta(minutes=1)
        unit.flush()
        seen = counted(there, unit, course)
        assert seen.moved["begun"] == seen.moved["finished"] == Moved(now=1, then=1, last=2)
        assert seen.moved["complete"] == Moved(0, 0, 0)


def touched(unit: Session, lived: Enrolment, number: int, state: str, closed: object) -> None:
    """A touch that asked about an experience, and how it ended."""
    unit.add(
        Touch(
            learner=lived.learner,
            number=number,
            state=state,
            due_at=MONDAY,
            expires_at=MONDAY,
            minutes=1,
            closed_at=closed,
        )
    )
    unit.flush()
    for position in (1, 2):
        unit.add(
            TouchPrompt(
                enrolment=lived.id,
                prompt=f"p{position}",
                occurrence=number,
                learner=lived.learner,
                touch=number,
                position=position,
                minutes=1,
            )
        )
    unit.flush()


def ended(there: World, unit: Session, lived: Enrolment, number: int, end: TouchEnd) -> None:
    """An open touch that asked about an experience closes now."""
    touched(unit, lived, number, "open", None)
    close_touch(now(there, unit), learner_of(unit, lived.learner), number, end)
    unit.flush()


def test_responses_are_counted_by_the_week_in_which_a_touch_ended(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course, other = builders.course(unit), builders.course(unit, "other")
        lea = builders.learner(unit, there.library, course)
        lived = builders.lived(unit, there, lea, course)
        ends: tuple[tuple[TouchEnd, timedelta], ...] = (
            ("answered", 2 * WEEK),
            ("missed", 2 * WEEK + 6 * DAY),
            ("snoozed", 2 * WEEK),
            ("unsent", 2 * WEEK),
            ("answered", 0 * WEEK),
            ("answered", -20 * WEEK),
        )
        for number, (end, after) in enumerate(ends, start=10):
            there.now = MONDAY + after
            ended(there, unit, lived, number, end)
        there.now = MONDAY + 3 * WEEK
        weeks = counted(there, unit, course).weeks
        assert len(weeks) == 12 and weeks[-1].monday == there.now.date()
        assert [(one.answered, one.closed) for one in weeks[-4:]] == [
            (1, 1),
            (0, 0),
            (1, 2),
            (0, 0),
        ]
        assert [one.rate for one in weeks[-3:]] == [None, 0.5, None]
        members.enrol(
            unit,
            other,
            builders.learner(unit, there.library, other, "n@example.org").account,
            MONDAY,
        )
        assert {one.closed for one in counted(there, unit, other).weeks} == {0}


def test_a_touch_counts_in_each_course_that_it_asked_about_and_once(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        here, there_too = builders.course(unit), builders.course(unit, "other")
        empty = builders.outlines.import_outline(unit, builders.outline("empty"), MONDAY)
        lea = builders.learner(unit, there.library, here)
        for course in (there_too, empty):
            members.enrol(unit, course, lea.account, MONDAY)
        lived = builders.lived(unit, there, lea, here)
        ended(there, unit, lived, 10, "answered")
        counts = [counted(there, unit, one).weeks[-1].closed for one in (here, there_too, empty)]
        assert counts == [1, 1, 0]


def test_an_answer_that_is_taken_back_is_no_response_and_one_given_late_is(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        lea = builders.learner(unit, there.library, course)
        lived = builders.lived(unit, there, lea, course)
        ended(there, unit, lived, 10, "answered")
        reopen_touch(unit, learner_of(unit, lea.id), touch_of(unit, lea.id, 10))
        assert counted(there, unit, course).weeks[-1].closed == 0
        for end in ("missed", "answered"):
            close_touch(now(there, unit), learner_of(unit, lea.id), 10, end)
        [week] = [one for one in counted(there, unit, course).weeks if one.closed]
        assert (week.answered, week.closed) == (1, 1)


def test_refused_mail_is_an_invitation_or_the_last_mail_with_questions(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        invitations.invite(now(there, unit), course, ["noe@example.org", "ines@example.org"])
        unit.scalars(select(Invitation).order_by(Invitation.email)).all()[0].state = "parked"
        lea, max_ = (
            builders.learner(unit, there.library, course, f"{name}@example.org")
            for name in ("lea", "max")
        )
        for who in (lea, max_):
            lived = builders.lived(unit, there, who, course)
            for number, state in ((10, "parked"), (11, "sent" if who is max_ else "withdrawn")):
                touched(unit, lived, number, "missed", there.now)
                unit.add(
                    Delivery(
                        learner=who.id, touch=number, channel="mail", state=state, next_at=MONDAY
                    )
                )
        unit.flush()
        assert counted(there, unit, course).funnel.refused == 2
        seen = progress.progress(now(there, unit), course, Wish(state="refused"))
        assert {one.email for one in seen.people} == {"ines@example.org", "lea@example.org"}
        assert (seen.found, seen.states["refused"], seen.total) == (2, 2, 4)


def test_a_course_is_counted_in_as_many_statements_for_many_people_as_for_few(
    there: World,
) -> None:
    def asked(people: int, slug: str) -> int:
        with there.db.write(there.tenant) as unit:
            course = builders.course(unit, slug)
            for n in range(people):
                one = builders.learner(unit, there.library, course, f"{slug}{n}@example.org")
                builders.lived(unit, there, one, course)
            with builders.queries(there.db) as seen:
                assert counted(there, unit, course).funnel.finished == people
            return len(seen)

    assert asked(2, "few") == asked(9, "many") <= 9


def test_an_organisation_counts_its_own(there: World) -> None:
    with there.db.write("village") as unit:
        course = builders.course(unit)
        builders.lived(unit, there, builders.learner(unit, there.library, course), course)
        unit.commit()
        elsewhere = course.id
    with there.db.write(there.tenant) as unit:
        course = builders.outlines.import_outline(unit, builders.outline(), MONDAY)
        course.id = elsewhere  # even under the same id
        unit.flush()
        assert reached(counted(there, unit, course)) == (0, 0, 0, 0, 0)


def test_withdrawn_after_three_misses_in_a_row_and_not_before(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        for missed in range(5):
            one = builders.learner(unit, there.library, course, f"{missed}@example.org")
            builders.lived(unit, there, one, course)
            learner_of(unit, one.id).missed_in_a_row = missed
        unit.flush()
        assert [states(there, unit, course)[f"{n}@example.org"] for n in range(5)] == [
            *["active"] * 3,
            *["quiet"] * 2,
        ]
