"""The demo's clock: fast, patient, never backwards, whatever the machine's clock does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.storage.database import Database
from tests import builders
from tests.builders import MONDAY
from web.demo.clock import LEAD, DemoClock

SPEED = 480


@dataclass
class Machine:
    """A demo clock on a machine whose own clock, and whose waiting learner, the test commands."""

    db: Database
    wall: datetime = MONDAY
    waiting: bool = False
    clock: DemoClock = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.clock = DemoClock(self.db, SPEED, lambda: self.waiting, lambda: self.wall, MONDAY)

    def later(self, seconds: float) -> datetime:
        self.wall += timedelta(seconds=seconds)
        return self.clock.now()


def machine(folder: Path) -> Machine:
    return Machine(builders.database(folder))


def test_three_minutes_are_a_day(tmp_path: Path) -> None:
    there = machine(tmp_path)
    for _ in range(180):
        there.clock.beat()
        there.later(1)
    assert there.clock.now() == MONDAY + timedelta(days=1)


def test_time_stands_still_before_the_first_beat_and_when_beats_fail_to_come(
    tmp_path: Path,
) -> None:
    there = machine(tmp_path)
    assert there.later(60) == MONDAY
    there.clock.beat()
    assert there.later(3600) == MONDAY + LEAD * SPEED


def test_time_stands_still_while_somebody_has_a_question_to_answer(tmp_path: Path) -> None:
    there = machine(tmp_path)
    there.waiting = True
    there.clock.beat()
    assert (there.later(100), there.clock.running) == (MONDAY, False)
    there.waiting = False
    there.clock.beat()
    assert (there.later(1), there.clock.running) == (MONDAY + timedelta(seconds=SPEED), True)


def test_pushing_moves_on_and_never_back(tmp_path: Path) -> None:
    there = machine(tmp_path)
    there.clock.jump_to(MONDAY + timedelta(days=3))
    there.clock.jump_to(MONDAY - timedelta(days=3))
    assert there.clock.now() == MONDAY + timedelta(days=3)


def test_pushing_works_while_time_stands_still(tmp_path: Path) -> None:
    there = machine(tmp_path)
    there.waiting = True
    there.clock.beat()
    there.clock.jump_to(MONDAY + timedelta(days=1))
    assert there.later(10) == MONDAY + timedelta(days=1)


def test_a_restart_goes_on_from_where_time_stood_and_what_passed_meanwhile_does_not_count(
    tmp_path: Path,
) -> None:
    there = machine(tmp_path)
    there.clock.jump_to(MONDAY + timedelta(days=5))
    there.wall += timedelta(days=100)
    there.start()
    assert there.clock.now() == MONDAY + timedelta(days=5)


def test_a_machine_whose_clock_goes_backwards_makes_time_stand_still_not_turn(
    tmp_path: Path,
) -> None:
    there = machine(tmp_path)
    there.clock.beat()
    seen = there.later(4)
    assert there.later(-3600) == seen
    there.clock.beat()
    assert there.later(2) == seen + timedelta(seconds=2 * SPEED)


def test_asking_the_time_writes_nothing_so_that_it_can_be_asked_in_any_transaction(
    tmp_path: Path,
) -> None:
    there = machine(tmp_path)
    there.clock.beat()
    with there.db.write("town"):
        assert there.later(1) > MONDAY


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("wall"), st.integers(-5000, 5000)),
        st.tuples(st.just("jump"), st.integers(-9, 9)),
        st.tuples(st.sampled_from(["beat", "wait", "restart"]), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_learning_time_never_goes_backwards_whatever_happens(
    tmp_path: Path, moves: list[tuple[str, int]]
) -> None:
    with TemporaryDirectory(dir=tmp_path) as folder:
        run(machine(Path(folder)), moves)


def run(there: Machine, moves: list[tuple[str, int]]) -> None:
    seen = there.clock.now()
    for move, by in moves:
        if move == "wall":
            there.wall += timedelta(seconds=by)
        elif move == "jump":
            there.clock.jump_to(seen + timedelta(days=by))
        elif move == "beat":
            there.clock.beat()
        elif move == "wait":
            there.waiting = not there.waiting
        else:
            there.start()
        assert there.clock.now() >= seen
        seen = there.clock.now()
