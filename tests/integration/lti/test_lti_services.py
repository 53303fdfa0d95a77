"""Tokens, roster and grades on a served platform, weeks after any launch."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from itertools import islice
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from engine.storage.tables import LtiHealth
from lti.platforms.tokens import Tokens
from lti.platforms.tool_keys import ToolKeys
from lti.services import ags, nrps
from lti.services.ags import LineItem, Score
from lti.services.call import Caller
from lti.wire import names
from lti.wire.refusals import FetchRefused, ServiceRefused
from tests.integration.lti.lms import (
    LEARNER,
    NOW,
    TEACHER,
    Lms,
    Reply,
    Request,
    Town,
    attempt,
    http,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def caller(there: Town) -> Caller:
    """What calls that platform, which gives tokens to who asks rightly."""
    keys = ToolKeys(there.db, "a secret of the installation")
    there.lms.routes["/token"] = lambda _: Reply.json(
        {"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600}
    )
    return Caller(there.units, http(), Tokens(http(), keys, lambda: there.now))


def health(there: Town) -> LtiHealth:
    with there.db.read("town") as session:
        return session.get_one(LtiHealth, ("town", there.registration.id))


def members(count: int, first: int = 0) -> list[dict[str, object]]:
    return [
        {"user_id": f"user-{n}", "status": "Active", "roles": [LEARNER], "name": f"Nom {n}"}
        for n in range(first, first + count)
    ]


def roster_of(lms: Lms, pages: int, size: int) -> None:
    """A roster of that many pages, each naming the next one by a relative address."""

    def answer(request: Request) -> Reply:
        page = int(request.query.get("page", ["0"])[0])
        links = [f'<{lms.url("/members")}?since=7>; rel="differences"']
        if page + 1 < pages:
            links.insert(0, f'</members?page={page + 1}>; rel="next"')
        return Reply.json(
            {"id": "x", "context": {"id": "c"}, "members": members(size, page * size)},
            Link=", ".join(links),
        )

    lms.routes["/members"] = answer


def test_the_platform_can_verify_our_assertion_with_our_published_keys(
    there: Town, caller: Caller
) -> None:
    roster_of(there.lms, 1, 1)
    list(nrps.roster(caller, there.registration, there.lms.url("/members")))
    form = parse_qs(
        next(asked for asked in there.lms.asked if asked.path == "/token").body.decode()
    )
    assert form["grant_type"] == ["client_credentials"] and form["scope"] == [names.SCOPE_ROSTER]
    key_set = KeySet.import_key_set(ToolKeys(there.db, "a secret of the installation").key_set(NOW))
    claims = jwt.decode(form["client_assertion"][0], key_set, algorithms=["RS256"]).claims
    assert claims["iss"] == claims["sub"] == "client-1" and claims["aud"] == there.lms.url("/token")
    assert claims["exp"] - claims["iat"] == 300 and claims["jti"]


def test_a_platform_may_fetch_our_keys_while_we_ask_it_for_a_token(
    there: Town, caller: Caller
) -> None:
    keys, seen = ToolKeys(there.db, "a secret of the installation"), []

    def answer(_: Request) -> Reply:
        asking = threading.Thread(target=lambda: seen.append(keys.key_set(NOW)))
        asking.start()
        asking.join(5)
        return Reply.json({"access_token": "token-1", "token_type": "bearer"})

    there.lms.routes["/token"] = answer
    assert caller.tokens.token(there.registration, ["a"]) == "token-1"
    assert len(seen[0]["keys"]) == 1


def test_a_token_is_taken_from_an_answer_that_calls_itself_html(
    there: Town, caller: Caller
) -> None:
    there.lms.routes["/token"] = lambda _: Reply.json(
        {"access_token": "t", "token_type": "Bearer"}, content_type="text/html"
    )
    assert caller.tokens.token(there.registration, ["a"]) == "t"


def test_a_token_is_kept_until_shortly_before_it_expires(there: Town, caller: Caller) -> None:
    for minutes, asked in ((0, 1), (58, 1), (59, 2)):
        there.now = NOW + timedelta(minutes=minutes)
        caller.tokens.token(there.registration, ["b", "a"])
        caller.tokens.token(there.registration, ["a", "b"])
        assert there.lms.count("/token") == asked


def test_the_token_of_one_registration_or_scope_serves_no_other(
    there: Town, caller: Caller
) -> None:
    village = there.register(tenant="village", client_id="client-2")
    for registration, scope in (
        (there.registration, "a"),
        (there.registration, "b"),
        (village, "a"),
    ):
        caller.tokens.token(registration, [scope])
    assert there.lms.count("/token") == 3


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply.json({"error": "invalid_client"}, 400), "service-answered"),
        (Reply.json({"token_type": "Bearer"}), "service-malformed"),
        (Reply.json({"access_token": "a\r\nX: y", "token_type": "Bearer"}), "service-malformed"),
        (Reply.json({"access_token": "t", "token_type": "mac"}), "service-malformed"),
        (Reply.json(["t"]), "service-malformed"),
        (
            Reply.json({"access_token": "t", "token_type": "Bearer", "scope": "b"}),
            "service-scope-missing",
        ),
    ],
    ids=["refused", "no-token", "header-injection", "not-bearer", "no-object", "scope-not-granted"],
)
def test_a_wrong_token_answer_is_refused(
    there: Town, caller: Caller, reply: Reply, code: str
) -> None:
    there.lms.routes["/token"] = lambda _: reply
    with pytest.raises(ServiceRefused) as refused:
        caller.tokens.token(there.registration, ["a"])
    assert refused.value.reason.code == code and refused.value.lasting


def test_a_token_that_the_platform_takes_no_more_is_asked_for_again_once(
    there: Town, caller: Caller
) -> None:
    replies = iter([Reply(b"", 401), Reply.json({"members": members(1)})])
    there.lms.routes["/members"] = lambda _: next(replies)
    assert (
        len(next(nrps.roster(caller, there.registration, there.lms.url("/members"))).members) == 1
    )
    assert there.lms.count("/token") == 2
    there.lms.routes["/members"] = lambda _: Reply(b"", 401)
    with pytest.raises(ServiceRefused, match="service-answered"):
        next(nrps.roster(caller, there.registration, there.lms.url("/members")))


def test_a_roster_is_streamed_page_by_page_to_its_end(there: Town, caller: Caller) -> None:
    roster_of(there.lms, 4, 25)
    pages = nrps.roster(caller, there.registration, there.lms.url("/members"))
    assert len(next(pages).members) == 25 and there.lms.count("/members") == 1
    rest = list(pages)
    assert [member.user for page in rest for member in page.members][-1] == "user-99"
    assert rest[-1].differences == there.lms.url("/members?since=7")
    assert health(there).served_at == NOW


def test_ten_thousand_members_come_through(there: Town, caller: Caller) -> None:
    roster_of(there.lms, 20, 500)
    pages = nrps.roster(caller, there.registration, there.lms.url("/members"))
    assert sum(len(page.members) for page in pages) == 10_000


def refused(caller: Caller, there: Town) -> ServiceRefused:
    """Why that roster is not read to its end."""
    with pytest.raises(ServiceRefused, match="service-malformed") as wrong:
        list(nrps.roster(caller, there.registration, there.lms.url("/members")))
    assert wrong.value.reason.why == "pages without end"
    return wrong.value


def test_pages_that_never_end_are_followed_for_two_minutes_and_for_five_hundred_pages(
    there: Town, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    roster_of(there.lms, 10_000, 1)
    endless = there.lms.routes["/members"]

    def slow(request: Request) -> Reply:
        there.now += timedelta(seconds=9)
        return endless(request)

    there.lms.routes["/members"] = slow
    assert not refused(caller, there).lasting and there.lms.count("/members") == 14
    there.lms.routes["/members"], there.now = endless, NOW
    monkeypatch.setattr("lti.services.call.MAX_PAGES", 20)
    assert not refused(caller, there).lasting and there.lms.count("/members") == 14 + 20


def test_no_course_has_more_than_a_hundred_thousand_members(there: Town, caller: Caller) -> None:
    there.lms.routes["/members"] = lambda _: Reply.json(
        {"members": [{"user_id": str(n), "roles": []} for n in range(100_001)]}
    )
    assert not refused(caller, there).lasting


@pytest.mark.parametrize("target", ["http://[/", "/" + "x" * 2000, "mailto:lea"])
def test_a_next_page_whose_address_is_none_is_the_platforms_fault(
    there: Town, caller: Caller, target: str
) -> None:
    there.lms.routes["/members"] = lambda _: Reply.json(
        {"members": []}, Link=f'<{target}>; rel="next"'
    )
    with pytest.raises(ServiceRefused, match="service-malformed"):
        list(nrps.roster(caller, there.registration, there.lms.url("/members")))


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1e999", "NaN"])
def test_a_number_beyond_measure_is_the_platforms_fault(
    there: Town, caller: Caller, number: str
) -> None:
    said = f'[{{"userId": "1", "resultScore": {number}}}]'.encode()
    there.lms.routes["/item/results"] = lambda _: Reply(said)
    with pytest.raises(ServiceRefused, match="service-malformed"):
        list(ags.results(caller, there.registration, there.lms.url("/item")))


def test_a_roster_can_be_asked_by_role_link_and_size_and_keeps_the_platforms_own_query(
    there: Town, caller: Caller
) -> None:
    roster_of(there.lms, 1, 1)
    list(
        nrps.roster(
            caller,
            there.registration,
            there.lms.url("/members?course=a%20b&limit=9"),
            role=TEACHER,
            resource_link="link/1",
            limit=50,
        )
    )
    asked = there.lms.asked[-1]
    assert asked.query == {
        "course": ["a b"],
        "role": [TEACHER],
        "rlid": ["link/1"],
        "limit": ["50"],
    }
    assert (
        asked.headers["accept"] == names.MEDIA_ROSTER
        and asked.headers["authorization"] == "Bearer token-1"
    )


def test_members_are_read_leniently(there: Town, caller: Caller) -> None:
    there.lms.routes["/members"] = lambda _: Reply.json(
        {
            "members": [
                {"user_id": "1", "roles": ["Instructor"], "email": "a@example.org"},
                {"user_id": "2", "status": "Deleted", "roles": []},
                {"user_id": "3", "status": "Inactive"},
                {"roles": []},
                "nobody",
                {"user_id": 4},
            ]
        }
    )
    found = next(nrps.roster(caller, there.registration, there.lms.url("/members"))).members
    assert [(m.user, m.status, m.role_said) for m in found] == [
        ("1", "active", "facilitator"),
        ("2", "deleted", None),
        ("3", "inactive", None),
        ("4", "active", None),
    ]


def test_pages_that_lead_in_a_circle_are_not_followed_for_ever(there: Town, caller: Caller) -> None:
    there.lms.routes["/members"] = lambda _: Reply.json(
        {"members": []}, Link='</members>; rel="next"'
    )
    with pytest.raises(ServiceRefused, match="service-malformed"):
        list(islice(nrps.roster(caller, there.registration, there.lms.url("/members")), 10))


@pytest.mark.parametrize(
    "where", ["https://evil.example/members", "http://localhost:1/members", "nonsense", ""]
)
def test_no_token_goes_to_a_host_that_nobody_named(there: Town, caller: Caller, where: str) -> None:
    with pytest.raises(ServiceRefused, match="service-host-unknown"):
        list(nrps.roster(caller, there.registration, where))
    assert there.lms.count("/token") == 0
    assert health(there).error is not None


def test_no_token_follows_a_next_page_to_a_host_that_nobody_named(
    there: Town, caller: Caller
) -> None:
    there.lms.routes["/members"] = lambda _: Reply.json(
        {"members": []}, Link='<https://evil.example/2>; rel="next"'
    )
    with pytest.raises(ServiceRefused, match="service-host-unknown"):
        list(nrps.roster(caller, there.registration, there.lms.url("/members")))


def test_a_host_that_a_verified_launch_named_may_be_called_for_that_registration_alone(
    there: Town, caller: Caller
) -> None:
    elsewhere = there.lms.base.replace("127.0.0.1", "localhost") + "/members"
    roster_of(there.lms, 1, 3)
    tried = attempt(there)
    tried.claims[names.NRPS] = {"context_memberships_url": elsewhere}
    tried.post()
    village = there.register(tenant="village", client_id="client-2")
    assert len(next(nrps.roster(caller, there.registration, elsewhere)).members) == 3
    with pytest.raises(ServiceRefused, match="service-host-unknown"):
        next(nrps.roster(caller, village, elsewhere))


def test_a_line_item_is_found_before_one_is_made(there: Town, caller: Caller) -> None:
    there.lms.routes["/items"] = lambda _: Reply.json(
        [
            {
                "id": there.lms.url("/items/1"),
                "label": "Other",
                "scoreMaximum": 10,
                "resourceId": "other",
            },
            {
                "id": there.lms.url("/items/2"),
                "label": "Ours",
                "scoreMaximum": 1,
                "resourceId": "mine",
                "tag": "debrief",
            },
        ]
    )
    wanted = LineItem("Ours", 1, "mine", "debrief")
    found = ags.find_or_create(
        caller, there.registration, there.lms.url("/items?type_id=1"), wanted
    )
    assert found.url == there.lms.url("/items/2")
    assert there.lms.asked[-1].query == {
        "type_id": ["1"],
        "resource_id": ["mine"],
    }
    assert [asked.method for asked in there.lms.asked if asked.path == "/items"] == ["GET"]


def test_a_column_that_the_platform_made_with_a_link_is_found_by_the_link(
    there: Town, caller: Caller
) -> None:
    """Moodle's knows no resource of ours, and is not listed where one is asked for."""
    column = {"id": there.lms.url("/items/1"), "label": "Halle", "scoreMaximum": 100, "tag": ""}
    there.lms.routes["/items"] = lambda request: Reply.json(
        [] if "resource_id" in request.query else [{**column, "resourceLinkId": "link-1"}]
    )
    wanted = LineItem("Ours", 1, "mine", "debrief", "link-1")
    found = ags.find(caller, there.registration, there.lms.url("/items"), wanted)
    assert found is not None and found.url == there.lms.url("/items/1")
    other = LineItem("Ours", 1, "mine", "debrief", "link-2")
    assert ags.find(caller, there.registration, there.lms.url("/items"), other) is None


def test_a_line_item_that_is_not_there_is_made(there: Town, caller: Caller) -> None:
    there.lms.routes["/items"] = lambda request: (
        Reply.json([])
        if request.method == "GET"
        else Reply.json(
            {**json.loads(request.body), "id": there.lms.url("/items/3?type_id=1")}, 201
        )
    )
    wanted = LineItem("Ours", 1, "mine", "debrief", "link-1")
    made = ags.find_or_create(caller, there.registration, there.lms.url("/items"), wanted)
    assert made == LineItem(
        "Ours", 1, "mine", "debrief", "link-1", there.lms.url("/items/3?type_id=1")
    )
    assert there.lms.asked[-1].headers["content-type"] == names.MEDIA_LINE_ITEM


def test_a_score_goes_below_its_line_item_and_the_query_stays(there: Town, caller: Caller) -> None:
    there.lms.routes["/items/1/lineitem/scores"] = lambda _: Reply(b"", 204)
    score = Score(
        "user-7", NOW + timedelta(microseconds=123456), "Completed", "FullyGraded", 0.5, 1, "Bravo"
    )
    ags.post_score(
        caller, there.registration, there.lms.url("/items/1/lineitem?type_id=1"), score, None
    )
    asked = there.lms.asked[-1]
    assert asked.query == {"type_id": ["1"]} and asked.headers["content-type"] == names.MEDIA_SCORE
    assert json.loads(asked.body) == {
        "userId": "user-7",
        "timestamp": "2027-01-04T09:00:00.123Z",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": 0.5,
        "scoreMaximum": 1,
        "comment": "Bravo",
    }


@pytest.mark.parametrize(
    "later", [timedelta(0), timedelta(seconds=-1), timedelta(microseconds=999)]
)
def test_a_score_that_is_not_later_than_the_last_one_is_not_sent(
    there: Town, caller: Caller, later: timedelta
) -> None:
    score = Score("user-7", NOW + later, "Completed", "FullyGraded", 1)
    with pytest.raises(ServiceRefused, match="score-not-later"):
        ags.post_score(caller, there.registration, there.lms.url("/items/1"), score, NOW)
    assert not there.lms.asked


def test_results_are_read_back(there: Town, caller: Caller) -> None:
    there.lms.routes["/items/1/results"] = lambda _: Reply.json(
        [
            {
                "id": "r",
                "userId": "user-7",
                "resultScore": 0.5,
                "resultMaximum": 1,
                "comment": "Bravo",
            },
            {"userId": "user-8"},
        ]
    )
    found = list(
        ags.results(caller, there.registration, there.lms.url("/items/1?type_id=1"), "user-7")
    )
    assert [(r.user, r.score, r.maximum, r.comment) for r in found] == [
        ("user-7", 0.5, 1, "Bravo"),
        ("user-8", None, 1, None),
    ]
    assert there.lms.asked[-1].query == {"type_id": ["1"], "user_id": ["user-7"]}


@pytest.mark.parametrize(
    ("status", "lasting"),
    [(400, True), (403, True), (404, True), (429, False), (500, False), (503, False)],
)
def test_trouble_says_whether_a_retry_is_worth_it(
    there: Town, caller: Caller, status: int, lasting: bool
) -> None:
    there.lms.routes["/items/1/scores"] = lambda _: Reply(b"", status)
    score = Score("u", NOW, "Completed", "FullyGraded", 1)
    with pytest.raises(ServiceRefused) as refused:
        ags.post_score(caller, there.registration, there.lms.url("/items/1"), score, None)
    assert refused.value.lasting is lasting


def test_a_redirecting_service_is_refused_with_its_token_unspent_elsewhere(
    there: Town, caller: Caller
) -> None:
    there.lms.routes["/members"] = lambda _: Reply(
        b"", 302, {"Location": there.lms.url("/elsewhere")}
    )
    with pytest.raises(FetchRefused, match="fetch-redirected"):
        list(nrps.roster(caller, there.registration, there.lms.url("/members")))
    assert there.lms.count("/elsewhere") == 0


def test_the_hosts_of_a_registration_are_those_that_it_names(there: Town) -> None:
    assert there.known_hosts() == {
        "lms.example.org",
        "127.0.0.1",
    }
