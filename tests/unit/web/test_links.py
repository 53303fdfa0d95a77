"""Mailed links: good for one thing, one person, a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.errors import NotFound
from tests.builders import MONDAY
from web.site import signing
from web.site.links import ANSWER, ANSWER_FOR, UNSUBSCRIBE_FOR, AnswerLink, Links
from web.site.signing import Expired

LINKS = Links("a secret that only this test knows, long enough", "https://relecture.example.org")


def token(url: str) -> str:
    return url.rpartition("/")[2]


TOUCH = AnswerLink("town", "lea", 3, 1)
TO_ANSWER = LINKS.answer(TOUCH, MONDAY)
UNSUBSCRIBE = LINKS.unsubscribe("town", "lea", MONDAY)


def test_a_link_leads_back_to_what_it_was_made_for() -> None:
    assert TO_ANSWER.startswith("https://relecture.example.org/l/")
    assert LINKS.read_answer(token(TO_ANSWER), MONDAY) == TOUCH
    assert LINKS.read_unsubscribe(token(UNSUBSCRIBE), MONDAY) == ("town", "lea")


def test_a_link_serves_no_other_purpose_than_its_own() -> None:
    with pytest.raises(NotFound):
        LINKS.read_unsubscribe(token(TO_ANSWER), MONDAY)
    with pytest.raises(NotFound):
        LINKS.read_answer(token(UNSUBSCRIBE), MONDAY)


def test_a_link_to_answer_is_good_for_seven_days_and_one_to_unsubscribe_for_a_year() -> None:
    LINKS.read_answer(token(TO_ANSWER), MONDAY + ANSWER_FOR)
    with pytest.raises(Expired):
        LINKS.read_answer(token(TO_ANSWER), MONDAY + ANSWER_FOR + timedelta(seconds=1))
    LINKS.read_unsubscribe(token(UNSUBSCRIBE), MONDAY + UNSUBSCRIBE_FOR)
    with pytest.raises(Expired):
        LINKS.read_unsubscribe(token(UNSUBSCRIBE), MONDAY + UNSUBSCRIBE_FOR + timedelta(seconds=1))


def test_another_installation_cannot_make_a_link_for_this_one() -> None:
    elsewhere = Links("another secret, just as long as the first one is", LINKS.base_url)
    forged = elsewhere.answer(TOUCH, MONDAY)
    with pytest.raises(NotFound):
        LINKS.read_answer(token(forged), MONDAY)


@given(st.integers(0, len(token(TO_ANSWER)) - 1), st.sampled_from("ABab01-_."))
def test_a_link_with_any_one_letter_changed_is_no_link(place: int, letter: str) -> None:
    good = token(TO_ANSWER)
    changed = good[:place] + letter + good[place + 1 :]
    try:
        assert (
            LINKS.read_answer(changed, MONDAY) == TOUCH
        )  # the last letter of base64 holds unused bits
        assert changed == good or place == len(good) - 1
    except NotFound:
        assert changed != good


@given(st.text(max_size=200))
def test_whatever_is_written_in_the_place_of_a_link_is_refused_calmly(text: str) -> None:
    with pytest.raises(NotFound):
        LINKS.read_answer(text, MONDAY)


def test_whoever_has_a_link_cannot_read_an_e_mail_address_or_a_name_in_it() -> None:
    assert "@" not in token(TO_ANSWER)


def test_a_link_of_a_mail_sent_before_links_carried_an_epoch_still_works() -> None:
    old = signing.sign(LINKS.secret, ANSWER, ["town", "lea", 3], MONDAY + ANSWER_FOR)
    assert LINKS.read_answer(old, MONDAY) == AnswerLink("town", "lea", 3, 0)
