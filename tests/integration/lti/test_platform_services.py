"""The platform for development: tokens, roster and gradebook, used through the kernel's own
client code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jwt

from lti.launch.deep_linking import Item, ItemGrade
from lti.platforms.tokens import BEARER, assertion
from lti.services import ags, nrps
from lti.services.ags import LineItem, Score
from lti.wire import names
from lti.wire.http import Answer
from lti.wire.refusals import ServiceRefused
from lti.wire.roles import MEMBERSHIP
from tests.integration.lti.lms import NOW, Lms, http, rsa
from tests.integration.lti.platforms import Plugged, plugged

pytestmark = pytest.mark.both_databases


@pytest.fixture
def tool(tmp_path: Path, lms: Lms) -> Iterator[Plugged]:
    with plugged(tmp_path, lms, members=1_800) as made:
        yield made


def ask_token(tool: Plugged, **differently: str) -> Answer:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": BEARER,
        "scope": names.SCOPE_ROSTER,
        "client_assertion": assertion(tool.keys, tool.registration, NOW),
        **differently,
    }
    return tool.post("/token", form)


def claims(tool: Plugged, **differently: object) -> dict[str, object]:
    client = tool.registration.client_id
    return {
        "iss": client,
        "sub": client,
        "aud": tool.platform("/token"),
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 300,
        "jti": "once",
        **differently,
    }


def everybody(tool: Plugged, url: str = "/members", **asked: object) -> list[nrps.Member]:
    pages = nrps.roster(tool.caller, tool.registration, tool.platform(url), **asked)
    return [member for page in pages for member in page.members]


def test_an_assertion_that_the_tool_signed_gets_a_token(tool: Plugged) -> None:
    answer = ask_token(tool)
    assert answer.status == 200 and answer.json()["scope"] == names.SCOPE_ROSTER


@pytest.mark.parametrize(
    "spoiled",
    [
        {"sub": "client-9"},
        {"iss": "client-9"},
        {"aud": "https://other.example/token"},
        {"exp": int(NOW.timestamp()) - 120},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 900},
        {"jti": ""},
    ],
    ids=lambda spoiled: next(iter(spoiled)),
)
def test_a_bad_assertion_is_refused(tool: Plugged, spoiled: dict[str, object]) -> None:
    answer = ask_token(tool, client_assertion=tool.keys.sign(claims(tool, **spoiled), NOW))
    assert answer.status == 400 and answer.json()["error"] == "invalid_client"


def test_an_assertion_that_somebody_else_signed_is_refused(tool: Plugged) -> None:
    forged = jwt.encode(
        {"alg": "RS256", "kid": "stranger"}, claims(tool), rsa("stranger"), algorithms=["RS256"]
    )
    for token in (forged, "nonsense", "a.b.c", ""):
        assert ask_token(tool, client_assertion=token).json()["error"] == "invalid_client"
    assert ask_token(tool, grant_type="password").json()["error"] == "unsupported_grant_type"
    assert ask_token(tool, scope="everything").json()["error"] == "invalid_scope"


def test_services_take_no_call_without_a_token_of_their_scope(tool: Plugged) -> None:
    token = ask_token(tool).json()["access_token"]
    for header, status in (
        ({}, 401),
        ({"Authorization": "Bearer invented"}, 401),
        ({"Authorization": f"Bearer {token}"}, 403),
    ):
        assert http().send("GET", tool.platform("/lineitems"), headers=header).status == status


def test_a_roster_of_1800_comes_in_pages(tool: Plugged) -> None:
    pages = list(nrps.roster(tool.caller, tool.registration, tool.platform("/members"), limit=75))
    assert [len(page.members) for page in pages] == [75] * 24
    found = [member for page in pages for member in page.members]
    assert len({member.user for member in found}) == 1_800
    assert [member.user for member in found if member.role_said == "facilitator"] == ["teacher-1"]
    assert found[7].name == "Student 7" and found[7].email is None, (
        "the tool asked for names, not for addresses"
    )


def test_a_roster_can_be_asked_by_role_and_by_link(tool: Plugged) -> None:
    tool.campus.place(tool.campus.clients[tool.registration.client_id], [{"title": "Semaine 3"}])
    assert [member.user for member in everybody(tool, role=f"{MEMBERSHIP}#Instructor")] == [
        "teacher-1"
    ]
    assert len(everybody(tool, role="Learner")) == 1_799
    assert len(everybody(tool, resource_link="link-1", limit=100)) == 1_800
    with pytest.raises(ServiceRefused, match="service-answered"):
        everybody(tool, resource_link="link-9")


def test_differences_tell_who_joined_and_who_left(tool: Plugged) -> None:
    differences = list(nrps.roster(tool.caller, tool.registration, tool.platform("/members")))[
        -1
    ].differences
    assert (
        differences is not None
        and everybody(tool, differences.removeprefix(tool.campus.base)) == []
    )
    tool.change("/roster", {"join": "2"})
    tool.change("/roster", {"leave": "student-5"})
    changed = everybody(tool, differences.removeprefix(tool.campus.base))
    assert [(member.user, member.status) for member in changed] == [
        ("student-5", "deleted"),
        ("student-1800", "active"),
        ("student-1801", "active"),
    ]
    assert len(everybody(tool)) == 1_801


def test_a_score_reaches_the_gradebook_and_is_read_back(tool: Plugged) -> None:
    asked = tool.launch(f"/tools/{tool.registration.client_id}/place")
    tool.choose(
        asked, Item(tool.lms.url("/course"), "Semaine 3", grade=ItemGrade(20, "Relecture", "mine"))
    )
    grades = tool.launch("/links/link-1/open?user=student-7").grades
    assert grades is not None and grades.line_item is not None
    ags.post_score(
        tool.caller,
        tool.registration,
        grades.line_item,
        Score("student-7", NOW, "Completed", "FullyGraded", 0.5, 1, "Bravo <b>"),
        None,
    )
    [result] = ags.results(tool.caller, tool.registration, grades.line_item, "student-7")
    assert (result.user, result.score, result.maximum, result.comment) == (
        "student-7",
        10,
        20,
        "Bravo <b>",
    )
    page = tool.get("/gradebook").body.decode()
    assert (
        "0.5 / 1" in page
        and "student-7" in page
        and "Bravo &lt;b&gt;" in page
        and "FullyGraded" in page
    )
    for user, later, status in (("student-7", timedelta(0), 409), ("nobody", timedelta(0), 404)):
        with pytest.raises(ServiceRefused) as refused:
            ags.post_score(
                tool.caller,
                tool.registration,
                grades.line_item,
                Score(user, NOW + later, "Completed", "FullyGraded", 1),
                None,
            )
        assert refused.value.reason.status == status
    pending = Score("student-7", NOW + timedelta(seconds=1), "InProgress", "Pending", 1)
    ags.post_score(tool.caller, tool.registration, grades.line_item, pending, NOW)
    assert next(ags.results(tool.caller, tool.registration, grades.line_item)).score is None


def test_a_line_item_is_made_found_changed_and_deleted(tool: Plugged) -> None:
    url, wanted = tool.platform("/lineitems"), LineItem("Ours", 1, "mine", "debrief")
    made = ags.find_or_create(tool.caller, tool.registration, url, wanted)
    assert made.url is not None and "?" in made.url
    assert ags.find_or_create(tool.caller, tool.registration, url, wanted) == made
    assert list(ags.line_items(tool.caller, tool.registration, url, tag="other")) == []

    def ask(method: str, body: object = None) -> Answer:
        assert made.url is not None
        return tool.caller.call(
            tool.registration,
            method,
            made.url,
            [names.SCOPE_LINE_ITEM],
            accept=names.MEDIA_LINE_ITEM,
            body=body,
        )

    assert ask("PUT", {"label": "Renamed", "scoreMaximum": 5}).json()["label"] == "Renamed"
    assert json.loads(ask("GET").body)["scoreMaximum"] == 5
    ask("DELETE")
    with pytest.raises(ServiceRefused, match="service-answered"):
        ask("GET")
    with pytest.raises(ServiceRefused, match="service-answered"):
        ags.find_or_create(tool.caller, tool.registration, url, LineItem("", 0))


def test_one_tool_sees_nothing_of_the_line_items_of_another(tool: Plugged) -> None:
    made = ags.find_or_create(
        tool.caller, tool.registration, tool.platform("/lineitems"), LineItem("Ours", 1, "mine")
    )
    other = tool.register()
    assert list(ags.line_items(tool.caller, other, tool.platform("/lineitems"))) == []
    assert made.url is not None
    with pytest.raises(ServiceRefused, match="service-answered"):
        list(ags.results(tool.caller, other, made.url))
