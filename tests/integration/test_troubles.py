"""Administrators are told once when something goes wrong, and once more when it is well."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.people.troubles import Known, decide
from engine.storage.tables import LtiHealth, LtiRegistration
from tests.apps import House, house
from tests.fakes import MONDAY
from web import watching, worker

pytestmark = pytest.mark.both_databases
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(made: House) -> list[tuple[str, str]]:
    """The mails since the last look."""
    watching.watch(made.services)
    seen = [(one.to, one.subject) for one in made.outbox.messages]
    made.outbox.messages.clear()
    return seen


def connected(made: House) -> None:
    address = "https://lms.example.org"
    urls = {"login_url": address, "token_url": address, "keys_url": address}
    with made.services.db.write("town") as unit:
        unit.add(LtiRegistration(id="r", issuer=address, client_id="c", created_at=MONDAY, **urls))
        unit.flush()
        unit.add(LtiHealth(registration="r"))
        unit.commit()


def note(made: House, *, failed: bool) -> None:
    with made.services.db.write("town") as unit:
        row = unit.get_one(LtiHealth, ("town", "r"))
        if failed:
            row.failed_at = made.clock.wall()
        else:
            row.served_at = made.clock.wall()
        unit.commit()


def test_a_connection_that_fails_for_a_day_is_told_once_and_once_more_when_well(
    tmp_path: Path,
) -> None:
    made = house(tmp_path, "town", "village")
    made.account(email="eva@example.org", role="administrator")
    made.account(email="lea@example.org")
    made.account("village", email="bo@example.net", role="administrator")
    connected(made)
    assert told(made) == []
    for _hour in range(24):
        note(made, failed=True)
        assert told(made) == []
        made.clock.later(hours=1)
    note(made, failed=True)
    assert [to for to, _ in told(made)] == ["eva@example.org"]
    for _hour in range(3):
        made.clock.later(hours=1)
        note(made, failed=True)
        assert told(made) == []
    made.clock.later(hours=1)
    note(made, failed=False)
    assert [to for to, _ in told(made)] == ["eva@example.org"]
    assert told(made) == []


def test_one_failure_that_nothing_followed_is_nobodys_trouble(tmp_path: Path) -> None:
    made = house(tmp_path)
    made.account(email="eva@example.org", role="administrator")
    connected(made)
    note(made, failed=True)
    assert told(made) == []
    made.clock.later(days=9)
    assert told(made) == []


def test_a_job_that_stopped_is_told_to_every_organisation(tmp_path: Path) -> None:
    made = house(tmp_path, "town", "village")
    made.account(email="eva@example.org", role="administrator")
    made.account("village", email="bo@example.net", role="administrator")
    made.services.pulse.note(worker.JOBS, made.clock.wall())
    assert told(made) == []
    made.clock.later(hours=1)
    assert [to for to, _ in told(made)] == ["eva@example.org", "bo@example.net"]
    assert told(made) == []
    made.services.pulse.note(worker.JOBS, made.clock.wall())
    assert len(told(made)) == 2 and told(made) == []


def test_what_nobody_could_be_told_is_told_later(tmp_path: Path) -> None:
    made = house(tmp_path)
    made.services.pulse.note(worker.JOBS, made.clock.wall() - DAY)
    assert told(made) == []
    made.account(email="eva@example.org", role="administrator")
    assert len(told(made)) == 1


def test_a_disk_is_told_of_at_once_and_what_was_never_told_is_not_told_to_be_well() -> None:
    assert decide({}, {"disk": MONDAY}).wrong == ("disk",)
    assert decide({"disk": Known(MONDAY, False)}, {}).well == ()
    assert decide({"disk": Known(MONDAY, True)}, {}).well == ("disk",)
    later = {"connection:r": MONDAY + DAY - HOUR}
    assert decide({"connection:r": Known(MONDAY, False)}, later).wrong == ()
