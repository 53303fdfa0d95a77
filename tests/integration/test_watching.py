"""``/readyz`` and ``/metrics``: for monitors alone, and nothing of anybody in them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.packs.new import new_pack
from engine.storage.tables import Delivery, MailRefusal, Touch
from tests import builders
from tests.apps import House, house
from tests.builders import MONDAY

pytestmark = pytest.mark.both_databases
TOKEN = "qW7_eRt2Yu9-iOp4AsD6fGh8JkL1zXc3VbN5mQ0aSwE"


def asked(made: House, header: str | None = f"Bearer {TOKEN}") -> tuple[int, str]:
    headers = {} if header is None else {"Authorization": header}
    answer = made.app.test_client().get("/metrics", headers=headers)
    return answer.status_code, answer.text


def test_without_a_token_in_the_settings_there_are_no_figures(tmp_path: Path) -> None:
    made = house(tmp_path)
    for header in (None, "Bearer ", "Bearer", f"Bearer {TOKEN}"):
        assert asked(made, header)[0] == 404


def test_whoever_has_not_the_token_gets_nothing(tmp_path: Path) -> None:
    made = house(tmp_path, metrics_token=TOKEN)
    for header in (None, "", TOKEN, f"bearer {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e9"):
        assert asked(made, header) == (401, "")


def test_figures_count_and_name_nobody(tmp_path: Path) -> None:
    made = house(tmp_path, "town", "village", metrics_token=TOKEN)
    services, wall = made.services, made.clock.wall()
    services.library.install(new_pack(builders.PACK), MONDAY)
    with services.db.write("town") as unit:
        lea = builders.learner(unit, services.library, builders.course(unit))
        at = {"due_at": wall, "expires_at": wall + timedelta(days=1), "minutes": 1}
        unit.add(Touch(learner=lea.id, number=1, state="planned", **at))
        unit.flush()
        unit.add(Delivery(learner=lea.id, touch=1, channel="mail", next_at=wall))
        row = {"in_a_row": 3, "last_touch": 1, "status": "5.1.1", "said": "lea@", "at": wall}
        unit.add(MailRefusal(account=lea.id, refused_at=wall, **row))
        unit.commit()
        key = lea.id
    status, told = asked(made)
    assert status == 200
    for line in (
        'relecture_deliveries{state="waiting"} 1.0',
        "relecture_deliveries_due 1.0",
        "relecture_touches_due 1.0",
        "relecture_mail_refused 1.0",
        "relecture_database_writable 1.0",
    ):
        assert line in told.splitlines(), line
    assert [word for word in ("town", "village", "lea", "Léa", key, "@") if word in told] == []


def test_ready_is_who_can_serve(tmp_path: Path) -> None:
    made = house(tmp_path)
    answer = made.app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ready"})
    made.services.pulse.note((asked,), made.clock.wall() - timedelta(days=1))
    made.clock.later(minutes=1)
    client = made.app.test_client()
    assert client.get("/healthz").status_code == 503 and client.get("/readyz").status_code == 200
