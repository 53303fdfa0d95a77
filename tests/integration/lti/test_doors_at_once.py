"""Many at once at the LMS's door: one token many times, one person many times, keys that change
under load, on either side."""

from __future__ import annotations

import http.client
import itertools
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from engine.storage.tables import (
    Account,
    Course,
    LtiContext,
    LtiLink,
    LtiPerson,
    LtiState,
    LtiVisit,
    Membership,
    Placement,
)
from lti.platforms.tool_keys import Rotation
from lti.wire import names
from lti.wire.http import Answer
from tests.browser.live import serving
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import TOOL, Lms, Reply, Request, rsa
from tests.integration.lti.lms import http as guarded
from web.site.sessions import COOKIE

pytestmark = pytest.mark.both_databases

TOGETHER = 50
SCOPES = (names.SCOPE_LINE_ITEM, names.SCOPE_SCORE, names.SCOPE_RESULT, names.SCOPE_ROSTER)
T = TypeVar("T")


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Plugged]:
    made = plugged(tmp_path, lms)
    tokens = made.house.services.lti.caller.tokens
    made.house.app.add_url_rule(
        "/ask/<int:n>",
        view_func=lambda n: tokens.token(made.registration, [SCOPES[n]]),
        endpoint="ask",
    )
    yield made
    made.house.services.close()


def at_once(does: Callable[[int], T], times: int = TOGETHER) -> list[T]:
    """What each of so many threads returned; they start together."""
    start = Barrier(times)

    def run(number: int) -> T:
        start.wait()
        return does(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def rows(there: Plugged, table: type[Any]) -> list[Any]:
    with there.house.services.db.read("town") as unit:
        return list(unit.scalars(select(table)))


@dataclass(frozen=True)
class Served:
    """Our pages behind the server of ``relecture serve``, at a port of loopback."""

    port: int

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def post(self, path: str, form: dict[str, str], **headers: str) -> tuple[int, str]:
        """Status and text of the answer to a form; redirects are not followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(
            "POST",
            path,
            urlencode(form),
            {"Content-Type": "application/x-www-form-urlencoded", **headers},
        )
        with connection.getresponse() as response:
            said = response.status, response.read().decode()
        connection.close()
        return said


@pytest.fixture
def served(there: Plugged) -> Iterator[Served]:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    port = door.getsockname()[1]
    with serving(there.house.app, door):
        yield Served(port)


def test_one_token_posted_fifty_times_at_once_opens_exactly_one_visit(
    there: Plugged, served: Served
) -> None:
    guest = there.browser()
    asked = guest.log_in()
    kept = guest.visitor.client.get_cookie(COOKIE, domain=str(urlsplit(TOOL).hostname))
    token = jwt.encode(
        {"alg": "RS256", "kid": "platform"},
        guest.claims(asked),
        rsa("platform"),
        algorithms=["RS256"],
    )
    form = {"state": asked["state"], "id_token": token}
    answers = at_once(lambda _n: served.post("/lti/launch", form, Cookie=f"{COOKIE}={kept.value}"))
    assert sorted(status for status, _ in answers) == [303] + [400] * (TOGETHER - 1)
    assert all("state-reused" in page for status, page in answers if status == 400)
    assert len(rows(there, LtiVisit)) == len(rows(there, Account)) == 1
    assert there.lms.count("/jwks") == 1


def test_fifty_launches_of_one_new_person_at_once_make_one_account_and_one_course(
    there: Plugged,
) -> None:
    guests = [there.browser() for _ in range(TOGETHER)]
    logins = [guest.log_in() for guest in guests]
    answers = at_once(lambda n: guests[n].post(logins[n], guests[n].claims(logins[n])))
    assert {answer.status_code for answer in answers} == {303}
    once = (Account, LtiPerson, Course, LtiContext, LtiLink, Membership, Placement)
    assert {table.__name__: len(rows(there, table)) for table in once} == {
        table.__name__: 1 for table in once
    }
    assert len({answer.location for answer in answers}) == len(rows(there, LtiVisit)) == TOGETHER
    assert all(state.used_at for state in rows(there, LtiState))


def test_fifty_people_at_once_make_fifty_accounts_in_one_course(there: Plugged) -> None:
    guests = [there.browser() for _ in range(TOGETHER)]
    logins = [guest.log_in() for guest in guests]
    answers = at_once(
        lambda n: guests[n].post(
            logins[n], guests[n].claims(logins[n], lambda said: said.update(sub=f"user-{n}"))
        )
    )
    assert {answer.status_code for answer in answers} == {303}
    assert (len(rows(there, Account)), len(rows(there, Membership)), len(rows(there, Course))) == (
        TOGETHER,
        TOGETHER,
        1,
    )


def test_a_platform_changes_its_keys_under_load_and_no_launch_fails(there: Plugged) -> None:
    kids = ("platform", "next", "last")
    for kid in kids:
        rsa(kid)
    answers: list[int] = []

    def come(key: str) -> int:
        guest = there.browser()
        asked = guest.log_in()
        return guest.post(asked, guest.claims(asked), key=key).status_code

    for before, after in itertools.pairwise(kids):
        answers += at_once(lambda _n, kid=before: come(kid), 8)
        there.house.clock.later(minutes=2)
        there.lms.publish(before, after)
        # Those that were signed before the change arrive among those after it.
        answers += at_once(lambda n, both=(before, after): come(both[n % 2]), 16)
    assert answers == [303] * 48
    assert there.lms.count("/jwks") == len(kids)


def test_an_unknown_key_asked_for_by_many_is_fetched_once(there: Plugged) -> None:
    rsa("stranger")
    guests = [there.browser() for _ in range(16)]
    logins = [guest.log_in() for guest in guests]
    answers = at_once(
        lambda n: guests[n].post(logins[n], guests[n].claims(logins[n]), key="stranger"), 16
    )
    assert {answer.status_code for answer in answers} == {400} and there.lms.count("/jwks") == 1
    assert all("kid-unknown" in answer.get_data(as_text=True) for answer in answers)


def verifying(there: Plugged, served: Served, seen: list[str]) -> Callable[[Request], Reply]:
    """A platform's token service: it fetches our keys while we wait for its answer, and verifies
    with nothing else."""
    fetch = guarded()

    def token(request: Request) -> Reply:
        form = dict(part.split("=", 1) for part in request.body.decode().split("&"))
        published = KeySet.import_key_set(fetch.send("GET", served.url("/lti/keys")).json())
        seen.append(
            str(jwt.decode(form["client_assertion"], published, algorithms=["RS256"]).header["kid"])
        )
        return Reply.json(
            {"access_token": f"token-{len(seen)}", "token_type": "Bearer", "expires_in": 3600}
        )

    return token


def test_our_keys_change_while_tokens_are_asked_for_and_every_assertion_verifies(
    there: Plugged, served: Served
) -> None:
    the, clock, seen = there.house.services, there.house.clock, []
    there.lms.routes["/token"] = verifying(there, served, seen)
    rules = Rotation()

    def ask(scope: str) -> str:
        return the.lti.caller.tokens.token(there.registration, [scope])

    def one(number: int) -> str:
        return ask(SCOPES[number]) if number < len(SCOPES) else the.lti.keys.rotate(clock.wall())

    for _ in range(12):
        at_once(one, len(SCOPES) + 1)
        clock.later(seconds=rules.lead.total_seconds())
    assert len(seen) == 12 * len(SCOPES) and len(set(seen)) >= 10
    published = the.lti.keys.key_set(clock.wall())["keys"]
    assert len(published) <= (rules.overlap + 2 * rules.lead) // timedelta(days=1) + 1


def test_a_platform_fetches_our_keys_while_our_pages_wait_for_its_token(
    there: Plugged, served: Served
) -> None:
    """Asked for from inside requests, as a page that checks a connection does, so that the
    server serves both at once."""
    the, seen = there.house.services, []
    there.lms.routes["/token"] = verifying(there, served, seen)
    tokens: list[Answer] = at_once(lambda n: guarded().send("GET", served.url(f"/ask/{n}")), 3)
    assert [answer.status for answer in tokens] == [200] * 3 and len(seen) == 3
    assert {answer.body.decode() for answer in tokens} == {"token-1", "token-2", "token-3"}
    assert the.lti.caller.tokens.token(there.registration, [SCOPES[0]]) in {
        "token-1",
        "token-2",
        "token-3",
    }
