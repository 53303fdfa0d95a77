"""Deliveries from row to recipient: claimed by one worker, sent with nothing locked, tried
again, parked, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from engine.delivery.backoff import TRIES
from engine.delivery.channels.base import Channel, Refusal
from engine.delivery.channels.smtp import SmtpChannel
from engine.delivery.message import Message, message_id
from engine.delivery.opening import open_due
from engine.delivery.parked import parked, try_again
from engine.delivery.send import (
    LEASE,
    SHIFT,
    DeliveryCounts,
    Outgoing,
    send_batch,
    send_due,
)
from engine.journey import pausing
from engine.journey.joining import learner_of
from engine.storage.claims import DeliveryKey, claim_deliveries
from engine.storage.tables import Delivery, Touch
from engine.storage.work import Units
from tests import builders
from tests.builders import work
from tests.fakes import FakeClock
from tests.integration.mailserver import Desk, serving

pytestmark = pytest.mark.both_databases

SECRET = "a secret only this test knows"


class Crash(BaseException):
    """The process dies: nothing catches this."""


@dataclass
class Recorder:
    """A channel that keeps what it was given, and does what it is told at each message."""

    then: Callable[[Message], Any] = lambda _message: None
    taken: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.taken.append(message)
        self.then(message)

    def release(self) -> None:
        """Nothing is kept between two messages."""


def render(key: DeliveryKey, to: str) -> Message:
    return Message(
        to,
        f"Touch {key.touch}",
        "text",
        "<p>html</p>",
        message_id(SECRET, key, "example.org"),
    )


@dataclass
class Office:
    """A world in which some learners each have a delivery that waits."""

    units: Units
    clock: FakeClock
    learners: list[str]
    path: Path

    def post(self, channel: Channel, owner: str = "one") -> Outgoing:
        return Outgoing(owner, render, {"mail": channel})

    def send(self, channel: Channel, owner: str = "one") -> DeliveryCounts:
        return send_due(self.units, self.post(channel, owner))

    def claim(self, owner: str, limit: int = 1) -> list[DeliveryKey]:
        with self.units.write("town") as taking:
            keys = claim_deliveries(taking.session, self.clock.wall(), owner, LEASE, limit)
            taking.commit()
            return keys

    def rows(self) -> list[Delivery]:
        with self.units.db.read("town") as unit:
            return list(unit.scalars(select(Delivery).order_by(Delivery.learner)))

    def states(self) -> list[str]:
        return [row.state for row in self.rows()]


def office(folder: Path, people: int = 1) -> Office:
    there = builders.world(folder)
    with there.db.write("town") as unit:
        course = builders.course(unit)
        learners = [
            builders.learner(unit, there.library, course, f"p{n}@example.org")
            for n in range(people)
        ]
        for learner in learners:
            builders.lived(unit, there, learner, course)
        unit.commit()
    clock = FakeClock()
    units = Units(there.db, there.library, clock, Random(3))
    with there.db.read("town") as unit:
        due = max(unit.scalars(select(Touch.due_at)).all())
    clock.learning = clock.walled = due
    assert open_due(units) == people
    return Office(units, clock, [learner.id for learner in learners], folder)


def test_what_waits_is_sent_once(tmp_path: Path) -> None:
    there, channel = office(tmp_path, people=3), Recorder()
    assert there.send(channel) == DeliveryCounts(sent=3)
    assert there.send(channel) == DeliveryCounts()
    assert sorted(m.to for m in channel.taken) == [
        "p0@example.org",
        "p1@example.org",
        "p2@example.org",
    ]
    assert [(row.state, row.sent_at, row.owner) for row in there.rows()] == [
        ("sent", there.clock.wall(), None)
    ] * 3


def test_nothing_is_locked_while_a_message_is_on_its_way(tmp_path: Path) -> None:
    there = office(tmp_path)

    def write_elsewhere(_message: Message) -> None:
        with there.units.db.write("town") as unit:
            learner_of(unit, there.learners[0]).account.name = "Renamed meanwhile"
            unit.commit()

    assert there.send(Recorder(write_elsewhere)) == DeliveryCounts(sent=1)


def test_two_workers_never_hold_the_same_delivery_while_its_lease_lasts(tmp_path: Path) -> None:
    there = office(tmp_path, people=3)
    first, second = there.claim("one", 2), there.claim("two", 5)
    assert (len(first), len(second)) == (2, 1)
    assert not set(first) & set(second)
    assert there.claim("three", 5) == []


def test_a_worker_that_finds_everything_taken_sends_nothing(tmp_path: Path) -> None:
    there, mine, theirs = office(tmp_path), Recorder(), Recorder()
    mine.then = lambda _message: there.send(theirs, "two")
    assert there.send(mine, "one") == DeliveryCounts(sent=1)
    assert theirs.taken == []


def test_who_comes_too_late_to_claim_anything_sends_nothing(tmp_path: Path) -> None:
    there = office(tmp_path)
    there.claim("one")
    until = there.clock.wall() + SHIFT
    assert send_batch(there.units, there.post(Recorder(), "two"), "town", until) is None


def test_a_worker_that_dies_after_sending_is_followed_by_a_resend_with_the_same_id(
    tmp_path: Path,
) -> None:
    there = office(tmp_path)

    def die(_message: Message) -> None:
        raise Crash

    dying, next_one = Recorder(die), Recorder()
    with pytest.raises(Crash):
        there.send(dying, "one")
    assert there.send(next_one, "two") == DeliveryCounts()
    there.clock.later(seconds=LEASE.total_seconds() + 1)
    assert there.send(next_one, "two") == DeliveryCounts(sent=1)
    assert dying.taken[0].message_id == next_one.taken[0].message_id


def test_a_delivery_that_kills_its_worker_every_time_ends_parked(tmp_path: Path) -> None:
    there = office(tmp_path)
    for _ in range(TRIES + 1):
        there.claim("dies")
        there.clock.later(seconds=LEASE.total_seconds() + 1)
    channel = Recorder()
    there.send(channel)
    assert (channel.taken, there.states()) == ([], ["parked"])


def test_a_worker_whose_lease_is_nearly_over_does_not_begin_to_send(tmp_path: Path) -> None:
    there = office(tmp_path, people=2)
    slow = Recorder(lambda _message: there.clock.later(seconds=LEASE.total_seconds() - 10))
    until = there.clock.wall() + LEASE
    sent = send_batch(there.units, there.post(slow), "town", until)
    assert sent == DeliveryCounts(sent=1) and len(slow.taken) == 1


def test_a_slow_worker_does_not_overwrite_what_another_wrote(tmp_path: Path) -> None:
    there, quick = office(tmp_path), Recorder()

    def overtaken(_message: Message) -> None:
        there.clock.later(seconds=LEASE.total_seconds() + 1)
        there.send(quick, "two")
        raise Refusal("421 Closing", permanent=False)

    there.send(Recorder(overtaken), "one")
    assert there.states() == ["sent"]
    assert len(quick.taken) == 1


def test_a_refusal_for_now_waits_longer_each_time_and_is_parked_after_the_last_try(
    tmp_path: Path,
) -> None:
    there = office(tmp_path)

    def refuse(_message: Message) -> None:
        raise Refusal("450 Greylisted", permanent=False)

    channel, waits = Recorder(refuse), []
    for _ in range(TRIES):
        there.clock.walled = there.rows()[0].next_at
        assert there.send(channel) == DeliveryCounts(failed=1)
        waits.append(there.rows()[0].next_at - there.clock.wall())
    assert there.states() == ["parked"]
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] > timedelta(0)
    assert there.rows()[0].error == "450 Greylisted"
    there.clock.later(days=30)
    assert there.send(channel) == DeliveryCounts()
    assert len({m.message_id for m in channel.taken}) == 1


def test_a_refusal_for_good_is_parked_at_once_with_the_words_of_the_other_side(
    tmp_path: Path,
) -> None:
    there = office(tmp_path)

    def refuse(_message: Message) -> None:
        raise Refusal("550 No such person", permanent=True)

    assert there.send(Recorder(refuse)) == DeliveryCounts(failed=1)
    assert [(row.state, row.error) for row in there.rows()] == [("parked", "550 No such person")]


def test_what_is_parked_can_be_seen_and_tried_anew(tmp_path: Path) -> None:
    there = office(tmp_path, people=2)

    def refuse(message: Message) -> None:
        raise Refusal("550 No such person", permanent=True)

    there.send(Recorder(refuse))
    with there.units.db.write("town") as unit:
        assert [(p.to, p.attempts, p.error) for p in sorted(parked(unit), key=lambda p: p.to)] == [
            ("p0@example.org", 1, "550 No such person"),
            ("p1@example.org", 1, "550 No such person"),
        ]
        unit.scalars(select(Touch).where(Touch.learner == there.learners[0])).one().state = "missed"
        unit.flush()
        assert try_again(unit, there.clock.wall()) == 1
        unit.commit()
    assert there.send(Recorder()) == DeliveryCounts(sent=1)


def test_one_bad_delivery_does_not_keep_the_others(tmp_path: Path) -> None:
    there, channel = office(tmp_path, people=3), Recorder()
    bad = there.learners[1]

    def picky(key: DeliveryKey, to: str) -> Message:
        if key.learner == bad:
            raise KeyError("a string that is not there")
        return render(key, to)

    assert send_due(there.units, Outgoing("one", picky, {"mail": channel})) == DeliveryCounts(
        sent=2, failed=1
    )
    [row] = [row for row in there.rows() if row.learner == bad]
    assert (row.state, row.error) == ("waiting", "KeyError: 'a string that is not there'")


def test_what_is_no_longer_wanted_is_withdrawn_even_when_it_was_on_its_way_already(
    tmp_path: Path,
) -> None:
    there = office(tmp_path, people=2)

    def the_other_wants_no_mail(message: Message) -> None:
        other = there.learners[1 if message.to.startswith("p0") else 0]
        with there.units.db.write("town") as unit:
            pausing.to_inbox(unit, learner_of(unit, other))
            unit.commit()

    channel = Recorder(the_other_wants_no_mail)
    assert there.send(channel) == DeliveryCounts(sent=1)
    assert (len(channel.taken), sorted(there.states())) == (1, ["sent", "withdrawn"])


def test_a_touch_put_off_takes_its_mail_back(tmp_path: Path) -> None:
    there, channel = office(tmp_path), Recorder()
    with there.units.db.write("town") as unit:
        pausing.snooze(
            work(unit, library=there.units.library, now=there.clock.now(), rng=Random(1)),
            learner_of(unit, there.learners[0]),
            2,
        )
        unit.commit()
    assert there.send(channel) == DeliveryCounts()
    assert there.states() == ["withdrawn"]


def test_a_mail_goes_out_through_a_real_server_after_it_was_greylisted(tmp_path: Path) -> None:
    there, desk = office(tmp_path), Desk()
    desk.rcpt = "450 Greylisted"
    with serving(desk) as server:
        channel = SmtpChannel(server, "relecture@example.org", there.clock.wall)
        assert there.send(channel) == DeliveryCounts(failed=1)
        desk.rcpt = "250 OK"
        there.clock.later(minutes=2)
        assert there.send(channel) == DeliveryCounts(sent=1)
    assert [mail["To"] for mail in desk.taken] == ["p0@example.org"]


def test_what_comes_up_for_a_try_outside_its_learners_hours_waits_for_them(tmp_path: Path) -> None:
    def refuse(_message: Message) -> None:
        raise Refusal("451 try later", permanent=False)

    there, refusing, channel = office(tmp_path), Recorder(refuse), Recorder()
    there.clock.later(hours=9, minutes=40)
    assert there.send(refusing) == DeliveryCounts(failed=1)
    for _quarter in range(4 * 16):
        there.clock.later(minutes=15)
        there.send(channel)
        if channel.taken:
            break
    sent = there.clock.now().astimezone(ZoneInfo("Europe/Paris"))
    assert (len(channel.taken), f"{sent:%H}") == (1, "08") and sent.minute >= 30
    assert there.rows()[0].attempts == 2


def test_a_pause_that_began_meanwhile_holds_what_is_on_its_way(tmp_path: Path) -> None:
    there, channel = office(tmp_path), Recorder()
    with there.units.db.write("town") as unit:
        learner_of(unit, there.learners[0]).paused_until = there.clock.now().date() + timedelta(
            days=3
        )
        unit.commit()
    assert there.send(channel) == DeliveryCounts()
    assert (there.states(), there.rows()[0].attempts, channel.taken) == (["waiting"], 0, [])
