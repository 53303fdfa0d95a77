"""A stranger wants somebody else to stay outside. Whatever is tried, who has the right password
gets in on their own browser, and a link they ask for reaches them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.apps import House, house

OWNER, OWNERS_NETWORK = "lea@example.org", "203.0.113.9"
NETWORKS = (OWNERS_NETWORK, "198.51.100.7", "192.0.2.1")
EMAILS = (OWNER, "paul@example.org", "nobody@example.org")


@dataclass(frozen=True)
class Burst:
    """A stranger sends one form many times from one network address, in a new browser."""

    path: str
    email: str
    network: str
    times: int
    minutes: int

    def send(self, town: House) -> None:
        stranger = town.client(self.network)
        stranger.get("/sign-in")
        for _ in range(self.times):
            stranger.post(self.path, {"email": self.email, "password": "not the password"})
        town.clock.later(minutes=self.minutes)


BURSTS = st.builds(
    Burst,
    st.sampled_from(["/sign-in", "/sign-in/mail", "/password"]),
    st.sampled_from(EMAILS),
    st.sampled_from(NETWORKS),
    st.integers(1, 70),
    st.integers(0, 20),
)


@contextmanager
def a_town() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        made = house(Path(folder), "town", "village")
        for email in EMAILS[:2]:
            made.account(email=email)
        yield made
        made.services.close()


@settings(max_examples=12)
@given(st.lists(BURSTS, max_size=6))
def test_no_sequence_of_a_strangers_requests_shuts_the_owner_out(bursts: list[Burst]) -> None:
    with a_town() as town:
        own = town.client(OWNERS_NETWORK)
        assert own.sign_in(OWNER).status_code == 303
        own.sign_out()
        for burst in bursts:
            burst.send(town)
        assert own.sign_in(OWNER).status_code == 303


@settings(max_examples=12)
@given(st.lists(BURSTS, max_size=6))
def test_no_sequence_of_a_strangers_requests_keeps_a_link_from_its_owner(
    bursts: list[Burst],
) -> None:
    with a_town() as town:
        own = town.client(OWNERS_NETWORK)
        own.sign_in(OWNER)
        own.sign_out()
        for burst in bursts:
            burst.send(town)
        own.get("/sign-in/mail")
        assert own.post("/sign-in/mail", {"email": OWNER}).status_code == 200
        texts = [mail.text for mail in town.outbox.messages if mail.to == OWNER]
        links = re.findall(r"https?://[^/\s]+(/sign-in/mail/\S+)", "\n".join(texts))
        own.get(links[-1])
        assert own.post(links[-1]).status_code == 303
