"""Mail through a real SMTP server: taken, refused for good, refused for now, cut off, encrypted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace

import pytest

from engine.delivery.channels.base import Refusal
from engine.delivery.channels.smtp import Server, SmtpChannel
from tests.builders import MONDAY
from tests.integration.mailserver import CERTIFICATE, Desk, serving
from tests.unit.delivery.letters import letter


@pytest.fixture
def jobs() -> Desk:
    return Desk()


@pytest.fixture
def server(jobs: Desk) -> Iterator[Server]:
    with serving(jobs) as running:
        yield running


@contextmanager
def channel_to(server: Server) -> Iterator[SmtpChannel]:
    channel = SmtpChannel(server, "Relecture <relecture@example.org>", lambda: MONDAY)
    try:
        yield channel
    finally:
        channel.release()


def send(server: Server, to: str = "lea@example.org") -> None:
    with channel_to(server) as channel:
        channel.send(letter(to))


def refusal(server: Server, to: str = "lea@example.org") -> Refusal:
    with pytest.raises(Refusal) as refused:
        send(server, to)
    return refused.value


def test_a_mail_arrives_whole(jobs: Desk, server: Server) -> None:
    send(server)
    [mail] = jobs.taken
    text = mail.get_body(("plain",))
    assert mail["To"] == "lea@example.org"
    assert text is not None and text.get_content().splitlines() == [
        "Où en est Inès ? « Là-bas »",
        ".",
        "Un point seul.",
    ]


@pytest.mark.parametrize(
    ("reply", "permanent"), [("550 No such person", True), ("450 Greylisted, come back", False)]
)
def test_a_refused_recipient_is_refused_for_good_or_for_now(
    jobs: Desk, server: Server, reply: str, permanent: bool
) -> None:
    jobs.rcpt = reply
    refused = refusal(server)
    assert (refused.words, refused.permanent) == (reply, permanent)


@pytest.mark.parametrize(
    ("reply", "permanent"), [("554 Looks like spam", True), ("452 Disk is full", False)]
)
def test_a_refused_text_is_refused_for_good_or_for_now(
    jobs: Desk, server: Server, reply: str, permanent: bool
) -> None:
    jobs.data = reply
    refused = refusal(server)
    assert (refused.words, refused.permanent) == (reply, permanent)


def test_a_line_cut_midway_is_a_refusal_for_now_and_the_resend_bears_the_same_id(
    jobs: Desk, server: Server
) -> None:
    jobs.hang_up_after_data = True
    assert not refusal(server).permanent
    jobs.hang_up_after_data = False
    send(server)
    assert jobs.ids() == [letter().message_id] * 2


def test_a_line_cut_before_the_text_was_taken_is_a_refusal_for_now(
    jobs: Desk, server: Server
) -> None:
    jobs.hang_up_before_data, jobs.data = True, "451 never said"
    assert not refusal(server).permanent
    assert jobs.taken == []


def test_a_server_that_keeps_one_waiting_is_left(jobs: Desk, server: Server) -> None:
    jobs.delay = 1.0
    assert "timed out" in refusal(replace(server, timeout=0.2)).words


def test_a_server_that_took_the_mail_and_sulks_at_the_goodbye_has_taken_it(
    jobs: Desk, server: Server
) -> None:
    jobs.sulk_at_quit = True
    send(server)
    assert len(jobs.taken) == 1


def test_nobody_listening_is_a_refusal_for_now(jobs: Desk) -> None:
    with serving(jobs) as gone:
        pass
    assert not refusal(gone).permanent


def test_an_address_that_this_server_cannot_write_to_is_refused_for_good(
    jobs: Desk, server: Server
) -> None:
    with serving(jobs, utf8=False) as plain:
        assert refusal(plain, "léa@example.org").permanent
    send(server, "léa@example.org")
    assert jobs.taken[0]["To"] == "léa@example.org"


@pytest.mark.parametrize("to", ["", "=?utf-8?b?QUFB?=@x.org", "lea@example.org."])
def test_a_mail_whose_reader_would_be_another_never_leaves(
    jobs: Desk, server: Server, to: str
) -> None:
    assert refusal(server, to).permanent
    assert jobs.taken == []


def test_a_host_that_is_no_name_is_a_refusal_for_now(server: Server) -> None:
    assert not refusal(replace(server, host="a..b")).permanent


def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
def test_mail_is_encrypted_and_signed_in_for(
    jobs: Desk, monkeypatch: pytest.MonkeyPatch, tls: str
) -> None:
    trusting(monkeypatch)
    kind: AbstractContextManager[Server] = serving(
        jobs,
        tls="implicit" if tls == "implicit" else "starttls",
        user="post",
        password="a good one",
    )
    with kind as server:
        send(server)
        assert jobs.secured == [True]
        wrong = refusal(replace(server, password="another"))
        assert (wrong.words[:3], wrong.permanent) == ("535", False)


@pytest.mark.parametrize(("user", "password"), [("pöst", "hunter22"), ("post", "hunter22é")])
def test_who_cannot_sign_in_for_want_of_plain_letters_is_refused_for_now_and_no_password_is_said(
    jobs: Desk, monkeypatch: pytest.MonkeyPatch, user: str, password: str
) -> None:
    trusting(monkeypatch)
    with serving(jobs, tls="starttls", user="post", password="a good one") as server:
        wrong = refusal(replace(server, user=user, password=password))
    assert not wrong.permanent and "hunter22" not in wrong.words and wrong.__cause__ is None
    assert jobs.taken == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(jobs: Desk) -> None:
    with serving(jobs, tls="starttls") as server:
        assert "CERTIFICATE_VERIFY_FAILED" in refusal(server).words
    assert jobs.taken == []


def test_a_server_that_offers_no_encryption_gets_nothing_in_clear(
    jobs: Desk, server: Server
) -> None:
    assert not refusal(replace(server, tls="starttls")).permanent
    assert jobs.taken == []


def test_the_messages_of_a_batch_go_through_one_connection(jobs: Desk, server: Server) -> None:
    with channel_to(server) as channel:
        for number in (1, 2, 3):
            channel.send(letter(number=number))
        channel.release()
        channel.send(letter(number=4))
    assert len(jobs.taken) == 4
    assert [jobs.lines.count(line) for line in dict.fromkeys(jobs.lines)] == [3, 1]


def test_a_refusal_leaves_nothing_behind_for_the_next_message_of_the_connection(
    jobs: Desk, server: Server
) -> None:
    jobs.refused = {"gone@example.org"}
    with channel_to(server) as channel:
        channel.send(letter())
        for reply in ("552 Too large", "250 OK"):
            with suppress(Refusal):
                channel.send(letter("gone@example.org"))
            jobs.data = reply
            with suppress(Refusal):
                channel.send(letter(number=2))
    assert [mail["To"] for mail in jobs.taken] == ["lea@example.org"] * 2
    assert len(set(jobs.lines)) == 1


def test_a_server_that_left_meanwhile_is_called_again(jobs: Desk, server: Server) -> None:
    with channel_to(server) as channel:
        channel.send(letter())
        jobs.hang_up()
        channel.send(letter(number=2))
    assert len(jobs.taken) == len(set(jobs.lines)) == 2


def test_a_message_that_may_have_been_taken_is_not_sent_twice_in_one_try(
    jobs: Desk, server: Server
) -> None:
    with channel_to(server) as channel:
        channel.send(letter())
        jobs.hang_up_after_data = True
        with pytest.raises(Refusal):
            channel.send(letter(number=2))
    assert jobs.ids() == [letter().message_id, letter(number=2).message_id]


def test_a_connection_is_left_after_a_hundred_messages(jobs: Desk, server: Server) -> None:
    with channel_to(server) as channel:
        for _ in range(101):
            channel.send(letter())
    assert [jobs.lines.count(line) for line in dict.fromkeys(jobs.lines)] == [100, 1]


def test_a_mail_comes_back_to_an_address_of_its_own(jobs: Desk, server: Server) -> None:
    with channel_to(server) as channel:
        channel.send(replace(letter("lea@example.org"), returns="b+abc@example.org"))
    [mail] = jobs.taken
    assert mail["From"] == "Relecture <relecture@example.org>"
    assert jobs.senders == ["b+abc@example.org"]


def test_a_test_mail_is_told_with_the_servers_own_answer(jobs: Desk, server: Server) -> None:
    with channel_to(server) as channel:
        assert channel.send_and_hear(letter("lea@example.org")) == "250 OK"
        jobs.data = "554 Spam"
        with pytest.raises(Refusal, match="554 Spam"):
            channel.send_and_hear(letter("lea@example.org"))
        jobs.rcpt = "550 No such person"
        with pytest.raises(Refusal, match="550 No such person"):
            channel.send_and_hear(letter("lea@example.org"))
    assert len(jobs.taken) == 1
