"""What was costly to count is kept for a moment; what is small never is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from engine.values.lately import LONGEST, MOST, Lately
from tests.fakes import MONDAY


@dataclass
class Counting:
    """Counts how often it was asked, each time in so many seconds of a clock of its own."""

    takes: float
    large: bool = True
    at: float = 0.0
    times: int = 0
    lately: Lately = field(init=False)

    def __post_init__(self) -> None:
        self.lately = Lately(lambda: self.at)

    def count(self) -> int:
        self.at += self.takes
        self.times += 1
        return self.times

    def ask(self, about: str = "a", **later: float) -> int:
        return self.lately.of(about, MONDAY + timedelta(**later), self.count, lambda _: self.large)


def test_what_is_small_is_counted_each_time() -> None:
    small = Counting(takes=1, large=False)
    assert [small.ask(), small.ask()] == [1, 2] and small.lately.kept == {}


def test_what_takes_longer_is_kept_for_forty_times_as_long_and_a_minute_at_most() -> None:
    for takes, kept in ((0.1, 4.0), (10.0, LONGEST)):
        slow = Counting(takes)
        assert [slow.ask(), slow.ask()] == [1, 1]
        slow.at += kept - 0.01
        assert slow.ask() == 1
        slow.at += 0.02
        assert slow.ask() == 2


def test_what_was_counted_of_one_is_not_told_of_another_and_is_counted_anew_when_told_so() -> None:
    slow = Counting(takes=1)
    assert [slow.ask("a"), slow.ask("b"), slow.ask("a")] == [1, 2, 1]
    slow.lately.forget("a")
    assert [slow.ask("a"), slow.ask("b")] == [3, 2]


def test_where_learning_time_has_jumped_it_is_counted_anew() -> None:
    slow = Counting(takes=1)
    assert [slow.ask(), slow.ask(minutes=59), slow.ask(hours=1), slow.ask()] == [1, 1, 2, 3]


def test_it_does_not_grow_without_end() -> None:
    slow = Counting(takes=0.1)
    for n in range(3 * MOST):
        slow.ask(str(n))
    assert len(slow.lately.kept) <= MOST


def test_what_became_small_is_not_kept_any_more() -> None:
    shrinks = Counting(takes=1)
    shrinks.ask()
    shrinks.at += LONGEST + 1
    shrinks.large = False
    assert [shrinks.ask(), shrinks.ask()] == [2, 3] and shrinks.lately.kept == {}
