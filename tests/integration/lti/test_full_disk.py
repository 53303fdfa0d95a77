"""Inside an LMS, where the session lies in the database: pages are read although nothing can be
written."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from engine.storage.tables import LtiVisit
from tests.integration.lti.doors import plugged
from tests.integration.lti.lms import Lms
from tests.integration.test_health import READ_ONLY, every_connection


def test_a_visit_goes_on_reading_although_its_session_cannot_be_kept(
    tmp_path: Path, lms: Lms
) -> None:
    there = plugged(tmp_path, lms)
    guest = there.browser()
    guest.enter()
    with there.house.services.db.write("town") as unit:
        visit = unit.scalars(select(LtiVisit)).one()
        visit.session = {name: said for name, said in visit.session.items() if "csrf" not in name}
        unit.commit()
    with every_connection(there.house.services.db.engine, READ_ONLY):
        page = guest.get("/contract")
        assert page.status_code == 200 and "pari de la confiance" in page.text
        refused = guest.send("/contract")
        assert refused.status_code in (400, 503)
    guest.get("/contract")
    assert guest.where(guest.send("/contract", change="1")) == "/rhythm"
    there.house.services.close()
