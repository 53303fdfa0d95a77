"""What a browser keeps for when the network is gone: the same for everybody, and nothing in a
visit from an LMS."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.learners import There, installed


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


def test_the_page_without_a_network_is_the_same_for_everybody(there: There) -> None:
    visitor = there.enrolled()
    own = visitor.get("/offline?lang=fr")
    anybodys = there.house.client().get("/offline?lang=fr")
    assert own.text == anybodys.text
    assert "Léa" not in own.text and "csrf_token" not in own.text
    assert "Set-Cookie" not in anybodys.headers


@pytest.mark.parametrize(("asked", "said"), [("fr", "Réessayer"), ("en", "Try again")])
def test_the_page_without_a_network_is_in_the_language_that_its_reader_reads(
    there: There, asked: str, said: str
) -> None:
    assert said in there.house.client().get(f"/offline?lang={asked}").text


def test_the_worker_is_at_the_root_and_names_the_stylesheet_that_pages_have(there: There) -> None:
    page = there.house.client().get("/").text
    address = re.search(r'data-worker="(/worker\.js\?[^"]+)"', page)[1].replace("&amp;", "&")
    worker = there.house.client().get(address)
    assert worker.mimetype == "text/javascript"
    style = re.search(r"/static/style\.css\?v=(\w+)", page)[1]
    assert f"v={style}" in address


def test_the_policy_of_pages_stays_as_strict(there: There) -> None:
    for path in ("/offline?lang=fr", "/worker.js", "/"):
        policy = there.house.client().get(path).headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy
