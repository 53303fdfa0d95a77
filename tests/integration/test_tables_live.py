"""A table whose steps last a while: it goes on by the clock, and what was only to be passed on is
gone when it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.courses.cohorts import create
from engine.journey import playing, tables
from engine.journey.forgetting import erase
from engine.packs.new import new_pack
from engine.storage.tables import Act, CohortMember, Course, PlayTable, Touch
from engine.values.errors import Refused
from tests.integration.tables import GAME, Hall, hall

pytestmark = pytest.mark.both_databases

FOUR = ("ada", "bea", "cle", "dan")


@pytest.fixture
def there(tmp_path: Path) -> Hall:
    return hall(tmp_path, *FOUR, files=new_pack(GAME, "codev"), module="la-pause")


def opened(there: Hall) -> str:
    """A live table for a cohort of them all."""
    with there.work("ada") as (work, learner):
        course = work.session.get(Course, (work.tenant, there.course))
        cohort = create(work.session, course, "Pairs")
        for account in there.who.values():
            work.session.add(CohortMember(cohort=cohort.id, account=account))
        placement, _ = playing.beginnable(work, learner, there.course, "s1")
        return tables.open_table(work, placement, "live", cohort.id)


def test_nobody_waits_for_others_where_all_have_to_be_there_at_once(there: Hall) -> None:
    with there.work("ada") as (work, learner):
        found = tables.ways(work, learner, there.course, "s1")
        placement, _ = playing.beginnable(work, learner, there.course, "s1")
        assert found is not None and found.waiting is None
        with pytest.raises(Refused, match="only-live"):
            tables.open_table(work, placement, "days")
    with pytest.raises(Refused, match="only-live"):
        there.sit("ada")


def test_a_round_goes_on_by_the_clock_and_what_others_wrote_is_gone_at_its_end(there: Hall) -> None:
    there.sit(*FOUR, where=opened(there))
    there.tick()
    there.says("ada", question="How do I find volunteers?")
    there.says("bea", go="on")
    there.says("cle", card="Draw up a rota")
    there.later(minutes=7)
    assert there.scene("dan").screen.key == "contract" and there.tick() == 1
    there.says("cle", heard="Who may forget the lights?")
    there.says("dan", heard="Who locks up?")
    there.says("ada", pick="3")
    there.says("ada", wording="Who may forget the key?")
    there.says("bea", go="on")
    there.says("ada", act="Monday, home")
    there.says("cle", holds="gone")
    assert "Draw up a rota" in str([act.said for act in there.rows(Act)])
    assert there.says("ada", asked="same").screen.finished
    there.tick()
    kept = str([act.said for act in there.rows(Act)] + [act.bare for act in there.rows(Act)])
    assert "rota" not in kept and "lights" not in kept and "locks up" not in kept
    assert all(own in kept for own in ("volunteers", "forget the key", "Monday, home"))
    assert all(there.scene(name).screen.finished for name in FOUR)
    assert {touch.learner for touch in there.rows(Touch)} == set(there.who.values())


def test_a_round_that_everybody_forgot_ends_by_itself(there: Hall) -> None:
    there.sit("ada", "bea", where=opened(there))
    with there.work("ada") as (work, learner):
        tables.begin_now(work, learner, there.seats["ada"])
    there.later(hours=3)
    there.tick()
    [table] = there.rows(PlayTable)
    assert table.ended_at is not None and there.scene("bea").screen.finished


def test_whoever_was_erased_before_a_round_begins_is_not_its_client(there: Hall) -> None:
    there.sit("ada", "bea", "cle", where=opened(there))
    with there.work("ada") as (work, learner):
        erase(work.session, learner)
    with there.work("bea") as (work, learner):
        tables.begin_now(work, learner, there.seats["bea"])
    assert there.scene("bea").screen.awaited == (2,), "she brings the question"
