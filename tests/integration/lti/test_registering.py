"""Dynamic Registration as an LMS and its administrator see it: pages in a frame, authorised by a
one-time link alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from engine.storage.tables import LtiDeployment, LtiInvite, LtiRegistration
from lti.platforms.dynamic import TOOL as TOOL_CLAIM
from lti.wire import names
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import TOOL, Lms, Reply, invited
from tests.integration.lti.test_lti_registration import configuration

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Plugged]:
    """An installation, and a platform that registers whoever asks."""
    lms.routes["/conf"] = lambda _: Reply.json(configuration(lms))
    answer_with(lms)
    yield (made := plugged(tmp_path, lms))
    made.house.services.close()


def answer_with(lms: Lms, **said: Any) -> None:
    lms.routes["/register"] = lambda asked: Reply.json(
        {**json.loads(asked.body), "client_id": "dynamic-7", **said}, 201
    )


def link(there: Plugged) -> str:
    """The path of a new one-time link."""
    return f"/lti/register/{invited(there.house.services.units)}"


def asked(there: Plugged, **differently: str) -> dict[str, str]:
    """What the LMS adds to the link."""
    return {
        "openid_configuration": there.lms.url("/conf"),
        "registration_token": "their-token",
        **differently,
    }


def look(there: Plugged, path: str, **differently: str) -> TestResponse:
    """The link as the LMS opens it: in a browser that keeps no cookie of ours."""
    return there.house.app.test_client(use_cookies=False).get(
        path, query_string=asked(there, **differently), base_url=TOOL
    )


def confirm(there: Plugged, path: str, **differently: str) -> TestResponse:
    """The button of that page."""
    return there.house.app.test_client(use_cookies=False).post(
        path, data=asked(there, **differently), base_url=TOOL
    )


def clients(there: Plugged) -> list[str]:
    """Who is registered, beside the registration that was there from the start."""
    with there.house.services.db.read("town") as unit:
        return sorted(set(unit.scalars(select(LtiRegistration.client_id))) - {"client-1"})


def is_used(there: Plugged) -> bool:
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(LtiInvite.used_at)).one() is not None


def test_what_the_platform_is_and_what_is_asked_of_it_is_shown_and_nothing_happens_yet(
    there: Plugged,
) -> None:
    page = look(there, link(there))
    assert page.status_code == 200 and there.lms.base in page.text and "moodle" in page.text
    assert "Les notes" in page.text and "Les membres" in page.text
    assert "Les colonnes du carnet" not in page.text, "this platform does not offer that service"
    assert clients(there) == [] and not is_used(there) and there.lms.count("/register") == 0


def test_once_confirmed_it_is_registered_and_the_window_is_told_to_close(there: Plugged) -> None:
    path = link(there)
    page = confirm(there, path)
    assert (
        page.status_code == 200 and "lms/close.js" in page.text and "page Connexions" in page.text
    )
    assert clients(there) == ["dynamic-7"] and is_used(there)
    sent = there.lms.asked[-1]
    assert sent.headers["authorization"] == "Bearer their-token"
    said = json.loads(sent.body)
    assert said["jwks_uri"] == f"{TOOL}/lti/keys" and said["redirect_uris"] == [
        f"{TOOL}/lti/launch"
    ]
    assert set(said["scope"].split()) == {names.SCOPE_SCORE, names.SCOPE_ROSTER}
    with there.house.app.test_client().get("/static/lms/close.js") as script:
        assert "org.imsglobal.lti.close" in script.text and "opener ??" in script.text


def test_a_deployment_that_the_platform_names_is_accepted_with_it(there: Plugged) -> None:
    answer_with(there.lms, **{TOOL_CLAIM: {"deployment_id": "9"}})
    page = confirm(there, link(there))
    assert "Son déploiement est accepté" in page.text
    with there.house.services.db.read("town") as unit:
        assert (
            unit.scalars(select(LtiDeployment.state).where(LtiDeployment.deployment == "9")).one()
            == "accepted"
        )


def test_any_lms_may_frame_it_and_its_window_keeps_its_opener(there: Plugged) -> None:
    path = link(there)
    for page in (look(there, path), confirm(there, path), confirm(there, path)):
        assert "frame-ancestors https: http:" in page.headers["Content-Security-Policy"]
        assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
        assert (
            page.headers["Referrer-Policy"] == "no-referrer"
            and page.headers["Cache-Control"] == "no-store"
        )
        assert "Set-Cookie" not in page.headers


def test_opened_by_itself_the_link_says_where_it_belongs_and_stays_good(there: Plugged) -> None:
    path = link(there)
    page = there.house.client().get(path, base_url=TOOL)
    assert page.status_code == 200 and "Ne l’ouvrez pas ici" in page.text
    assert confirm(there, path).status_code == 200


REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("issuer-on-another-host", "configuration-host-differs", {"issuer": "https://lms.example.org"}),
    (
        "without-rs256",
        "configuration-lacks-rs256",
        {"id_token_signing_alg_values_supported": ["ES256"]},
    ),
    ("no-login-address", "configuration-malformed", {"authorization_endpoint": None}),
    (
        "host-that-is-more-than-a-host",
        "configuration-malformed",
        {"authorization_endpoint": "https://a.example; img-src */auth"},
    ),
)


@pytest.mark.parametrize(
    ("code", "differently"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_refused_platform_is_told_why_in_words_and_the_link_stays_good(
    there: Plugged, code: str, differently: dict[str, Any]
) -> None:
    path = link(there)
    there.lms.routes["/conf"] = lambda _: Reply.json(configuration(there.lms, **differently))
    for page in (look(there, path), confirm(there, path)):
        assert (
            page.status_code == 400 and code in page.text and "Le lien reste valable" in page.text
        )
    assert clients(there) == [] and there.lms.count("/register") == 0
    there.lms.routes["/conf"] = lambda _: Reply.json(configuration(there.lms))
    assert confirm(there, path).status_code == 200 and clients(there) == ["dynamic-7"]


ELSEWHERE = {
    "private": "https://10.0.0.1/conf",
    "metadata": "https://169.254.169.254/latest",
    "link-local": "https://[fe80::1]/conf",
    "mapped": "https://[::ffff:10.0.0.1]/conf",
    "file": "file:///etc/passwd",
    "not-an-address": "conf",
    "plain-http-elsewhere": "http://192.0.2.7/conf",
    "loopback-v6": "https://[::1]/conf",
}


@pytest.mark.parametrize("address", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_configuration_where_we_do_not_go_is_refused_in_words(
    there: Plugged, address: str
) -> None:
    path = link(there)
    for page in (
        look(there, path, openid_configuration=address),
        confirm(there, path, openid_configuration=address),
    ):
        assert (
            page.status_code == 400
            and re.search("fetch-[a-z-]+", page.text)
            and "<h1>Cette plateforme" in page.text
        )
    assert clients(there) == [] and not is_used(there) and not there.lms.asked


def test_a_platform_that_says_no_is_reported_and_the_link_stays_good(there: Plugged) -> None:
    path = link(there)
    there.lms.routes["/register"] = lambda _: Reply(b"no", 403)
    page = confirm(there, path)
    assert page.status_code == 400 and "registration-answered" in page.text and not is_used(there)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"domain_targetlinkuri_mismatch", "domain_targetlinkuri_mismatch"),
        (b'{"error": "x", "error_description": "The \\u0027aud\\u0027 is invalid"}', "aud"),
        (b'{"errors": [{"field": "scope", "message": "unknown scope"}]}', "unknown scope"),
        (b"<html><body>Nginx <script>alert(1)</script></body></html>", ""),
        (b"\xff\x00\n\nno\nway", "no way"),
    ],
)
def test_the_platform_s_own_words_stand_on_the_page_and_in_the_log(
    there: Plugged, body: bytes, said: str
) -> None:
    path = link(there)
    there.lms.routes["/register"] = lambda _: Reply(body, 400)
    with capture_logs() as log:
        page = confirm(there, path)
    assert page.status_code == 400 and "400" in page.text and "<script>alert" not in page.text
    assert said in page.text and ("sans dire pourquoi" in page.text) == (not said)
    assert "Le lien reste valable" in page.text and not is_used(there)
    assert said in str(log)


def test_a_link_is_used_once_grows_old_and_is_never_guessed(there: Plugged) -> None:
    path = link(there)
    confirm(there, path)
    for page in (look(there, path), confirm(there, path)):
        assert (
            page.status_code == 400
            and "a déjà servi" in page.text
            and "Le lien reste valable" not in page.text
        )
    old = link(there)
    there.house.clock.later(days=3)
    assert "a plus de trois jours" in look(there, old).text
    before = len(there.lms.asked)
    for page in (look(there, "/lti/register/invented"), confirm(there, "/lti/register/invented")):
        assert page.status_code == 404 and "invite-unknown" in page.text
    assert clients(there) == ["dynamic-7"] and len(there.lms.asked) == before


def test_the_same_client_is_not_registered_twice(there: Plugged) -> None:
    confirm(there, link(there))
    page = confirm(there, link(there))
    assert (
        page.status_code == 400
        and "registration-taken" in page.text
        and clients(there) == ["dynamic-7"]
    )


def test_what_a_platform_says_of_itself_is_text_and_nothing_else(there: Plugged) -> None:
    said = configuration(there.lms)
    said["https://purl.imsglobal.org/spec/lti-platform-configuration"]["product_family_code"] = (
        "<script>alert(1)</script>"
    )
    there.lms.routes["/conf"] = lambda _: Reply.json(said)
    page = look(there, link(there), registration_token='"><script>alert(2)</script>')
    assert "<script>alert" not in page.text and "&lt;script&gt;" in page.text
