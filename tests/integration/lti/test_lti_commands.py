"""``relecture lti`` on a database: invite, list, check, rotate-keys, disable, enable; what is
refused with which exit code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.storage.database import Database
from lti.launch.reasons import StateReused
from lti.platforms import invites, registrations
from lti.platforms.registrations import Registration
from tests import builders
from tests.integration.lti.lms import NOW, Lms, Reply, register, units
from web.cli import main


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """An installation of one organisation, set up by its environment alone, which may speak to
    this machine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    monkeypatch.setenv("RELECTURE_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    monkeypatch.setenv("RELECTURE_BASE_URL", "https://relecture.example.org")
    monkeypatch.setenv("RELECTURE_LTI_ALLOW_NETS", "127.0.0.0/8")
    assert run("list").exit_code == 2, (
        "there is no organisation yet; the tables are made all the same"
    )
    made = Database(f"sqlite:///{tmp_path / 'cli.db'}")
    with made.shared(write=True) as unit:
        unit.add(builders.Tenant(id="town", name="Town", created_at=NOW))
        unit.commit()
    yield made
    made.close()


@pytest.fixture
def school(db: Database, lms: Lms) -> Registration:
    """A connection whose platform gives keys and tokens."""
    lms.routes["/token"] = lambda _: Reply.json({"access_token": "t", "token_type": "Bearer"})
    return register(db, lms, name="École")


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["lti", *args])


def test_invite_prints_a_link_that_is_good_once(db: Database) -> None:
    said = run("invite")
    found = re.fullmatch(r"https://relecture\.example\.org/lti/register/([\w-]{43})\n", said.stdout)
    assert said.exit_code == 0 and found
    with db.across("lti-lookup") as door:
        assert invites.tenant_of(door, found[1], datetime.now(UTC)) == "town"
    as_json = json.loads(run("invite", "--json").stdout)
    assert as_json["link"].startswith("https://relecture.example.org/lti/register/") and as_json[
        "expires_at"
    ].endswith("+00:00")


def test_list_shows_connections_and_the_last_error_in_words(
    db: Database, school: Registration
) -> None:
    assert (
        f"{school.id}  new         École  https://lms.example.org  client-1  no launch\n"
        "1 connected.\n" == run("list").stdout
    )
    registrations.note_refusal(units(db, lambda: NOW), school, StateReused())
    said = run("list").stdout
    assert (
        "  failing     École" in said
        and "    2027-01-04 09:00  The same launch was posted twice" in said
    )
    one = json.loads(run("list", "--json").stdout)[0]
    assert (one["id"], one["state"], one["error"]["code"], one["launched_at"]) == (
        school.id,
        "failing",
        "state-reused",
        None,
    )
    assert one["deployments"] == [{"id": "deployment-1", "accepted": True}]


def test_check_says_what_works_and_its_exit_code_is_1_when_something_does_not(
    school: Registration, lms: Lms
) -> None:
    well = run("check")
    assert (well.exit_code, well.stdout) == (
        0,
        f"{school.id}  École\n    keys    ok\n    token   ok\n",
    )
    lms.routes["/token"] = lambda _: Reply.json({"error": "invalid_client"}, 401)
    failed = run("check", school.id[:6])
    assert (
        failed.exit_code == 1
        and "keys    ok" in failed.stdout
        and "token   The platform answered 401" in failed.stdout
    )
    steps = json.loads(run("check", "--json").stdout)[0]["steps"]
    assert [(step["step"], step["ok"]) for step in steps] == [("keys", True), ("token", False)]
    assert steps[1]["reason"]["code"] == "service-answered"


def test_what_is_off_is_checked_only_when_it_is_named(school: Registration, lms: Lms) -> None:
    assert run("disable", school.id).stdout == f"École ({school.id}) is off.\n"
    assert run("check").stdout == "" and not lms.asked
    assert run("check", school.id).exit_code == 0
    assert "  off         École" in run("list").stdout
    assert run("enable", school.id[:8]).stdout == f"École ({school.id}) is on.\n"


def test_a_rotated_key_is_published_before_it_signs(db: Database) -> None:
    first, second = run("rotate-keys").stdout, run("rotate-keys").stdout
    assert "It signs from now on. 1 published at https://relecture.example.org/lti/keys" in first
    assert re.search(r"It signs from \d{4}-\d\d-\d\d \d\d:\d\d UTC on\. 2 published", second)


@pytest.mark.parametrize(
    "args",
    [
        ("disable", "nowhere"),
        ("enable", ""),
        ("check", "nowhere"),
        ("disable",),
        ("claim", "nowhere"),
        ("unclaim", ""),
        ("list", "--organisation", "elsewhere"),
    ],
)
def test_what_names_nothing_is_a_mistake_of_usage(
    school: Registration, args: tuple[str, ...]
) -> None:
    said = run(*args)
    assert said.exit_code == 2 and said.stdout == ""


def village(db: Database, lms: Lms) -> Registration:
    """Another organisation has entered the same as the school's."""
    with db.shared(write=True) as unit:
        unit.add(builders.Tenant(id="village", name="Village", created_at=NOW))
        unit.commit()
    return register(db, lms, tenant="village", name="Dorf")


def test_claims_shows_shared_issuers_and_claim_moves_one_first(
    db: Database, school: Registration, lms: Lms
) -> None:
    assert run("claims").stdout == "0 shared.\n"
    assert run("claim", school.id).exit_code == 2
    other = village(db, lms)
    assert run("claim", other.id[:8]).stdout == (
        f"https://lms.example.org: Dorf ({other.id}) of village comes first.\n"
    )
    assert listed() == ["village", "town"]
    assert run("claim", school.id).exit_code == 0 and listed() == ["town", "village"]
    said = run("claims").stdout.splitlines()
    assert said[0] == "https://lms.example.org" and said[-1] == "1 shared."
    assert f"    {school.id}  town  École  client-1  since 20" in said[1]
    assert run("unclaim", school.id).exit_code == 0 and listed() == ["village", "town"]
    assert "École  client-1  no claim yet" in run("claims").stdout


def listed() -> list[str]:
    """The organisations of the one shared issuer, the first one first."""
    [same] = json.loads(run("claims", "--json").stdout)
    return [one["organisation"] for one in same]


def test_several_organisations_are_told_apart(db: Database, school: Registration) -> None:
    with db.shared(write=True) as unit:
        unit.add(builders.Tenant(id="village", name="Village", created_at=NOW))
        unit.commit()
    assert run("list").exit_code == 2
    assert run("list", "--organisation", "village").stdout == "0 connected.\n"
    assert run("disable", school.id, "--organisation", "village").exit_code == 2
    assert "École" in run("list", "--organisation", "town").stdout
