"""Whose login it is where several organisations have entered the same issuer: whoever launched
first, or has its deployment, and no stranger can take that away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lti.launch import login
from lti.platforms import lookups, registrations
from lti.platforms.lookups import Named
from lti.platforms.registrations import Registration
from lti.wire.refusals import LaunchRefused
from tests.integration.lti.lms import (
    DEPLOYMENT,
    LAUNCH,
    Lms,
    Town,
    attempt,
    login_params,
    own,
    town,
    units,
)

pytestmark = pytest.mark.both_databases

SQUATS = {
    "the-same": {},
    "another-client": {"client_id": "client-9"},
    "capitals": {"issuer": "https://LMS.example.org"},
    "a-slash": {"issuer": "https://lms.example.org/"},
    "a-client-in-capitals": {"client_id": "CLIENT-1"},
}
ISSUER = "https://lms.example.org"
ELSEWHERE = {"login_url": "https://evil.example/auth"}
LOGINS = {
    "with-client": {},
    "without-client": {"client_id": None},
    "with-deployment": {"lti_deployment_id": DEPLOYMENT},
    "with-deployment-alone": {"client_id": None, "lti_deployment_id": DEPLOYMENT},
    "with-another-deployment": {"lti_deployment_id": "d-9"},
}


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Town:
    """The town is registered, nobody has launched."""
    return town(tmp_path, lms, "village", "city")


def squat(there: Town, *, deployment: str = DEPLOYMENT, **differently: Any) -> Registration:
    """The village enters what the town has entered; it has a platform of its own."""
    its = replace(there.registration, tenant="village", issuer=ISSUER)
    return enter(there, replace(its, **{**ELSEWHERE, **differently}), deployment)


def enter(there: Town, wanted: Registration, deployment: str = DEPLOYMENT) -> Registration:
    """A connection is entered by hand, a minute after what was done before."""
    there.now += timedelta(minutes=1)
    with there.units.write(wanted.tenant) as work:
        made = registrations.add(work, wanted)
        registrations.accept_deployment(work, made.id, deployment)
        work.commit()
    there.now += timedelta(minutes=1)
    return made


def come_second(there: Town) -> None:
    """The town enters its own connection now."""
    there.registration = enter(there, replace(there.registration, issuer=ISSUER))


def launches(there: Town, registration: Registration) -> None:
    """Somebody launches by this registration, wherever its logins would have gone."""
    with there.units.write(registration.tenant) as work:
        before = registrations.LaunchHealth()
        registrations.note_launch(work, registrations.get(work, registration.id), before, 0)
        work.commit()
    there.now += timedelta(minutes=1)


def goes_to(there: Town, **said: str | None) -> str:
    """The organisation that a login of the town's platform is for."""
    params = login_params(there.registration, **said)
    begun = login.begin(
        there.units,
        params,
        redirect_uri=LAUNCH,
        own=own,
        browser=None,
        crowded=lambda _registration: False,
    )
    return begun.registration.tenant


@pytest.mark.parametrize("said", LOGINS.values(), ids=LOGINS)
@pytest.mark.parametrize("squatted", SQUATS.values(), ids=SQUATS)
def test_no_login_of_an_owner_who_has_launched_goes_to_who_enters_the_same_later(
    there: Town, squatted: dict[str, Any], said: dict[str, str | None]
) -> None:
    attempt(there).post()
    there.now += timedelta(minutes=1)
    launches(there, squat(there, **squatted))
    assert goes_to(there, **said) == "town"


@pytest.mark.parametrize("said", LOGINS.values(), ids=LOGINS)
@pytest.mark.parametrize("squatted", SQUATS.values(), ids=SQUATS)
def test_nor_before_the_first_launch_which_is_then_a_claim(
    there: Town, squatted: dict[str, Any], said: dict[str, str | None]
) -> None:
    squat(there, **squatted)
    assert goes_to(there, **said) == "town"
    attempt(there, **said).post()
    with there.units.read("town") as work:
        assert registrations.get(work, there.registration.id).claimed_at == there.now


@pytest.mark.parametrize("launched", [False, True])
def test_an_owner_who_comes_second_has_its_first_launch_by_its_deployment(
    tmp_path: Path, lms: Lms, launched: bool
) -> None:
    there = town(tmp_path, lms, "village", issuer="https://other.example.org")
    squatter = squat(there, deployment="d-9")
    if launched:
        launches(there, squatter)
    come_second(there)
    if launched:  # by keys of their own: the operator settles it
        assert goes_to(there, lti_deployment_id=DEPLOYMENT) == "village"
        lookups.put_first(there.units, there.registration)
    for said in ({}, {"client_id": None}):
        assert goes_to(there, **said, lti_deployment_id=DEPLOYMENT) == "town"
    attempt(there, lti_deployment_id=DEPLOYMENT).post()
    if not launched:
        assert goes_to(there) == "town", "who launched first needs no deployment"


def test_what_deployments_do_not_tell_apart_the_operator_settles(tmp_path: Path, lms: Lms) -> None:
    there = town(tmp_path, lms, "village", issuer="https://other.example.org")
    squatter = squat(there)
    launches(there, squatter)
    come_second(there)
    assert goes_to(there, lti_deployment_id=DEPLOYMENT) == "village"
    lookups.put_first(there.units, there.registration)
    for said in LOGINS.values():
        assert goes_to(there, **said) == "town"
    launches(there, squatter)
    assert goes_to(there) == "town"
    with there.units.write("town") as work:
        lookups.give_up(work, there.registration.id)
        work.commit()
    assert goes_to(there) == "village"


def test_no_deployment_sends_people_of_an_owner_who_has_launched_to_another_platform(
    there: Town,
) -> None:
    attempt(there).post()
    squat(there, deployment="d-2")
    for said in ({}, {"client_id": None}):
        assert goes_to(there, **said, lti_deployment_id="d-2") == "town"


def test_one_client_id_serves_several_organisations_by_their_deployments(there: Town) -> None:
    """As Blackboard has it, where a client id belongs to the tool and deployments to schools."""
    its = there.registration
    village = squat(there, deployment="d-village", login_url=its.login_url, keys_url=its.keys_url)
    attempt(there, lti_deployment_id=DEPLOYMENT).post()
    for said in ({}, {"client_id": None}):
        assert goes_to(there, **said, lti_deployment_id="d-village") == "village"
        assert goes_to(there, **said, lti_deployment_id=DEPLOYMENT) == "town"
        assert goes_to(there, **said, lti_deployment_id="of-nobody-yet") == "town"
    launches(there, village)
    assert goes_to(there) == "town"


def test_the_logins_of_a_connection_that_is_off_go_to_nobody_else(there: Town) -> None:
    attempt(there).post()
    squat(there)
    with there.units.write("town") as work:
        registrations.switch(work, there.registration.id, on=False)
        work.commit()
    with pytest.raises(LaunchRefused, match="registration-disabled"):
        goes_to(there)


def test_who_entered_it_and_switched_it_off_is_in_nobodys_way(tmp_path: Path, lms: Lms) -> None:
    there = town(tmp_path, lms, "village", issuer="https://other.example.org")
    squat(there, enabled=False)
    come_second(there)
    for said in LOGINS.values():
        assert goes_to(there, **said) == "town"


def test_of_several_of_one_organisation_the_only_one_that_launched_is_meant(there: Town) -> None:
    there.register(client_id="client-2")
    with pytest.raises(LaunchRefused, match="registration-ambiguous"):
        goes_to(there, client_id=None)
    attempt(there).post()
    assert goes_to(there, client_id=None) == "town"


def test_a_claim_is_to_one_issuer_and_client_id(there: Town) -> None:
    """A stranger may launch from an issuer of their own; that is no claim to another one."""
    squatter = squat(there, issuer="https://evil.example")
    launches(there, squatter)
    there.now += timedelta(days=1)
    attempt(there).post()
    with there.units.write("village") as work:
        mine = registrations.get(work, squatter.id)
        registrations.edit(work, replace(mine, issuer=there.registration.issuer))
        assert registrations.get(work, squatter.id).claimed_at is None
        work.commit()
    assert goes_to(there) == "town"


def test_a_refused_login_is_told_to_the_organisation_that_it_was_for(there: Town) -> None:
    attempt(there).post()
    squat(there)
    with there.db.across("lti-lookup") as door:
        named = Named(there.registration.issuer, there.registration.client_id)
        meant = lookups.known(door, named)
        assert meant is not None and meant.tenant == "town"
        assert lookups.known(door, Named("https://nobody.example.org")) is None


def test_tokens_of_both_are_taken_by_the_organisation_whose_login_it_was(there: Town) -> None:
    squat(there, login_url=there.registration.login_url)
    tried = attempt(there)
    assert tried.post().tenant == "town"
    with units(there.db, lambda: there.now).read("village") as work:
        assert registrations.known_hosts(work, there.registration) == there.registration.own_hosts
