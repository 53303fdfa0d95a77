"""Words that could not be kept: on the page that says why, and back in their question once it can
be sent again. Without any script."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from engine.journey import answering
from engine.storage.tables import Answer, Touch
from tests.apps import Visitor
from tests.integration.learners import There, asked, installed, live
from tests.integration.test_links import Mailed, mailed
from web.site import unkept
from web.site.links import ANSWER_FOR

WORDS = "Nadia, parce qu’elle attendait depuis mardi."
SHOWN = f'<blockquote class="letter own">{WORDS}</blockquote>'


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


@pytest.fixture
def writing(there: There) -> tuple[Visitor, Touch]:
    """A learner who is asked something that is answered in words, and the touch that asks."""
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    assert 'name="text"' in visitor.get(f"/touch/{touch.number}").text
    return visitor, touch


def fields(visitor: Visitor, touch: Touch) -> dict[str, str]:
    page = visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]
    return {**asked(page), "text": WORDS}


def field(page: str) -> str:
    """What stands in the field for words."""
    return re.search(r'<textarea[^>]*name="text"[^>]*>([^<]*)</textarea>', page)[1]


def test_words_sent_after_the_session_ended_are_shown_and_back_after_signing_in(
    there: There, writing: tuple[Visitor, Touch]
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    visitor.client.delete_cookie("relecture")
    refused = visitor.client.post(f"/touch/{touch.number}", data={**form, "csrf_token": "old"})
    assert refused.status_code == 400 and SHOWN in refused.text
    assert "Vous n’êtes plus connecté" in refused.text
    assert there.rows(Answer) == []
    way = re.search(r'class="button" href="(/sign-in\?next=[^"]+)"', refused.text)[1]
    asks = visitor.get(way)
    assert SHOWN in asks.text
    entered = visitor.post(
        "/sign-in",
        {
            "email": "lea@example.org",
            "password": "trois mots simples",
            "next": f"/touch/{touch.number}",
        },
    )
    assert entered.location == f"/touch/{touch.number}"
    page = visitor.get(entered.location).text
    assert field(page) == WORDS and "Ce n’est pas encore gardé" in page


def test_words_of_a_page_opened_too_long_ago_are_a_tap_away_from_being_kept(
    there: There, writing: tuple[Visitor, Touch]
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    refused = visitor.client.post(f"/touch/{touch.number}", data={**form, "csrf_token": "old"})
    assert refused.status_code == 400 and SHOWN in refused.text
    assert f'class="button" href="/touch/{touch.number}"' in refused.text
    page = visitor.get(f"/touch/{touch.number}").text
    assert field(page) == WORDS
    assert visitor.post(f"/touch/{touch.number}", form).status_code == 303
    assert visitor.client.get_cookie(unkept.COOKIE) is None, "what is kept is held no longer"


def test_words_that_another_tab_was_faster_than_are_shown(
    there: There, writing: tuple[Visitor, Touch]
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    visitor.post(f"/touch/{touch.number}", {**form, "text": "Autre chose, plus tôt."})
    visitor.get("/home")
    late = visitor.post(f"/touch/{touch.number}", form)
    assert late.status_code == 409 and SHOWN in late.text


def test_words_survive_a_bug_of_ours(
    there: There, writing: tuple[Visitor, Touch], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    there.house.app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.delattr(answering, "answer")
    broken = visitor.post(f"/touch/{touch.number}", form)
    assert broken.status_code == 500 and SHOWN in broken.text
    monkeypatch.undo()
    assert field(visitor.get(f"/touch/{touch.number}").text) == WORDS


def test_words_are_never_put_before_somebody_else_at_the_same_computer(
    there: There, writing: tuple[Visitor, Touch]
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    other = there.enrolled("bo@example.org")
    live(there, other)
    visitor.client.delete_cookie("relecture")
    visitor.client.post(f"/touch/{touch.number}", data={**form, "csrf_token": "old"})
    there.house.clock.walled += timedelta(minutes=11)
    asks = visitor.get(f"/sign-in?next=/touch/{touch.number}").text
    assert WORDS not in asks, "the next person at this computer may be another"
    visitor.sign_in("bo@example.org")
    there.next_touch()
    page = visitor.get(f"/touch/{touch.number}").text
    assert 'name="text"' in page and WORDS not in page


def test_what_a_browser_holds_cannot_be_read_from_its_cookie_and_ends_after_a_day(
    there: There, writing: tuple[Visitor, Touch]
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    visitor.client.post(f"/touch/{touch.number}", data={**form, "csrf_token": "old"})
    held = visitor.client.get_cookie(unkept.COOKIE)
    assert held.http_only and held.same_site == "Lax"
    assert "Nadia" not in held.value
    there.house.clock.walled += unkept.LASTS
    assert field(visitor.get(f"/touch/{touch.number}").text) == ""


def test_who_signs_out_leaves_no_words_behind(there: There, writing: tuple[Visitor, Touch]) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    visitor.client.post(f"/touch/{touch.number}", data={**form, "csrf_token": "old"})
    visitor.sign_out()
    assert visitor.client.get_cookie(unkept.COOKIE) is None


def test_words_that_no_cookie_can_hold_are_shown_to_be_copied(
    there: There, writing: tuple[Visitor, Touch]
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    long = " ".join(str(n * n * 7919) for n in range(1_200))
    refused = visitor.client.post(
        f"/touch/{touch.number}", data={**form, "text": long, "csrf_token": "old"}
    )
    assert long in refused.text and "Copiez-le" in refused.text
    assert visitor.client.get_cookie(unkept.COOKIE) is None


def test_words_that_another_site_sends_are_not_shown_as_ones_own(
    there: There, writing: tuple[Visitor, Touch]
) -> None:
    visitor, touch = writing
    form = fields(visitor, touch)
    refused = visitor.client.post(
        f"/touch/{touch.number}", data=form, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert refused.status_code == 400 and WORDS not in refused.text
    assert visitor.client.get_cookie(unkept.COOKIE) is None


def test_a_password_that_was_sent_is_on_no_error_page(there: There) -> None:
    sent = {"email": "lea@example.org", "password": "Un mot de passe, à moi."}
    refused = there.house.app.test_client().post("/sign-in", data=sent)
    assert refused.status_code == 400 and sent["password"] not in refused.text


def test_a_link_that_grew_too_old_while_one_wrote_leads_to_its_question_with_the_words(
    tmp_path: Path,
) -> None:
    found: Mailed = mailed(tmp_path, "text")
    visitor = found.house.client()
    visitor.get(found.answer)
    found.house.clock.walled += ANSWER_FOR + timedelta(minutes=1)
    refused = visitor.client.post(
        found.answer, data=found.form(text=WORDS) | {"csrf_token": visitor.token}
    )
    assert refused.status_code == 410 and SHOWN in refused.text
    assert f'href="/sign-in?next=/touch/{found.number}"' in refused.text
    with visitor.client.session_transaction() as session:
        session["_user_id"] = f"town:{found.learner_id}:{found.learner().account.epoch}"
    assert field(visitor.get(f"/touch/{found.number}").text) == WORDS
