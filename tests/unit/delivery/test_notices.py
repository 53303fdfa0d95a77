"""Reports of mails that came back: what RFC 3464 says is believed, everything else says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.delivery.notices import MOST_BYTES, read_notice
from tests.unit.delivery.reports import TO, report


def test_a_mail_that_failed_for_good_is_told_with_the_servers_words() -> None:
    found = read_notice(report("5.1.1", "smtp; 550 5.1.1 <lea@example.org>: no\n such user"))
    assert found is not None and found.permanent
    assert (found.status, found.said) == ("5.1.1", "550 5.1.1 <lea@example.org>: no such user")
    assert TO in found.to


@pytest.mark.parametrize("status", ["4.2.2", "4.4.1"])
def test_a_failure_for_now_is_none_for_good(status: str) -> None:
    found = read_notice(report(status))
    assert found is not None and not found.permanent


@pytest.mark.parametrize(
    "mail",
    [
        report("5.1.1", action="delayed"),
        report("2.1.5", action="delivered"),
        report("2.0.0", action="relayed"),
        report("unknown"),
        report(""),
        report("5.1.1").replace(b"Final-Recipient", b"X-Recipient"),
        report("5.1.1").replace(b"report-type=delivery-status", b"report-type=feedback-report"),
        report("5.1.1").replace(b"multipart/report", b"multipart/mixed"),
        report("5.1.1").replace(b"message/delivery-status", b"text/plain"),
        b"From: lea@example.org\nAuto-Submitted: auto-replied\nSubject: Absente\n\n"
        b"Je suis absente jusqu'au 12. Status: 5.1.1\nAction: failed",
        b"Subject: Undelivered\n\n550 5.1.1 no such user",
        b"",
    ],
    ids=[
        "delayed",
        "delivered",
        "relayed",
        "status-no-status",
        "status-empty",
        "nobody",
        "another-report",
        "no-report",
        "words",
        "out-of-office",
        "words-of-a-server",
        "empty",
    ],
)
def test_anything_else_says_nothing(mail: bytes) -> None:
    found = read_notice(mail)
    assert found is None


@pytest.mark.parametrize(
    "charset", ["unknown-8bit", "x-nothing", "utf-16", "ks_c_5601-1987", "\udcff", "utf-8''%ff"]
)
def test_odd_charsets_change_nothing(charset: str) -> None:
    said = charset.encode("utf-8", "surrogateescape")
    odd = report("5.1.1").replace(b"charset=us-ascii", b"charset=" + said)
    found = read_notice(odd.replace(b"Subject: x", b"Subject: =?" + said + b"?B?////?="))
    assert found is not None and found.status == "5.1.1"


def test_only_the_beginning_of_a_long_mail_is_read() -> None:
    assert read_notice(report("5.1.1") + b"x" * 10 * MOST_BYTES) is not None


@given(st.binary(max_size=2000))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_notice(data)


@given(st.binary(max_size=60), st.integers(0, 1500))
def test_no_damage_to_a_report_makes_it_raise(noise: bytes, at: int) -> None:
    whole = report("5.1.1")
    read_notice(whole[:at] + noise + whole[at + len(noise) :])
