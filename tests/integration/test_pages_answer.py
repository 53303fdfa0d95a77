"""The pages of questions: asked, answered, taken back, put off, gone by; and the inbox they wait
in."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.packs.read import read_folder
from engine.storage.tables import Answer, Enrolment, Placement, Touch, TouchPrompt
from tests import builders
from tests.builders import MONDAY
from tests.integration.learners import (
    FORMS,
    TENANT,
    WORDS,
    There,
    answer,
    asked,
    heard,
    installed,
    live,
)
from web import worker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


def test_a_reveal_is_not_found_before_its_time(there: There) -> None:
    visitor = there.enrolled()
    assert visitor.get(f"{live(there, visitor)}/reveal").status_code == 404


def test_a_question_can_be_answered_early(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    for page in ("/home", "/inbox", "/touch/1"):
        assert 'action="/touch/early"' not in visitor.get(page).text
    assert visitor.post("/touch/early").status_code == 409
    there.house.clock.later(hours=18)
    for page in ("/home", "/inbox", "/touch/1"):
        assert 'action="/touch/early"' in visitor.get(page).text
    opened = visitor.post("/touch/early").location
    assert asked(visitor.get(opened).text)


def test_an_answer_is_kept_taken_back_and_given_anew(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    assert answer(visitor, touch).status_code == 303
    assert len(there.rows(Answer)) == 1
    page = visitor.get(f"/touch/{touch.number}").text
    fields = dict(
        re.findall(
            r'type="hidden" name="(enrolment|prompt|occurrence)" value="([^"]*)"',
            page.split("/undo")[1],
        )
    )
    again = visitor.post(f"/touch/{touch.number}/undo", fields)
    assert again.status_code == 200 and f'action="/touch/{touch.number}"' in again.text
    assert f">{WORDS}</textarea>" in again.text, "what was written is there to be corrected"
    assert visitor.get(f"/touch/{touch.number}/undo").location == f"/touch/{touch.number}"
    assert there.rows(Answer) == []
    answer(visitor, touch)
    assert len(there.rows(Answer)) == 1


def test_an_empty_answer_is_refused_beside_its_field(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    page = visitor.get(f"/touch/{touch.number}").text
    refused = visitor.post(f"/touch/{touch.number}", asked(page))
    assert refused.status_code == 422 and heard(refused.text)
    assert there.rows(Answer) == []


@pytest.mark.parametrize(
    ("module", "wrong"),
    [
        ("la-halle-en-six-semaines", {"point", "text", "grade", "if", "happened"}),
        ("l-epicerie-du-bourg", {"option"}),
    ],
)
def test_whatever_the_question_a_wrong_answer_is_said_with_what_it_answers(
    there: There, module: str, wrong: set[str]
) -> None:
    pack = there.house.services.library.install(
        read_folder(ROOT / "content_packs" / "modeles-socio-economiques"), MONDAY
    )
    with there.house.services.db.write(TENANT) as unit:
        placed = unit.scalars(select(Placement)).one()
        placed.pack, placed.version, placed.module = pack.id, pack.version, module
        unit.commit()
    visitor, met = there.enrolled(), set[str]()
    live(there, visitor)
    while not met >= {f"{field}-fault" for field in wrong}:
        touch = there.next_touch()
        while question := asked(visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]):
            wrongs = {"grade": "9", "point": "9", "option": "9", "happened": "9"}
            refused = visitor.post(f"/touch/{touch.number}", wrongs | question)
            assert refused.status_code == 422
            met.update(heard(refused.text))
            answer(visitor, touch)


def test_an_answer_sent_twice_is_kept_once(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    page = visitor.get(f"/touch/{touch.number}").text
    form, token = {**FORMS, **asked(page)}, visitor.token
    for _sent in range(2):
        visitor.token = token
        visitor.post(f"/touch/{touch.number}", form)
    assert len(there.rows(Answer)) == 1


@pytest.mark.parametrize(
    ("state", "words"), [("missed", "Vous pouvez encore y répondre"), ("snoozed", "La prochaine")]
)
def test_what_became_of_a_touch_is_told_without_reproach(
    there: There, state: str, words: str
) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    visitor.get(f"/touch/{touch.number}")
    if state == "snoozed":
        assert visitor.post("/touch/snooze", {"days": "7"}).status_code == 303
    else:
        there.house.clock.later(days=8)
        worker.tick(there.house.services)
    page = unescape(visitor.get(f"/touch/{touch.number}").text)
    assert words in page and bool(asked(page)) is (state == "missed")
    assert f'href="/touch/{touch.number}"' in visitor.get("/inbox").text


def test_a_long_inbox_is_shown_in_as_many_queries_as_a_short_one(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    first = there.next_touch()

    def asked_for() -> int:
        with builders.queries(there.house.services.db) as seen:
            assert "Rouvrir une vitrine" in unescape(visitor.get("/inbox").text)
        return len(seen)

    before, lived = asked_for(), there.rows(Enrolment)[0].id
    with there.house.services.db.write("town") as unit:
        for number in range(first.number + 1, first.number + 20):
            unit.add(
                Touch(
                    learner=first.learner,
                    number=number,
                    state="answered",
                    due_at=first.due_at,
                    minutes=1,
                    expires_at=first.expires_at,
                    opened_at=first.opened_at,
                )
            )
            unit.flush()
            unit.add(
                TouchPrompt(
                    learner=first.learner,
                    touch=number,
                    enrolment=lived,
                    prompt="lundi",
                    occurrence=number,
                    position=1,
                    minutes=1,
                )
            )
        unit.commit()
    assert asked_for() == before
