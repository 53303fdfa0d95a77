"""A mail as bytes: what any server takes and any reader reads."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from engine.delivery.channels.mime import mime
from tests.builders import MONDAY
from tests.unit.delivery.letters import letter

FROM = "Relecture <relecture@example.org>"


def read_back() -> EmailMessage:
    parsed = message_from_bytes(mime(letter(), FROM, MONDAY).as_bytes(), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_text_and_html_say_the_same_and_keep_accents() -> None:
    mail = read_back()
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and "Où en est Inès ? « Là-bas »" in text.get_content()
    assert html is not None and "Où en est Inès" in html.get_content()


def test_headers_hold_sender_subject_date_and_id() -> None:
    mail = read_back()
    assert mail["Subject"] == "Une question · 2 minutes"
    assert mail["From"] == FROM
    assert mail["Date"] == "Mon, 04 Jan 2027 09:00:00 +0000"
    assert mail["Message-ID"] == letter().message_id
    assert mail["Auto-Submitted"] == "auto-generated"


def test_every_byte_is_seven_bit_so_that_no_server_has_to_offer_more() -> None:
    assert all(byte < 128 for byte in mime(letter(), FROM, MONDAY).as_bytes())


def test_a_header_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        mime(replace(letter(), subject="Hello\r\nBcc: everybody@example.org"), FROM, MONDAY)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "lea@example.org.",
        "=?utf-8?b?QUFB?=@x.org",
        "a@example.org, b@example.org",
        "Léa <lea@example.org>",
        "@",
    ],
)
def test_a_mail_that_would_go_to_anybody_but_whom_it_is_for_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="address"):
        mime(replace(letter(), to=to), FROM, MONDAY)


@pytest.mark.parametrize(
    "to",
    [
        "lea@example.org",
        "l.e+a'b{c}@xn--mdiathque-b4ab.example.org",
        "a" * 64 + "@" + "b" * 60 + ".example.org",
    ],
)
def test_a_mail_bears_the_address_it_is_for_letter_by_letter(to: str) -> None:
    assert f"\r\nTo: {to}\r\n".encode() in mime(replace(letter(), to=to), FROM, MONDAY).as_bytes()
