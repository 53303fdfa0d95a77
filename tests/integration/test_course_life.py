"""A course ends on a day or by hand, and what becomes of its debriefs is as was said; it is
archived, reopened, copied."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.courses import ending, outlines
from engine.courses.copying import copy_course
from engine.delivery.course_ends import end_courses, settle_debriefs
from engine.journey import home, playing
from engine.journey.joining import learner_of
from engine.journey.touches import open_touch, planned_one
from engine.people import invitations
from engine.storage.tables import Course, Enrolment, Membership, Placement, Touch
from engine.values.errors import Invalid, Refused
from tests import builders
from tests.builders import DEFAULTS, MONDAY, World, world
from tests.integration.test_pages_facilitator import HERE, PACK, There, there, titles
from web import worker

__all__ = ["there"]
LIFE = f"{HERE}/life"


@pytest.fixture
def small(tmp_path: Path) -> World:
    return world(tmp_path)


def begun(small: World, *emails: str, finished: bool = True) -> list[str]:
    """People in a course of one experience, which they lived (or only began)."""
    with small.db.write("town") as unit:
        course = unit.scalars(select(Course)).one_or_none() or builders.course(unit)
        people = [builders.learner(unit, small.library, course, email) for email in emails]
        for who in people:
            if finished:
                builders.lived(unit, small, who, course)
            else:
                playing.begin(builders.work(unit, library=small.library), who, course.id, "s1")
        unit.commit()
        return [who.id for who in people]


def course_of(small: World) -> Course:
    with small.db.read("town") as unit:
        return unit.scalars(select(Course)).one()


def change(small: World, do, *more: object) -> None:
    with small.units().write("town") as work:
        do(work, work.session.scalars(select(Course)).one(), *more)
        work.commit()


def settle(small: World) -> None:
    while settle_debriefs(small.units()):
        pass


def enrolments(small: World) -> list[tuple[bool, str | None]]:
    with small.db.read("town") as unit:
        return [(e.closed_at is None, e.closed_as) for e in unit.scalars(select(Enrolment))]


def planned(small: World) -> int:
    with small.db.read("town") as unit:
        return len(unit.scalars(select(Touch).where(Touch.state == "planned")).all())


@pytest.mark.both_databases
def test_debriefs_that_are_let_finish_go_on_after_the_end(small: World) -> None:
    begun(small, "lea@example.org", "noe@example.org")
    change(small, ending.end, "finish")
    settle(small)
    assert enrolments(small) == [(True, None)] * 2 and planned(small) == 2


@pytest.mark.both_databases
def test_debriefs_that_stop_ask_nothing_more_and_go_on_when_the_course_is_reopened(
    small: World,
) -> None:
    begun(small, "lea@example.org", "noe@example.org")
    change(small, ending.end, "stop")
    settle(small)
    assert enrolments(small) == [(False, "course-over")] * 2 and planned(small) == 0
    assert course_of(small).owed is None
    change(small, ending.archive)
    change(small, ending.reopen)
    settle(small)
    course = course_of(small)
    assert enrolments(small) == [(True, None)] * 2 and planned(small) == 2
    assert (course.ended_at, course.archived_at, course.ends_on, course.owed) == (None,) * 4


@pytest.mark.both_databases
def test_a_question_that_was_open_is_taken_back_without_counting_as_missed(small: World) -> None:
    [lea] = begun(small, "lea@example.org")
    with small.units().write("town") as work:
        who, touch = learner_of(work.session, lea), planned_one(work.session, lea)
        assert touch is not None
        open_touch(work, who, touch)
        work.commit()
    change(small, ending.end, "stop")
    settle(small)
    with small.db.read("town") as unit:
        assert unit.scalars(select(Touch.state)).all() == ["snoozed"]
        assert learner_of(unit, lea).missed_in_a_row == 0


def test_nothing_new_opens_and_what_was_begun_is_lived_to_its_end(small: World) -> None:
    [lea] = begun(small, "lea@example.org", finished=False)
    [noe] = begun(small, "noe@example.org", finished=False)
    change(small, ending.end, "stop")
    with small.units().write("town") as work:
        who, course = learner_of(work.session, lea), course_of(small)
        lived = playing.begin(work, who, course.id, "s1")
        scene = playing.scene(work, who, lived.id)
        while not scene.screen.finished:
            scene = playing.act(work, who, lived.id, scene.number, scene.screen.form.sample)
        work.session.delete(
            work.session.scalars(select(Enrolment).where(Enrolment.learner == noe)).one()
        )
        work.session.flush()
        with pytest.raises(Refused, match="course-over"):
            playing.begin(work, learner_of(work.session, noe), course.id, "s1")
        assert home.home(work, learner_of(work.session, noe), "fr").experiences == ()
        [kept] = home.home(work, who, "fr").experiences
        assert kept.state == "finished"


@pytest.mark.parametrize(
    ("zone", "hour", "begins"),
    [
        ("Pacific/Tahiti", datetime(2027, 1, 16, 9, 59, tzinfo=UTC), True),
        ("Pacific/Tahiti", datetime(2027, 1, 16, 10, 0, tzinfo=UTC), False),
        ("Europe/Paris", datetime(2027, 1, 15, 22, 59, tzinfo=UTC), True),
        ("Europe/Paris", datetime(2027, 1, 15, 23, 0, tzinfo=UTC), False),
    ],
)
def test_the_last_day_is_over_when_it_is_over_where_a_learner_lives(
    small: World, zone: str, hour: datetime, begins: bool
) -> None:
    with small.db.write("town") as unit:
        course = builders.course(unit)
        course.ends_on = date(2027, 1, 15)
        wish = DEFAULTS.__class__(zone=zone)
        lea = builders.learner(unit, small.library, course, wish=wish).id
        unit.commit()
    small.now = hour
    with small.units().write("town") as work:
        who, course = learner_of(work.session, lea), work.session.scalars(select(Course)).one()
        if begins:
            assert playing.begin(work, who, course.id, "s1")
        else:
            with pytest.raises(Refused, match="course-over"):
                playing.begin(work, who, course.id, "s1")


@pytest.mark.both_databases
def test_the_worker_ends_a_course_once_its_last_day_is_over_everywhere(small: World) -> None:
    begun(small, "lea@example.org")
    day = (MONDAY + timedelta(days=7)).date()
    change(small, ending.end_on, day, "stop", MONDAY.date())
    noon_after = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
    small.now = noon_after - timedelta(minutes=1)
    assert end_courses(small.units()) == 0
    small.now = noon_after
    assert end_courses(small.units()) == 1 and end_courses(small.units()) == 0
    settle(small)
    assert course_of(small).ended_at == noon_after
    assert enrolments(small) == [(False, "course-over")]


def test_one_learner_who_cannot_be_settled_holds_up_nobody_else(small: World) -> None:
    lea, noe = sorted(begun(small, "lea@example.org", "noe@example.org"))
    with small.db.write("town") as unit:
        one = unit.scalars(select(Enrolment).where(Enrolment.learner == lea)).one()
        one.module = "gone"
        unit.commit()
    change(small, ending.end, "stop")
    settle_debriefs(small.units())
    with small.db.read("town") as unit:
        left = unit.scalars(select(Enrolment.learner).where(Enrolment.closed_at.is_(None))).all()
        assert noe not in left


def test_a_course_can_end_only_as_it_is_said(small: World) -> None:
    begun(small, "lea@example.org")
    yesterday = MONDAY.date() - timedelta(days=1)
    with pytest.raises(Invalid, match="ends-in-the-past"):
        change(small, ending.end_on, yesterday, "stop", MONDAY.date())
    with pytest.raises(Invalid, match="debriefs-not-said"):
        change(small, ending.end, "perhaps")
    with pytest.raises(Refused, match="not-ended"):
        change(small, ending.archive)
    with pytest.raises(Refused, match="runs-already"):
        change(small, ending.reopen)
    change(small, ending.end, "finish")
    with pytest.raises(Refused, match="course-over"):
        change(small, ending.end, "finish")
    with pytest.raises(Refused, match="course-over"):
        change(small, invitations.invite, ["new@example.org"])


@pytest.mark.both_databases
def test_a_copy_has_the_plan_at_other_dates_and_nobody_in_it(small: World) -> None:
    begun(small, "lea@example.org")
    with small.units().write("town") as work:
        course = work.session.scalars(select(Course)).one()
        course.pins, course.bans, course.weekly_minutes = [["starter/x", "s3"]], ["a/b"], 7
        made = copy_course(work, course, "Un autre", date(2027, 9, 6))
        work.commit()
        slug = made.slug
    with small.db.read("town") as unit:
        made = outlines.course_by_slug(unit, slug)
        assert (made.pins, made.bans, made.weekly_minutes, made.title) == (
            [["starter/x", "s3"]],
            ["a/b"],
            7,
            "Un autre",
        )
        assert outlines.outline_of(made).first_days()["s2"] == date(2027, 9, 13)
        placed = unit.scalars(select(Placement).where(Placement.course == made.id)).one()
        assert (placed.section, placed.module) == ("s1", builders.MODULE)
        assert unit.scalars(select(Membership).where(Membership.course == made.id)).all() == []


def test_the_pages_end_archive_bring_back_reopen_and_copy(there: There) -> None:
    def press(action: str, **form: str) -> str:
        there.visitor.get(LIFE)
        answer = there.visitor.post(f"{LIFE}/{action}", form)
        assert answer.status_code == 303, titles(answer.text)
        return there.visitor.get(answer.location).text

    assert "aucun dernier jour" in titles(there.visitor.get(LIFE).text)
    assert "dimanche 31 janvier 2027" in titles(press("day", ends_on="2027-01-31", at_end="stop"))
    assert "aucun dernier jour" in titles(press("day", ends_on="", at_end="finish"))
    assert "s’est terminé" in titles(press("end", at_end="finish"))
    assert HERE in there.visitor.get("/courses/").text
    press("archive")
    assert f'"{HERE}"' not in there.visitor.get("/courses/").text
    assert f'"{HERE}"' in there.visitor.get("/courses/?archived=1").text
    assert there.visitor.get(HERE).status_code == 200, "it stays readable"
    press("bring-back")
    assert f'"{HERE}"' in there.visitor.get("/courses/").text
    assert "aucun dernier jour" in titles(press("reopen"))
    assert "Copie d’automne" in titles(press("copy", title="Copie d’automne", monday="2027-09-06"))
    assert there.course().title != "Copie d’automne"


@pytest.mark.parametrize(
    ("action", "form", "field"),
    [
        ("day", {"ends_on": "2020-01-01", "at_end": "stop"}, "ends_on"),
        ("day", {"ends_on": "31/12", "at_end": "stop"}, "ends_on"),
        ("end", {}, "at_end"),
        ("copy", {"title": "x", "monday": "2027-09-07"}, "monday"),
        ("copy", {"title": "x", "monday": "9999-12-27"}, "monday"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    there: There, action: str, form: dict[str, str], field: str
) -> None:
    there.visitor.get(LIFE)
    page = there.visitor.post(f"{LIFE}/{action}", form)
    assert page.status_code == 422 and f'id="{field}-fault"' in page.text
    assert there.course().ended_at is None


def test_an_invitation_to_a_course_that_ended_says_so(there: There) -> None:
    there.visitor.get(f"{HERE}/invitations")
    there.visitor.post(f"{HERE}/invitations", {"emails": "new@example.org"})
    worker.tick(there.house.services)
    link = there.house.outbox.link()
    with there.house.services.write("town") as work:
        course = work.session.scalars(select(Course).where(Course.slug == PACK)).one()
        ending.end(work, course, "finish")
        work.commit()
    guest = there.house.client()
    page = guest.get(link)
    assert page.status_code == 410 and "Ce cours est terminé" in titles(page.text)
    assert guest.post(link).status_code == 410
    there.visitor.get(f"{HERE}/invitations")
    refused = there.visitor.post(f"{HERE}/invitations", {"emails": "other@example.org"})
    assert refused.status_code == 409 and "Ce cours est terminé" in titles(refused.text)
