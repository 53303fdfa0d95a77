"""Courses on a real database: imported whole, slotted within limits, people invited and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.courses import members, outlines, progress, slotting
from engine.courses.progress import Wish
from engine.courses.slotting import Wishes
from engine.curriculum.read import read_outline
from engine.packs.model import Pack
from engine.packs.read import read_folder
from engine.people import accounts, invitations
from engine.slotting.values import Conflicts, Plan, Progress
from engine.storage.tables import Answer, Course, Enrolment
from engine.values.errors import Conflict, Invalid, NotFound
from engine.values.pages import A_PAGE
from tests import builders
from tests.builders import MONDAY, World, work
from web.pages.lms.reasons import ChoiceOneOnly

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "modeles-socio-economiques.yaml"


@pytest.fixture
def there(tmp_path: Path) -> World:
    made = builders.world(tmp_path)
    made.library.install(read_folder(ROOT / "content_packs" / "modeles-socio-economiques"), MONDAY)
    return made


def imported(unit) -> Course:
    return outlines.import_outline(unit, read_outline(EXAMPLE.read_bytes(), EXAMPLE.name), MONDAY)


def placed(unit, course: Course) -> dict[str, str]:
    return {p.module: p.section for p in slotting.placements_of(unit, course)}


def test_the_example_course_receives_its_five_experiences(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        builders.slotted(unit, there.library, course)
        assert placed(unit, course).keys() >= {
            "la-halle-en-six-semaines",
            "l-epicerie-du-bourg",
            "trois-bras-pour-cinq-chantiers",
            "la-deuxieme-annee",
            "le-tarif-de-la-navette",
        }


def test_pins_and_bans_are_remembered_and_taken_back(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        builders.slotted(unit, there.library, course)
        elsewhere = next(
            s.id
            for s in outlines.outline_of(course).sections
            if s.id not in placed(unit, course).values()
        )
        wishes = Wishes(pin=[("l-epicerie-du-bourg", elsewhere)], ban=["la-deuxieme-annee"])
        builders.slotted(unit, there.library, course, wishes)
        builders.slotted(unit, there.library, course)
        now = placed(unit, course)
        assert now["l-epicerie-du-bourg"] == elsewhere and "la-deuxieme-annee" not in now
        assert any(out["module"].endswith("/la-deuxieme-annee") for out in course.left_out)
        builders.slotted(
            unit,
            there.library,
            course,
            Wishes(unpin=["l-epicerie-du-bourg"], unban=["la-deuxieme-annee"]),
        )
        assert "la-deuxieme-annee" in placed(unit, course)


def test_limits_that_conflict_change_nothing(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        builders.slotted(unit, there.library, course)
        before = placed(unit, course)
        section = outlines.outline_of(course).sections[0].id
        both = Wishes(pin=[("l-epicerie-du-bourg", section)], ban=["l-epicerie-du-bourg"])
        with pytest.raises(Conflicts):
            builders.slotted(unit, there.library, course, both)
        assert placed(unit, course) == before and course.bans == [] and course.pins == []


def test_one_module_wished_into_two_sections_is_a_conflict_and_keeps_the_pin_there_was(
    there: World,
) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        first, second, third = (section.id for section in outlines.outline_of(course).sections[:3])
        builders.slotted(unit, there.library, course, Wishes(pin=[("l-epicerie-du-bourg", third)]))
        before = list(course.pins)
        both = Wishes(
            pin=[
                ("l-epicerie-du-bourg", first),
                ("modeles-socio-economiques/l-epicerie-du-bourg", second),
            ]
        )
        with pytest.raises(Conflicts) as conflicts:
            builders.slotted(unit, there.library, course, both)
        assert [reason.code for reason in conflicts.value.reasons] == ["pins-share-module"]
        assert course.pins == before
        builders.slotted(
            unit, there.library, course, Wishes(pin=[("l-epicerie-du-bourg", second)] * 2)
        )
        assert placed(unit, course)["l-epicerie-du-bourg"] == second


def test_an_unknown_module_or_section_is_named(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        for wishes in (Wishes(ban=["nowhere"]), Wishes(pin=[("l-epicerie-du-bourg", "nowhere")])):
            with pytest.raises(NotFound):
                builders.slotted(unit, there.library, course, wishes)


@dataclass
class Busy:
    """The shelf, in front of which somebody writes each time that a plan is about to be made."""

    there: World
    meanwhile: Callable[[Session], object]
    plans: int = 0

    def newest(self) -> tuple[Pack, ...]:
        self.plans += 1
        with self.there.db.write(self.there.tenant) as unit:
            self.meanwhile(unit)
            unit.commit()
        return self.there.library.newest()


def only_course(unit: Session) -> Course:
    return unit.scalars(select(Course)).one()


def kept(there: World) -> tuple[Course, dict[str, str]]:
    with there.db.read(there.tenant) as unit:
        return only_course(unit), placed(unit, only_course(unit))


def start(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        imported(unit)
        unit.commit()


def test_nobody_who_writes_waits_for_a_plan_and_what_does_not_concern_it_leaves_it_as_it_is(
    there: World,
) -> None:
    start(there)
    names = count()
    shelf = Busy(
        there,
        lambda unit: accounts.add_account(
            unit, f"{next(names)}@example.org", "", "learner", "fr", MONDAY
        ),
    )
    plan = slotting.slot(there.units(shelf), there.tenant, only_course, Wishes())
    assert shelf.plans == 1 and plan.placements
    assert kept(there)[1].keys() == {key.module.partition("/")[2] for key in plan.placements}


def test_a_course_that_changed_while_it_was_planned_is_planned_again(there: World) -> None:
    start(there)

    def ban(unit: Session) -> None:
        only_course(unit).bans = ["modeles-socio-economiques/la-deuxieme-annee"]

    shelf = Busy(there, ban)
    slotting.slot(there.units(shelf), there.tenant, only_course, Wishes(weekly_minutes=30))
    course, now = kept(there)
    assert shelf.plans == 2 and course.weekly_minutes == 30
    assert "la-deuxieme-annee" not in now and course.bans == [
        "modeles-socio-economiques/la-deuxieme-annee"
    ]


def test_a_course_that_changes_each_time_is_left_to_those_who_change_it(there: World) -> None:
    start(there)
    minutes = count(20)
    shelf = Busy(there, lambda unit: setattr(only_course(unit), "weekly_minutes", next(minutes)))
    with pytest.raises(Conflict, match="slotting-overtaken"):
        slotting.slot(there.units(shelf), there.tenant, only_course, Wishes())
    course, now = kept(there)
    assert shelf.plans == slotting.TRIES and now == {} and course.slotted_at is None


def test_planning_again_has_only_the_time_that_is_left(there: World) -> None:
    start(there)
    minutes, clock, told = count(20), count(step=6), list[Progress]()
    shelf = Busy(there, lambda unit: setattr(only_course(unit), "weekly_minutes", next(minutes)))
    with pytest.raises(Conflict, match="slotting-overtaken"):
        slotting.slot(
            there.units(shelf),
            there.tenant,
            only_course,
            Wishes(),
            tell=told.append,
            timer=clock.__next__,
        )
    phases = [progress.phase for progress in told]
    assert phases[:3] == ["fit", "start", "improve"]
    assert phases[-4:] == ["fit", "start", "fit", "start"]


def test_what_speaks_against_a_plan_keeps_it_from_being_written(there: World) -> None:
    start(there)

    def never(plan: Plan) -> None:
        raise Invalid(ChoiceOneOnly())

    with pytest.raises(Invalid):
        slotting.slot(there.units(), there.tenant, only_course, Wishes(), never)
    assert kept(there)[1] == {}


def test_importing_again_keeps_what_still_has_its_section(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        builders.slotted(unit, there.library, course)
        before = placed(unit, course)
        gone, *_ = before.values()
        outline = outlines.outline_of(course)
        fewer = replace(
            outline,
            title="Nouveau titre",
            sections=tuple(s for s in outline.sections if s.id != gone),
        )
        again = outlines.import_outline(unit, fewer, MONDAY)
        assert again.id == course.id and again.title == "Nouveau titre"
        assert placed(unit, again) == {
            module: section for module, section in before.items() if section != gone
        }


def test_inviting_is_all_or_none_and_once_is_enough(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        with pytest.raises(Invalid, match="invite-malformed") as refused:
            invitations.invite(
                builders.work(unit),
                course,
                ["good@example.org", "not an address", "lea", "@b", "lea"],
            )
        assert refused.value.reason.emails == ("not an address", "lea", "@b")
        assert not invitations.invitations_of(unit, course).shown
        first = invitations.invite(
            builders.work(unit), course, ["a@example.org", "A@Example.org", "b@example.org"]
        )
        again = invitations.invite(builders.work(unit), course, ["a@example.org"])
        assert (first.asked, again.asked) == (("a@example.org", "b@example.org"), ())
        seen = progress.progress(builders.work(unit), course)
        assert {(one.account, one.state) for one in seen.people} == {("", "invited")}


def test_progress_counts_without_a_word_and_in_as_many_queries_for_many_as_for_few(
    there: World,
) -> None:
    def queries_for(count: int, slug: str) -> int:
        with there.db.write(there.tenant) as unit:
            course = builders.course(unit, slug)
            for n in range(count):
                builders.lived(
                    unit,
                    there,
                    builders.learner(unit, there.library, course, f"{slug}{n}@example.org"),
                    course,
                )
            with builders.queries(there.db) as seen:
                shown = progress.progress(builders.work(unit), course)
            assert len(shown.people) == count
            assert {(p.finished, p.state) for p in shown.people} == {(1, "active")}
            return len(seen)

    assert queries_for(2, "few") == queries_for(9, "many")


def test_people_come_a_page_at_a_time_in_the_order_and_state_asked_for(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course, other = builders.course(unit), builders.course(unit, "other")
        keen = builders.learner(unit, there.library, course, "zoe@example.org")
        elsewhere = builders.learner(unit, there.library, other, "noise@example.org")
        for one, its in ((keen, course), (elsewhere, other)):
            builders.lived(unit, there, one, its)
        for n in range(1, A_PAGE + 3):
            one = accounts.add_account(unit, None, f"Student {n}", "learner", "fr", MONDAY)
            members.enrol(unit, course, one, MONDAY)
        keen.account.name = "Zoé"
        unit.flush()

        def seen(page: int = 1, **wish: Any) -> progress.CourseProgress:
            return progress.progress(builders.work(unit), course, Wish(**wish), page)

        first, second = seen(), seen(page=2)
        assert [one.name for one in first.people][:2] == ["Student 1", "Student 2"]
        assert [one.name for one in second.people] == ["Student 51", "Student 52", "Zoé"]
        assert (second.first, second.page, second.pages, second.found) == (51, 2, 2, 53)
        assert seen(page=3) == second and seen(page=0) == first
        invited = seen(state="joined", page=2)
        assert [one.name for one in invited.people] == ["Student 51", "Student 52"]
        assert first.states == invited.states == {"active": 1, "joined": 52}
        assert (invited.found, invited.total) == (52, 53)
        assert seen(order="state").people[0].state == "joined"
        ranked = seen(order="finished").people
        assert [(one.name, one.begun, one.finished) for one in ranked[:2]] == [
            ("Zoé", 1, 1),
            ("Student 1", 0, 0),
        ]
        assert progress.of_learner(builders.work(unit), course, keen.id) == ranked[0]
        assert progress.of_learner(builders.work(unit), course, elsewhere.id) is None


def test_who_gave_most_answers_comes_first_in_that_order(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        for email in ("anne@example.org", "zoe@example.org"):
            builders.lived(
                unit, there, builders.learner(unit, there.library, course, email), course
            )
        lived = unit.scalars(select(Enrolment).order_by(Enrolment.id)).all()[0]
        for n in (1, 2):
            unit.add(
                Answer(
                    enrolment=lived.id,
                    prompt="p",
                    occurrence=n,
                    touch=1,
                    version=lived.version,
                    content={},
                    answered_at=MONDAY,
                )
            )
        lived.closed_at, lived.closed_as = MONDAY, "complete"
        unit.flush()
        seen = progress.progress(builders.work(unit), course, Wish(order="answers")).people
        assert seen[0].account == lived.learner
        assert [(one.answers, one.debriefs_done) for one in seen] == [(2, 1), (0, 0)]


def test_numbered_names_are_sorted_as_people_count() -> None:
    names = ["Student 10", "Student 2", "élise", "Student 2 b"]
    ordered = ["élise", "Student 2", "Student 2 b", "Student 10"]
    assert sorted(names, key=progress.as_read) == ordered


def test_a_break_is_over_on_the_morning_of_its_day_where_the_learner_lives(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        far = builders.learner(
            unit, there.library, course, wish=replace(builders.DEFAULTS, zone="Pacific/Auckland")
        )
        near = builders.learner(unit, there.library, course, "noe@example.org")
        for one in (far, near):
            builders.lived(unit, there, one, course)
        far.paused_until = near.paused_until = date(2027, 1, 5)
        unit.flush()
        evening = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)
        states = {
            p.account: p.state
            for p in progress.progress(builders.work(unit, now=evening), course).people
        }
        assert states == {far.id: "active", near.id: "paused"}


def test_an_experience_placed_by_hand_goes_where_it_was_wished_for_when_there_is_room(
    there: World,
) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        course.bans = ["modeles-socio-economiques/la-deuxieme-annee"]
        first, second, *_ = [section.id for section in outlines.outline_of(course).sections]
        for module, wish in (
            ("l-epicerie-du-bourg", first),
            ("la-deuxieme-annee", first),
            ("la-halle-en-six-semaines", "gone"),
        ):
            slotting.ensure_placed(work(unit, library=there.library), course, module, "", wish)
        assert placed(unit, course) == {
            "l-epicerie-du-bourg": first,
            "la-deuxieme-annee": "la-deuxieme-annee",
            "la-halle-en-six-semaines": "la-halle-en-six-semaines",
        }
        assert course.bans == [] and len(course.pins) == 3
        course.weekly_minutes = 1
        again = slotting.ensure_placed(
            work(unit, library=there.library),
            course,
            "trois-bras-pour-cinq-chantiers",
            "Semaine 3",
            second,
        )
        assert again.section == "trois-bras-pour-cinq-chantiers"
        assert (
            slotting.ensure_placed(
                work(unit, library=there.library), course, "l-epicerie-du-bourg", "", second
            ).section
            == first
        )


def test_what_would_be_slotted_and_what_is_suggested_change_nothing(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        plan = slotting.draft_plan(work(unit, library=there.library), course, Wishes()).plan
        shown = slotting.suggest_sections(work(unit, library=there.library), course)
        assert placed(unit, course) == {} and course.slotted_at is None
        assert plan == builders.slotted(unit, there.library, course)
        now = slotting.suggest_sections(work(unit, library=there.library), course)
        assert {one.placed for one in shown.values()} == {False}
        assert {key for key, one in now.items() if one.placed} == {
            p.module for p in plan.placements
        }
