"""Courses on a real database: imported whole, slotted within limits, people invited and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from engine.curriculum.read import read_outline
from engine.errors import Invalid, NotFound
from engine.packs.read import read_folder
from engine.programme import courses, people, slotting
from engine.programme.slotting import Wishes
from engine.slotting.values import Conflicts
from engine.storage.tables import Course
from tests import builders
from tests.builders import MONDAY, World

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "modeles-socio-economiques.yaml"


@pytest.fixture
def there(tmp_path: Path) -> World:
    made = builders.world(tmp_path)
    made.library.install(read_folder(ROOT / "content_packs" / "modeles-socio-economiques"), MONDAY)
    return made


def imported(unit) -> Course:
    return courses.import_outline(unit, read_outline(EXAMPLE.read_bytes(), EXAMPLE.name), MONDAY)


def placed(unit, course: Course) -> dict[str, str]:
    return {p.module: p.section for p in slotting.placements_of(unit, course)}


def test_the_example_course_receives_its_four_experiences(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        slotting.slot(unit, there.library, course, Wishes(), MONDAY)
        assert placed(unit, course).keys() >= {"la-halle-en-six-semaines", "l-epicerie-du-bourg",
                                              "trois-bras-pour-cinq-chantiers", "la-deuxieme-annee"}


def test_pins_and_bans_are_remembered_and_taken_back(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        slotting.slot(unit, there.library, course, Wishes(), MONDAY)
        elsewhere = next(s.id for s in courses.outline_of(course).sections if s.id not in placed(unit, course).values())
        wishes = Wishes(pin=[("l-epicerie-du-bourg", elsewhere)], ban=["la-deuxieme-annee"])
        slotting.slot(unit, there.library, course, wishes, MONDAY)
        slotting.slot(unit, there.library, course, Wishes(), MONDAY)
        now = placed(unit, course)
        assert now["l-epicerie-du-bourg"] == elsewhere and "la-deuxieme-annee" not in now
        assert any(out["module"].endswith("/la-deuxieme-annee") for out in course.left_out)
        slotting.slot(unit, there.library, course, Wishes(unpin=["l-epicerie-du-bourg"], unban=["la-deuxieme-annee"]), MONDAY)
        assert "la-deuxieme-annee" in placed(unit, course)


def test_limits_that_conflict_change_nothing(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        slotting.slot(unit, there.library, course, Wishes(), MONDAY)
        before = placed(unit, course)
        section = courses.outline_of(course).sections[0].id
        both = Wishes(pin=[("l-epicerie-du-bourg", section)], ban=["l-epicerie-du-bourg"])
        with pytest.raises(Conflicts):
            slotting.slot(unit, there.library, course, both, MONDAY)
        assert placed(unit, course) == before and course.bans == [] and course.pins == []


def test_an_unknown_module_or_section_is_named(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        for wishes in (Wishes(ban=["nowhere"]), Wishes(pin=[("l-epicerie-du-bourg", "nowhere")])):
            with pytest.raises(NotFound):
                slotting.slot(unit, there.library, course, wishes, MONDAY)


def test_importing_again_keeps_what_still_has_its_section(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        slotting.slot(unit, there.library, course, Wishes(), MONDAY)
        before = placed(unit, course)
        gone, *_ = before.values()
        outline = courses.outline_of(course)
        fewer = replace(outline, title="Nouveau titre", sections=tuple(s for s in outline.sections if s.id != gone))
        again = courses.import_outline(unit, fewer, MONDAY)
        assert again.id == course.id and again.title == "Nouveau titre"
        assert placed(unit, again) == {module: section for module, section in before.items() if section != gone}


def test_inviting_is_all_or_none_and_once_is_enough(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        with pytest.raises(Invalid, match="invite-malformed") as refused:
            people.invite(unit, course, ["good@example.org", "not an address", "lea", "@b", "lea"], MONDAY)
        assert refused.value.reason.params["emails"] == ["not an address", "lea", "@b"]
        assert not people.progress(unit, course, MONDAY).people
        people.invite(unit, course, ["a@example.org", "A@Example.org", "b@example.org"], MONDAY)
        people.invite(unit, course, ["a@example.org"], MONDAY)
        assert people.progress(unit, course, MONDAY).states == {"invited": 2}


def test_progress_counts_without_a_word_and_in_as_many_queries_for_many_as_for_few(there: World) -> None:
    def queries_for(count: int, slug: str) -> int:
        with there.db.write(there.tenant) as unit:
            course = builders.course(unit, slug)
            for n in range(count):
                builders.lived(unit, there, builders.learner(unit, there.library, course, f"{slug}{n}@example.org"), course)
            seen: list[str] = []
            event.listen(there.db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
            shown = people.progress(unit, course, MONDAY)
            assert len(shown.people) == count
            assert {(p.finished, p.state) for p in shown.people} == {(1, "active")}
            return len(seen)

    assert queries_for(2, "few") == queries_for(9, "many") == 3


def test_a_break_is_over_on_the_morning_of_its_day_where_the_learner_lives(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = builders.course(unit)
        far = builders.learner(unit, there.library, course, wish=replace(builders.DEFAULTS, zone="Pacific/Auckland"))
        near = builders.learner(unit, there.library, course, "noe@example.org")
        far.paused_until = near.paused_until = date(2027, 1, 5)
        evening = datetime(2027, 1, 4, 20, 0, tzinfo=UTC)
        states = {p.account: p.state for p in people.progress(unit, course, evening).people}
        assert states == {far.id: "joined", near.id: "paused"}


def test_an_experience_placed_by_hand_goes_where_it_was_wished_for_when_there_is_room(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        course.bans = ["modeles-socio-economiques/la-deuxieme-annee"]
        first, second, *_ = [section.id for section in courses.outline_of(course).sections]
        for module, wish in (("l-epicerie-du-bourg", first), ("la-deuxieme-annee", first), ("la-halle-en-six-semaines", "gone")):
            slotting.settle(unit, there.library, course, module, "", wish)
        assert placed(unit, course) == {"l-epicerie-du-bourg": first, "la-deuxieme-annee": "la-deuxieme-annee",
                                        "la-halle-en-six-semaines": "la-halle-en-six-semaines"}
        assert course.bans == [] and len(course.pins) == 3
        course.weekly_minutes = 1
        again = slotting.settle(unit, there.library, course, "trois-bras-pour-cinq-chantiers", "Semaine 3", second)
        assert again.section == "trois-bras-pour-cinq-chantiers"
        assert slotting.settle(unit, there.library, course, "l-epicerie-du-bourg", "", second).section == first


def test_what_would_be_slotted_and_what_is_suggested_change_nothing(there: World) -> None:
    with there.db.write(there.tenant) as unit:
        course = imported(unit)
        plan = slotting.proposed(unit, there.library, course)
        shown = slotting.suggested(unit, there.library, course)
        assert placed(unit, course) == {} and course.slotted_at is None
        assert plan == slotting.slot(unit, there.library, course, Wishes(), MONDAY)
        now = slotting.suggested(unit, there.library, course)
        assert {one.placed for one in shown.values()} == {False}
        assert {key for key, one in now.items() if one.placed} == {p.module for p in plan.placements}
