"""An experience at a table: people come, wait, act, leave and come back; the table goes on, and
each has a debrief of their own when it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.journey import playing, rereading, tables
from engine.journey.forgetting import erase
from engine.packs.activities.together import GATHERING
from engine.packs.new import STARTERS, new_pack
from engine.storage.tables import Act, Enrolment, Placement, PlayTable, Touch
from engine.values.errors import Conflict, Invalid, NotFound, Refused
from tests.integration.tables import GAME, HALL, Hall, crowd, hall

pytestmark = pytest.mark.both_databases

FOUR = ("ada", "bea", "cle", "dan")
BENCH = STARTERS["mesh"]


@pytest.fixture
def there(tmp_path: Path) -> Hall:
    return hall(tmp_path, *FOUR, "eve")


def everybody_puts(there: Hall, *amounts: int) -> None:
    for name, amount in zip(FOUR, amounts, strict=True):
        there.put(name, amount)


def test_who_waits_for_others_is_seated_with_them_and_the_table_begins_when_it_is_full(
    there: Hall,
) -> None:
    there.sit("ada", "bea", "cle")
    assert there.scene("ada").screen.key == GATHERING
    there.sit("dan")
    assert [there.scene(name).screen.key for name in FOUR] == ["round-1"] * 4
    assert there.tick() == 1
    [table] = there.rows(PlayTable)
    assert table.begun_at is not None and table.due_at == there.later(days=2)


def test_the_next_one_waits_at_a_table_of_their_own(there: Hall) -> None:
    there.sit(*FOUR, "eve")
    assert len(there.rows(PlayTable)) == 2 and there.scene("eve").screen.present == {1}


def test_a_learner_may_play_alone_with_the_recorded_voices(there: Hall) -> None:
    with there.work("ada") as (work, learner):
        there.seats["ada"] = playing.begin(work, learner, there.course, "s1").id
    for _round in range(4):
        there.put("ada", 5)
    assert there.scene("ada").screen.finished and there.rows(PlayTable) == []
    assert [touch.state for touch in there.rows(Touch)] == ["planned"]


def test_those_who_are_there_may_begin_and_voices_play_the_other_seats(there: Hall) -> None:
    there.sit("ada", "bea")
    with there.work("bea") as (work, learner):
        assert tables.begin_now(work, learner, there.seats["bea"]).screen.key == "round-1"
        tables.begin_now(work, learner, there.seats["bea"])
    there.put("ada", 5)
    assert there.put("bea", 5).screen.key == "round-2"


def test_a_round_ends_when_everybody_has_put_in_whoever_is_last(there: Hall) -> None:
    there.sit(*FOUR)
    for name in ("dan", "bea", "ada"):
        assert there.put(name, 3).screen.key == "round-1"
    assert there.put("cle", 3).screen.key == "round-2"


def test_an_act_sent_twice_counts_once_and_another_in_its_place_is_refused(there: Hall) -> None:
    there.sit(*FOUR)
    for _twice in range(2):
        with there.work("ada") as (work, learner):
            playing.act(work, learner, there.seats["ada"], 1, {"put": "3"})
    with pytest.raises(Conflict), there.work("ada") as (work, learner):
        playing.act(work, learner, there.seats["ada"], 1, {"put": "4"})
    assert [act.said for act in there.rows(Act) if "put" in act.said] == [{"put": 3}]


def test_what_was_meant_for_a_step_that_is_over_is_not_taken_for_the_next(there: Hall) -> None:
    there.sit(*FOUR)
    for name in FOUR[1:]:
        there.put(name, 3)
    there.later(days=3)
    with pytest.raises(Conflict) as refused:
        there.put("ada", 6, step="round-1")
    assert refused.value.reason.code == "table-went-on"


def test_whoever_takes_too_long_is_away_and_takes_their_seat_again(there: Hall) -> None:
    there.sit(*FOUR)
    for name in FOUR[1:]:
        there.put(name, 3)
    there.later(days=3)
    assert 1 not in there.scene("bea").screen.present
    with pytest.raises(Invalid):
        there.put("ada", 1)
    with there.work("ada") as (work, learner):
        back = tables.come_back(work, learner, there.seats["ada"]).screen
        tables.come_back(work, learner, there.seats["ada"])
    assert 1 in back.present and back.key == "round-2"


def test_who_gets_up_before_it_begins_leaves_no_trace_but_in_the_log(there: Hall) -> None:
    there.sit("ada", "bea")
    with there.work("ada") as (work, learner):
        assert tables.get_up(work, learner, there.seats["ada"])
    there.sit("cle")
    assert there.scene("cle").enrolment.seat == 1
    assert len(there.rows(Enrolment)) == 2


def test_the_last_one_to_get_up_takes_a_table_that_never_began_away(there: Hall) -> None:
    there.sit("ada")
    with there.work("ada") as (work, learner):
        tables.get_up(work, learner, there.seats["ada"])
    assert there.rows(PlayTable) == [] and there.rows(Act) == []


def test_who_leaves_a_table_that_goes_on_is_played_by_their_voice(there: Hall) -> None:
    there.sit(*FOUR)
    for name in FOUR[1:]:
        there.put(name, 3)
    with there.work("ada") as (work, learner):
        assert not tables.get_up(work, learner, there.seats["ada"])
    assert there.scene("bea").screen.key == "round-2"
    assert len(there.rows(Enrolment)) == 4


def test_a_table_s_end_begins_the_debrief_of_each_seat(there: Hall) -> None:
    there.sit(*FOUR)
    for _round in range(4):
        everybody_puts(there, 3, 3, 3, 3)
    assert sum(one.finished_at is not None for one in there.rows(Enrolment)) == 1
    assert there.tick() == 1
    assert all(one.finished_at is not None for one in there.rows(Enrolment))
    assert [touch.state for touch in there.rows(Touch)] == ["planned"] * 4
    assert there.tick() == 0


def test_a_table_that_nobody_answers_at_ends_by_itself(there: Hall) -> None:
    there.sit(*FOUR)
    there.later(days=30)
    there.tick()
    assert all(one.finished_at is not None for one in there.rows(Enrolment))
    assert there.scene("ada").screen.finished


def test_a_reveal_opens_for_all_who_lived_it_together(there: Hall) -> None:
    there.sit("ada", "bea")
    with there.work("ada") as (work, learner):
        tables.begin_now(work, learner, there.seats["ada"])
    for _round in range(4):
        there.put("ada", 5)
        there.put("bea", 5)
    there.tick()

    def may_read(name: str) -> bool:
        with there.work(name) as (work, learner):
            return rereading.offers(work, learner)[there.seats[name]].readable

    assert not may_read("ada") and not may_read("bea")
    with there.work("bea") as (work, learner), pytest.raises(Refused, match="not-named-yet"):
        rereading.read_reveal(work, learner, there.seats["bea"])
    with there.work("ada") as (work, _learner):
        work.session.get(Enrolment, (work.tenant, there.seats["ada"])).revealed_at = work.now
    assert may_read("bea") and not may_read("ada")
    with there.work("bea") as (work, learner):
        rereading.read_reveal(work, learner, there.seats["bea"])
    assert not may_read("bea")


def test_after_the_end_one_steps_out_of_the_role_in_a_line(there: Hall) -> None:
    there.sit(*FOUR)
    there.later(days=30)
    there.tick()
    with there.work("ada") as (work, learner):
        out = playing.act(work, learner, there.seats["ada"], 1, {"out": "Ouf."})
    assert out.screen.finished and not out.screen.form.fields


def test_erasing_somebody_takes_their_words_and_the_others_history_stands(there: Hall) -> None:
    there.sit(*FOUR)
    everybody_puts(there, 3, 3, 3, 3)
    there.put("ada", 2)
    before = there.scene("bea").screen
    with there.work("ada") as (work, learner):
        erase(work.session, learner)
    assert there.scene("bea").screen.rows == before.rows
    there.tick()
    assert 1 not in there.scene("bea").screen.present
    for name in FOUR[1:]:
        there.put(name, 3)
    assert there.scene("bea").screen.key == "round-3"


def test_a_line_said_at_a_table_is_gone_with_who_said_it(there: Hall) -> None:
    there.sit(*FOUR)
    there.later(days=30)
    there.tick()
    with there.work("ada") as (work, learner):
        playing.act(work, learner, there.seats["ada"], 1, {"out": "Je n’ai rien donné."})
        erase(work.session, learner)
    said = [act.said for act in there.rows(Act)]
    assert {"out": ""} in said and "Je n’ai rien donné." not in str(said)
    assert there.scene("bea").screen.finished


def test_when_the_last_one_is_erased_the_table_goes_with_them(there: Hall) -> None:
    there.sit("ada", "bea")
    for name in ("ada", "bea"):
        with there.work(name) as (work, learner):
            erase(work.session, learner)
    assert there.rows(Act) == [] and there.rows(PlayTable) == []


def test_who_has_lived_it_is_not_seated_in_it_again(there: Hall) -> None:
    there.sit(*FOUR)
    there.later(days=30)
    there.tick()
    again = there.seats["ada"]
    there.sit("ada")
    assert there.seats["ada"] == again and len(there.rows(PlayTable)) == 1


def test_a_table_that_nobody_offers_is_not_found(there: Hall) -> None:
    with pytest.raises(NotFound):
        there.sit("ada", where="nowhere")


def test_a_table_of_another_cohort_is_full_to_others(there: Hall) -> None:
    with there.work("ada") as (work, learner):
        placement, _ = playing.beginnable(work, learner, there.course, "s1")
        table = tables.open_table(work, placement, "live", cohort="c1")
    with pytest.raises(Refused):
        there.sit("ada", where=table)


def test_ways_to_begin_say_how_many_wait(there: Hall) -> None:
    there.sit("ada", "bea")
    with there.work("cle") as (work, learner):
        found = tables.ways(work, learner, there.course, "s1")
    assert found is not None and (found.seats, found.waiting, found.tables) == (4, 2, ())
    with there.work("ada") as (work, learner):
        assert tables.ways(work, learner, there.course, "s1") is None


def test_acts_outlive_nobody_who_plays_alone(there: Hall) -> None:
    with there.work("ada") as (work, learner):
        there.seats["ada"] = playing.begin(work, learner, there.course, "s1").id
    there.put("ada", 5)
    with there.work("ada") as (work, learner):
        erase(work.session, learner)
        assert work.session.scalars(select(Act)).all() == []


def test_twelve_who_press_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    names = [f"l{n}" for n in range(12)]
    rounds = 5
    there = hall(tmp_path, *names, files=crowd(len(names), rounds))
    there.sit(*names)

    def press(name: str) -> int:
        """Each press twice, as a thumb does; counts what was kept."""
        kept = 0
        while not (scene := there.scene(name)).screen.finished:
            if scene.screen.form.fields:
                for _thumb in range(2):
                    with there.work(name) as (work, learner):
                        said = {"put": "3"}
                        playing.act(work, learner, there.seats[name], scene.number, said)
                kept += 1
        return kept

    with ThreadPoolExecutor(len(names)) as pool:
        assert list(pool.map(press, names)) == [rounds] * len(names)
    put = [(act.seat, act.number) for act in there.rows(Act) if "put" in act.said]
    assert len(put) == rounds * len(names) == len(set(put))
    assert sorted(seat for seat, _ in put) == sorted(list(range(1, 13)) * rounds)


def replaced(there: Hall, version: str, module: str) -> None:
    """The section has that version, or that experience, from now on."""
    bench = {name: data for name, data in new_pack(GAME, "mesh").items() if BENCH in name}
    files = crowd(5, 8) | bench
    changed = {"version: 0.1.0": f"version: {version}", f"[{HALL}]": f"[{HALL}, {BENCH}]"}
    manifest = files["pack.yaml"].decode()
    for old, new in changed.items():
        assert old in manifest
        manifest = manifest.replace(old, new)
    files["pack.yaml"] = manifest.encode()
    there.world.library.install(files, there.world.now)
    with there.world.db.write(there.world.tenant) as unit:
        placed = unit.query(Placement).one()
        placed.version, placed.module = version, module
        unit.commit()


def test_who_comes_after_a_pack_was_mended_lives_what_the_table_lives(there: Hall) -> None:
    there.sit("ada", "bea")
    replaced(there, "0.2.0", HALL)
    there.sit("cle", "dan")
    assert len(there.rows(PlayTable)) == 1
    assert {one.version for one in there.rows(Enrolment)} == {"0.1.0"}
    everybody_puts(there, 1, 2, 3, 4)
    assert there.scene("dan").screen.key == "round-2"


def test_nobody_is_seated_at_a_table_of_what_the_section_had_before(there: Hall) -> None:
    there.sit("ada")
    replaced(there, "0.2.0", BENCH)
    with there.work("cle") as (work, learner):
        found = tables.ways(work, learner, there.course, "s1")
        assert found is not None and found.waiting == 0
    there.sit("cle")
    assert len(there.rows(PlayTable)) == 2 and there.scene("ada").screen.present == {1}
    assert there.scene("cle").screen.key == GATHERING
