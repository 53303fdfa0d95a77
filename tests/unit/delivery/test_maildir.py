"""The maildir: whole messages, each once."""

from __future__ import annotations

import mailbox
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.delivery.channels.base import Refusal
from engine.delivery.channels.maildir import MaildirChannel, file_name, forget
from tests.builders import MONDAY
from tests.unit.delivery.letters import letter


def channel(folder: Path) -> MaildirChannel:
    return MaildirChannel(folder / "deep" / "mail", "relecture@example.org", lambda: MONDAY)


def test_a_message_is_there_for_any_mail_reader(tmp_path: Path) -> None:
    channel(tmp_path).send(letter())
    box = mailbox.Maildir(tmp_path / "deep" / "mail")
    assert [mail["To"] for mail in box] == ["lea@example.org"]
    assert not list((tmp_path / "deep" / "mail" / "tmp").iterdir())


def test_the_same_message_sent_again_is_there_once(tmp_path: Path) -> None:
    for _ in range(3):
        channel(tmp_path).send(letter())
    assert len(mailbox.Maildir(tmp_path / "deep" / "mail")) == 1


def test_a_message_that_was_read_meanwhile_is_not_delivered_again(tmp_path: Path) -> None:
    channel(tmp_path).send(letter())
    folder, name = tmp_path / "deep" / "mail", file_name(letter().message_id)
    (folder / "new" / name).rename(folder / "cur" / f"{name}:2,S")
    channel(tmp_path).send(letter())
    assert len(mailbox.Maildir(folder)) == 1


def test_however_many_messages_wait_to_be_read_they_are_not_gone_through(tmp_path: Path) -> None:
    listed: list[str] = []
    sys.addaudithook(
        lambda event, args: (
            listed.append(str(args[0])) if event in ("os.listdir", "os.scandir") else None
        )
    )
    channel(tmp_path).send(letter())
    channel(tmp_path).send(letter(number=2))
    assert str(tmp_path / "deep" / "mail" / "new") not in listed


def test_different_messages_are_all_there(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        channel(tmp_path).send(letter(number=number))
    assert len(mailbox.Maildir(tmp_path / "deep" / "mail")) == 3


@pytest.mark.parametrize("missing", [("new", "cur", "tmp"), ("new",), ("cur",), ("tmp",)])
def test_a_folder_that_is_there_and_lacks_its_parts_is_given_them(
    tmp_path: Path, missing: tuple[str, ...]
) -> None:
    folder = tmp_path / "deep" / "mail"
    for part in {"new", "cur", "tmp"} - {*missing}:
        (folder / part).mkdir(parents=True)
    folder.mkdir(parents=True, exist_ok=True)
    assert forget(folder, {"lea"}) == 0
    channel(tmp_path).send(replace(letter(), about=("lea",)))
    assert [mail["To"] for mail in mailbox.Maildir(folder)] == ["lea@example.org"]
    (folder / "tmp").rmdir()
    assert forget(folder, {"lea"}) == 1


def test_a_folder_of_mails_is_for_its_user_alone(tmp_path: Path) -> None:
    channel(tmp_path).send(letter())
    folder = tmp_path / "deep" / "mail"
    assert all(part.stat().st_mode & 0o077 == 0 for part in (folder, *folder.iterdir()))


def test_a_folder_that_cannot_be_written_is_a_refusal_for_now(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("a file where the folder should be")
    with pytest.raises(Refusal) as refused:
        channel(tmp_path).send(letter())
    assert not refused.value.permanent


def test_a_message_that_cannot_be_written_at_all_is_a_refusal_for_good(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        channel(tmp_path).send(replace(letter(), subject="a\nb"))
    assert refused.value.permanent


def sent(folder: Path, *mails: tuple[str, tuple[str, ...]]) -> Path:
    """A maildir with these mails: to whom, and about whom."""
    for number, (to, about) in enumerate(mails):
        one = replace(letter(), to=to, about=about, message_id=f"<{number}@example.org>")
        channel(folder).send(one)
    return folder / "deep" / "mail"


def receivers(folder: Path) -> list[str]:
    return sorted(mail["To"] for mail in mailbox.Maildir(folder))


LEA, NOE = "lea@example.org", "noe@example.org"


def test_who_is_forgotten_has_no_mail_left_and_the_others_keep_theirs(tmp_path: Path) -> None:
    folder = sent(tmp_path, (LEA, ("lea", "exp1")), (LEA, ("lea",)), (NOE, ("noe",)))
    read = next((folder / "new").iterdir())
    read.rename(folder / "cur" / f"{read.name}:2,S")
    assert [forget(folder, {"lea"}, {LEA}), forget(folder, {"lea"}, {LEA})] == [2, 0]
    assert forget(tmp_path / "none", {"lea"}) == 0
    assert receivers(folder) == [NOE]


def test_an_account_of_another_organisation_at_the_same_address_keeps_its_mails(
    tmp_path: Path,
) -> None:
    folder = sent(tmp_path, (LEA, ("lea-in-town",)), (LEA, ("lea-in-valley", "exp")))
    assert forget(folder, {"lea-in-town"}, {LEA}) == 1
    [kept] = mailbox.Maildir(folder)
    assert kept["X-Relecture-About"] == "lea-in-valley exp"


def test_a_link_that_signs_in_to_several_organisations_goes_with_the_first(tmp_path: Path) -> None:
    folder = sent(tmp_path, (LEA, ("lea-in-town", "lea-in-valley")))
    assert forget(folder, {"lea-in-valley"}) == 1


def test_what_is_about_many_experiences_is_found_by_the_last_of_them(tmp_path: Path) -> None:
    about = tuple(f"{number:032x}" for number in range(9))
    assert forget(sent(tmp_path, (LEA, about)), {about[-1]}) == 1


def test_a_mail_to_an_address_that_was_not_confirmed_goes_with_who_gave_it(tmp_path: Path) -> None:
    folder = sent(tmp_path, ("typo@example.org", ("lea",)))
    assert forget(folder, {"lea"}, {LEA}) == 1


def test_a_mail_of_an_earlier_version_goes_by_its_address_and_one_of_another_program_stays(
    tmp_path: Path,
) -> None:
    folder = sent(tmp_path, (LEA, ()), (NOE, ()))
    (folder / "new" / "1700000000.1.host").write_text(f"To: {LEA}\nMessage-ID: <x@y>\n\nHello")
    assert forget(folder, {"lea"}, {"Lea@example.org"}) == 1
    assert receivers(folder) == [LEA, NOE]


def test_a_draft_that_a_crash_left_is_forgotten_too(tmp_path: Path) -> None:
    folder = sent(tmp_path, (LEA, ("lea",)))
    [mail] = (folder / "new").iterdir()
    mail.rename(folder / "tmp" / f"{mail.name}.4711")
    assert forget(folder, {"lea"}) == 1
    assert not list((folder / "tmp").iterdir())
