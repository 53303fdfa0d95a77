"""Mailed links in a browser that is signed in nowhere: opening changes nothing, a button
answers, forged ones do nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from engine.journey import answering, pausing, showing
from engine.journey.answering import Asking
from engine.journey.forgetting import erase
from engine.journey.joining import learner_of
from engine.packs.new import new_pack
from engine.storage.tables import Answer, Delivery, Learner, Touch, TouchPrompt
from tests import builders
from tests.apps import House, house
from tests.builders import MONDAY, work
from web import worker
from web.site.links import ANSWER_FOR

pytestmark = pytest.mark.both_databases

ANSWERS = {
    "grade": "3",
    "text": "Un mot",
    "if": "il pleut",
    "then": "je rappelle",
    "happened": "yes",
    "note": "",
}


@dataclass
class Mailed:
    """A learner whose touch was mailed, and the mail's links."""

    house: House
    learner_id: str
    number: int
    answer: str
    stop: str

    def rows(self, table: type[Any]) -> list[Any]:
        with self.house.services.db.read("town") as unit:
            return list(unit.scalars(select(table)))

    def touch(self) -> Touch:
        return next(touch for touch in self.rows(Touch) if touch.number == self.number)

    def learner(self) -> Learner:
        with self.house.services.db.read("town") as unit:
            return learner_of(unit, self.learner_id)

    def form(self, **answer: str) -> dict[str, str]:
        """The form of the first question, filled in."""
        first = min(
            (row for row in self.rows(TouchPrompt) if row.touch == self.number),
            key=lambda row: row.position,
        )
        return {
            "enrolment": first.enrolment,
            "prompt": first.prompt,
            "occurrence": str(first.occurrence),
            **answer,
        }


def mailed(folder: Path, wants: str) -> Mailed:
    """On with a debrief, each touch answered, until a mail asks what one wants to be asked."""
    there = house(folder, base_url="https://relecture.example.org")
    library = there.services.library
    library.install(new_pack(builders.PACK), MONDAY)
    with there.services.db.write("town") as unit:
        course = builders.course(unit)
        learner = builders.learner(unit, library, course)
        builders.lived(unit, builders.World(there.services.db, library), learner, course)
        unit.commit()
    for _ in range(10):
        found = next_mail(there, learner.id)
        with there.services.db.write("town") as unit:
            left = showing.touch_view(
                work(unit, library=library), learner.id, found.number, "fr"
            ).left
            if left[0].question.prompt.kind == wants:
                return found
            for asked in left:
                answering.answer(
                    work(unit, library=library, now=there.clock.now(), rng=Random(1)),
                    learner.id,
                    Asking(found.number, asked.enrolment, asked.prompt, asked.occurrence),
                    ANSWERS,
                )
            unit.commit()
    raise AssertionError(f"no mail asked for {wants}")


def next_mail(there: House, learner_id: str) -> Mailed:
    """On to the moment when the planned touch falls due, and its mail."""
    with there.services.db.read("town") as unit:
        touch = unit.scalars(select(Touch).where(Touch.state == "planned")).one()
    there.clock.learning = there.clock.walled = touch.due_at
    assert worker.tick(there.services).sent == 1
    links = re.findall(
        r"https://relecture\.example\.org(/[lu]/[\w.-]+)", there.outbox.messages[-1].text
    )
    return Mailed(there, learner_id, touch.number, links[0], links[-1])


@pytest.fixture
def recall(tmp_path: Path) -> Mailed:
    return mailed(tmp_path, "recall")


def test_opening_a_link_however_often_and_by_whatever_machine_changes_nothing(
    recall: Mailed,
) -> None:
    visitor = recall.house.client()
    before = len(recall.rows(Answer))
    for _ in range(3):
        assert visitor.get(f"{recall.answer}?grade=4").status_code == 200
        assert visitor.client.head(recall.answer).status_code == 200
    assert (len(recall.rows(Answer)), recall.touch().state) == (before, "open")


def test_a_button_answers_without_signing_in_with_what_the_mail_chose_marked(
    recall: Mailed,
) -> None:
    visitor, before = recall.house.client(), len(recall.rows(Answer))
    page = visitor.get(f"{recall.answer}?grade=3").text
    assert re.search(r'class="choice preset"[^>]*name="grade" value="3"', page)
    response = visitor.post(recall.answer, recall.form(grade="3"))
    assert (response.status_code, response.location) == (303, recall.answer)
    assert len(recall.rows(Answer)) == before + 1
    assert visitor.get(recall.answer).status_code == 200


def test_the_same_answer_sent_twice_counts_once(recall: Mailed) -> None:
    visitor, before = recall.house.client(), len(recall.rows(Answer))
    visitor.get(recall.answer)
    token = visitor.token
    for _ in range(2):
        assert (
            visitor.post(recall.answer, recall.form(grade="3") | {"csrf_token": token}).status_code
            == 303
        )
    assert len(recall.rows(Answer)) == before + 1


def test_an_answer_without_the_token_of_this_browser_is_refused(recall: Mailed) -> None:
    before = len(recall.rows(Answer))
    response = recall.house.app.test_client().post(recall.answer, data=recall.form(grade="3"))
    assert (response.status_code, len(recall.rows(Answer))) == (400, before)


def test_an_answer_that_was_never_offered_shows_the_question_again_and_keeps_nothing(
    recall: Mailed,
) -> None:
    visitor, before = recall.house.client(), len(recall.rows(Answer))
    visitor.get(recall.answer)
    assert visitor.post(recall.answer, recall.form(grade="9")).status_code == 422
    assert len(recall.rows(Answer)) == before


def test_the_page_speaks_the_language_of_whom_the_mail_was_for_whatever_the_browser_asks(
    recall: Mailed,
) -> None:
    assert (
        '<html lang="fr">'
        in recall.house.client().get(recall.answer, headers={"Accept-Language": "en"}).text
    )


def test_a_language_chosen_on_the_page_is_spoken_from_then_on(recall: Mailed) -> None:
    visitor = recall.house.client()
    visitor.get(recall.answer)
    visitor.post("/language", {"language": "en", "next": recall.answer})
    assert '<html lang="en">' in visitor.get(recall.answer).text


def test_a_slip_of_the_thumb_is_taken_back_without_signing_in(recall: Mailed) -> None:
    visitor, before = recall.house.client(), len(recall.rows(Answer))
    visitor.get(recall.answer)
    form = recall.form(grade="1")
    visitor.post(recall.answer, form)
    visitor.get(recall.answer)
    again = visitor.post(
        f"{recall.answer}/undo", {key: form[key] for key in ("enrolment", "prompt", "occurrence")}
    )
    assert again.status_code == 200 and re.search(
        r'class="choice preset"[^>]*name="grade" value="1"', again.text
    )
    assert len(recall.rows(Answer)) == before
    assert visitor.get(f"{recall.answer}/undo").location == recall.answer
    assert visitor.post(f"{recall.answer}/undo", {**form, "enrolment": "x" * 32}).status_code == 404


def test_a_link_older_than_seven_days_says_so_and_changes_nothing(recall: Mailed) -> None:
    visitor, before = recall.house.client(), len(recall.rows(Answer))
    visitor.get(recall.answer)
    recall.house.clock.walled += ANSWER_FOR + timedelta(minutes=1)
    assert visitor.get(recall.answer).status_code == 410
    assert (
        visitor.post(
            recall.answer, recall.form(grade="3") | {"csrf_token": visitor.token}
        ).status_code
        == 410
    )
    assert len(recall.rows(Answer)) == before


def test_a_forged_link_is_not_found(recall: Mailed) -> None:
    good, visitor = recall.answer, recall.house.client()
    for forged in (good[:-3] + "AAA", good.replace("/l/", "/l/x"), "/l/x.y"):
        assert visitor.get(forged).status_code == 404


def test_a_link_for_one_thing_does_no_other(recall: Mailed) -> None:
    visitor = recall.house.client()
    assert visitor.get(recall.stop.replace("/u/", "/l/")).status_code == 404
    assert (
        recall.house.app.test_client().post(recall.answer.replace("/l/", "/u/")).status_code == 404
    )
    assert recall.learner().channel == "mail"


def test_a_link_cannot_answer_another_touch(recall: Mailed) -> None:
    visitor, other = (
        recall.house.client(),
        next(row for row in recall.rows(TouchPrompt) if row.touch != recall.number),
    )
    visitor.get(recall.answer)
    form = {
        "enrolment": other.enrolment,
        "prompt": other.prompt,
        "occurrence": str(other.occurrence),
        **ANSWERS,
    }
    assert visitor.post(recall.answer, form).status_code == 404


def test_a_touch_that_was_answered_meanwhile_says_so(recall: Mailed) -> None:
    visitor = recall.house.client()
    visitor.get(recall.answer)
    visitor.post(recall.answer, recall.form(grade="3"))
    visitor.get(recall.answer)
    assert visitor.post(recall.answer, recall.form(grade="1")).status_code == 409


def test_later_puts_the_touch_off(recall: Mailed) -> None:
    visitor = recall.house.client()
    visitor.get(recall.answer)
    assert visitor.post(f"{recall.answer}/later", {"days": "7"}).status_code == 303
    assert recall.touch().state == "snoozed"
    assert visitor.get(recall.answer).status_code == 200


def test_later_twice_is_no_fault(recall: Mailed) -> None:
    visitor = recall.house.client()
    for _ in range(2):
        visitor.get(recall.answer)
        assert visitor.post(f"{recall.answer}/later", {"days": "7"}).status_code == 303


def test_a_link_slows_down_in_no_other_way_than_those_offered(recall: Mailed) -> None:
    visitor = recall.house.client()
    visitor.get(recall.answer)
    assert visitor.post(f"{recall.answer}/stop").status_code == 404
    assert recall.learner().stopped_at is None


def test_the_reveal_is_shown_to_whom_an_answer_opened_it(tmp_path: Path) -> None:
    there = mailed(tmp_path, "text")
    visitor, response = there.house.client(), None
    while response is None or "/reveal/" not in response.location:
        there = next_mail(there.house, there.learner_id) if response else there
        visitor.get(there.answer)
        response = visitor.post(there.answer, there.form(text="Un mot"))
        assert response.status_code == 303
    page = visitor.get(response.location).text
    assert 'class="reveal' in page and "</cite>, Le RAMEAU, 2019</li>" in page


def test_the_mail_program_unsubscribes_with_one_click_and_no_cookie(recall: Mailed) -> None:
    machine = recall.house.app.test_client()
    for _ in range(2):
        response = machine.post(recall.stop, data={"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    assert recall.learner().channel == "inbox"
    assert {delivery.state for delivery in recall.rows(Delivery)} <= {"sent", "withdrawn"}


def test_who_was_erased_and_unsubscribes_is_told_that_no_mail_will_come(recall: Mailed) -> None:
    """What was mailed stays in their mailbox."""
    with recall.house.services.db.write("town") as unit:
        erase(unit, learner_of(unit, recall.learner_id))
        unit.commit()
    visitor = recall.house.client()
    for page in (
        visitor.get(recall.stop),
        recall.house.app.test_client().post(recall.stop, data={"List-Unsubscribe": "One-Click"}),
    ):
        assert page.status_code == 404 and "Plus rien de vous" in page.get_data(as_text=True)


def test_who_stopped_everything_is_told_so_behind_the_link(recall: Mailed) -> None:
    with recall.house.services.write("town") as work:
        pausing.stop(work, learner_of(work.session, recall.learner_id))
        work.commit()
    page = recall.house.client().get(recall.answer).text
    assert "Toutes les questions sont arrêtées" in page and "Repoussée" not in page


def test_the_mail_that_offers_to_stop_leads_to_a_page_that_stops(recall: Mailed) -> None:
    with recall.house.services.db.write("town") as unit:
        touch = unit.scalars(select(Touch).where(Touch.number == recall.number)).one()
        touch.kind = "lighten"
        unit.commit()
    visitor = recall.house.client()
    page = visitor.get(recall.answer).text
    assert "Arrêter toutes les questions" in page and f'action="{recall.answer}/stop"' in page
    told = visitor.post(f"{recall.answer}/stop")
    assert told.status_code == 303 and recall.learner().stopped_at is not None
    assert "Toutes les questions sont arrêtées" in visitor.get(recall.answer).text


def test_opening_the_link_that_stops_the_mails_stops_nothing(recall: Mailed) -> None:
    visitor = recall.house.client()
    assert visitor.get(recall.stop).status_code == 200
    assert recall.learner().channel == "mail"
    assert visitor.post(recall.stop).status_code == 200
    assert recall.learner().channel == "inbox"


def test_pages_behind_a_link_tell_no_other_site_where_one_came_from(recall: Mailed) -> None:
    visitor = recall.house.client()
    assert visitor.get(recall.answer).headers["Referrer-Policy"] == "no-referrer"
    assert visitor.get(recall.stop).headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in visitor.get(recall.answer).headers["Cache-Control"]


def test_who_was_forgotten_finds_nothing_behind_an_old_link(recall: Mailed) -> None:
    with recall.house.services.db.write("town") as unit:
        erase(unit, learner_of(unit, recall.learner_id))
        unit.commit()
    assert recall.house.client().get(recall.answer).status_code == 404
    assert recall.house.app.test_client().post(recall.stop).status_code == 404
