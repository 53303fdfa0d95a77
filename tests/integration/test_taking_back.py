"""A mis-tap in a story: taken back until the next choice is made. The log keeps that it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.storage.tables import Act, Enrolment, Touch
from tests.apps import Visitor
from tests.integration.learners import There, begin, installed, live, screen

pytestmark = pytest.mark.both_databases

OFFER = "Reprendre ce choix"


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


@pytest.fixture
def lea(there: There) -> Visitor:
    return there.enrolled()


def log(there: There) -> list[tuple[int, str, int | None]]:
    lines = sorted(there.rows(Act), key=lambda act: act.number)
    return [(one.number, one.said.get("choice", ""), one.takes_back) for one in lines]


def test_the_last_choice_is_taken_back_and_the_log_keeps_that_it_was(
    there: There, lea: Visitor
) -> None:
    here = begin(there, lea)
    before = lea.get(here).text
    number, (first, other, *_) = screen(before)
    lea.post(here, {"number": number, "choice": first})
    assert OFFER in lea.get(here).text
    back = lea.post(f"{here}/back", {"act": number})
    assert back.status_code == 303
    again = lea.get(here).text
    assert screen(again)[1] == screen(before)[1], "the same choice is open again"
    assert OFFER not in again, "one step, not the whole way"
    lea.post(here, {"number": screen(again)[0], "choice": other})
    assert log(there) == [(1, first, None), (2, "", 1), (3, other, None)]


def test_it_stands_once_the_next_choice_is_made(there: There, lea: Visitor) -> None:
    here = begin(there, lea)
    for _ in range(2):
        number, options = screen(lea.get(here).text)
        lea.post(here, {"number": number, "choice": options[0]})
    kept = log(there)
    lea.get(here)
    late = lea.post(f"{here}/back", {"act": "1"})
    assert "late=1" in late.location and log(there) == kept


def test_what_is_quoted_is_what_stands(there: There, lea: Visitor) -> None:
    here = begin(there, lea)
    number, (first, other, *_) = screen(lea.get(here).text)
    lea.post(here, {"number": number, "choice": first})
    lea.get(here)
    lea.post(f"{here}/back", {"act": number})
    number, _options = screen(lea.get(here).text)
    lea.post(here, {"number": number, "choice": other})
    lea.get("/home")
    straight = there.enrolled("bo@example.org")
    other_here = begin(there, straight)
    straight.get(other_here)
    straight.post(other_here, {"number": "1", "choice": other})
    story = "<article"
    assert _story(lea.get(here).text) == _story(straight.get(other_here).text)
    mine, theirs = lea.get("/path").text, straight.get("/path").text
    assert _path(mine) == _path(theirs) and story in lea.get(here).text


def _story(page: str) -> str:
    return page[page.index("<article") : page.index("</article>")]


def _path(page: str) -> str:
    return page[page.index("<ol>") : page.index("</ol>")]


def test_the_choice_that_ended_it_is_taken_back_until_the_debrief_begins(
    there: There, lea: Visitor
) -> None:
    here = live(there, lea)
    last = log(there)[-1][0]
    assert OFFER in lea.get(here).text
    assert [one.state for one in there.rows(Touch)] == ["planned"]
    lea.post(f"{here}/back", {"act": str(last)})
    [enrolment] = there.rows(Enrolment)
    assert enrolment.finished_at is None
    assert there.rows(Touch) == [], "nothing is asked about what has not ended"
    number, options = screen(lea.get(here).text)
    lea.post(here, {"number": number, "choice": options[-1]})
    assert there.rows(Enrolment)[0].finished_at is not None
    assert [one.state for one in there.rows(Touch)] == ["planned"]


def test_once_a_question_has_come_the_ending_stands(there: There, lea: Visitor) -> None:
    here = live(there, lea)
    last = log(there)[-1][0]
    there.next_touch()
    assert OFFER not in lea.get(here).text
    late = lea.post(f"{here}/back", {"act": str(last)})
    assert "late=1" in late.location
    assert there.rows(Enrolment)[0].finished_at is not None


def test_taking_back_twice_and_a_late_second_tab_do_no_harm(there: There, lea: Visitor) -> None:
    here = begin(there, lea)
    number, (first, other, *_) = screen(lea.get(here).text)
    lea.post(here, {"number": number, "choice": first})
    lea.get(here)
    token = lea.token
    for _ in range(2):
        back = lea.post(f"{here}/back", {"act": number, "csrf_token": token})
        assert "late" not in back.location
    assert len(log(there)) == 2
    for choice in (first, other):  # the page of before, in another tab
        stale = lea.post(here, {"number": number, "choice": choice, "csrf_token": token})
        assert "late=1" in stale.location
    assert len(log(there)) == 2


def test_nobody_takes_back_what_somebody_else_chose(there: There, lea: Visitor) -> None:
    here = begin(there, lea)
    number, options = screen(lea.get(here).text)
    lea.post(here, {"number": number, "choice": options[0]})
    other = there.enrolled("bo@example.org")
    other.get("/home")
    assert other.post(f"{here}/back", {"act": number}).status_code == 404
    assert log(there) == [(1, options[0], None)]


def test_who_asks_for_the_page_of_a_choice_taken_back_is_led_to_the_story(
    there: There, lea: Visitor
) -> None:
    here = begin(there, lea)
    assert lea.get(f"{here}/back").location == here
