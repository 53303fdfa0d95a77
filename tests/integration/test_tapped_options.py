"""An option tapped in a mail: filled in until it is kept, and the page says that it is not kept
yet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.storage.tables import Answer
from tests.integration.test_links import Mailed, mailed

pytestmark = pytest.mark.both_databases

TAPPED = re.compile(r'<button class="choice preset" name="grade" value="(\d)" aria-pressed="true"')
MAIN = re.compile(r'<button class="button" name="grade" value="(\d)">([^<]+)</button>')


@pytest.fixture
def recall(tmp_path: Path) -> Mailed:
    return mailed(tmp_path, "recall")


def test_what_a_mail_filled_in_is_said_not_to_be_kept_and_its_button_keeps_it(
    recall: Mailed,
) -> None:
    page = recall.house.client().get(f"{recall.answer}?grade=3").text
    assert "Ce n’est pas encore gardé." in page
    assert MAIN.findall(page) == [("3", "Garder “en cherchant”")]
    assert TAPPED.findall(page) == ["3"]
    assert page.count('aria-pressed="false"') == 3


def test_a_question_with_nothing_filled_in_has_neither_that_button_nor_toggles(
    recall: Mailed,
) -> None:
    page = recall.house.client().get(recall.answer).text
    assert MAIN.search(page) is None and "aria-pressed" not in page


def test_who_comes_back_by_the_bare_link_finds_it_still_filled_in(recall: Mailed) -> None:
    visitor = recall.house.client()
    visitor.get(f"{recall.answer}?grade=3")
    assert TAPPED.findall(visitor.get(recall.answer).text) == ["3"]
    visitor.get(f"{recall.answer}?grade=1")
    assert TAPPED.findall(visitor.get(recall.answer).text) == ["1"]


def test_what_is_filled_in_is_no_answer_and_another_browser_does_not_see_it(
    recall: Mailed,
) -> None:
    before = len(recall.rows(Answer))
    recall.house.client().get(f"{recall.answer}?grade=3")
    assert "aria-pressed" not in recall.house.client().get(recall.answer).text
    assert len(recall.rows(Answer)) == before


def test_the_cookie_that_remembers_it_tells_neither_question_nor_option(recall: Mailed) -> None:
    visitor = recall.house.client()
    visitor.get(f"{recall.answer}?grade=3")
    with visitor.client.session_transaction() as session:
        [mark] = session["tapped"]
    assert re.fullmatch("[0-9a-f]{32}", mark)


def test_an_option_that_was_never_offered_fills_nothing_in(recall: Mailed) -> None:
    page = recall.house.client().get(f"{recall.answer}?grade=9&prompt=x").text
    assert "aria-pressed" not in page


def test_who_signs_in_instead_finds_it_filled_in_too(recall: Mailed) -> None:
    visitor = recall.house.client()
    visitor.get(f"{recall.answer}?grade=3")
    with visitor.client.session_transaction() as session:
        session["_user_id"] = f"town:{recall.learner_id}:{recall.learner().account.epoch}"
    assert TAPPED.findall(visitor.get(f"/touch/{recall.number}").text) == ["3"]
