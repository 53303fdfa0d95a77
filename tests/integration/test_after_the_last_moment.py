"""The moments between the end of a touch and the worker's next tick: every page, mail and link says
what they would say after it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.storage.tables import Delivery, Learner, Touch
from tests.apps import Visitor
from tests.integration.learners import FORMS, There, answer, asked, installed, live
from web import worker


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


def over(there: There, visitor: Visitor) -> Touch:
    """A touch that nobody answered, a moment after the end of its last day; no worker has ticked
    since."""
    live(there, visitor)
    touch = there.next_touch()
    there.house.clock.learning = there.house.clock.walled = touch.expires_at
    return touch


def only(page: TestResponse) -> str:
    """What a page says, without its head, its tokens and its foot."""
    main = re.search(r"<main.*?</main>", unescape(page.text), re.DOTALL)
    assert main, page.text
    return re.sub(r'name="csrf_token" value="[^"]*"', "", main[0])


@pytest.mark.parametrize("page", ["/home", "/inbox", "/touch/1", "/path", "mail"])
def test_a_page_says_the_same_before_and_after_the_worker_ticks(there: There, page: str) -> None:
    visitor = there.enrolled()
    over(there, visitor)
    path = there.house.outbox.link() if page == "mail" else page
    before = only(visitor.get(path))
    assert next(t.state for t in there.rows(Touch)) == "open", "nobody has closed it yet"
    worker.tick(there.house.services)
    assert next(t.state for t in there.rows(Touch)) == "missed"
    after = only(visitor.get(path))
    assert _without_the_next(before) == _without_the_next(after)


def _without_the_next(page: str) -> str:
    """A page without what says when the next one comes, which the worker decides anew."""
    page = re.sub(r'<(section|div) class="stitch ahead">.*?</\1>', "", page, flags=re.DOTALL)
    page = re.sub(r"La prochaine vient le [^.<]*\.", "", page)
    page = re.sub(r"Bientôt, .*?(?=<)", "", page)
    return re.sub(r"\s+", "", page)


def test_what_is_answered_a_moment_too_late_counts_as_after_the_tick(tmp_path: Path) -> None:
    paces = []
    for name in ("ticked", "not"):
        (tmp_path / name).mkdir()
        there = installed(tmp_path / name)
        visitor = there.enrolled()
        touch = over(there, visitor)
        if name == "ticked":
            worker.tick(there.house.services)
        assert answer(visitor, touch).status_code == 303
        [who] = there.rows(Learner)
        paces.append((who.missed_in_a_row, who.gap_factor))
        assert next(t.state for t in there.rows(Touch)) == "answered"
    assert paces[0] == paces[1]


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_is_over_cannot_be_put_off(there: There, signed_in: bool) -> None:
    visitor = there.enrolled()
    over(there, visitor)
    if signed_in:
        visitor.get("/settings")
        assert visitor.post("/touch/snooze", {"days": "7"}).status_code == 409
    else:
        link = there.house.outbox.link()
        visitor.get(link)
        assert visitor.post(f"{link}/later", {"days": "7"}).status_code == 303
    assert next(t.state for t in there.rows(Touch)) != "snoozed"


@pytest.mark.parametrize("way", ["stop", "pause"])
def test_what_is_over_is_missed_and_not_put_aside(there: There, way: str) -> None:
    visitor = there.enrolled()
    touch = over(there, visitor)
    visitor.get("/settings")
    until = touch.expires_at.date().replace(year=touch.expires_at.year + 1).isoformat()
    assert visitor.post(f"/settings/{way}", {"until": until}).status_code == 303
    assert next(t.state for t in there.rows(Touch)) == "missed"
    assert there.rows(Learner)[0].missed_in_a_row == 1


def test_who_has_a_moment_then_is_asked_at_once(there: There) -> None:
    visitor = there.enrolled()
    over(there, visitor)
    there.house.clock.later(hours=10)
    assert "/touch/early" in visitor.get("/home").text
    sent = visitor.post("/touch/early")
    assert sent.status_code == 303 and asked(visitor.get(sent.location).text)
    assert [t.state for t in there.rows(Touch)] == ["missed", "open"]


def test_a_touch_that_is_due_while_another_is_over_waits_for_its_end(there: There) -> None:
    visitor = there.enrolled()
    over(there, visitor)
    planned = [t for t in there.rows(Touch) if t.state == "planned"]
    with there.house.services.write("town") as work:
        for touch in planned:
            work.session.get(Touch, (touch.tenant, touch.learner, touch.number)).due_at = work.now
        work.commit()
    worker.tick(there.house.services)
    states = [t.state for t in there.rows(Touch)]
    assert states[0] == "missed" and states.count("open") <= 1


def test_a_mail_that_would_come_after_the_last_moment_does_not_leave(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    with there.house.services.write("town") as work:
        [sent] = work.session.scalars(select(Delivery))
        sent.state, sent.next_at = "waiting", work.wall
        work.commit()
    there.house.outbox.messages.clear()
    there.house.clock.learning = touch.expires_at.replace(hour=9)
    there.house.clock.later(days=1)
    worker.send_mails(there.house.services)
    assert there.house.outbox.messages == []
    assert [d.state for d in there.rows(Delivery)] == ["withdrawn"]


def test_a_mis_tap_cannot_be_taken_back_after_the_last_moment(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    page = visitor.get("/touch/1").text
    assert visitor.post("/touch/1", {**FORMS, **asked(page)}).status_code == 303
    offered = visitor.get("/touch/1").text
    assert "/undo" in offered
    there.house.clock.learning = touch.expires_at
    assert "/undo" not in visitor.get("/touch/1").text
    assert visitor.post("/touch/1/undo", asked(offered)).status_code == 409
