"""The 43 tests that the LTI Advantage conformance certification guide names (1EdTech, version
1.3, section 6), one each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from lti.launch import deep_linking
from lti.launch.deep_linking import Item
from lti.platforms.tokens import Tokens
from lti.platforms.tool_keys import ToolKeys
from lti.services import ags, nrps
from lti.services.ags import LineItem, Score
from lti.services.call import Caller
from lti.wire import names
from lti.wire.refusals import LaunchRefused
from tests.integration.lti import lms as platform
from tests.integration.lti.lms import (
    LEARNER,
    NOW,
    TARGET,
    TEACHER,
    Attempt,
    Reply,
    Request,
    Town,
    attempt,
    http,
)

pytestmark = pytest.mark.both_databases

PERSON = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
Change = Callable[[Attempt], Any]


def without(*claims: str) -> Change:
    return lambda tried: [tried.claims.pop(name) for name in claims]


def saying(**claims: Any) -> Change:
    return lambda tried: tried.claims.update(
        {getattr(names, name, name): value for name, value in claims.items()}
    )


def only_a_name(tried: Attempt) -> None:
    tried.claims = {"name": "badltilaunch"}


BAD: tuple[tuple[str, Change, str], ...] = (
    ("no-kid-sent-in-jwt-header", lambda tried: tried.header.pop("kid"), "kid-missing"),
    (
        "incorrect-kid-in-jwt-header",
        lambda tried: tried.header.update(kid="imstester_66067"),
        "kid-unknown",
    ),
    ("wrong-lti-version", saying(VERSION="11.3"), "version-wrong"),
    ("no-lti-version", without(names.VERSION), "version-wrong"),
    ("invalid-lti-message", only_a_name, "issuer-mismatch"),
    (
        "missing-lti-claims",
        without("aud", "iss", "sub", names.DEPLOYMENT, names.ROLES),
        "issuer-mismatch",
    ),
    ("timestamps-incorrect", saying(iat=11111, exp=22222), "expired"),
    ("message-type-claim-missing", without(names.MESSAGE_TYPE), "message-type-wrong"),
    ("role-claim-missing", without(names.ROLES), "roles-missing"),
    ("deployment-id-claim-missing", without(names.DEPLOYMENT), "deployment-missing"),
    ("resource-link-id-claim-missing", without(names.RESOURCE_LINK), "resource-link-missing"),
    ("user-claim-missing", without("sub"), "subject-missing"),
)


@pytest.mark.parametrize(
    ("spoil", "code"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_payload(there: Town, spoil: Change, code: str) -> None:
    tried = attempt(there)
    spoil(tried)
    with pytest.raises(LaunchRefused) as refused:
        tried.post()
    assert refused.value.reason.code == code


def valid(short: str, full: str, others: list[str]) -> tuple[tuple[str, Change], ...]:
    """The nine valid launches of someone with that role."""
    return (
        ("launch", saying(ROLES=[full])),
        ("with-multiple-roles", saying(ROLES=[full, *others])),
        ("short-role", saying(ROLES=[short])),
        (
            "unknown-role",
            saying(
                ROLES=[full, "http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Unknown"]
            ),
        ),
        ("no-role", saying(ROLES=[])),
        (
            "email-only",
            lambda tried: (
                saying(ROLES=[full])(tried),
                without("name", "given_name", "family_name")(tried),
            ),
        ),
        ("names-only", lambda tried: (saying(ROLES=[full])(tried), without("email")(tried))),
        (
            "no-pii",
            lambda tried: (
                saying(ROLES=[full])(tried),
                without("name", "given_name", "family_name", "email")(tried),
            ),
        ),
        (
            "email-without-context",
            lambda tried: (saying(ROLES=[full])(tried), without(names.CONTEXT)(tried)),
        ),
    )


TEACHERS = valid("Instructor", TEACHER, [f"{PERSON}Faculty", f"{PERSON}Mentor"])
STUDENTS = valid("Learner", LEARNER, [f"{PERSON}Student", f"{PERSON}Mentor"])


@pytest.mark.parametrize(
    "change", [case[1] for case in TEACHERS], ids=[case[0] for case in TEACHERS]
)
def test_valid_teacher(there: Town, change: Change) -> None:
    tried = attempt(there)
    change(tried)
    assert tried.post().course_role == ("facilitator" if tried.claims[names.ROLES] else "learner")


@pytest.mark.parametrize(
    "change", [case[1] for case in STUDENTS], ids=[case[0] for case in STUDENTS]
)
def test_valid_student(there: Town, change: Change) -> None:
    tried = attempt(there)
    change(tried)
    assert tried.post().course_role == "learner"


DEEP_LINKING: tuple[tuple[str, Callable[[dict[str, Any], dict[str, Any]], bool]], ...] = (
    ("send-the-request-payload", lambda _header, _claims: True),
    ("receive-the-response-payload", lambda _header, claims: bool(claims)),
    (
        "response-format-valid",
        lambda _header, claims: claims[names.MESSAGE_TYPE] == "LtiDeepLinkingResponse",
    ),
    (
        "response-timestamps-valid",
        lambda _header, claims: claims["iat"] <= NOW.timestamp() < claims["exp"],
    ),
    ("signature-valid", lambda header, _claims: header["alg"] == "RS256" and bool(header["kid"])),
    (
        "required-claims-verified",
        lambda _header, claims: (
            {
                "iss",
                "aud",
                "iat",
                "exp",
                "nonce",
                names.MESSAGE_TYPE,
                names.VERSION,
                names.DEPLOYMENT,
                names.DL_DATA,
            }
            <= set(claims)
        ),
    ),
    ("affirm-response", lambda _header, claims: claims[names.DL_ITEMS][0]["title"] == "La vitrine"),
)


@pytest.mark.parametrize(
    "holds", [case[1] for case in DEEP_LINKING], ids=[case[0] for case in DEEP_LINKING]
)
def test_deep_linking(there: Town, holds: Callable[[dict[str, Any], dict[str, Any]], bool]) -> None:
    tried = attempt(there)
    platform.deep_linking(tried.claims)
    launch = tried.post()
    assert launch.deep_linking is not None
    keys = ToolKeys(there.db, "secret")
    items = [Item(TARGET, "La vitrine")]
    token = deep_linking.response(
        keys, there.registration, launch.deployment, launch.deep_linking, items, NOW
    )
    read = jwt.decode(token, KeySet.import_key_set(keys.key_set(NOW)), algorithms=["RS256"])
    assert holds(dict(read.header), dict(read.claims))


def caller(there: Town) -> Caller:
    """What calls the platform's services with real tokens."""
    there.lms.routes["/token"] = lambda _: Reply.json(
        {"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600}
    )
    return Caller(there.units, http(), Tokens(http(), ToolKeys(there.db, "secret"), lambda: NOW))


ROSTER: tuple[tuple[str, Callable[[Request, Request], bool]], ...] = (
    ("valid-instructor-launch", lambda _token, _asked: True),
    ("received-request", lambda _token, asked: asked.method == "GET"),
    ("verify-json-header", lambda _token, asked: asked.headers["accept"] == names.MEDIA_ROSTER),
    (
        "verify-bearer-token",
        lambda _token, asked: asked.headers["authorization"] == "Bearer token-1",
    ),
    (
        "verify-bearer-scope",
        lambda token, _asked: parse_qs(token.body.decode())["scope"] == [names.SCOPE_ROSTER],
    ),
)


@pytest.mark.parametrize("holds", [case[1] for case in ROSTER], ids=[case[0] for case in ROSTER])
def test_names_and_roles(there: Town, holds: Callable[[Request, Request], bool]) -> None:
    there.lms.routes["/members"] = lambda _: Reply.json(
        {"members": [{"user_id": "1", "roles": [LEARNER]}]}
    )
    tried = attempt(there)
    tried.claims |= {
        names.ROLES: [TEACHER],
        names.NRPS: {"context_memberships_url": there.lms.url("/members")},
    }
    launch = tried.post()
    assert launch.roster is not None
    pages = list(nrps.roster(caller(there), there.registration, launch.roster.url))
    assert [member.user for page in pages for member in page.members] == ["1"]
    token, asked = there.lms.asked[-2:]
    assert holds(token, asked)


def test_assignment_and_grades_valid_student_launch_then_line_item_and_score(there: Town) -> None:
    made_item = {"id": there.lms.url("/items/1"), "label": "Relecture", "scoreMaximum": 1}
    there.lms.routes["/items"] = lambda asked: Reply.json(
        [] if asked.method == "GET" else made_item
    )
    there.lms.routes["/items/1/scores"] = lambda _: Reply(b"", 200)
    there.lms.routes["/items/1/results"] = lambda _: Reply.json(
        [{"userId": "user-7", "resultScore": 0.8, "resultMaximum": 1}]
    )
    tried = attempt(there)
    tried.claims[names.AGS] = {
        "scope": [names.SCOPE_LINE_ITEM, names.SCOPE_SCORE],
        "lineitems": there.lms.url("/items"),
    }
    launch, calls = tried.post(), caller(there)
    assert (
        launch.grades is not None
        and launch.grades.line_items is not None
        and launch.user.id is not None
    )
    made = ags.find_or_create(
        calls, there.registration, launch.grades.line_items, LineItem("Relecture", 1, "link-1")
    )
    assert made.url is not None
    ags.post_score(
        calls,
        there.registration,
        made.url,
        Score(launch.user.id, NOW, "Completed", "FullyGraded", 0.8),
        None,
    )
    assert [result.score for result in ags.results(calls, there.registration, made.url)] == [0.8]


def test_there_are_forty_three() -> None:
    assert [len(cases) for cases in (BAD, TEACHERS, STUDENTS, DEEP_LINKING, ROSTER)] == [
        12,
        9,
        9,
        7,
        5,
    ]
