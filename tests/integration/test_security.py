"""Every route, those of tomorrow included: headers on all, CSRF on what changes something,
nothing personal for visitors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter, PathConverter, Rule

from tests.apps import House, Visitor, house
from web.site.security import CSRF_FREE, MAX_BYTES, POLICY

HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
)
OPEN = {
    "demo.two",
    "demo.second",
    "static",
    "front.index",
    "account.sign_in",
    "account.magic",
    "account.reset",
    "account.magic_link",
    "account.reset_link",
    "links.show",
    "links.unsubscribe",
    "links.revealed",
    "health.show",
    "offline.page",
    "offline.worker",
    "health.ready",
    "public.privacy",
    "public.legal",
    "public.accessibility",
    "lms_launching.keys",
    "lms_launching.log_in",
    "address.link",
    "invitations.show",
}
"""What a visitor may look at. The rest sends them to sign in."""
FRAMED = {"lms_registering.register": "https: http:"}
"""What others may frame, without a visit of theirs: LMSs open our registration inside their own
pages."""

NOBODY = "'none'"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("security")
    made = house(folder, demo=True, maildir=str(folder / "mail"))
    made.account()
    yield made
    made.services.close()


def path_of(town: House, rule: Rule) -> str:
    values = {
        name: 1 if isinstance(rule._converters[name], IntegerConverter) else "x" * 32
        for name in rule.arguments
    }
    if rule.endpoint == "static":
        values["filename"] = "style.css"
    with town.app.test_request_context():
        return town.app.url_map.bind("localhost").build(rule.endpoint, values)


def routes(town: House, *methods: str) -> list[tuple[str, str]]:
    rules = [
        rule for rule in town.app.url_map.iter_rules() if (rule.methods or set()) & set(methods)
    ]
    return [(rule.endpoint, path_of(town, rule)) for rule in rules]


def test_every_answer_has_the_headers(town: House) -> None:
    for endpoint, path in [*routes(town, "GET"), ("", "/nowhere")]:
        answer = town.client().get(path)
        assert [name for name in HEADERS if name not in answer.headers] == [], endpoint
        assert (
            f"frame-ancestors {FRAMED.get(endpoint, NOBODY)}"
            in answer.headers["Content-Security-Policy"]
        ), endpoint
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], endpoint


def test_other_sites_may_show_our_icon_and_fetch_our_keys_and_nothing_else(town: House) -> None:
    client = town.client()
    policies = {
        path: client.get(path).headers["Cross-Origin-Resource-Policy"]
        for path in ("/static/favicon.svg", "/lti/keys", "/static/style.css", "/", "/healthz")
    }
    assert policies == {
        "/static/favicon.svg": "cross-origin",
        "/lti/keys": "cross-origin",
        "/static/style.css": "same-origin",
        "/": "same-origin",
        "/healthz": "same-origin",
    }


def test_no_part_of_an_address_holds_what_postgresql_cannot_look_for(town: House) -> None:
    with_text = [
        rule
        for rule in town.app.url_map.iter_rules()
        if any(
            not isinstance(of, IntegerConverter | PathConverter) for of in rule._converters.values()
        )
    ]
    addresses = town.app.url_map.bind("localhost")
    for rule in with_text:
        path, method = path_of(town, rule), "POST" if "POST" in (rule.methods or ()) else "GET"
        assert addresses.match(path, method=method)
        with pytest.raises(NotFound):
            addresses.match(path.replace("x" * 32, "\0"), method=method)
    assert with_text


def test_pages_whose_path_holds_a_token_tell_nobody_where_they_are(town: House) -> None:
    with_token = [
        (rule.endpoint, path_of(town, rule))
        for rule in town.app.url_map.iter_rules()
        if "token" in rule.arguments
    ]
    for endpoint, path in with_token:
        assert town.client().get(path).headers["Referrer-Policy"] == "no-referrer", endpoint
    assert with_token


def test_scripts_and_styles_come_from_here_alone_unless_a_view_says_so(town: House) -> None:
    loosened = {
        endpoint
        for endpoint, view in town.app.view_functions.items()
        if getattr(view, "policy", None)
    }
    assert {endpoint.partition(".")[0] for endpoint in loosened} <= {"demo"}
    assert POLICY["script-src"] == POLICY["style-src"] == "'self'"


def test_no_form_is_taken_without_its_token(town: House) -> None:
    visitors = town.client(), _signed_in(town)
    for endpoint, path in routes(town, "POST", "PUT", "PATCH", "DELETE"):
        for visitor in visitors:
            answer = visitor.client.post(path, data={"choice": "x"})
            if endpoint not in CSRF_FREE:
                assert answer.status_code == 400 and "formulaire" in answer.text, endpoint


def test_what_goes_without_a_token_is_listed_with_its_reason(town: House) -> None:
    assert set(CSRF_FREE) <= set(town.app.view_functions)
    assert all(len(reason) > 20 for reason in CSRF_FREE.values())


def test_visitors_see_nothing_personal(town: House) -> None:
    for endpoint, path in routes(town, "GET"):
        if endpoint not in OPEN:
            answer = town.client().get(path)
            assert answer.status_code == 404 or "/sign-in" in answer.headers.get("Location", ""), (
                endpoint
            )


def test_personal_pages_stay_out_of_shared_caches(town: House) -> None:
    visitor = _signed_in(town)
    for endpoint, path in routes(town, "GET"):
        if endpoint != "static":
            kept = visitor.get(path).headers["Cache-Control"]
            assert "no-store" in kept or "private" in kept, endpoint


def test_static_files_are_kept_for_a_year_under_their_hash(town: House) -> None:
    page = town.client().get("/sign-in").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in town.client().get(address).headers["Cache-Control"]
    assert "immutable" not in town.client().get(address.partition("?")[0]).headers["Cache-Control"]


def test_ten_megabytes_are_refused_in_the_readers_words(town: House) -> None:
    visitor = town.client()
    answer = visitor.post("/sign-in", {"email": "x" * 10_000_000})
    assert answer.status_code == 413 and "trop long" in answer.text and MAX_BYTES < 10_000_000


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(tmp_path: Path) -> None:
    made = house(tmp_path, base_url="https://relecture.example.org")
    answer = made.client().get("/sign-in", base_url="https://relecture.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-relecture=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(
        cookie.split("; ")
    ) and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    made.services.close()


def test_a_bug_shows_nothing_of_itself(tmp_path: Path) -> None:
    made = house(tmp_path)
    made.app.testing = False

    @made.app.get("/bug")
    def bug() -> str:
        raise RuntimeError("the password is hunter2")

    answer = made.client().get("/bug", headers={"Accept-Language": "fr"})
    assert (
        answer.status_code == 500
        and "hunter2" not in answer.text
        and "de notre côté" in answer.text
    )
    assert "Content-Security-Policy" in answer.headers
    made.services.close()


def _signed_in(town: House) -> Visitor:
    visitor = town.client()
    visitor.sign_in()
    return visitor
