"""Somebody wants others to wait. Whatever strangers ask for, and however many people another
organisation invites, a due mail leaves within two ticks, even where each takes a second."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.courses import outlines
from engine.delivery.message import Message
from engine.journey.addresses import MAIL
from engine.people.invitations import invite
from tests import builders
from tests.apps import House
from tests.attack.strangers import BURSTS, Burst, a_town
from tests.fakes import FakeClock
from web import worker

WAITS_FOR_MAIL = "noe@example.org"


@dataclass
class Slow:
    """A mail server that takes a second for each mail."""

    clock: FakeClock
    sent: list[str]

    def send(self, message: Message) -> None:
        self.clock.later(seconds=1)
        self.sent.append(message.to)

    def release(self) -> None:
        """Nothing is kept between two messages."""


def invites(town: House, tenant: str, *emails: str) -> None:
    with town.services.write(tenant) as work:
        course = outlines.import_outline(work.session, builders.outline(), town.clock.now())
        invite(work, course, emails)
        work.commit()


@settings(max_examples=12)
@given(st.lists(BURSTS, max_size=4), st.integers(0, 200))
def test_a_due_mail_of_another_organisation_leaves_within_two_ticks(
    bursts: list[Burst], invited: int
) -> None:
    with a_town() as town:
        server = Slow(town.clock, [])
        town.services.bell.heard = lambda: None
        for burst in bursts:
            burst.send(town)
        if invited:
            invites(town, "town", *(f"p{n}@example.org" for n in range(invited)))
        invites(town, "village", WAITS_FOR_MAIL)
        services = replace(town.services, channels={MAIL: server})
        for _tick in range(2):
            worker.tick(services)
        assert WAITS_FOR_MAIL in server.sent
