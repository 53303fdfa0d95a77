"""A platform registers itself through a one-time invite, or is refused and nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.storage.tables import LtiDeployment, LtiRegistration
from engine.values.errors import RelectureError
from lti.platforms import invites, lookups
from lti.platforms.dynamic import (
    PLATFORM,
    TOOL,
    Configuration,
    Registrar,
    Tool,
    payload,
    read_configuration,
)
from lti.platforms.lookups import Named
from lti.wire import names
from lti.wire.http import Answer, GuardedHttp
from lti.wire.refusals import FetchRefused, RegistrationRefused
from tests.integration.lti.lms import LAUNCH, TARGET, Lms, Reply, Town, http, invited
from tests.integration.lti.lms import TOOL as OURS

pytestmark = pytest.mark.both_databases

US = Tool(
    login_url=f"{OURS}/lti/login",
    launch_url=LAUNCH,
    keys_url=f"{OURS}/lti/keys",
    home_url=OURS,
    names={"": "Relecture", "fr": "Relecture"},
    descriptions={"": "Experiences", "fr": "Des expériences"},
    launches={
        names.RESOURCE_LINK_REQUEST: TARGET,
        names.DEEP_LINKING_REQUEST: f"{OURS}/lti/choose",
    },
    claims=("iss", "sub", "name"),
    custom={"module": "$ResourceLink.id"},
)


def configuration(lms: Lms, **differently: Any) -> dict[str, Any]:
    """What that platform says of itself."""
    said = {
        "issuer": lms.base,
        "authorization_endpoint": lms.url("/auth"),
        "token_endpoint": lms.url("/token"),
        "jwks_uri": lms.url("/jwks"),
        "registration_endpoint": lms.url("/register"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "authorization_server": "https://lms.example.org/aud",
        "scopes_supported": ["openid", names.SCOPE_SCORE, names.SCOPE_ROSTER],
        PLATFORM: {
            "product_family_code": "moodle",
            "version": "5.1",
            "messages_supported": [
                {"type": names.RESOURCE_LINK_REQUEST},
                {"type": names.DEEP_LINKING_REQUEST},
            ],
        },
    }
    return {name: value for name, value in {**said, **differently}.items() if value is not None}


@pytest.fixture
def registrar(there: Town) -> Registrar:
    """The organisation's registrar, and a platform that registers whoever asks."""
    there.lms.routes["/conf"] = lambda _: Reply.json(configuration(there.lms))
    there.lms.routes["/register"] = lambda asked: Reply.json(
        {**json.loads(asked.body), "client_id": "dynamic-7", TOOL: {"deployment_id": "9"}}, 201
    )
    return Registrar(there.units, http(), US)


def kept(there: Town) -> list[str]:
    with there.db.read("town") as session:
        return sorted(session.scalars(select(LtiRegistration.client_id)))


def test_a_platform_registers_itself_once(there: Town, registrar: Registrar) -> None:
    token = invited(there.units)
    assert registrar.preview(token, there.lms.url("/conf")).product == "moodle"
    made = registrar.complete(token, there.lms.url("/conf"), "one-time-token")
    assert (made.tenant, made.issuer, made.client_id, made.token_audience) == (
        "town",
        there.lms.base,
        "dynamic-7",
        "https://lms.example.org/aud",
    )
    with there.db.across("lti-lookup") as door:
        assert lookups.find(door, Named(there.lms.base, "dynamic-7")) == made
    with there.db.read("town") as session:
        assert session.get_one(LtiDeployment, ("town", made.id, "9")).state == "accepted"
    asked = there.lms.asked[-1]
    assert asked.headers["authorization"] == "Bearer one-time-token"
    with pytest.raises(RegistrationRefused, match="invite-used"):
        registrar.complete(token, there.lms.url("/conf"), None)


def test_only_what_the_platform_supports_is_asked_for(there: Town, registrar: Registrar) -> None:
    said = payload(US, read_configuration(http(), there.lms.url("/conf")))
    assert said["scope"].split() == [names.SCOPE_SCORE, names.SCOPE_ROSTER]
    assert (
        said["redirect_uris"] == [LAUNCH]
        and said["token_endpoint_auth_method"] == "private_key_jwt"
    )
    assert said["client_name#fr"] == "Relecture" and "logo_uri" not in said
    assert (
        said[TOOL]["claims"] == ["iss", "sub", "name"]
        and said[TOOL]["domain"] == "relecture.example.org"
    )
    assert [message["type"] for message in said[TOOL]["messages"]] == list(US.launches)


def test_a_platform_that_lists_nothing_is_asked_for_everything() -> None:
    bare = Configuration(
        "https://a.example",
        "https://a.example/1",
        "https://a.example/2",
        "https://a.example/3",
        "https://a.example/4",
    )
    said = payload(US, bare)
    assert len(said["scope"].split()) == 7 and len(said[TOOL]["messages"]) == 2


REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "issuer-on-another-host",
        "configuration-host-differs",
        {"issuer": "https://other.example.org"},
    ),
    (
        "issuer-on-a-subdomain",
        "configuration-host-differs",
        {"issuer": "https://sub.127.0.0.1.example"},
    ),
    ("issuer-missing", "configuration-malformed", {"issuer": None}),
    ("no-registration-endpoint", "configuration-malformed", {"registration_endpoint": None}),
    (
        "login-address-a-script",
        "configuration-malformed",
        {"authorization_endpoint": "javascript:alert(1)"},
    ),
    ("issuer-over-255", "configuration-malformed", {"issuer": "HERE/" + "x" * 255}),
    (
        "keys-over-2000",
        "configuration-malformed",
        {"jwks_uri": "https://lms.example.org/" + "x" * 2000},
    ),
    ("audience-over-2000", "configuration-malformed", {"authorization_server": "x" * 2001}),
    (
        "without-rs256",
        "configuration-lacks-rs256",
        {"id_token_signing_alg_values_supported": ["ES256"]},
    ),
)


@pytest.mark.parametrize(
    ("code", "differently"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_refuses_a_configuration(
    there: Town, registrar: Registrar, code: str, differently: dict[str, Any]
) -> None:
    said = {
        name: value.replace("HERE", there.lms.base) if isinstance(value, str) else value
        for name, value in differently.items()
    }
    there.lms.routes["/conf"] = lambda _: Reply.json(configuration(there.lms, **said))
    token = invited(there.units)
    with pytest.raises(RegistrationRefused) as refused:
        registrar.complete(token, there.lms.url("/conf"), None)
    assert refused.value.reason.code == code
    assert kept(there) == ["client-1"] and there.lms.count("/register") == 0


ANSWERS: tuple[tuple[str, str, Callable[[Lms], Reply]], ...] = (
    ("platform-says-no", "registration-answered", lambda _: Reply(b"no", 403)),
    ("no-client-id", "registration-malformed", lambda _: Reply.json({})),
    (
        "client-id-over-255",
        "registration-malformed",
        lambda _: Reply.json({"client_id": "c" * 256}),
    ),
    (
        "deployment-over-255",
        "registration-malformed",
        lambda _: Reply.json({"client_id": "c", TOOL: {"deployment_id": "d" * 256}}),
    ),
    (
        "scopes-without-end",
        "registration-malformed",
        lambda _: Reply.json({"client_id": "c", "scope": "x " * 5000}),
    ),
    ("half-a-pair", "fetch-not-json", lambda _: Reply(b'{"client_id": "\\ud800"}')),
    ("no-json", "fetch-not-json", lambda _: Reply(b"<html>")),
    ("redirect", "fetch-redirected", lambda lms: Reply(b"", 302, {"Location": lms.base})),
)


@pytest.mark.parametrize(
    ("code", "answer"), [case[1:] for case in ANSWERS], ids=[case[0] for case in ANSWERS]
)
def test_a_failed_registration_stores_nothing_and_leaves_the_invite_good(
    there: Town, registrar: Registrar, code: str, answer: Callable[[Lms], Reply]
) -> None:
    rightly = there.lms.routes["/register"]
    there.lms.routes["/register"] = lambda _: answer(there.lms)
    token = invited(there.units)
    with pytest.raises(RelectureError) as refused:
        registrar.complete(token, there.lms.url("/conf"), None)
    assert refused.value.reason.code == code and kept(there) == ["client-1"]
    there.lms.routes["/register"] = rightly
    assert registrar.complete(token, there.lms.url("/conf"), None)


@pytest.mark.parametrize("strange", ["one\ntime", "é", "x" * 8001])
def test_a_token_that_no_header_could_hold_goes_nowhere_and_leaves_the_invite_good(
    there: Town, registrar: Registrar, strange: str
) -> None:
    token = invited(there.units)
    with pytest.raises(RegistrationRefused, match="registration-malformed"):
        registrar.complete(token, there.lms.url("/conf"), strange)
    assert not there.lms.asked and registrar.complete(token, there.lms.url("/conf"), None)


def test_even_a_crash_leaves_the_invite_good(there: Town, registrar: Registrar) -> None:
    class Broken:
        def send(self, *_asked: object, **_more: object) -> Answer:
            raise KeyboardInterrupt

    token = invited(there.units)
    with pytest.raises(KeyboardInterrupt):
        Registrar(there.units, Broken(), US).complete(token, there.lms.url("/conf"), None)
    assert registrar.complete(token, there.lms.url("/conf"), None)


def test_the_same_client_of_an_issuer_is_registered_once_in_an_organisation(
    there: Town, registrar: Registrar
) -> None:
    registrar.complete(invited(there.units), there.lms.url("/conf"), None)
    with pytest.raises(RegistrationRefused, match="registration-taken"):
        registrar.complete(invited(there.units), there.lms.url("/conf"), None)
    made = registrar.complete(invited(there.units, "village"), there.lms.url("/conf"), None)
    assert made.tenant == "village", "what another organisation has is not told"


@pytest.mark.parametrize(
    ("token", "hours", "code"), [("invented", 0, "invite-unknown"), (None, 72, "invite-expired")]
)
def test_an_unknown_or_expired_invite_fetches_nothing(
    there: Town, registrar: Registrar, token: str | None, hours: int, code: str
) -> None:
    token = token or invited(there.units)
    there.now += timedelta(hours=hours)
    for act in (
        lambda: registrar.preview(token, there.lms.url("/conf")),
        lambda: registrar.complete(token, there.lms.url("/conf"), None),
    ):
        with pytest.raises(RegistrationRefused, match=code):
            act()
    assert not there.lms.asked


def test_an_invite_is_not_kept_in_clear_and_serves_one_of_two_at_once(there: Town) -> None:
    token = invited(there.units)
    with there.db.engine.connect() as connection:
        assert token not in str(connection.exec_driver_sql("SELECT * FROM lti_invite").all())
    with there.units.write("town") as work:
        invites.claim(work, token)
        work.commit()
    with there.units.write("town") as work, pytest.raises(RegistrationRefused, match="invite-used"):
        invites.claim(work, token)


def test_a_configuration_on_a_private_address_is_not_fetched(there: Town) -> None:
    with pytest.raises(FetchRefused):
        read_configuration(GuardedHttp(), there.lms.url("/conf").replace("http:", "https:"))
    assert not there.lms.asked


def test_canvas_is_told_its_own_places_and_gets_its_token_with_the_first_question(
    there: Town, registrar: Registrar
) -> None:
    canvas = configuration(there.lms, **{PLATFORM: {"product_family_code": "canvas"}})
    there.lms.routes["/conf"] = lambda _: Reply.json(canvas)
    registrar.complete(invited(there.units), there.lms.url("/conf"), "canvas-token")
    first, last = there.lms.asked[0], there.lms.asked[-1]
    assert (first.path, first.headers["authorization"]) == ("/conf", "Bearer canvas-token")
    places = {
        message["type"]: message.get("placements")
        for message in json.loads(last.body)[TOOL]["messages"]
    }
    assert places == {
        names.RESOURCE_LINK_REQUEST: None,
        names.DEEP_LINKING_REQUEST: ["assignment_selection", "link_selection"],
    }
