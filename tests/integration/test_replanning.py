"""A change of the plan: shown before it is kept, with how many have begun what moves; then kept as
it was shown, or dropped; undone after."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.courses import outlines, plans, replanning
from engine.courses.slotting import Wishes
from engine.storage.tables import Course, Enrolment, Placement
from tests import builders
from tests.builders import MODULE, MONDAY, PACK, World, world
from tests.integration.test_pages_facilitator import (
    GROCERY,
    HERE,
    SECOND_YEAR,
    There,
    there,
    titles,
)

__all__ = ["there"]
KEY = f"{PACK}/{MODULE}"


def begins(there: There, key: str, *emails: str) -> None:
    """People who begin an experience of the course."""
    pack, _, module = key.partition("/")
    services = there.house.services
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.id == there.course().id)).one()
        for email in emails:
            who = builders.learner(unit, services.library, course, email)
            unit.add(
                Enrolment(
                    learner=who.id,
                    course=course.id,
                    section=there.placed()[key],
                    pack=pack,
                    version=services.library.newest()[0].version,
                    module=module,
                    started_at=MONDAY,
                )
            )
        unit.commit()


def rows_of(page: str) -> list[str]:
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    return [" ".join(titles(row).split()) for row in table.split("<tr>")[1:]]


def test_a_change_is_shown_section_by_section_and_nothing_is_kept_yet(there: There) -> None:
    before, section = there.placed(), there.free()
    shown = there.ask(pin=GROCERY, section=section)
    assert shown.status_code == 200 and there.placed() == before
    rows = rows_of(shown.text)
    assert len(rows) >= 2 and all("L’épicerie du bourg" in row for row in rows[:1])
    assert "est épinglée à" in titles(shown.text) and GROCERY not in titles(shown.text)
    assert there.keep(shown).location == HERE and there.placed()[GROCERY] == section


def test_how_many_have_begun_what_moves_or_goes_is_said(there: There) -> None:
    begins(there, GROCERY, "lea@example.org", "noe@example.org")
    shown = there.ask(ban=GROCERY)
    [gone] = [row for row in rows_of(shown.text) if "2 personnes ont commencé" in row]
    assert "L’épicerie du bourg" in gone and "Elle n’a ensuite plus de place." in gone
    there.keep(shown)
    with there.house.services.db.read("town") as unit:
        assert len(unit.scalars(select(Enrolment)).all()) == 2, "they keep it"


def test_what_moves_nothing_is_kept_without_being_asked_twice(there: There) -> None:
    before = there.placed()
    assert there.ask(pin=GROCERY, section=before[GROCERY]).location == HERE
    assert there.placed() == before and len(there.course().pins) == 1


def test_a_shown_plan_is_refused_once_the_course_has_changed(there: There) -> None:
    shown = there.ask(pin=GROCERY, section=there.free())
    there.wish(weekly_minutes=30)
    before = there.placed()
    there.visitor.get(HERE)
    refused = there.keep(shown)
    assert refused.status_code == 409 and "a changé depuis" in titles(refused.text)
    assert there.placed() == before


@pytest.mark.parametrize("plan", ["", "x", "e30.abc"])
def test_a_plan_that_was_not_shown_here_is_refused(there: There, plan: str) -> None:
    before = there.placed()
    there.visitor.get(HERE)
    assert there.visitor.post(f"{HERE}/slot/keep", {"plan": plan}).status_code == 409
    assert there.placed() == before


def test_an_undo_puts_back_placements_pins_bans_and_minutes_once(there: There) -> None:
    there.wish(ban=SECOND_YEAR)
    before, course = there.placed(), there.course()
    page = there.visitor.get(HERE).text
    there.wish(pin=GROCERY, section=there.free())
    assert f'action="{HERE}/slot/undo"' in there.visitor.get(HERE).text
    assert there.visitor.post(f"{HERE}/slot/undo").location == HERE
    after = there.course()
    assert there.placed() == before
    assert (after.pins, after.bans, after.weekly_minutes, after.left_out) == (
        course.pins,
        course.bans,
        course.weekly_minutes,
        course.left_out,
    )
    again = there.visitor.get(HERE).text
    assert f'action="{HERE}/slot/undo"' not in again
    assert re.sub(r"\s+", " ", titles(again.split("<h2>")[1])) in re.sub(
        r"\s+", " ", titles(page.split("<h2>")[1]).replace("Annuler le dernier changement", "")
    )
    assert there.visitor.post(f"{HERE}/slot/undo").status_code == 409


def test_an_undo_is_refused_if_something_else_changed_since(there: There) -> None:
    there.wish(pin=GROCERY, section=there.free())
    services = there.house.services
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.id == there.course().id)).one()
        course.weekly_minutes = 33
        unit.commit()
    before = there.placed()
    assert f'action="{HERE}/slot/undo"' not in there.visitor.get(HERE).text
    refused = there.visitor.post(f"{HERE}/slot/undo")
    assert refused.status_code == 409 and "Autre chose a changé" in titles(refused.text)
    assert there.placed() == before and there.course().weekly_minutes == 33


def test_what_was_pinned_without_any_link_reads_chosen_by_you(there: There) -> None:
    for section in outlines.outline_of(there.course()).sections:
        there.wish(pin=GROCERY, section=section.id)
        [row] = [r for r in there.visitor.get(HERE).text.split("<tr>") if "épinglée" in r]
        fit = re.search(r'data-label="Adéquation">([^<]+)', row)
        assert fit and "0\u202f%" not in fit[1].split()[:1]
        if "choisi par vous" in fit[1]:
            return
    pytest.fail("no section is without a link")


def test_one_reason_is_said_and_the_others_are_behind_it(there: There) -> None:
    outline = there.visitor.get(HERE).text.split("Laissées de côté</h2>")[0]
    cells = re.findall(r'data-label="Pourquoi">(.*?)</td>', outline, re.S)
    assert len(cells) == len(there.placed()) and cells
    for cell in cells:
        said, _, more = cell.partition("<details")
        assert titles(said).count(".") == 1 and "Autres raisons" in more


@pytest.fixture
def small(tmp_path: Path) -> World:
    return world(tmp_path)


@pytest.mark.both_databases
def test_a_proposal_is_kept_and_undone_on_both_databases(small: World) -> None:
    with small.db.write("town") as unit:
        course = builders.course(unit)
        builders.slotted(unit, small.library, course)
        slug, before = course.slug, plans.fingerprint(unit, course)
        unit.commit()

    def find(unit) -> Course:
        return outlines.course_by_slug(unit, slug)

    made = replanning.propose(small.units(), "town", find, Wishes(pin=[(KEY, "s3")]))
    assert [one.section for one in made.difference.sections][-1] == "s3"
    with small.units().write("town") as work:
        replanning.keep(work, find(work.session), made.data)
        work.commit()
    with small.units().write("town") as work:
        [placed] = work.session.scalars(select(Placement))
        assert (placed.section, placed.pinned) == ("s3", True)
        plans.undo(work, find(work.session))
        work.commit()
    with small.db.read("town") as unit:
        assert plans.fingerprint(unit, find(unit)) == before
