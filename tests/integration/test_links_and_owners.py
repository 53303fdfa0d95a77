"""Mailed links in other hands: a mail that was passed on, a browser that somebody else used, an
account that has a new password."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from engine.storage.tables import Answer, Enrolment
from tests.apps import PASSWORD, Visitor
from tests.integration.test_links import Mailed, mailed, next_mail

pytestmark = pytest.mark.both_databases

WORDS = "Quokkabelle"
ADDRESS = "lea@example.org"


@pytest.fixture
def text(tmp_path: Path) -> Mailed:
    """A mail that asks for a few words."""
    return mailed(tmp_path, "text")


def answered(there: Mailed, words: str = WORDS) -> tuple[Visitor, dict[str, str]]:
    """The browser that answered through the link, and what names the answer."""
    visitor, form = there.house.client(), there.form(text=words)
    visitor.get(there.answer)
    assert visitor.post(there.answer, form).status_code == 303
    return visitor, {key: form[key] for key in ("enrolment", "prompt", "occurrence")}


def posted(there: Mailed, visitor: Visitor, path: str, form: dict[str, str]) -> TestResponse:
    visitor.get(there.answer)
    return visitor.post(there.answer + path, form)


def stored(there: Mailed) -> list[object]:
    return [row.content for row in there.rows(Answer) if row.touch == there.number]


def test_who_has_the_link_too_sees_that_it_was_answered_and_not_how(text: Mailed) -> None:
    answered(text)
    page = text.house.client().get(text.answer).text
    assert (
        "Cette question a déjà reçu une réponse" in page and "Une réponse n’est visible que" in page
    )
    assert WORDS not in page and "/undo" not in page
    assert f"/sign-in?next=/touch/{text.number}" in page


def test_only_the_browser_that_answered_takes_the_answer_back(text: Mailed) -> None:
    own, its = answered(text)
    refused = posted(text, text.house.client(), "/undo", its)
    assert refused.status_code == 409 and WORDS not in refused.text
    assert stored(text) == [{"text": WORDS}]
    again = posted(text, own, "/undo", its)
    assert again.status_code == 200 and WORDS in again.text
    assert stored(text) == []


def test_guessing_the_answer_in_another_browser_tells_nothing(text: Mailed) -> None:
    answered(text)
    stranger = text.house.client()
    right, wrong = (
        posted(text, stranger, "", text.form(text=words)) for words in (WORDS, "Wombat")
    )
    assert right.status_code == wrong.status_code == 409
    strip = re.compile(r'value="[^"]*"')
    told = (strip.sub("", page.text) for page in (right, wrong))
    assert len({page.replace(WORDS, "").replace("Wombat", "") for page in told}) == 1
    assert "/undo" not in stranger.get(text.answer).text


def test_who_signs_in_elsewhere_takes_their_answer_back_through_the_link_too(text: Mailed) -> None:
    _own, its = answered(text)
    signed_in = by_mail(text)
    assert "/undo" in signed_in.get(text.answer).text
    assert posted(text, signed_in, "/undo", its).status_code == 200


def test_an_answer_given_anew_elsewhere_is_not_known_to_the_browser_of_the_first(
    text: Mailed,
) -> None:
    first, its = answered(text)
    signed_in = by_mail(text)
    assert posted(text, signed_in, "/undo", its).status_code == 200
    signed_in.get(f"/touch/{text.number}")
    again = signed_in.post(f"/touch/{text.number}", {**its, "text": "Wombat"})
    assert again.status_code == 303
    assert posted(text, first, "/undo", its).status_code == 409
    assert stored(text) == [{"text": "Wombat"}]


def test_a_reveal_is_shown_to_the_browser_whose_answer_opened_it(text: Mailed) -> None:
    there = text
    own, _its = answered(there)
    while not (opened := [one for one in there.rows(Enrolment) if one.revealed_at]):
        there = next_mail(there.house, there.learner_id)
        own, _its = answered(there)
    reveal = f"{there.answer}/reveal/{opened[0].id}"
    assert 'class="reveal' in own.get(reveal).text
    elsewhere = there.house.client().get(reveal)
    assert (elsewhere.status_code, elsewhere.location) == (303, there.answer)


def by_mail(there: Mailed) -> Visitor:
    """A browser in which the learner signs in by a mailed link."""
    visitor, link = there.house.client(), asked_by_mail(there, "/sign-in/mail")
    visitor.get(link)
    assert visitor.post(link).status_code == 303
    return visitor


def asked_by_mail(there: Mailed, page: str) -> str:
    there.house.client().post(page, {"email": ADDRESS})
    return there.house.outbox.link()


def choose_password(there: Mailed) -> None:
    visitor, link = there.house.client(), asked_by_mail(there, "/password")
    visitor.get(link)
    assert visitor.post(link, {"password": PASSWORD}).status_code == 303


def test_a_new_password_ends_the_links_to_answer_and_says_how_to_go_on(text: Mailed) -> None:
    own, its = answered(text)
    own.get(text.answer)
    token = own.token
    choose_password(text)
    page = own.get(text.answer)
    assert page.status_code == 410
    assert "nouveau mot de passe" in page.text and 'href="/sign-in' in page.text
    for path in ("/undo", "/later", "/lighter", ""):
        form = its | {"text": "Wombat", "days": "7", "csrf_token": token}
        assert own.post(text.answer + path, form).status_code == 410
    reveal = f"{text.answer}/reveal/{its['enrolment']}"
    assert own.get(reveal).status_code == 410
    assert stored(text) == [{"text": WORDS}]


def test_a_mail_sent_after_the_new_password_has_a_link_that_works(text: Mailed) -> None:
    answered(text)
    choose_password(text)
    there = next_mail(text.house, text.learner_id)
    assert there.house.client().get(there.answer).status_code == 200


def test_the_link_that_stops_the_mails_outlives_a_new_password(text: Mailed) -> None:
    choose_password(text)
    assert text.house.client().get(text.stop).status_code == 200
    assert text.house.app.test_client().post(text.stop).status_code == 200
    assert text.learner().channel == "inbox"


def test_signing_in_by_mail_leaves_the_link_in_today_s_mail_alone(text: Mailed) -> None:
    by_mail(text)
    assert text.house.client().get(text.answer).status_code == 200
    answered(text)
