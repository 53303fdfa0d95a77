"""Links that somebody asks for at the door: rows on their way out, the same for a stranger, and the
same link again while it lives."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.journey.addresses import MAIL
from engine.journey.forgetting import erase, export
from engine.journey.joining import learner_of
from engine.people import asking
from engine.people.asking import LINK_LASTS, SAME_LINK
from engine.storage.tables import AskedLink
from tests import builders
from tests.apps import PASSWORD, House, house
from tests.builders import work
from web import worker
from web.cli.serve import ticking

pytestmark = pytest.mark.both_databases

LEA, NOBODY = "lea@example.org", "nobody@example.org"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[House]:
    made = house(tmp_path, "town", "village")
    made.account()
    made.services.bell.heard = lambda: None
    yield made
    made.services.close()


def ask(town: House, email: str = LEA, page: str = "/sign-in/mail") -> None:
    visitor = town.client()
    visitor.get(page)
    assert visitor.post(page, {"email": email}).status_code == 200


def row(town: House, email: str = LEA) -> AskedLink | None:
    with town.services.db.shared() as unit:
        return unit.scalars(select(AskedLink).where(AskedLink.email == email)).one_or_none()


def seen(town: House, email: str) -> dict[str, object]:
    """What a table tells of an address, besides itself."""
    found = row(town, email)
    assert found is not None
    return {c.key: getattr(found, c.key) for c in AskedLink.__table__.columns if c.key != "email"}


def links(town: House) -> list[str]:
    found = [re.search(r"https?://[^/\s]+(/\S+)", mail.text) for mail in town.outbox.messages]
    return [one[1] for one in found if one]


def test_a_mail_leaves_from_its_row_and_not_from_the_request(town: House) -> None:
    ask(town)
    assert town.outbox.messages == []
    assert worker.tick(town.services) == worker.Counts(sent=1)
    assert worker.tick(town.services) == worker.Counts()
    assert [mail.to for mail in town.outbox.messages] == [LEA]


def test_a_request_asks_the_same_of_the_database_whether_or_not_anybody_has_the_address(
    town: House,
) -> None:
    def asked(email: str) -> list[str]:
        with builders.queries(town.services.db) as statements:
            ask(town, email)
        return statements

    asked("warm@example.org")
    known, unknown = asked(LEA), asked(NOBODY)
    assert known == unknown and not any("FROM account" in one for one in known)


def test_a_table_does_not_tell_who_has_an_account(town: House) -> None:
    for email in (LEA, NOBODY):
        ask(town, email)
    assert seen(town, LEA) == seen(town, NOBODY)
    assert worker.tick(town.services) == worker.Counts(sent=1)
    assert seen(town, LEA) == seen(town, NOBODY) and seen(town, LEA)["state"] == "sent"


def test_who_asks_again_gets_the_same_link_while_it_lives(town: House) -> None:
    for _ in range(3):
        ask(town)
        worker.tick(town.services)
        town.clock.later(minutes=5)
    first, *others = links(town)
    assert others == [first, first]
    assert len({mail.message_id for mail in town.outbox.messages}) == 3, "or it would be dropped"
    town.clock.later(minutes=6)
    ask(town)
    worker.tick(town.services)
    fresh = links(town)[-1]
    assert fresh != first, "nine minutes would have been left of it"
    visitor = town.client()
    for link in (first, fresh):
        assert visitor.get(link).status_code == 200
    town.clock.later(seconds=(LINK_LASTS - SAME_LINK).total_seconds())
    visitor.get(fresh)
    assert visitor.post(fresh).status_code == 303


def test_asking_over_and_over_sends_one_mail_a_minute_at_most(town: House) -> None:
    for _ in range(3):
        ask(town)
        worker.tick(town.services)
    assert len(town.outbox.messages) == 1
    found = row(town)
    assert found is not None and found.number == 1


def test_a_link_that_was_used_is_not_sent_again(town: House) -> None:
    ask(town)
    worker.tick(town.services)
    visitor = town.client()
    visitor.get(links(town)[0])
    assert visitor.post(links(town)[0]).status_code == 303
    town.clock.later(minutes=2)
    ask(town)
    worker.tick(town.services)
    other = town.client()
    other.get(links(town)[-1])
    assert other.post(links(town)[-1]).status_code == 303


def test_a_refusal_for_now_is_tried_again_while_the_link_lives(town: House) -> None:
    said: list[Message] = []

    class Greylisting:
        def send(self, message: Message) -> None:
            said.append(message)
            if len(said) < 3:
                raise Refusal("451 try again later", permanent=False)

        def release(self) -> None:
            """Nothing is kept between two messages."""

    services = replace(town.services, channels={MAIL: Greylisting()})
    ask(town)
    for _ in range(10):
        worker.tick(services)
        town.clock.later(minutes=1)
    assert len(said) == 3 and len({mail.message_id for mail in said}) == 1
    found = row(town)
    assert found is not None and found.state == "sent"


def test_mailboxes_that_refuse_for_now_keep_nobody_elses_link_waiting(town: House) -> None:
    sent: list[str] = []

    class SomeFull:
        def send(self, message: Message) -> None:
            if message.to != LEA:
                raise Refusal("452 mailbox full", permanent=False)
            sent.append(message.to)

        def release(self) -> None:
            """Nothing is kept between two messages."""

    town.services.bell.heard = lambda: None
    for number in range(10):
        town.account(email=f"full{number}@example.org")
        ask(town, f"full{number}@example.org")
    ask(town)
    worker.tick(replace(town.services, channels={MAIL: SomeFull()}))
    assert sent == [LEA]


def test_a_link_whose_life_is_over_is_not_sent_and_its_row_goes(town: House) -> None:
    ask(town)
    town.clock.later(minutes=31)
    assert worker.tick(town.services) == worker.Counts()
    assert town.outbox.messages == []
    worker.tidy(town.services)
    assert row(town) is None


def test_what_is_asked_for_twice_at_one_moment_is_one_mail(town: House) -> None:
    wall = town.services.clock.wall()
    with town.services.db.shared() as unit:
        assert unit.get(AskedLink, ("magic", LEA)) is None
    for _ in range(2):
        with town.services.db.shared(write=True) as unit:
            asking.ask_for_link(unit, "magic", LEA, wall)
    assert worker.tick(town.services) == worker.Counts(sent=1)


def test_an_address_in_two_organisations_gets_one_mail_for_both(town: House) -> None:
    town.account("village")
    ask(town)
    assert worker.tick(town.services) == worker.Counts(sent=1)
    visitor = town.client()
    visitor.get(links(town)[0])
    choice = visitor.post(links(town)[0]).text
    assert "Town" in choice and "Village" in choice


def test_a_new_password_is_asked_for_in_the_same_way(town: House) -> None:
    ask(town, page="/password")
    worker.tick(town.services)
    visitor = town.client()
    visitor.get(links(town)[0])
    assert visitor.post(links(town)[0], {"password": PASSWORD + " neufs"}).status_code == 303


def test_what_was_asked_for_is_exported_and_erased_with_its_person(town: House) -> None:
    ask(town)
    with town.services.db.write("town") as unit:
        account = builders.accounts.account_by_email(unit, LEA)
        assert account is not None
        learner = learner_of(unit, account.id)
        exported = export(work(unit, library=town.services.library), learner, "fr")
        assert [one["email"] for one in exported["asked_links"]] == [LEA]
        erase(unit, learner)
        unit.commit()
    assert row(town) is None


def test_an_address_claimed_again_after_being_forgotten_gets_a_mail_of_its_own(town: House) -> None:
    account = town.account(email="noe@example.org")
    for days in (0, 31):
        town.clock.later(days=days)
        worker.tidy(town.services)
        with town.services.write("town") as there:
            asking.claim_address(there, account.id, "noe@example.net", "fr")
            there.commit()
        worker.tick(town.services)
    first, second = town.outbox.messages
    assert first.to == second.to == "noe@example.net"
    assert first.message_id != second.message_id, "a mail server drops what it has seen before"


def test_who_asks_at_a_running_server_does_not_wait_for_its_next_tick(tmp_path: Path) -> None:
    made = house(tmp_path, tick_seconds="3600")
    made.account()
    left = threading.Event()

    class Noticing:
        def send(self, _message: Message) -> None:
            left.set()

        def release(self) -> None:
            """Nothing is kept between two messages."""

    scheduler = ticking(replace(made.services, channels={MAIL: Noticing()}))
    try:
        ask(made)
        assert left.wait(20)
    finally:
        scheduler.shutdown(wait=True)
        made.services.close()
