"""Return addresses: one for each mail, short enough for every server, and nobody else makes one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.delivery.returning import KINDS, LONGEST_LOCAL, MailKey, ReturnAddresses
from engine.storage.claims import DeliveryKey
from engine.values.addresses import is_mailable
from tests.apps import SECRET

OURS = ReturnAddresses("bounces@example.org", SECRET)
IDS = st.uuids().map(lambda one: one.hex)
TENANTS = ("town", "village")


@given(IDS, st.integers(1, 2**24 - 1), st.sampled_from(TENANTS))
def test_an_address_leads_back_to_its_mail(learner: str, touch: int, tenant: str) -> None:
    key = DeliveryKey(tenant, learner, touch, "mail")
    longest = ReturnAddresses("b" * LONGEST_LOCAL + "@example.org", SECRET)
    for addresses in (OURS, longest):
        made = addresses.of(key)
        assert is_mailable(made) and len(made.partition("@")[0]) <= 64
        assert addresses.read(made, TENANTS) == key
        assert addresses.read(f" {made.upper()} ", TENANTS) == key
        other = [one for one in TENANTS if one != tenant]
        assert addresses.read(made, other) is None


@given(IDS, st.integers(1, 9), st.integers(0, 46), st.sampled_from("abcxyz234567"))
def test_a_changed_address_leads_nowhere(learner: str, touch: int, at: int, sign: str) -> None:
    key = DeliveryKey("town", learner, touch, "mail")
    made = OURS.of(key)
    code = made[len("bounces+") :].partition("@")[0]
    changed = f"bounces+{code[:at]}{sign}{code[at + 1 :]}@example.org"
    found = OURS.read(changed, TENANTS)
    assert found is None or (found == key and code[at] == sign) or at == 46


@given(st.text(max_size=90))
def test_no_address_makes_it_raise(address: str) -> None:
    assert OURS.read(address, TENANTS) is None


def test_another_secret_or_another_mailbox_makes_no_address_of_ours() -> None:
    key = DeliveryKey("town", "a" * 32, 3, "mail")
    made = OURS.of(key)
    assert ReturnAddresses(OURS.address, "x" * 40).read(made, TENANTS) is None
    assert ReturnAddresses("back@example.org", SECRET).read(made, TENANTS) is None


def test_where_there_can_be_no_address_there_is_none() -> None:
    key = DeliveryKey("town", "a" * 32, 3, "mail")
    assert ReturnAddresses("", SECRET).of(key) == ""
    assert ReturnAddresses("", SECRET).read("", TENANTS) is None
    assert OURS.of(DeliveryKey("town", "a" * 32, 3, "chat")) == ""
    assert OURS.of(DeliveryKey("town", "lea", 3, "mail")) == ""


@given(st.sampled_from(KINDS), st.text(min_size=1, max_size=30), st.integers(1, 2**24 - 1))
def test_an_address_of_another_mail_leads_back_to_its_row_and_says_nobodys_name(
    kind: str, email: str, number: int
) -> None:
    made = OURS.of_row("town", kind, ("course", email), number)
    mark = OURS.mark_of("town", kind, ("course", email))
    assert is_mailable(made) and len(made.partition("@")[0]) <= 64
    assert OURS.read(made, TENANTS) == MailKey("town", kind, mark, number)
    assert OURS.read(made, ("village",)) is None
    assert ReturnAddresses("", SECRET).of_row("town", kind, (email,), number) == ""
