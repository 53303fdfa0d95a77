"""A stranger wants the disk full: whoever knows an issuer and client id may begin logins, and
whoever has an address of this site may open registration links."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine.people import gate
from engine.people.gate import Visitor
from engine.storage.tables import LtiState, Throttle
from tests.apps import SECRET
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import login_params, serve
from web.site import signing

pytestmark = pytest.mark.both_databases

STRANGER, SCHOOL = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Plugged]:
    with serve() as lms:
        made = plugged(tmp_path, lms)
        yield made
        made.house.services.close()


def log_in(there: Plugged, network: str) -> TestResponse:
    """Begins a login, as an LMS sends a browser to do."""
    tool = there.house.services.settings.base_url
    params = login_params(there.registration, target_link_uri=f"{tool}/lti/to/course")
    browser = there.house.client(network)
    answer = browser.get("/lti/login", query_string=params, base_url=tool)
    return browser.get(answer.location, base_url=tool) if answer.status_code == 303 else answer


def use_up(there: Plugged, ways: tuple[gate.Way, ...], left: int) -> None:
    """Leaves so many tries of what is counted."""
    [[one]] = ways
    with there.house.services.db.shared(write=True) as session:
        key, wall = signing.blind(SECRET, one.name), there.house.clock.wall()
        session.add(Throttle(key=key, since=wall, tries=one.most - left))
        session.commit()


def kept(there: Plugged) -> int:
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(func.count()).select_from(LtiState)).one()


def test_a_network_address_that_has_begun_too_many_logins_writes_no_more(there: Plugged) -> None:
    use_up(there, gate.launches(Visitor(STRANGER)), left=2)
    assert [log_in(there, STRANGER).status_code for _ in range(5)] == [302, 302, 429, 429, 429]
    assert kept(there) == 2
    assert log_in(there, SCHOOL).status_code == 302, "others go on"


def test_all_the_addresses_of_the_world_keep_no_launch_out_and_leave_little(
    there: Plugged,
) -> None:
    use_up(there, gate.quiet_launches(there.registration.id), left=1)
    for minute in range(5):
        for n in range(4):
            assert log_in(there, f"203.0.{minute}.{n}").status_code == 302
        there.house.clock.later(seconds=61)
    assert there.browser().enter().status_code == 200, "a genuine launch gets in"
    assert kept(there) == 1, "what nobody completed goes after a minute"


def test_whoever_tries_registration_links_is_counted(there: Plugged) -> None:
    tool = there.house.services.settings.base_url
    stranger = there.house.client(STRANGER)
    answers = [stranger.get(f"/lti/register/{n}", base_url=tool).status_code for n in range(62)]
    assert answers[-2:] == [429, 429] and 429 not in answers[:60]
