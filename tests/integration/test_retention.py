"""Retention: what is old enough goes, the rest stays, and nothing that a learner's path is made of
ever goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from engine.journey import forgetting
from engine.journey.joining import learner_of
from engine.people.periods import shorten
from engine.storage.retention import BATCH, RULES, days_of, forget_old
from engine.storage.tables import (
    Account,
    Act,
    Address,
    Answer,
    Delivery,
    Enrolment,
    Invitation,
    Learner,
    LtiInvite,
    LtiNotice,
    LtiRegistration,
    LtiState,
    Memory,
    Outbox,
    Touch,
    TouchPrompt,
)
from engine.storage.work import Units
from engine.values.errors import Invalid
from tests import builders
from tests.builders import MONDAY, World, work
from tests.fakes import FakeClock

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)


@dataclass
class Archive:
    """A learner who lived one experience, in time that only tests move."""

    units: Units
    clock: FakeClock
    learner: str
    enrolment: str

    def put(self, *rows: Any) -> None:
        with self.units.db.write("town") as unit:
            for row in rows:
                unit.add(row)
                unit.flush()
            unit.commit()

    def touch(self, number: int, state: str, *, asks: bool = True, answered: bool = False) -> None:
        """A touch that closed on the first day, its one question answered or not."""
        prompt = {"enrolment": self.enrolment, "prompt": "lundi", "occurrence": number}
        self.put(
            Touch(
                learner=self.learner,
                number=number,
                state=state,
                due_at=MONDAY,
                expires_at=MONDAY,
                closed_at=MONDAY,
                minutes=1,
            )
        )
        if asks:
            its = {"learner": self.learner, "touch": number, "position": 1, "minutes": 1}
            self.put(TouchPrompt(**prompt, **its, reasons=[]))
        if answered:
            self.put(
                Answer(
                    **prompt,
                    touch=number,
                    version="0.1.0",
                    content={"text": "x"},
                    answered_at=MONDAY,
                )
            )

    def close_debrief(self) -> None:
        with self.units.db.write("town") as unit:
            [lived] = unit.scalars(select(Enrolment))
            lived.closed_at, lived.closed_as = MONDAY, "ended"
            unit.commit()

    def after(self, days: float) -> int:
        """Go to so many days after the first, and forget; how many rows went."""
        self.clock.learning = self.clock.walled = MONDAY + days * DAY
        return forget_old(self.units)

    def touches(self) -> list[int]:
        return [row.number for row in self.rows(Touch)]

    def rows(self, table: type[Any], tenant: str = "town") -> list[Any]:
        with self.units.db.read(tenant) as unit:
            return list(unit.scalars(select(table)))


@pytest.fixture
def there(tmp_path: Path) -> Archive:
    made = builders.world(tmp_path, "town", "valley")
    with made.db.write("town") as unit:
        course = builders.course(unit)
        learner = builders.learner(unit, made.library, course)
        lived = builders.lived(unit, made, learner, course)
        unit.add(Memory(enrolment=lived.id, takeaway="t", card="{}"))
        for touch in unit.scalars(select(Touch)):
            unit.delete(touch)
        unit.commit()
    clock = FakeClock()
    units = Units(made.db, made.library, clock, Random(3))
    return Archive(units, clock, learner.id, lived.id)


def registration() -> LtiRegistration:
    address = "https://lms.example.org"
    return LtiRegistration(
        id="r",
        issuer=address,
        client_id="c",
        login_url=address,
        token_url=address,
        keys_url=address,
        created_at=MONDAY,
    )


def invite(token: str) -> LtiInvite:
    return LtiInvite(token=token, created_at=MONDAY, expires_at=MONDAY)


def test_no_rule_names_what_a_learner_lived_answered_or_remembers() -> None:
    for_ever = {Account, Act, Address, Answer, Enrolment, Learner, Memory, TouchPrompt}
    assert not for_ever & {rule.table for rule in RULES}


def test_a_touch_of_which_nothing_was_answered_goes_after_its_days(there: Archive) -> None:
    there.close_debrief()
    there.touch(1, "missed")
    there.touch(2, "snoozed", asks=False)
    assert (there.after(400), there.touches()) == (0, [1, 2])
    assert (there.after(400.1), there.touches()) == (2, [])


def test_what_was_answered_stays_whole_whatever_its_age(there: Archive) -> None:
    there.close_debrief()
    there.touch(1, "answered", answered=True)
    before = exported(there)
    assert there.after(4000) == 0
    assert exported(there) == before


def exported(there: Archive) -> dict[str, Any]:
    with there.units.db.read("town") as unit:
        who = learner_of(unit, there.learner)
        return forgetting.export(work(unit, library=there.units.library), who, "fr")


def test_what_an_open_debrief_has_asked_stays(there: Archive) -> None:
    there.touch(1, "missed")
    assert (there.after(4000), there.touches()) == (0, [1])


def test_a_touch_that_is_planned_or_open_stays(there: Archive) -> None:
    there.close_debrief()
    there.touch(1, "open")
    there.touch(2, "planned")
    assert (there.after(4000), there.touches()) == (0, [1, 2])


@pytest.mark.parametrize(
    ("state", "days"), [("sent", 90), ("withdrawn", 90), ("parked", 400), ("waiting", None)]
)
def test_a_message_that_is_done_goes_after_its_days_and_its_touch_stays(
    there: Archive, state: str, days: int | None
) -> None:
    there.touch(1, "answered", answered=True)
    there.put(Delivery(learner=there.learner, touch=1, channel="mail", state=state, next_at=MONDAY))
    assert there.after(days or 4000) == 0
    assert there.after((days or 4000) + 1) == (days is not None)
    assert len(there.rows(Delivery)) == (days is None)
    assert there.touches() == [1]


@pytest.mark.parametrize(("state", "goes"), [("done", True), ("parked", False)])
def test_news_that_were_told_go_and_news_that_wait_for_a_person_stay(
    there: Archive, state: str, goes: bool
) -> None:
    there.put(Outbox(enrolment=there.enrolment, state=state, next_at=MONDAY))
    assert (there.after(30), there.after(31)) == (0, int(goes))


def test_notices_and_invitations_of_an_lms_go(there: Archive) -> None:
    there.put(
        registration(),
        LtiNotice(registration="r", notice="n", received_at=MONDAY),
        invite("t"),
    )
    assert [there.after(days) for days in (30, 31, 90, 91)] == [0, 1, 0, 1]
    assert (there.rows(LtiNotice), there.rows(LtiInvite)) == ([], [])


def state(name: str, used: bool) -> LtiState:
    its = {"registration": "r", "nonce": name, "browser": name, "target": "t"}
    return LtiState(state=name, **its, expires_at=MONDAY, used_at=MONDAY if used else None)


def test_a_login_that_nobody_completed_goes_at_once_and_a_completed_one_after_a_day(
    there: Archive,
) -> None:
    there.put(registration(), state("used", True), state("unused", False))
    assert [there.after(days) for days in (0, 1 / 24, 1, 1.1)] == [0, 1, 0, 1]
    assert there.rows(LtiState) == []


def test_much_goes_in_short_transactions_and_each_organisation_in_its_own(there: Archive) -> None:
    many = BATCH + 1
    with there.units.db.engine.begin() as connection:
        for tenant in ("town", "valley"):
            rows = [
                {"tenant": tenant, "token": f"{tenant}{n}"}
                | {"created_at": MONDAY, "expires_at": MONDAY}
                for n in range(many)
            ]
            connection.execute(insert(LtiInvite), rows)
    commits: list[object] = []
    event.listen(there.units.db.engine, "commit", commits.append)
    assert there.after(31) == 2 * many
    assert len(commits) == 4
    assert there.rows(LtiInvite, "valley") == []


def test_when_nothing_is_old_enough_nothing_is_written(there: Archive) -> None:
    there.put(invite("t"))
    with builders.queries(there.units.db) as asked:
        assert there.after(1) == 0
    looks = [one for one in asked if not one.startswith("BEGIN")]
    assert len(looks) == len(RULES) + 1, "one a rule, and one for who keeps less long"
    assert "BEGIN IMMEDIATE" not in asked and not any(one.startswith("DELETE") for one in asked)


def test_an_organisation_that_keeps_less_long_has_its_own_deleted_and_no_others(
    tmp_path: Path,
) -> None:
    there = builders.world(tmp_path, "town", "village")
    clock = FakeClock(MONDAY)
    for tenant in ("town", "village"):
        with there.db.write(tenant) as unit:
            course = builders.course(unit)
            row = {"language": "fr", "asked_at": MONDAY, "next_at": MONDAY, "state": "sent"}
            unit.add(Invitation(course=course.id, email="noe@example.org", **row))
            unit.commit()
    with there.db.write("town") as unit:
        assert shorten(work(unit), {"invitations": 20, "touches": None}) == ["invitations"]
        for days in (13, 91):
            with pytest.raises(Invalid) as wrong:
                shorten(work(unit), {"invitations": days})
            assert wrong.value.field == "invitations"
        unit.commit()
    units = Units(there.db, there.library, clock, Random(1))

    def left() -> list[str]:
        return [t for t in ("town", "village") if rows_in(there, t)]

    def rows_in(there: World, tenant: str) -> list[Any]:
        with there.db.read(tenant) as unit:
            return list(unit.scalars(select(Invitation)))

    clock.later(days=19)
    forget_old(units)
    assert left() == ["town", "village"]
    clock.later(days=2)
    forget_old(units)
    assert left() == ["village"]
    clock.later(days=80)
    forget_old(units)
    assert left() == []


def test_days_that_were_written_by_another_version_stay_within_the_bounds() -> None:
    [rule] = [one for one in RULES if one.key == "invitations"]
    said = (None, {}, {"invitations": 1}, {"invitations": 999}, {"invitations": "x"})
    assert [days_of(rule, one) for one in said] == [90, 90, rule.least, 90, 90]
    assert all(one.least <= one.days for one in RULES)
