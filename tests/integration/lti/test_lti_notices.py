"""A platform tells us that a course was copied; anybody else who says so is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt

from lti.courses.notices import Notice, read_notices, verify_notice
from lti.launch.values import Context
from lti.wire import names
from lti.wire.refusals import LaunchRefused
from tests.integration.lti.lms import CLIENT, DEPLOYMENT, NOW, Town, rsa

pytestmark = pytest.mark.both_databases


def claims(there: Town) -> dict[str, Any]:
    """What a platform says of a course that was copied."""
    return {
        "iss": there.registration.issuer,
        "aud": CLIENT,
        "azp": CLIENT,
        "nonce": "n",
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(hours=1)).timestamp()),
        names.VERSION: "1.3.0",
        names.DEPLOYMENT: DEPLOYMENT,
        names.NOTICE: {
            "id": "notice-1",
            "timestamp": "2027-01-04T09:00:00Z",
            "type": names.CONTEXT_COPY_NOTICE,
        },
        names.CONTEXT: {"id": "course-2", "title": "Copie"},
        names.ORIGIN_CONTEXTS: ["course-1"],
    }


def receive(there: Town, said: dict[str, Any], key: str = "platform") -> Notice:
    """Let it be posted, found and verified."""
    token = jwt.encode({"alg": "RS256", "kid": "platform"}, said, rsa(key), algorithms=["RS256"])
    (posted,) = read_notices({"notices": [{"jwt": token}]})
    return verify_notice(
        posted, there.registration, lambda kid: there.keys.key(there.registration, kid), NOW
    )


def test_a_context_copy_names_the_new_course_and_where_it_came_from(there: Town) -> None:
    assert receive(there, claims(there)) == Notice(
        "notice-1",
        "LtiContextCopyNotice",
        DEPLOYMENT,
        Context("course-2", title="Copie"),
        ("course-1",),
    )


def test_a_copy_from_nowhere_and_a_notice_without_context_are_read(there: Town) -> None:
    said = claims(there)
    del said[names.ORIGIN_CONTEXTS]
    assert receive(there, said).copied_from == ()
    said[names.NOTICE]["type"] = "LtiHelloWorldNotice"
    del said[names.CONTEXT]
    assert receive(there, said).context is None


REFUSED: tuple[tuple[str, str, Callable[[dict[str, Any]], Any]], ...] = (
    (
        "issuer-of-somebody-else",
        "issuer-mismatch",
        lambda said: said.update(iss="https://elsewhere.example"),
    ),
    (
        "for-somebody-else",
        "audience-missing",
        lambda said: said.update(aud="client-9", azp="client-9"),
    ),
    ("expired", "expired", lambda said: said.update(exp=int(NOW.timestamp()) - 120)),
    ("without-exp", "exp-missing", lambda said: said.pop("exp")),
    ("stale", "iat-stale", lambda said: said.update(iat=int(NOW.timestamp()) - 3600)),
    ("version-wrong", "version-wrong", lambda said: said.update({names.VERSION: "1.1"})),
    ("without-deployment", "deployment-missing", lambda said: said.pop(names.DEPLOYMENT)),
    ("without-notice", "notice-malformed", lambda said: said.pop(names.NOTICE)),
    ("without-id", "notice-malformed", lambda said: said[names.NOTICE].pop("id")),
    ("without-type", "notice-malformed", lambda said: said[names.NOTICE].pop("type")),
    ("copy-without-context", "notice-malformed", lambda said: said.pop(names.CONTEXT)),
)


@pytest.mark.parametrize(
    ("code", "spoil"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_refuses_a_notice(there: Town, code: str, spoil: Callable[[dict[str, Any]], Any]) -> None:
    said = claims(there)
    spoil(said)
    with pytest.raises(LaunchRefused) as refused:
        receive(there, said)
    assert refused.value.reason.code == code


def test_refuses_a_notice_that_the_platform_did_not_sign(there: Town) -> None:
    with pytest.raises(LaunchRefused, match="signature-bad"):
        receive(there, claims(there), key="attacker")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"notices": {}},
        {"notices": ["x"]},
        {"notices": [{"jwt": 7}]},
        {"notices": [{"jwt": "x"}] * 101},
    ],
)
def test_a_post_that_holds_no_notices_is_refused(body: Any) -> None:
    with pytest.raises(LaunchRefused, match="notice-malformed"):
        read_notices(body)
