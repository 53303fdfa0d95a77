"""Addresses of people: stored in one form, and only such as every mail server takes."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.people.accounts import is_address, normalise_email
from engine.values.addresses import is_host
from engine.values.errors import Invalid


@pytest.mark.parametrize(
    "email",
    [
        "lea@example.org.",
        "a@b..c",
        "a..b@example.org",
        ".a@example.org",
        "a.@example.org",
        "=?utf-8?b?QUFB?=@x.org",
        "a@b@example.org",
        "é@exemple.fr",
        "ａ@example.org",
        "lea@médiathèque.fr",
        "a@-b.org",
        "a@b-.org",
        "a@b_c.org",
        "a@1.2.3.4",
        "a@[1.2.3.4]",
        '"a b"@example.org',
        "lea@localhost",
        "@example.org",
        "lea@",
        "lea",
        "",
        "a\0@example.org",
        "a@example.org\nb",
        "a" * 65 + "@example.org",
        "a@" + "b" * 64 + ".org",
        "a@" + "b." * 130 + "org",
        "Léa <lea@example.org>",
        "lea@example.org,max@example.org",
    ],
)
def test_what_no_mail_could_reach_is_no_address(email: str) -> None:
    assert not is_address(email)
    with pytest.raises(Invalid, match="email-malformed"):
        normalise_email(email)


@pytest.mark.parametrize(
    "email",
    [
        "lea@example.org",
        "l.e+a_b-c@a-b.example.org",
        "o'neil/x=y@x.fr",
        "lea@xn--mdiathque-b4ab.fr",
        "1@2.com",
        "a" * 64 + "@example.org",
    ],
)
def test_an_address_is_stored_in_lower_case_without_what_stands_around_it(email: str) -> None:
    assert normalise_email(f" {email.upper()}\n") == email


@given(
    st.text(st.sampled_from('ab1.@=?_-+ <>,;:"()\\é'), max_size=14).map("{}@x.org".format)
    | st.emails()
)
def test_every_address_that_is_taken_is_read_in_a_header_as_itself(email: str) -> None:
    if is_address(email):
        mail = EmailMessage(policy=SMTP)
        mail["To"] = normalise_email(email)
        assert [box.addr_spec for box in mail["To"].addresses] == [normalise_email(email)]


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("localhost", True),
        ("mail_1.example.org", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("a..b", False),
        ("", False),
        ("a b", False),
        ("é.fr", False),
        ("a" * 64, False),
        ("a." * 130 + "b", False),
        ("h1,h2", False),
        ("ss@h", False),
    ],
)
def test_a_host_has_a_name_or_a_number(text: str, host: bool) -> None:
    assert is_host(text) is host
