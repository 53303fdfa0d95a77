"""A launch is taken whole or not at all: whoever could not arrive uses nothing up and may try the
same post again, and a bug on the way in is a bug."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from engine.packs.model import Pack
from engine.packs.new import new_pack
from engine.storage.database import Database, TenantLeak
from engine.storage.library import Library
from engine.storage.tables import (
    Account,
    Course,
    LtiContext,
    LtiHealth,
    LtiHost,
    LtiLink,
    LtiPerson,
    LtiState,
    LtiVisit,
    Membership,
)
from lti.wire import names
from tests import builders
from tests.bench.cost import cost
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import NOW, TOOL, Lms, rsa
from web.bootstrap import lti_tool, web_app

pytestmark = pytest.mark.both_databases

LATER = "later"
"""A pack that is installed only after somebody wanted to open an experience of it."""
MADE = (Account, LtiPerson, Course, LtiContext, LtiHost, LtiLink, Membership, LtiVisit)


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Plugged]:
    made = plugged(tmp_path, lms)
    yield made
    made.house.services.close()


def placed_too_early(claims: dict[str, Any]) -> None:
    claims[names.CUSTOM] = {"module": f"{LATER}/{builders.MODULE}"}


def count(there: Plugged, *tables: type[Any]) -> list[int]:
    with there.house.services.db.read("town") as unit:
        return [unit.scalar(select(func.count()).select_from(table)) for table in tables]


def used(there: Plugged) -> list[bool]:
    with there.house.services.db.read("town") as unit:
        return [state.used_at is not None for state in unit.scalars(select(LtiState))]


def health(there: Plugged) -> LtiHealth:
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(LtiHealth)).one()


def test_whoever_could_not_arrive_tries_the_same_post_again(there: Plugged) -> None:
    guest = there.browser()
    asked = guest.log_in()
    claims = guest.claims(asked, placed_too_early)
    refused = guest.post(asked, claims)
    assert refused.status_code == 400 and "module-unknown" in refused.get_data(as_text=True)
    assert count(there, *MADE) == [0] * len(MADE) and used(there) == [False]
    told = health(there)
    assert told.launched_at is None and told.failed_at is not None
    assert told.error is not None and told.error["code"] == "module-unknown"

    there.house.services.library.install(new_pack(LATER), NOW)
    assert guest.post(asked, claims).status_code == 303
    assert count(there, *MADE) == [1] * len(MADE) and used(there) == [True]
    assert guest.post(asked, claims).status_code == 400 and count(there, LtiVisit) == [1]


def test_of_many_posts_at_once_of_an_arrival_that_failed_one_is_a_launch(there: Plugged) -> None:
    guest = there.browser()
    asked = guest.log_in()
    claims = guest.claims(asked, placed_too_early)

    rsa("platform")  # made before the threads ask for it

    def together() -> list[int]:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(lambda _: guest.post(asked, claims).status_code, range(8)))

    assert together() == [400] * 8 and used(there) == [False]
    there.house.services.library.install(new_pack(LATER), NOW)
    assert sorted(together()) == [303] + [400] * 7
    assert count(there, LtiVisit, Account) == [1, 1]


def test_a_launch_is_one_look_and_one_unit_of_work(there: Plugged) -> None:
    to_course = {"target_link_uri": f"{TOOL}/lti/to/course"}
    there.browser().launch(_to_course, **to_course)
    for who in ("user-7", "somebody-new"):
        guest = there.browser()
        asked = guest.log_in(**to_course)
        claims = guest.claims(asked, _to_course, lambda said, who=who: said.update(sub=who))
        with cost(there.house.services.db) as seen:
            assert guest.post(asked, claims).status_code == 303
        assert seen.transactions == 1  # to look, none is begun


def _to_course(claims: dict[str, Any]) -> None:
    claims[names.TARGET] = f"{TOOL}/lti/to/course"


class Leaking(Library):
    """Looks at people without saying whose."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.database = database

    def newest(self) -> tuple[Pack, ...]:
        with self.database.shared() as unit:
            unit.scalars(select(Account)).all()
        return ()


@pytest.fixture
def leaking(there: Plugged) -> Plugged:
    """An installation where a launch touches what is not its organisation's."""
    services = there.house.services
    units = replace(services.units, library=Leaking(services.db))
    services = replace(services, units=units, lti=lti_tool(services.settings, units))
    return there.at(replace(there.house, services=services, app=web_app(services)))


def test_a_tenant_leak_during_a_launch_is_a_logged_bug_and_no_refusal(leaking: Plugged) -> None:
    guest = leaking.browser()
    asked = guest.log_in()
    claims = guest.claims(asked)
    with capture_logs() as logs:
        answer = guest.post(asked, claims)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500 and "no-tenant" not in page and "launch-refused" not in page
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["bug"]
    [bug] = [line["exc_info"] for line in logs if line["event"] == "bug"]
    assert isinstance(bug, TenantLeak) and bug.__traceback__ is not None
    assert not any(line["event"] == "launch-refused" for line in logs)
    assert used(leaking) == [False] and health(leaking).error is None
