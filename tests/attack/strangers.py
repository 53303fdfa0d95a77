"""Strangers at the doors of an installation with two organisations: what they send, and how
often."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
