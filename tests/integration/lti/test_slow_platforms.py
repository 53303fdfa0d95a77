"""One party's slowness is its own: whatever a platform or a mail server does, others have their
turn. The clock is a fake that slow parties move."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.delivery.outbox import NewsCounts, NewsFailure, tell_news
from engine.delivery.reasons import NewsUntold
from engine.journey.addresses import MAIL
from engine.people.accounts import get_or_create_organisation
from engine.people.invitations import invite
from engine.storage.claims import ContextRow
from engine.storage.tables import Course, LtiContext, Outbox
from engine.storage.work import Work
from lti.courses.turns import Turn
from lti.platforms import registrations
from lti.services.budget import EACH, Budget
from lti.services.call import OutOfTime
from lti.wire import names
from tests import builders
from tests.bench import product
from tests.builders import MONDAY, work
from tests.fakes import FakeClock
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import Lms, Reply
from web import worker

PAGES, SECONDS = 14, 9
"""A roster that takes 126 seconds, in pages each of which is in time."""


def dripping(there: Plugged, clock: FakeClock) -> None:
    """The roster of the platform comes in slow pages of one member each."""

    def page(asked: Any) -> Reply:
        clock.later(seconds=SECONDS)
        number = int(asked.query.get("page", ["1"])[0])
        said = Reply.json({"members": [{"user_id": f"user-{number}"}]})
        if number < PAGES:
            following = there.lms.url(f"/members?page={number + 1}")
            said = replace(said, headers={**said.headers, "Link": f'<{following}>; rel="next"'})
        return said

    there.lms.routes["/members"] = page


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    made = plugged(tmp_path, lms)
    lms.routes["/token"] = lambda _: Reply.json({"access_token": "t", "token_type": "Bearer"})

    def here(claims: dict[str, Any]) -> None:
        claims[names.NRPS] = {"context_memberships_url": lms.url("/members")}

    made.browser().enter(here)
    return made


def test_a_dripping_roster_is_left_after_its_time_and_read_to_its_end_in_the_next_ticks(
    there: Plugged,
) -> None:
    clock, services = there.house.clock, there.house.services
    dripping(there, clock)
    ticks = 0
    while not worker.sync_rosters(services).synced:
        ticks += 1
        assert ticks < 10, "it goes on where it was left"
    assert ticks == 126 // 27, "three pages of nine seconds a tick"
    asked = [one.query.get("page", ["1"])[0] for one in there.lms.asked if one.path == "/members"]
    assert asked == [str(n) for n in range(1, PAGES + 1)], "no page is read twice"
    with services.db.read("town") as unit:
        assert unit.scalars(select(LtiContext.learners)).one() == PAGES
        assert unit.scalars(select(LtiContext.sync_at)).one() > clock.wall() + timedelta(hours=5)


def switched_off(there: Plugged, work: Work) -> None:
    registrations.switch(work, there.registration.id, False)


def changed(there: Plugged, work: Work) -> None:
    its = registrations.get(work, there.registration.id)
    registrations.edit(work, replace(its, token_url=there.lms.url("/elsewhere")))


def removed(there: Plugged, work: Work) -> None:
    registrations.remove(work, there.registration.id)


@pytest.mark.parametrize("become", [switched_off, changed, removed])
def test_a_roster_that_was_left_does_not_go_on_once_its_connection_is_another(
    there: Plugged, become: Callable[[Plugged, Work], None]
) -> None:
    services = there.house.services
    dripping(there, there.house.clock)
    worker.sync_rosters(services)
    assert list(services.lti.left)
    with services.write("town") as unit:
        become(there, unit)
        unit.commit()
    before = len(there.lms.asked)
    assert worker.sync_rosters(services).synced == 0
    assert (services.lti.left, there.lms.asked[before:]) == ({}, [])


def test_a_tick_of_rosters_ends_soon_whatever_one_platform_does(there: Plugged) -> None:
    clock = there.house.clock
    dripping(there, clock)
    began = clock.wall()
    worker.sync_rosters(there.house.services)
    assert clock.wall() - began <= EACH + timedelta(seconds=SECONDS)


def test_another_registration_has_its_turn_after_twenty_seconds_and_what_is_left_goes_on() -> None:
    clock = FakeClock()
    done: list[str] = []

    def steps(name: str, count: int, seconds: int) -> Iterator[None]:
        for _ in range(count):
            clock.later(seconds=seconds)
            yield
        done.append(name)
        return True

    slow, quick = (ContextRow("town", name, "1", "1") for name in ("slow", "quick"))
    left: dict = {}
    turn = Turn(clock, clock.wall() + timedelta(minutes=1), left)
    assert not turn.go_on(slow, steps("slow", 5, 9))
    assert turn.go_on(quick, steps("quick", 3, 1))
    assert done == ["quick"] and list(left) == [slow]
    assert clock.wall() - MONDAY == timedelta(seconds=30)
    again = Turn(clock, clock.wall() + timedelta(minutes=1), left)
    assert again.go_on(slow, steps("never begun", 1, 1))
    assert done == ["quick", "slow"] and left == {}


def test_what_was_left_for_an_hour_is_forgotten_since_anybody_may_begin_it() -> None:
    clock, left = FakeClock(), {}
    closed: list[bool] = []

    def endless() -> Iterator[None]:
        try:
            while True:
                clock.later(seconds=9)
                yield
        finally:
            closed.append(True)

    turn = Turn(clock, clock.wall() + timedelta(minutes=1), left)
    assert not turn.go_on(ContextRow("town", "slow", "1", "1"), endless())
    turn.drop_older_than(timedelta(hours=1))
    assert len(left) == 1
    clock.later(hours=1)
    turn.drop_older_than(timedelta(hours=1))
    assert (left, closed) == ({}, [True])


def test_calls_beyond_the_time_of_a_registration_are_not_made_and_others_are(
    there: Plugged,
) -> None:
    clock, caller = there.house.clock, there.house.services.lti.caller
    within = replace(caller, budget=Budget())
    registration = there.registration

    def slowly(_asked: Any) -> Reply:
        clock.later(seconds=SECONDS)
        return Reply.json({"members": []})

    there.lms.routes["/members"] = slowly

    def call() -> None:
        url = there.lms.url("/members")
        within.call(registration, "GET", url, [names.SCOPE_ROSTER], accept=names.MEDIA_ROSTER)

    for _ in range(3):
        call()
    before = len(there.lms.asked)
    with pytest.raises(OutOfTime):
        call()
    assert len(there.lms.asked) == before
    assert within.budget is not None
    assert within.budget.used["town", "another"] < EACH


def test_news_that_had_no_time_are_put_off_and_not_counted_as_tried(tmp_path: Path) -> None:
    there, clock = builders.world(tmp_path), FakeClock()
    with there.db.write("town") as unit:
        course = builders.course(unit)
        learner = builders.learner(unit, there.library, course)
        unit.add(Outbox(enrolment=builders.lived(unit, there, learner, course).id))
        unit.commit()
    units = replace(there.units(), clock=clock)
    for _ in range(30):
        counts = tell_news(units, "one", lambda _key: NewsFailure(NewsUntold(), tried=False))
        assert counts == NewsCounts(failed=1)
        clock.later(minutes=1)
    with there.db.read("town") as unit:
        [row] = unit.scalars(select(Outbox))
        assert (row.state, row.attempts) == ("waiting", 0)
    assert tell_news(units, "one", lambda _key: None) == NewsCounts(told=1)


# --- the jobs beside each other


@dataclass
class Hanging:
    """A mail server that answers nobody until it is let go."""

    asked: threading.Event
    answer: threading.Event

    def send(self, _message: Message) -> None:
        self.asked.set()
        assert self.answer.wait(30)
        raise Refusal("TimeoutError: timed out", permanent=False)

    def release(self) -> None:
        """Nothing is kept between two messages."""


def test_what_opens_and_ends_goes_on_while_the_mail_server_hangs(tmp_path: Path) -> None:
    made, there = product.installed(tmp_path)
    product.play(there, product.learner(there), 1)
    with made.services.db.write(product.TENANT) as unit:
        invite(work(unit), unit.scalars(select(Course)).first(), ["noe@example.org"])
        unit.commit()
    server = Hanging(threading.Event(), threading.Event())
    services = replace(made.services, channels={MAIL: server})
    mails = threading.Thread(target=worker.work_off, args=(services, worker.send_mails))
    mails.start()
    try:
        assert server.asked.wait(30)
        product.fall_due(there, MONDAY)
        assert worker.work_off(services, worker.open_and_end).opened == 1
    finally:
        server.answer.set()
        mails.join()


def test_a_due_mail_leaves_whatever_the_roster_of_another_organisation_does(
    there: Plugged,
) -> None:
    services = there.house.services
    asked, answer = threading.Event(), threading.Event()

    def hanging(_asked: Any) -> Reply:
        asked.set()
        assert answer.wait(8)
        return Reply.json({"members": []})

    there.lms.routes["/members"] = hanging
    rosters = threading.Thread(target=worker.work_off, args=(services, worker.sync_rosters))
    rosters.start()
    try:
        assert asked.wait(30)
        with services.db.shared(write=True) as unit:
            get_or_create_organisation(unit, "valley", "Valley", MONDAY)
            unit.commit()
        with services.db.write("valley") as unit:
            course = builders.outlines.import_outline(unit, builders.outline(), MONDAY)
            invite(work(unit), course, ["noe@example.org"])
            unit.commit()
        sent = [worker.work_off(services, worker.send_mails).sent for _tick in range(2)]
        assert sum(sent) == 1
    finally:
        answer.set()
        rosters.join()
