"""A channel that is made up goes the whole way by its name alone: nothing that plans, claims, sends
or settles knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.delivery.parked import parked
from engine.journey import pausing
from engine.journey.addresses import MAIL
from engine.journey.forgetting import erase, export
from engine.journey.joining import learner_of
from engine.storage.tables import Account, Address, Delivery, Learner
from engine.storage.work import Work
from tests.apps import Visitor
from tests.integration.learners import RHYTHM, TENANT, There, installed, live
from web import worker
from web.site.context import KEY

pytestmark = pytest.mark.both_databases

CHIME = "chime"
BY_MAIL = RHYTHM | {"channel": "mail"}


@dataclass
class Chime:
    """A channel that keeps what it is given, or refuses it with these words."""

    refuses: str = ""
    rung: list[Message] = field(default_factory=list)
    released: int = 0

    def send(self, message: Message) -> None:
        if self.refuses:
            raise Refusal(self.refuses, permanent=True)
        self.rung.append(message)

    def release(self) -> None:
        self.released += 1


@dataclass
class Town:
    """Somebody who lived an experience and is reached by mail and by chime."""

    there: There
    chime: Chime
    learner: Visitor

    def ask_at(self, address: str) -> None:
        """The learner keeps their rhythm and says where the chime reaches them."""
        self.learner.get("/rhythm")
        said = self.learner.post("/rhythm", BY_MAIL | {"address_chime": address})
        assert said.status_code == 303

    def unit(self) -> Iterator[tuple[Work, Learner]]:
        with self.there.house.services.write(TENANT) as work:
            [account] = self.there.rows(Account)
            yield work, learner_of(work.session, account.id)
            work.commit()

    def deliveries(self) -> list[tuple[str, str]]:
        return sorted((row.channel, row.state) for row in self.there.rows(Delivery))


def name_a_field_for_the_chime(app: Flask) -> None:
    """Where a learner gives their address for it, as CONTRIBUTING asks of a new channel."""
    loader, page = app.jinja_env.loader, "learner/rhythm.html"
    assert loader is not None
    words, is_there, rest = loader.get_source(app.jinja_env, page)[0].partition("{{ choose(")
    assert is_there
    words += """{{ field("address_chime", "A bell", "text",
        kept("address_chime", addresses.get("chime", "")), wrong=wrong) }}"""
    app.jinja_env.loader = ChoiceLoader([DictLoader({page: words + is_there + rest}), loader])


@pytest.fixture
def town(tmp_path: Path) -> Town:
    there, chime = installed(tmp_path), Chime()
    house = there.house
    channels = {**house.services.channels, CHIME: chime}
    house.services = replace(house.services, channels=channels)
    house.app.extensions[KEY] = house.services
    learner = there.enrolled()
    live(there, learner)
    made = Town(there, chime, learner)
    made.ask_at("the bell of the town hall")
    return made


def test_a_touch_is_planned_sent_and_settled_through_each_channel_that_was_chosen(
    town: Town,
) -> None:
    town.there.next_touch()
    assert town.deliveries() == [(CHIME, "sent"), (MAIL, "sent")]
    [rung], [mailed] = town.chime.rung, town.there.house.outbox.messages
    assert (rung.to, mailed.to) == ("the bell of the town hall", "lea@example.org")
    assert rung.message_id != mailed.message_id
    assert town.chime.released


def test_a_channel_that_refuses_holds_up_no_other(town: Town) -> None:
    town.chime.refuses = "the bell is cracked"
    town.there.next_touch()
    assert town.deliveries() == [(CHIME, "parked"), (MAIL, "sent")]
    for work, _ in town.unit():
        [kept] = parked(work.session)
    assert (kept.to, kept.channel) == ("the bell of the town hall", CHIME)
    assert kept.error == "the bell is cracked"


def test_who_wants_no_mail_is_still_reached_where_they_asked_to_be(town: Town) -> None:
    for work, learner in town.unit():
        pausing.to_inbox(work.session, learner)
    town.there.next_touch()
    assert town.deliveries() == [(CHIME, "sent")]


def test_an_address_that_is_given_anew_takes_the_place_of_the_other(town: Town) -> None:
    town.ask_at("the bell of the school")
    town.there.next_touch()
    assert [message.to for message in town.chime.rung] == ["the bell of the school"]


def test_nothing_goes_to_an_address_that_was_taken_back(town: Town) -> None:
    town.ask_at("")
    town.there.next_touch()
    assert (town.chime.rung, town.deliveries()) == ([], [(MAIL, "sent")])


def test_what_waits_for_a_channel_that_was_switched_off_is_taken_back(town: Town) -> None:
    house = town.there.house
    channels = {MAIL: house.outbox}
    house.services = replace(house.services, channels=channels)
    town.there.next_touch()
    assert town.deliveries() == [(CHIME, "withdrawn"), (MAIL, "sent")]
    assert worker.tick(house.services) == worker.Counts()


def test_an_address_that_is_too_long_is_refused_and_nothing_is_kept(town: Town) -> None:
    town.learner.get("/rhythm")
    refused = town.learner.post("/rhythm", BY_MAIL | {"address_chime": "x" * 2001})
    assert refused.status_code == 422
    assert [row.value for row in town.there.rows(Address)] == ["the bell of the town hall"]


def test_the_page_of_the_rhythm_shows_the_address_that_was_given_and_keeping_it_loses_nothing(
    town: Town,
) -> None:
    name_a_field_for_the_chime(town.there.house.app)
    page = town.learner.get("/rhythm").text
    shown = re.search(r'value="([^"]*)" id="address_chime"', page)
    assert shown is not None and shown[1] == "the bell of the town hall"
    town.ask_at(shown[1])
    assert [row.value for row in town.there.rows(Address)] == ["the bell of the town hall"]
    town.learner.get("/rhythm")
    refused = town.learner.post("/rhythm", BY_MAIL | {"address_chime": "a bell", "hour": "late"})
    assert refused.status_code == 422 and 'value="a bell" id="address_chime"' in refused.text


def test_addresses_are_given_to_whom_they_are_about_and_erased_with_them(town: Town) -> None:
    for work, learner in town.unit():
        [address] = export(work, learner, "fr")["addresses"]
        assert address["value"] == "the bell of the town hall"
        erase(work.session, learner)
    assert town.there.rows(Address) == []
