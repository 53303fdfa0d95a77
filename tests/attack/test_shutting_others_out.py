"""A stranger wants somebody else to stay outside. Whatever is tried, who has the right password
gets in on their own browser, and a link they ask for reaches them."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attack.strangers import BURSTS, OWNER, OWNERS_NETWORK, Burst, a_town


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
