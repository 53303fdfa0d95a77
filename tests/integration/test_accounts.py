"""Signing in and out, by password and by mail: who may, how often, and how little a stranger
learns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.people import accounts
from engine.storage.tables import Throttle
from tests.apps import PASSWORD, House, Visitor, house

pytestmark = pytest.mark.both_databases


@pytest.fixture
def town(tmp_path: Path) -> Iterator[House]:
    made = house(tmp_path, "town", "village")
    yield made
    made.services.close()


def signed_in(visitor: Visitor) -> bool:
    return visitor.get("/sign-in").status_code == 302


def said(page: TestResponse) -> str:
    """The page without its tokens, which are new every time."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.text)


def test_the_right_password_opens_and_signing_out_closes(town: House) -> None:
    town.account()
    visitor = town.client()
    assert visitor.sign_in().status_code == 303
    assert signed_in(visitor)
    visitor.get("/nowhere")
    out = visitor.post("/sign-out")
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert not signed_in(visitor)


def test_a_stranger_and_a_wrong_password_get_the_same_answer(town: House) -> None:
    town.account()
    wrong = town.client().sign_in(password="not the password")
    stranger = town.client().sign_in(email="nobody@example.org")
    assert wrong.status_code == stranger.status_code == 422
    assert said(wrong).replace("lea@", "nobody@") == said(stranger)
    assert "ne vont pas ensemble" in wrong.text


def test_after_ten_tries_even_the_right_password_waits_a_quarter_of_an_hour(town: House) -> None:
    town.account()
    for _ in range(10):
        town.client().sign_in(password="not the password")
    refused = town.client().sign_in()
    assert refused.status_code == 429 and 'href="/sign-in/mail"' in refused.text
    assert town.client().sign_in(email="nobody@example.org").status_code == 422
    town.clock.later(minutes=16)
    assert town.client().sign_in().status_code == 303


def test_a_class_that_signs_in_from_one_network_address_locks_nobody_out(town: House) -> None:
    town.account()
    for number in range(3):
        assert town.client().sign_in(password="not the password").status_code == 422
        assert town.client().sign_in().status_code == 303
        with town.services.db.shared() as unit:
            assert sorted(unit.scalars(select(Throttle.tries))) == [0, number + 1, number + 1], (
                "only the wrong passwords count: by network address, and loosely by account"
            )


def test_wrong_passwords_from_elsewhere_shut_out_nobody(town: House) -> None:
    town.account()
    for number in range(40):
        stranger = town.client("203.0.113.9")
        assert stranger.sign_in(password="not the password").status_code == (
            422 if number < 10 else 429
        )
    assert town.client("198.51.100.7").sign_in().status_code == 303


def test_a_browser_that_has_signed_in_is_let_in_whatever_its_network_does(town: House) -> None:
    town.account()
    mine = town.client("203.0.113.9")
    mine.sign_in()
    mine.sign_out()
    for number in range(70):
        town.client("203.0.113.9").sign_in(f"{number}@example.org", "not the password")
    assert town.client("203.0.113.9").sign_in().status_code == 429
    assert mine.sign_in().status_code == 303


def test_a_known_browser_guesses_no_more_than_others_and_never_another_account(town: House) -> None:
    town.account()
    town.account(email="paul@example.org")
    mine = town.client()
    mine.sign_in()
    mine.sign_out()
    answers = [mine.sign_in(password="not the password").status_code for _ in range(25)]
    assert answers == [422] * 20 + [429] * 5, "ten as itself, ten as everybody"
    assert mine.sign_in("paul@example.org", "not the password").status_code == 422
    assert [mine.sign_in("paul@example.org", "no").status_code for _ in range(10)][-1] == 429


@pytest.mark.parametrize("tenants", [(), ("town",), ("town", "village")])
def test_signing_in_checks_as_many_passwords_whoever_has_the_address(
    town: House, tenants: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for tenant in tenants:
        town.account(tenant)
    checked: list[str] = []
    right = accounts.password_matches
    monkeypatch.setattr(
        accounts,
        "password_matches",
        lambda known, said: checked.append(known) or right(known, said),
    )
    town.client().sign_in(password="not the password")
    assert len(checked) == accounts.CHECKS


def test_a_new_password_is_the_same_in_every_organisation(town: House) -> None:
    town.account("town")
    town.account("village")
    visitor = town.client()
    visitor.get("/password")
    visitor.post("/password", {"email": "lea@example.org"})
    path = town.outbox.link()
    visitor.get(path)
    visitor.post(path, {"password": "quatre mots bien choisis"})
    choice = town.client().sign_in(password="quatre mots bien choisis")
    assert "Town" in choice.text and "Village" in choice.text


def test_one_address_in_two_organisations_chooses(town: House) -> None:
    town.account("town")
    town.account("village")
    visitor = town.client()
    choice = visitor.sign_in()
    assert "Town" in choice.text and "Village" in choice.text
    token = choice.text.split('name="token" value="')[1].split('"')[0]
    assert (
        visitor.post(
            "/sign-in/organisation", {"token": token, "organisation": "elsewhere"}
        ).status_code
        == 404
    )
    assert (
        visitor.post(
            "/sign-in/organisation", {"token": token, "organisation": "village"}
        ).status_code
        == 303
    )
    assert signed_in(visitor)


def test_the_organisation_is_chosen_once_and_only_in_the_browser_that_was_asked(
    town: House,
) -> None:
    town.account("town")
    town.account("village")
    asked, other = town.client(), town.client()
    choice = asked.sign_in().text
    form = {
        "token": choice.split('name="token" value="')[1].split('"')[0],
        "organisation": "village",
    }
    other.get("/sign-in")
    assert other.post("/sign-in/organisation", form).status_code == 404
    assert not signed_in(other)
    asked.get("/sign-in")
    assert asked.post("/sign-in/organisation", form).status_code == 303
    asked.get("/contract")
    assert asked.post("/sign-in/organisation", form).status_code == 404
    asked.get("/contract")
    asked.post("/sign-out")
    assert asked.post("/sign-in/organisation", form).status_code == 404
    assert not signed_in(asked)


def test_a_link_by_mail_signs_in_once_and_only_by_its_button(town: House) -> None:
    town.account()
    visitor = town.client()
    visitor.get("/sign-in/mail")
    assert "en route" in visitor.post("/sign-in/mail", {"email": " LEA@example.org "}).text
    path = town.outbox.link()
    for _scanner in range(2):
        assert town.client().get(path).status_code == 200
    assert not signed_in(visitor)
    visitor.get(path)
    assert visitor.post(path).status_code == 303
    assert signed_in(visitor)
    assert town.client().get(path).status_code == 404


def test_a_stranger_gets_the_same_page_and_no_mail(town: House) -> None:
    town.account()
    pages = []
    for email in ("lea@example.org", "nobody@example.org"):
        visitor = town.client()
        visitor.get("/password")
        pages.append(said(visitor.post("/password", {"email": email})))
    assert pages[0] == pages[1]
    assert [message.to for message in town.outbox.messages] == ["lea@example.org"]


def test_mails_to_one_address_are_counted(town: House) -> None:
    visitor = town.client()
    visitor.get("/sign-in/mail")
    answers = [
        visitor.post("/sign-in/mail", {"email": "nobody@example.org"}).status_code for _ in range(5)
    ]
    assert answers == [200, 200, 200, 200, 429]


def test_a_new_password_ends_every_other_session(town: House) -> None:
    town.account()
    phone, jobs = town.client(), town.client()
    phone.sign_in()
    jobs.get("/password")
    jobs.post("/password", {"email": "lea@example.org"})
    path = town.outbox.link()
    jobs.get(path)
    assert "12" in jobs.post(path, {"password": "short"}).text
    assert jobs.post(path, {"password": "quatre mots bien choisis"}).status_code == 303
    assert signed_in(jobs) and not signed_in(phone)
    assert town.client().sign_in(password=PASSWORD).status_code == 422
    assert town.client().sign_in(password="quatre mots bien choisis").status_code == 303


def test_links_grow_old_and_serve_one_purpose(town: House) -> None:
    town.account()
    visitor = town.client()
    visitor.get("/sign-in/mail")
    visitor.post("/sign-in/mail", {"email": "lea@example.org"})
    path = town.outbox.link()
    assert visitor.get(path.replace("/sign-in/mail/", "/password/")).status_code == 404
    assert visitor.get(path[:-3] + "AAA").status_code == 404
    town.clock.later(minutes=31)
    late = visitor.get(path)
    assert late.status_code == 410 and "trop ancien" in late.text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/nowhere/at/all",
        "/%0d%0aevil",
        "/sign-out",
    ],
)
def test_no_one_is_sent_elsewhere_after_signing_in(town: House, target: str) -> None:
    town.account()
    assert town.client().sign_in(next=target).headers["Location"] != target


def test_the_language_is_kept_by_cookie_then_by_account(town: House) -> None:
    town.account()
    visitor = town.client()
    visitor.get("/sign-in", headers={"Accept-Language": "fr"})
    assert (
        visitor.post("/language", {"language": "en", "next": "/sign-in"}).headers["Location"]
        == "/sign-in"
    )
    assert '<html lang="en">' in visitor.get("/sign-in").text
    visitor.sign_in()
    assert '<html lang="fr">' in visitor.get("/nowhere").text
    visitor.post("/language", {"language": "en"})
    assert '<html lang="en">' in visitor.get("/nowhere").text
    assert visitor.post("/language", {"language": "xx"}).status_code == 422


def test_words_that_were_typed_survive_a_refusal(town: House) -> None:
    assert 'value="lea@example.org"' in town.client().sign_in(password="wrong").text
    assert "adresse complète" in town.client().sign_in(email="lea").text
