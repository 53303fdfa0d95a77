"""The id of a message: bound to what it delivers, and silent about it."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.delivery.message import message_id
from engine.storage.claims import DeliveryKey

KEY = DeliveryKey("town", "lea", 3, "mail")


def test_the_same_delivery_always_has_the_same_id() -> None:
    assert message_id("secret", KEY, "example.org") == message_id(
        "secret", replace(KEY), "example.org"
    )


def test_any_other_delivery_has_another_id() -> None:
    others = [
        replace(KEY, tenant="city"),
        replace(KEY, learner="max"),
        replace(KEY, touch=4),
        replace(KEY, channel="sms"),
    ]
    assert len({message_id("secret", key, "example.org") for key in [KEY, *others]}) == 5


def test_keys_that_look_alike_side_by_side_are_told_apart() -> None:
    assert message_id("s", DeliveryKey("a", "bc", 1, "mail"), "d") != message_id(
        "s", DeliveryKey("ab", "c", 1, "mail"), "d"
    )


def test_who_knows_the_key_but_not_the_secret_cannot_guess_the_id() -> None:
    assert message_id("secret", KEY, "example.org") != message_id(
        "other secret", KEY, "example.org"
    )


def test_the_id_has_the_form_of_rfc_5322_and_names_nobody() -> None:
    made = message_id("secret", KEY, "example.org")
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", made)
