"""Promises that pages and mails make, each kept as time passes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from engine.courses import ending
from engine.delivery.channels.base import Refusal
from engine.delivery.expiring import expire_due
from engine.delivery.message import Message
from engine.delivery.opening import open_due
from engine.delivery.send import Outgoing, send_due
from engine.journey.joining import learner_of, preferences_of, set_preferences
from engine.packs.new import new_pack
from engine.packs.stamp import stamp
from engine.spacing import memory
from engine.storage.tables import Answer, Delivery, Enrolment, Learner, Memory, Touch, TouchPrompt
from tests.apps import Visitor
from tests.builders import MONDAY, PACK
from tests.integration.learners import (
    FORMS,
    TENANT,
    There,
    answer,
    asked,
    begin,
    installed,
    live,
    screen,
)
from tests.integration.test_delivery import Recorder, office, render
from web import worker
from web.words import i18n

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


def wait_until(there: There, day: datetime) -> None:
    there.house.clock.learning = there.house.clock.walled = day
    worker.tick(there.house.services)


def days_go_by(there: There, days: int) -> None:
    for _ in range(days):
        there.house.clock.later(days=1)
        worker.tick(there.house.services)


def learner(there: There) -> Learner:
    [found] = there.rows(Learner)
    return found


# --- open to the end of the local day that was named


@pytest.mark.parametrize("begun", ["2027-01-04", "2027-03-22", "2027-10-25"])
def test_a_touch_is_open_to_the_end_of_the_day_that_its_mail_names(
    there: There, begun: str
) -> None:
    there.house.clock.learning = there.house.clock.walled = datetime.fromisoformat(
        f"{begun}T09:00Z"
    )
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    mail = there.house.outbox.messages[-1]
    last = touch.expires_at.astimezone(PARIS)
    assert f"jusqu’au {i18n.day(last.date(), 'fr')}" in mail.text
    wait_until(there, datetime.combine(last.date(), time(23, 58), PARIS))
    page = there.house.client().get(there.house.outbox.link())
    assert page.status_code == 200 and asked(page.text)
    assert [t.state for t in there.rows(Touch)] == ["open"]
    wait_until(there, datetime.combine(last.date() + timedelta(days=1), time(0, 1), PARIS))
    assert next(t.state for t in there.rows(Touch)) == "missed"


def test_a_move_eastward_does_not_close_a_touch_before_the_day_that_was_named(
    there: There,
) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    named = touch.expires_at.astimezone(PARIS).date()
    with there.house.services.write(TENANT) as work:
        who = learner_of(work.session, learner(there).id)
        set_preferences(work, who, replace(preferences_of(who), zone="Pacific/Auckland"))
        work.commit()
    moved = next(t for t in there.rows(Touch) if t.number == touch.number)
    there_now = moved.expires_at.astimezone(ZoneInfo("Pacific/Auckland"))
    assert there_now.date() >= named and there_now.time() == time.max
    assert moved.expires_at >= touch.expires_at


# --- after the last day


def test_who_never_answered_can_read_what_it_was_about_after_day_100(there: There) -> None:
    visitor = there.enrolled()
    here = live(there, visitor)
    days_go_by(there, 110)
    path = visitor.get("/path").text
    assert f'href="{here}/reveal"' in path and "Lire ce dont il s’agissait" in unescape(path)
    before = visitor.get(f"{here}/reveal").text
    assert "Répondre d’abord à une question" in unescape(before)
    assert visitor.post(f"{here}/reveal").status_code == 303
    assert "Ce qui s’y jouait" in unescape(visitor.get(f"{here}/reveal").text)
    assert "nommée" in unescape(visitor.get("/path").text)


def test_who_comes_back_after_day_100_can_answer_what_is_left_from_the_path(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    days_go_by(there, 110)
    sent = len(there.house.outbox.messages)
    answered = 0
    while offered := re.search(
        r'name="enrolment" value="([^"]+)"><input type="hidden" name="prompt" value="([^"]+)"',
        visitor.get("/path").text,
    ):
        there.house.clock.later(days=8)  # within the weekly minutes
        chosen = {"enrolment": offered[1], "prompt": offered[2]}
        assert visitor.post("/touch/early", chosen).status_code == 303
        touch = next(t for t in there.rows(Touch) if t.state == "open")
        assert answer(visitor, touch).status_code == 303
        answered += 1
    assert answered >= 4 and len(there.house.outbox.messages) == sent
    [lived] = there.rows(Enrolment)
    assert lived.closed_as == "complete" and lived.revealed_at is not None


def test_a_reveal_is_not_read_while_the_questions_that_lead_to_it_are_to_come(
    there: There,
) -> None:
    visitor = there.enrolled()
    here = live(there, visitor)
    assert visitor.get(f"{here}/reveal").status_code == 404
    assert visitor.post(f"{here}/reveal").status_code == 409
    assert "/reveal" not in visitor.get("/path").text


# --- a link that is followed late


def test_an_expired_link_offers_what_can_be_answered_there_and_then(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    there.next_touch()
    link, stranger = there.house.outbox.link(), there.house.client()
    there.house.clock.later(days=9)
    worker.tick(there.house.services)
    assert learner(there).missed_in_a_row == 1
    page = stranger.get(link).text
    assert "Vous pouvez encore y répondre" in unescape(page)
    assert stranger.post(link, {**FORMS, **asked(page)}).status_code == 303
    assert len(there.rows(Answer)) == 1 and learner(there).missed_in_a_row == 0
    assert "c’est gardé" in unescape(stranger.get(link).text)


def test_an_old_link_leads_to_the_question_that_waits_if_it_was_asked_again(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    there.next_touch()
    old = there.house.outbox.link()
    there.house.clock.later(days=9)
    worker.tick(there.house.services)
    there.next_touch()
    page = unescape(there.house.client().get(old).text)
    assert "Répondre à la question qui attend" in page
    onward = re.search(r'class="button" href="([^"]+)"', page)[1]
    assert asked(there.house.client().get(onward).text)


def test_a_page_that_says_no_harm_done_does_not_promise_silence(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    there.house.clock.later(days=9)
    worker.tick(there.house.services)
    assert "quand vous voulez" not in visitor.get(f"/touch/{touch.number}").text


# --- seven days are seven days


@pytest.mark.parametrize("days", [2, 7, 14])
def test_a_question_put_off_comes_back_on_the_day_that_was_asked_for(
    there: There, days: int
) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    opened = touch.opened_at.astimezone(PARIS).date()
    visitor.get(f"/touch/{touch.number}")
    visitor.post("/touch/snooze", {"days": str(days)})
    again = next(t for t in there.rows(Touch) if t.state == "planned")
    assert again.due_at.astimezone(PARIS).date() == opened + timedelta(days=days)


# --- grades, leeches and partial answers


def recall_days(there: There, visitor: Visitor, grade: str, days: int) -> list[tuple[str, int]]:
    """The prompts answered with that grade, and on which day, as days go by."""
    asked_on = []
    for day in range(days):
        there.house.clock.later(days=1)
        worker.tick(there.house.services)
        for touch in [t for t in there.rows(Touch) if t.state == "open"]:
            for _question in range(3):
                page = visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]
                hidden = asked(page)
                if not hidden:
                    break
                option = re.search(r'name="option" value="([^"]+)"', page)
                said = {**FORMS, "grade": grade, "option": option[1] if option else ""}
                visitor.post(f"/touch/{touch.number}", {**said, **hidden})
                if 'name="grade"' in page:
                    asked_on.append((hidden["prompt"], day))
    return asked_on


@pytest.mark.parametrize("grade", ["1", "2"])
def test_a_takeaway_that_fails_three_times_is_read_again_and_not_asked_a_fourth(
    there: There, grade: str
) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    found = recall_days(there, visitor, grade, 90)
    assert found and max(Counter(prompt for prompt, _day in found).values()) <= 3
    assert all(memory.failures(card.card) <= 3 for card in there.rows(Memory))


def test_the_third_failure_shows_the_moment_once_more(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    for _day in range(90):
        there.house.clock.later(days=1)
        worker.tick(there.house.services)
        for touch in [t for t in there.rows(Touch) if t.state == "open"]:
            for _question in range(3):
                page = visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]
                if not asked(page):
                    break
                option = re.search(r'name="option" value="([^"]+)"', page)
                said = {**FORMS, "grade": "1", "option": option[1] if option else ""}
                sent = visitor.post(f"/touch/{touch.number}", {**said, **asked(page)})
                if "/again/" in sent.location:
                    assert "Relisons-le" in visitor.get(sent.location).text
                    return
    raise AssertionError("no recall failed three times")


def test_in_part_is_no_pass_and_comes_back_within_days(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    found = recall_days(there, visitor, "2", 60)
    days = [day for _prompt, day in found]
    assert len(days) >= 2 and days[1] - days[0] <= 7


def test_a_touch_answered_in_part_is_no_miss(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    for _ in range(20):
        touch = there.next_touch()
        if sum(p.touch == touch.number for p in there.rows(TouchPrompt)) > 1:
            break
        answer(visitor, touch)
    answer(visitor, touch)
    assert next(t for t in there.rows(Touch) if t.number == touch.number).state == "open"
    there.house.clock.later(days=9)
    worker.tick(there.house.services)
    closed = next(t for t in there.rows(Touch) if t.number == touch.number)
    assert (closed.state, learner(there).missed_in_a_row) == ("answered", 0)
    page = unescape(visitor.get(f"/touch/{touch.number}").text)
    assert "Il reste une question" in page and asked(page)


# --- nothing asked is ever forgotten


@pytest.mark.parametrize("way", ["as-it-is", "lighter"])
def test_history_is_appended_to_when_the_learner_says_how_to_go_on(there: There, way: str) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    for _ in range(3):
        there.next_touch()
        there.house.clock.later(days=9)
        worker.tick(there.house.services)
    there.next_touch()
    before = {(p.enrolment, p.prompt, p.occurrence, p.touch) for p in there.rows(TouchPrompt)}
    visitor.get("/settings")
    assert visitor.post(f"/settings/{way}").status_code == 303
    after = {(p.enrolment, p.prompt, p.occurrence, p.touch) for p in there.rows(TouchPrompt)}
    assert before and before <= after
    assert any(t.state == "planned" for t in there.rows(Touch)), "and it is asked again"


def test_a_prompt_that_was_put_off_stays_in_the_history_and_is_not_counted(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    for number in range(1, 6):
        there.next_touch()
        visitor.get(f"/touch/{number}")
        assert visitor.post("/touch/snooze", {"days": "2"}).status_code == 303
    kept = [p for p in there.rows(TouchPrompt) if p.touch <= 5]
    assert len(kept) >= 5
    assert any(t.state == "planned" for t in there.rows(Touch)), "five times is not three in vain"


# --- a mail server that sets the pace


@pytest.mark.both_databases
def test_a_mail_server_that_takes_few_an_hour_sets_the_pace_and_parks_nothing(
    tmp_path: Path,
) -> None:
    there = office(tmp_path, people=90)
    limit, taken, tries = 25, Counter[str](), 0

    def take(_message: Message) -> None:
        nonlocal tries
        tries += 1
        hour = f"{there.clock.wall():%d %H}"
        if taken[hour] >= limit:
            raise Refusal("450 4.7.1 too many messages", permanent=False)
        taken[hour] += 1

    for _ in range(6 * 60):
        there.clock.later(minutes=1)
        send_due(there.units, Outgoing("one", render, {"mail": Recorder(take)}))
    assert Counter(there.states()) == {"sent": 90}
    assert tries < 2 * 90


@pytest.mark.both_databases
def test_three_days_without_a_mail_server_park_nothing(tmp_path: Path) -> None:
    there, up = office(tmp_path, people=5), False

    def down(_message: Message) -> None:
        if not up:
            raise Refusal("ConnectionRefusedError", permanent=False, server=True)

    channel = Recorder(down)
    for _ in range(3 * 24 * 12):
        there.clock.later(minutes=5)
        send_due(there.units, Outgoing("one", render, {"mail": channel}))
    assert set(there.states()) == {"waiting"}
    up = True
    for _ in range(24 * 12):
        there.clock.later(minutes=5)
        send_due(there.units, Outgoing("one", render, {"mail": channel}))
    assert set(there.states()) == {"sent"}


@pytest.mark.both_databases
def test_a_mail_that_never_left_is_nobodys_miss(tmp_path: Path) -> None:
    there = office(tmp_path)
    there.clock.later(days=9)
    assert expire_due(there.units) == 1
    with there.units.db.read("town") as unit:
        [touch] = unit.scalars(select(Touch).where(Touch.state != "planned"))
        who = learner_of(unit, there.learners[0])
        assert (touch.state, who.missed_in_a_row, who.gap_factor) == ("unsent", 0, 1.0)
    there.clock.later(days=14)
    with there.units.db.read("town") as unit:
        due = unit.scalars(select(Touch.due_at).where(Touch.state == "planned")).one()
    there.clock.learning = due
    assert open_due(there.units) == 1
    with there.units.db.read("town") as unit:
        assert unit.scalar(select(func.max(TouchPrompt.occurrence))) == 2
        assert unit.scalar(select(func.count()).select_from(Delivery)) == 2


# --- stopping the questions stops nothing else


def test_stopping_the_questions_locks_neither_the_path_nor_an_experience(there: There) -> None:
    visitor = there.enrolled()
    here = live(there, visitor)
    visitor.get("/settings")
    visitor.post("/settings/stop")
    assert visitor.get("/path").status_code == 200
    assert visitor.get(here).status_code == 200
    assert "arrêté toutes les questions" in unescape(visitor.get("/home").text)
    assert visitor.post(f"{here}/reveal").status_code == 303, "nothing more is asked before it"
    days_go_by(there, 30)
    assert [t for t in there.rows(Touch) if t.state in ("planned", "open")] == []


def test_an_experience_goes_on_after_the_questions_were_stopped(there: There) -> None:
    visitor = there.enrolled()
    here = begin(there, visitor)
    visitor.get("/settings")
    visitor.post("/settings/stop")
    while found := screen(visitor.get(here).text):
        visitor.post(here, {"number": found[0], "choice": found[1][0]})
    [lived] = there.rows(Enrolment)
    assert lived.finished_at is not None and there.rows(Touch) == []


# --- nobody put off what is asked no more


def test_a_course_that_stops_its_debriefs_says_so_wherever_its_question_was(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    there.next_touch()
    link = there.house.outbox.link()
    with there.house.services.write(TENANT) as work:
        ending.end(work, there.course(work.session), "stop")
        work.commit()
    worker.tick(there.house.services)
    for page in (visitor.get("/touch/1"), there.house.client().get(link)):
        assert "Cette question n’est plus posée" in unescape(page.text)
        assert "plus tard" not in unescape(page.text) and asked(page.text) == {}
    assert "n’est plus posée" in unescape(visitor.get("/inbox").text)


def test_what_waited_when_the_questions_were_stopped_is_not_called_put_off(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    there.next_touch()
    visitor.get("/settings")
    visitor.post("/settings/stop")
    inbox = unescape(visitor.get("/inbox").text)
    assert "n’est plus posée" in inbox and "repoussée" not in inbox


# --- words may be mended, structure may not


def mended(**changes: tuple[str, str]) -> dict[str, bytes]:
    """The files of the starter pack as version 0.1.1, with words of its files replaced."""
    files = dict(new_pack(PACK))
    names = {"words": "la-vitrine/fr.md", "structure": "la-vitrine/module.yaml"}
    edits = {"pack.yaml": ("version: 0.1.0", "version: 0.1.1")}
    for file, (before, after) in (edits | {names[n]: c for n, c in changes.items()}).items():
        text = files[file].decode()
        assert before in text
        files[file] = text.replace(before, after).encode()
    return stamped(files)


def stamped(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | dict(stamp(files))


def test_a_corrected_typo_reaches_those_who_began_and_leaves_what_was_answered(
    there: There,
) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    answer(visitor, there.next_touch())
    before = visitor.get("/path").text
    [asked_then] = re.findall(r'<p class="moment">(.*?)</p>', before, re.DOTALL)[:1]
    there.house.services.library.install(mended(words=("?", " ? CORRIGÉ")), MONDAY)
    there.next_touch()
    assert "CORRIGÉ" in there.house.outbox.messages[-1].text
    assert asked_then in visitor.get("/path").text, "the question as it was answered"
    [lived] = there.rows(Enrolment)
    assert lived.version == "0.1.1"


def test_another_structure_leaves_those_who_began_on_their_version(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    there.house.services.library.install(
        mended(words=("?", " ? CORRIGÉ"), structure=("maturity: [1, 2]", "maturity: [1, 3]")),
        MONDAY,
    )
    there.next_touch()
    assert "CORRIGÉ" not in there.house.outbox.messages[-1].text
    [lived] = there.rows(Enrolment)
    assert lived.version == "0.1.0"
