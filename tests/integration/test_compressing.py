"""What goes over the wire is compressed where that is worth it and gives nothing away."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response
from werkzeug.test import TestResponse

from tests.apps import House, Visitor, house
from web.site.compressing import LEAST

GZIP = {"Accept-Encoding": "br, gzip;q=0.8"}
ELSEWHERE = {**GZIP, "Sec-Fetch-Site": "cross-site"}
STATIC = Path(__file__).parents[2] / "web" / "static"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = house(tmp_path_factory.mktemp("compressing"))
    made.account()
    made.app.add_url_rule("/short", "short", lambda: Response("x" * (LEAST - 1)))
    made.app.add_url_rule("/written", "written", lambda: Response(iter(["x" * LEAST])))
    made.app.add_url_rule("/token/<token>", "token", lambda token: token * LEAST)
    yield made
    made.services.close()


@pytest.fixture
def visitor(town: House) -> Visitor:
    return town.client()


def encoding(answer: TestResponse) -> str | None:
    return answer.headers.get("Content-Encoding")


def get(visitor: Visitor, path: str, **headers: str) -> TestResponse:
    answer = visitor.client.get(path, headers=headers)
    answer.get_data()
    answer.close()  # static files are open until then
    return answer


@pytest.mark.parametrize("path", ["/sign-in", "/static/style.css"])
def test_who_takes_gzip_gets_less_of_the_same(visitor: Visitor, path: str) -> None:
    plain, small = get(visitor, path), get(visitor, path, **GZIP)
    assert encoding(plain) is None and encoding(small) == "gzip"
    assert small.headers["Content-Length"] == str(len(small.data))
    assert len(small.data) < len(plain.data) / 2
    if path.startswith("/static"):
        assert gzip.decompress(small.data) == plain.data
    assert "<h1" in gzip.decompress(small.data).decode() or path.startswith("/static")
    assert all("Accept-Encoding" in one.headers["Vary"] for one in (plain, small))


@pytest.mark.parametrize("said", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_take_gzip_gets_it_as_it_is(visitor: Visitor, said: str) -> None:
    for path in ("/sign-in", "/static/style.css"):
        assert encoding(get(visitor, path, **{"Accept-Encoding": said})) is None


@pytest.mark.parametrize("path", ["/sign-in", "/static/style.css"])
def test_asked_for_the_head_alone_it_says_the_same_without_a_body(
    visitor: Visitor, path: str
) -> None:
    whole = get(visitor, path, **GZIP)
    head = visitor.client.head(path, headers=GZIP)
    assert head.data == b"" and encoding(head) == "gzip"
    if path.startswith("/static"):
        assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_what_is_small_or_written_while_it_is_sent_goes_as_it_is(visitor: Visitor) -> None:
    for path in ("/short", "/written", "/static/lms/close.js"):
        answer = get(visitor, path, **GZIP)
        assert answer.status_code == 200 and encoding(answer) is None, path


def test_a_static_file_has_a_tag_of_its_own_in_either_form(visitor: Visitor) -> None:
    path = "/static/style.css"
    plain, small = get(visitor, path), get(visitor, path, **GZIP)
    tags = plain.headers["ETag"], small.headers["ETag"]
    assert tags[0] != tags[1]
    for tag, headers in zip(tags, ({}, GZIP), strict=True):
        again = get(visitor, path, **headers, **{"If-None-Match": tag})
        assert again.status_code == 304 and again.data == b"" and again.headers["ETag"] == tag
    assert get(visitor, path, **{"If-None-Match": tags[1]}).status_code == 200
    part = get(visitor, path, **GZIP, Range="bytes=0-9")
    assert part.status_code == 206 and part.data == (STATIC / "style.css").read_bytes()[:10]
    assert encoding(part) is None


def test_what_another_site_wrote_into_an_address_is_not_compressed_with_what_is_secret(
    visitor: Visitor,
) -> None:
    assert encoding(get(visitor, "/sign-in?guess=a", **GZIP)) == "gzip"
    assert encoding(get(visitor, "/sign-in?guess=a", **ELSEWHERE)) is None
    assert encoding(get(visitor, "/guess", **ELSEWHERE)) is None
    assert encoding(get(visitor, "/sign-in", **ELSEWHERE)) == "gzip"
    assert encoding(get(visitor, "/token/abc?answer=2", **ELSEWHERE)) == "gzip"
