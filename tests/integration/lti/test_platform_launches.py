"""The platform for development: a tool registers, is launched and places links; what is wrong is
refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc import jwt

from lti.launch.deep_linking import Item, ItemGrade
from lti.wire import names
from lti.wire.refusals import LaunchRefused, RegistrationRefused
from lti.wire.urls import with_query
from tests.integration.lti.lms import NOW, Lms, http, itself, rsa
from tests.integration.lti.platforms import Plugged, fields, plugged

pytestmark = pytest.mark.both_databases


@pytest.fixture
def tool(tmp_path: Path, lms: Lms) -> Iterator[Plugged]:
    with plugged(tmp_path, lms) as made:
        yield made


def place(tool: Plugged, *items: Item) -> None:
    chosen = items or (Item(tool.lms.url("/course"), "Semaine 3"),)
    assert (
        tool.choose(tool.launch(f"/tools/{tool.registration.client_id}/place"), *chosen).status
        == 200
    )


def test_a_tool_registers_itself_with_a_token_that_serves_once(tool: Plugged) -> None:
    token = tool.campus.invite()
    second = tool.register(token)
    assert second.client_id != tool.registration.client_id and names.SCOPE_ROSTER in second.scopes
    for used in (token, "invented"):
        with pytest.raises(RegistrationRefused, match="registration-answered"):
            tool.register(used)


def test_a_registration_link_opens_in_a_frame_with_what_the_tool_needs(tool: Plugged) -> None:
    page = tool.post("/tools", {"link": tool.lms.url("/register/one-time?x=1")})
    assert (
        f'data-src="{tool.lms.url("/register/one-time?x=1&amp;openid_configuration=")}'
        in page.body.decode()
    )
    assert f"frame-src 'self' {tool.lms.base}" in page.headers["content-security-policy"]
    assert tool.post("/tools", {"link": "javascript:alert(1)"}).status == 400


def test_a_student_and_a_teacher_are_launched_with_what_the_tool_asked_for_and_no_more(
    tool: Plugged,
) -> None:
    place(tool)
    student = tool.launch("/links/link-1/open?user=student-7&locale=en-GB")
    assert (student.user.id, student.user.name, student.user.email) == (
        "student-7",
        "Student 7",
        None,
    )
    assert student.course_role == "learner" and student.presentation.locale == "en-GB"
    assert student.context is not None and student.resource_link is not None
    assert (student.resource_link.id, student.resource_link.title) == ("link-1", "Semaine 3")
    assert student.custom == {"link": "link-1"} and student.deployment == "deployment-1"
    assert tool.launch("/links/link-1/open?user=teacher-1").course_role == "facilitator"


def test_storage_is_offered_unless_it_is_switched_off(tool: Plugged) -> None:
    place(tool)
    assert tool.log_in("/links/link-1/open").storage == "relecture_storage"
    assert tool.log_in("/links/link-1/open?storage=off").storage is None
    assert f'data-origins="{tool.lms.base}"' in tool.get("/storage").body.decode()


def test_links_are_placed_with_their_line_items(tool: Plugged) -> None:
    asked = tool.launch(f"/tools/{tool.registration.client_id}/place?user=teacher-1")
    assert asked.message == "deep-linking" and asked.target == tool.lms.url("/choose")
    page = tool.choose(
        asked,
        Item(
            tool.lms.url("/course"),
            "Semaine 3",
            grade=ItemGrade(10, "Relecture", "mine", "debrief"),
            custom={"module": "la-vitrine"},
        ),
        Item(tool.lms.url("/path"), "<Chemin>", frame=(800, 900)),
    )
    assert (
        "2 placed" in page.body.decode()
        and "Voilà" in page.body.decode()
        and "&lt;Chemin&gt;" in page.body.decode()
    )
    launch = tool.launch("/links/link-1/open")
    assert launch.custom == {"link": "link-1", "module": "la-vitrine"}
    assert launch.grades is not None and launch.grades.line_item == tool.platform(
        "/lineitems/1/lineitem?type_id=1"
    )
    assert 'height="900"' in tool.get("/links/link-2/open").body.decode()
    assert tool.choose(asked).status == 404, "a request is answered once"


def test_a_deep_linking_answer_is_refused_when_it_is_not_signed_by_the_tool_or_not_for_this_request(
    tool: Plugged,
) -> None:
    asked = tool.launch(f"/tools/{tool.registration.client_id}/place")
    other = tool.launch(f"/tools/{tool.registration.client_id}/place")
    assert asked.deep_linking is not None and other.deep_linking is not None
    path = urlsplit(asked.deep_linking.return_url).path
    claims = {
        "iss": tool.registration.client_id,
        "aud": tool.campus.base,
        "iat": NOW.timestamp(),
        "exp": NOW.timestamp() + 60,
        "nonce": "n",
        names.DEPLOYMENT: "deployment-1",
        names.MESSAGE_TYPE: names.DEEP_LINKING_RESPONSE,
        names.VERSION: "1.3.0",
        names.DL_DATA: asked.deep_linking.data,
        names.DL_ITEMS: [{"type": "ltiResourceLink", "url": tool.lms.url("/course")}],
    }
    wrong = (
        {"iss": "client-9"},
        {"aud": "https://other.example"},
        {names.DEPLOYMENT: "9"},
        {names.DL_DATA: other.deep_linking.data},
        {"exp": NOW.timestamp() - 100},
        {"nonce": ""},
        {names.DL_ITEMS: [{"type": "html"}]},
        {names.DL_ITEMS: [{"type": "ltiResourceLink", "url": "javascript:alert(1)"}]},
    )
    for spoiled in wrong:
        assert tool.post(path, {"JWT": tool.keys.sign({**claims, **spoiled}, NOW)}).status == 400, (
            spoiled
        )
    stranger = jwt.encode(
        {"alg": "RS256", "kid": "stranger"}, claims, rsa("stranger"), algorithms=["RS256"]
    )
    for token in (stranger, "a.b.c", ""):
        assert tool.post(path, {"JWT": token}).status == 400
    assert tool.campus.links == {}
    assert tool.post(path, {"JWT": tool.keys.sign(claims, NOW)}).status == 200


@pytest.mark.parametrize(
    "spoiled",
    [
        {"redirect_uri": "https://evil.example/launch"},
        {"redirect_uri": ""},
        {"client_id": "client-9"},
    ],
    ids=["redirect-uri-of-somebody-else", "redirect-uri-missing", "client-unknown"],
)
def test_nothing_is_posted_to_an_address_that_the_client_did_not_register(
    tool: Plugged, spoiled: dict[str, str]
) -> None:
    place(tool)
    answer = http().send("GET", with_query(tool.log_in("/links/link-1/open").url, **spoiled))
    assert answer.status == 400 and "<form" not in answer.body.decode()


@pytest.mark.parametrize(
    ("spoiled", "error"),
    [
        ({"nonce": ""}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_type": "code"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_request"),
        ({"login_hint": "student-2"}, "login_required"),
        ({"lti_message_hint": "invented"}, "login_required"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_a_wrong_authentication_request_gets_its_error_and_no_token(
    tool: Plugged, spoiled: dict[str, str], error: str
) -> None:
    place(tool)
    begun = tool.log_in("/links/link-1/open?user=student-1")
    posted = fields(http().send("GET", with_query(begun.url, **spoiled)))
    assert posted["error"] == error and "id_token" not in posted
    with pytest.raises(LaunchRefused, match="platform-error"):
        tool.receiver.receive(posted, begun.browser, itself)


def test_a_nonce_serves_once_and_a_token_only_the_login_that_it_answers(tool: Plugged) -> None:
    place(tool)
    first, second = tool.log_in("/links/link-1/open"), tool.log_in("/links/link-1/open")
    posted, other = fields(http().send("GET", first.url)), fields(http().send("GET", second.url))
    assert fields(http().send("GET", first.url))["error"] == "invalid_request"
    with pytest.raises(LaunchRefused, match="nonce-mismatch"):
        tool.receiver.receive({**posted, "id_token": other["id_token"]}, first.browser, itself)
    assert tool.receiver.receive(posted, first.browser, itself).user.id == "teacher-1"


def test_whoever_left_the_course_is_launched_no_more(tool: Plugged) -> None:
    place(tool)
    begun = tool.log_in("/links/link-1/open?user=student-3")
    tool.change("/roster", {"leave": "student-3"})
    assert fields(http().send("GET", begun.url))["error"] == "login_required"
    assert tool.get("/links/link-1/open?user=student-3").status == 404


def test_pages_run_no_inline_script_and_are_framed_by_the_platform_alone(tool: Plugged) -> None:
    place(tool)
    for path in (
        "/",
        "/roster",
        "/gradebook",
        "/storage",
        "/back?lti_msg=%3Cb%3E",
        "/links/link-1/open",
        "/links/none/open",
    ):
        page = tool.get(path)
        policy, text = page.headers["content-security-policy"], page.body.decode()
        assert (
            "script-src 'self'" in policy
            and "frame-ancestors 'self'" in policy
            and "unsafe" not in policy
        )
        assert (
            "<script>" not in text
            and " style=" not in text
            and " on" + "click=" not in text
            and "<b>" not in text
        )
