"""A course tried by whoever runs it: an experience, every question and its mail, the reveal; and
nothing of it is kept."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import func, select

from engine.storage.tables import Base
from tests.integration.test_pages_facilitator import GROCERY, PACK, There, there, titles

__all__ = ["there"]
TRY = f"/courses/{PACK}/try/{GROCERY}"
ANSWERS = {"grade": "3", "point": "4", "text": "<b>un mot</b>", "if": "il pleut"}
ANSWERS |= {"then": "j’appelle", "happened": "yes", "note": "", "signs": "yes"}


def rows(there: There) -> dict[str, int]:
    """How many rows each table has."""
    with there.house.services.db.engine.connect() as line:
        return {
            table.name: line.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def carried(form: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return [(name, unescape(value)) for name, value in found if name != "csrf_token"]


def forms(page: str) -> list[str]:
    return re.findall(rf'<form method="post" action="{TRY}[^>]*>.*?</form>', page, re.S)


def press(there: There, page: str, label: str) -> str:
    """The page after the form of which the button says that."""
    [form] = [one for one in forms(page) if f">{label}</button>" in one]
    return send(there, form)


def send(there: There, form: str, **filled: str) -> str:
    data: dict[str, list[str]] = {}
    for name, value in [*carried(form), *filled.items()]:
        data.setdefault(name, []).append(value)
    return there.visitor.post(TRY, data).text


def lived(there: There) -> str:
    """The page at the end of the experience, of which the first choice was always taken."""
    page = there.visitor.get(TRY).text
    while "Prochaine question</button>" not in page:
        form = next(one for one in forms(page) if 'name="choice"' in one)
        option = re.search(r'name="choice" value="([^"]+)"', form)
        assert option
        page = send(there, form, choice=option[1])
    return page


def answered(there: There, page: str) -> str:
    """The page after the question on this one, answered with whatever its form asks for."""
    form = next(one for one in forms(page) if 'name="prompt"' in one)
    names = set(re.findall(r'name="(\w+)"', form))
    option = re.search(r'name="option" value="([^"]+)"', form)
    said = {name: value for name, value in ANSWERS.items() if name in names}
    return send(there, form, **said, **({"option": option[1]} if option else {}))


def test_an_experience_is_lived_to_the_end_of_its_debrief_and_not_a_row_is_written(
    there: There,
) -> None:
    before, days = rows(there), []
    page = press(there, lived(there), "Prochaine question")
    while "La relecture est complète" not in titles(page):
        day = re.search(r"Jour (\d+)", page)
        assert day, titles(page)
        days.append(int(day[1]))
        if 'class="reveal story"' in page:
            page = press(there, page, "Prochaine question")
        else:
            page = answered(there, page)
    assert days == sorted(days) and len(days) > 4
    assert rows(there) == before


def test_what_was_answered_is_quoted_later_as_a_learner_would_read_it(there: There) -> None:
    page = press(there, lived(there), "Prochaine question")
    seen = ""
    while "La relecture est complète" not in titles(page):
        seen += page
        onward = "Prochaine question" if 'class="reveal story"' in page else None
        page = press(there, page, onward) if onward else answered(there, page)
    assert "il pleut" in titles(seen.split("Jour 21")[1]), "the plan is read again"
    assert "<b>un mot</b>" not in seen


def test_questions_may_be_passed_over_and_steps_taken_back(there: There) -> None:
    first = press(there, lived(there), "Prochaine question")
    second = press(there, first, "Question suivante, sans répondre")
    assert titles(second) != titles(first)
    assert titles(press(there, second, "Un pas en arrière")) == titles(first)


def test_the_mail_of_a_question_is_shown_as_it_would_be_sent(there: There) -> None:
    question = press(there, lived(there), "Prochaine question")
    asked = re.search(r'id="question">(.*?)</h1>', question, re.S)
    response = there.visitor.post(
        TRY,
        {
            name: [v for n, v in carried(forms(question)[0]) if n == name]
            for name, _ in carried(forms(question)[0])
            if name.startswith("kept.")
        }
        | {"kept.go": "mail"},
    )
    page = response.text
    frame = re.search(r'<iframe class="mail"[^>]* sandbox srcdoc="([^"]*)"', page)
    assert frame and asked and asked[1].strip() in unescape(frame[1])
    policy = response.headers["Content-Security-Policy"]
    assert "<pre>" in page and "/l/…" in page and "style-src 'self' 'unsafe-inline'" in policy
    assert titles(press(there, page, "Revenir à la question")) == titles(question)


def test_a_wrong_answer_is_refused_beside_its_field_and_nothing_is_lost(there: There) -> None:
    page = press(there, lived(there), "Prochaine question")
    while 'name="text"' not in page:
        page = answered(there, page)
    form = next(one for one in forms(page) if 'name="prompt"' in one)
    data = {n: [v for name, v in carried(form) if name == n] for n, _ in carried(form)}
    refused = there.visitor.post(TRY, data | {"text": "x" * 9_000})
    assert refused.status_code == 422 and 'id="text-fault"' in refused.text
    assert carried(form)[0] in carried(refused.text)


@pytest.mark.parametrize("at", ["-1", "99999999", "x", "²", "999"])
def test_a_place_that_does_not_exist_is_no_error(there: There, at: str) -> None:
    there.visitor.get(TRY)
    assert there.visitor.post(TRY, {"kept.at": at, "kept.act": "choice=nowhere"}).status_code == 200


def test_what_is_left_out_can_be_tried_as_well(there: There) -> None:
    there.wish(ban=GROCERY)
    left_out = there.visitor.get(f"/courses/{PACK}").text.split("Laissées de côté</h2>")[1]
    assert f'href="{TRY}"' in left_out and there.visitor.get(TRY).status_code == 200


@pytest.mark.parametrize(
    "address",
    [f"/courses/elsewhere/try/{GROCERY}", f"/courses/{PACK}/try/{PACK}/nowhere", f"{TRY}/x.png"],
)
def test_what_is_not_there_or_not_theirs_is_not_found(there: There, address: str) -> None:
    assert there.visitor.get(address).status_code == 404
