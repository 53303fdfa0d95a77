"""What a browser asks for is read once and to a limit, however much somebody writes there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, request

from web.site.app import RelectureApp
from web.site.requests import MOST_WISHES


@pytest.fixture
def app() -> Iterator[Flask]:
    yield RelectureApp("test")


@pytest.mark.parametrize("entry", ["fr;q=0.5,", "a,", ",", "fr-CH,", 'x;a="b",', "x" * 100 + ","])
def test_of_thousands_of_wishes_the_first_few_are_read_and_only_once(
    app: Flask, entry: str
) -> None:
    headers = {"Accept-Language": entry * 5000, "Accept-Encoding": entry * 5000}
    with app.test_request_context(headers=headers):
        for read in ("accept_languages", "accept_encodings"):
            wishes = getattr(request, read)
            assert len(wishes) <= MOST_WISHES
            assert getattr(request, read) is wishes


@pytest.mark.parametrize(
    ("written", "best"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "fr"),
        ("de, nl;q=0.9, en-GB;q=0.8", "en"),
        ("en;q=0.2, fr;q=0.7", "fr"),
        ("de", None),
        ("", None),
        (",,,;q=;;", None),
    ],
)
def test_what_browsers_ask_for_is_understood(app: Flask, written: str, best: str | None) -> None:
    with app.test_request_context(headers={"Accept-Language": written}):
        assert request.accept_languages.best_match(("fr", "en")) == best


def test_a_browser_that_asks_for_nothing_gets_nothing_in_particular(app: Flask) -> None:
    with app.test_request_context():
        assert not request.accept_languages and request.accept_encodings.quality("gzip") == 0
