"""Mails that come back: three in a row end the mails, everything else changes nothing, and whoever
it is about reads it here and can have them begin again."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.courses import progress
from engine.delivery.bounces import Bounces
from engine.delivery.mailbox import MailboxFault
from engine.delivery.returning import ReturnAddresses
from engine.journey import refused
from engine.packs.new import new_pack
from engine.people import invitations
from engine.storage.claims import DeliveryKey
from engine.storage.tables import (
    AuditEntry,
    Course,
    Delivery,
    Invitation,
    Learner,
    MailRefusal,
    Touch,
)
from tests import builders
from tests.apps import PASSWORD_HASH, SECRET, House, Visitor, house
from tests.builders import MONDAY
from tests.integration.imap import Box, serving
from tests.unit.delivery.reports import report
from web import worker

pytestmark = pytest.mark.both_databases
HOOK = "qW7_eRt2Yu9-iOp4AsD6fGh8JkL1zXc3VbN5mQ0aSwE"


@dataclass
class There:
    """A learner to whom mails were sent, and what takes reports."""

    house: House
    lea: str
    addresses: ReturnAddresses

    @property
    def taking(self) -> Bounces:
        return Bounces(self.house.services.units, self.addresses)

    def sent(self, number: int, state: str = "sent") -> str:
        """A mail of that number left; the address that it comes back to."""
        wall = self.house.clock.wall()
        with self.house.services.db.write("town") as unit:
            touch = {"due_at": wall, "expires_at": wall, "minutes": 1, "state": "missed"}
            unit.add(Touch(learner=self.lea, number=number, **touch))
            unit.flush()
            key = {"learner": self.lea, "touch": number, "channel": "mail"}
            unit.add(Delivery(**key, state=state, next_at=wall))
            unit.commit()
        return self.addresses.of(DeliveryKey("town", self.lea, number, "mail"))

    def back(self, number: int, status: str = "5.1.1") -> bool:
        """That mail was sent, and came back."""
        return self.taking.take_mail(report(status, to=self.sent(number)))

    def row(self) -> MailRefusal | None:
        with self.house.services.db.read("town") as unit:
            return unit.scalars(select(MailRefusal)).one_or_none()

    def channel(self) -> str:
        with self.house.services.db.read("town") as unit:
            return unit.scalars(select(Learner).where(Learner.id == self.lea)).one().channel

    def visitor(self) -> Visitor:
        visitor = self.house.client()
        visitor.sign_in()
        return visitor

    def hook(self, body: bytes, *, secret: str = HOOK, t: int | None = None, **more: str) -> int:
        return self.told(body, secret=secret, t=t, **more).status_code

    def told(
        self, body: bytes, *, secret: str = HOOK, t: int | None = None, kind: str = ""
    ) -> TestResponse:
        at = int(self.house.clock.wall().timestamp()) if t is None else t
        mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return self.house.app.test_client().post(
            "/hooks/bounces",
            data=body,
            content_type=kind or "application/json",
            headers={"Relecture-Signature": f"t={at},v1={mark}"},
        )


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    made = house(tmp_path, "town", "village", bounce_address="b@example.org", bounce_secret=HOOK)
    services = made.services
    services.library.install(new_pack(builders.PACK), MONDAY)
    with services.db.write("town") as unit:
        learner = builders.learner(unit, services.library, builders.course(unit))
        learner.account.password_hash = PASSWORD_HASH
        unit.commit()
        key = learner.id
    yield There(made, key, services.settings.return_addresses)


def test_after_three_in_a_row_no_more_mail_goes_and_the_desk_can_say_so(there: There) -> None:
    for number in (1, 2):
        assert there.back(number)
        assert there.channel() == "mail"
    waits = there.sent(9, "waiting")
    assert waits and there.back(3)
    assert there.channel() == "inbox"
    with there.house.services.db.read("town") as unit:
        found = refused.refused_among(unit, [there.lea, "x"])
        assert list(found) == [there.lea] and found[there.lea].status == "5.1.1"
        states = {one.touch: one.state for one in unit.scalars(select(Delivery))}
        assert states == {1: "parked", 2: "parked", 3: "parked", 9: "withdrawn"}
        [entry] = unit.scalars(select(AuditEntry))
        assert (entry.action, entry.by, entry.about) == ("mail-refused", None, there.lea)
        assert "lea@" not in str(entry.detail)


@pytest.mark.parametrize("status", ["4.2.2", "4.7.1", "2.0.0"])
def test_temporary_ones_change_nothing(there: There, status: str) -> None:
    for number in (1, 2, 3, 4):
        there.back(number, status)
    assert there.row() is None and there.channel() == "mail"


def test_the_same_mail_counts_once_however_often_it_is_reported(there: There) -> None:
    address = there.sent(1)
    for _ in range(5):
        assert there.taking.take_mail(report("5.1.1", to=address))
    row = there.row()
    assert row is not None and row.in_a_row == 1 and there.channel() == "mail"


def test_an_answer_by_a_mails_link_breaks_the_row(there: There) -> None:
    there.back(1)
    there.back(2)
    with there.house.services.db.write("town") as unit:
        refused.arrived(unit, there.lea)
        unit.commit()
    there.back(3)
    row = there.row()
    assert row is not None and row.in_a_row == 1 and there.channel() == "mail"


@pytest.mark.parametrize(
    "address",
    ["b@example.org", "b+abc@example.org", "b+" + "a" * 47 + "@example.org", "lea@example.org"],
)
def test_a_forged_return_address_changes_nothing(there: There, address: str) -> None:
    there.sent(1)
    assert not there.taking.take_mail(report("5.1.1", to=address))
    other = replace(there.addresses, secret="another secret, made up by somebody")
    forged = other.of(DeliveryKey("town", there.lea, 1, "mail"))
    assert not there.taking.take_mail(report("5.1.1", to=forged))
    assert there.row() is None


def test_a_report_of_a_mail_that_never_left_changes_nothing(there: There) -> None:
    for state in ("waiting", "withdrawn", "parked"):
        number = ("waiting", "withdrawn", "parked").index(state) + 1
        there.taking.take_mail(report("5.1.1", to=there.sent(number, state)))
    gone = there.addresses.of(DeliveryKey("town", there.lea, 77, "mail"))
    there.taking.take_mail(report("5.1.1", to=gone))
    nobody = there.addresses.of(DeliveryKey("village", "a" * 32, 1, "mail"))
    there.taking.take_mail(report("5.1.1", to=nobody))
    assert there.row() is None


def test_whoever_it_is_about_reads_it_and_has_mails_begin_again(there: There) -> None:
    for number in (1, 2, 3):
        there.back(number)
    visitor = there.visitor()
    page = visitor.get("/home").text
    assert "lea@example.org" in page and "no such user" in page
    assert visitor.post("/settings/mail-again").status_code == 303
    assert there.channel() == "mail" and there.row() is None
    assert "no such user" not in visitor.get("/home").text
    there.back(4)
    assert there.channel() == "mail"


def test_another_address_begins_anew(there: There) -> None:
    for number in (1, 2, 3):
        there.back(number)
    visitor = there.visitor()
    assert visitor.get("/address").status_code == 200
    assert visitor.post("/address", {"email": "new@example.org"}).status_code == 200
    link = there.house.outbox.link()
    visitor.get(link)
    assert visitor.post(link).status_code == 200
    assert there.channel() == "mail" and there.row() is None
    assert there.house.client().sign_in("new@example.org").status_code == 303
    assert visitor.get("/address").status_code == 303, "now there is nothing to mend"


def test_who_chose_no_mails_is_left_so(there: There) -> None:
    with there.house.services.db.write("town") as unit:
        unit.get_one(Learner, ("town", there.lea)).channel = "inbox"
        unit.commit()
    for number in (1, 2, 3):
        there.back(number)
    row = there.row()
    assert row is not None and row.refused_at is None and there.channel() == "inbox"


def test_mails_leave_with_an_address_of_their_own(there: There) -> None:
    services, clock = there.house.services, there.house.clock
    with services.db.write("town") as unit:
        world = builders.World(services.db, services.library)
        course = unit.scalars(select(Course)).one()
        builders.lived(unit, world, unit.get_one(Learner, ("town", there.lea)), course)
        due = unit.scalars(select(Touch.due_at)).one()
        unit.commit()
    clock.later(seconds=(due - clock.now()).total_seconds())
    worker.tick(services)
    returns = [one.returns for one in there.house.outbox.messages]
    assert [there.addresses.read(one, ["town"]) for one in returns] == [
        DeliveryKey("town", there.lea, 1, "mail")
    ]


def test_a_mailbox_is_read_ours_deleted_and_everything_else_left(there: There) -> None:
    box = Box(
        {
            1: report("5.1.1", to=there.sent(1)),
            2: b"Subject: Absente\r\n\r\nJe suis absente.",
            3: bytes(range(256)) * 40,
            4: b"",
            5: report("5.1.1", to="b+forged@example.org"),
            6: report("5.1.1", to=there.sent(2)) + b"x" * 2_000_000,
        }
    )
    with serving(box) as mailbox:
        assert there.taking.collect(mailbox) == 6
        assert box.left() == [2, 3, 4, 5] and box.seen == {1, 2, 3, 4, 5, 6}
        assert there.taking.collect(mailbox) == 0
    row = there.row()
    assert row is not None and row.in_a_row == 2


def test_a_mailbox_that_cannot_be_read_is_a_fault_and_no_more(there: There) -> None:
    box = Box({1: report("5.1.1", to=there.sent(1))})
    with serving(box) as mailbox:
        with pytest.raises(MailboxFault):
            there.taking.collect(replace(mailbox, password="wrong"))
        for garbage in (b"\r\n", b"* \xff\xfe{99999999\r\n", b"A1 OK\r\nA1 OK\r\n" * 50):
            box.garbage = garbage
            with pytest.raises(MailboxFault):
                there.taking.collect(mailbox)
    with pytest.raises(MailboxFault):
        there.taking.collect(mailbox)
    assert there.row() is None and box.left() == [1]


def test_the_worker_goes_on_when_a_mailbox_cannot_be_read(there: There) -> None:
    with serving(Box(garbage=b"no\r\n")) as mailbox:
        settings = replace(there.house.services.settings, bounce_mailbox=mailbox)
        worker.read_bounces(replace(there.house.services, settings=settings))
    worker.read_bounces(there.house.services)


def test_a_signed_hook_is_taken_as_a_mail_or_as_json(there: There) -> None:
    body = json.dumps({"return_address": there.sent(1), "status": "5.1.1", "said": "no"}).encode()
    answer = there.told(body)
    assert (answer.status_code, answer.get_json()) == (200, {"ours": True})
    mail = report("5.1.1", to=there.sent(2))
    assert there.told(mail, kind="message/rfc822").get_json() == {"ours": True}
    row = there.row()
    assert row is not None and row.in_a_row == 2


def test_a_hook_that_is_not_signed_or_not_now_changes_nothing(there: There) -> None:
    body = json.dumps({"return_address": there.sent(1), "status": "5.1.1"}).encode()
    now = int(there.house.clock.wall().timestamp())
    assert there.hook(body, secret="wrong") == 401
    assert there.hook(body, secret=SECRET) == 401
    for t in (now - 301, now + 301, 0, 999_999_999_999):
        assert there.hook(body, t=t) == 401
    client = there.house.app.test_client()
    good = hmac.new(HOOK.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    for header in ("", good, f"t={now}", f"t={now},v1={good.upper()}", f"t=+{now},v1={good}"):
        headers = {"Relecture-Signature": header}
        assert client.post("/hooks/bounces", data=body, headers=headers).status_code == 401
    other = {"Relecture-Signature": f"t={now},v1={good}"}
    assert client.post("/hooks/bounces", data=body + b" ", headers=other).status_code == 401
    assert there.row() is None


def test_a_hook_that_is_sent_again_counts_once(there: There) -> None:
    body = json.dumps({"return_address": there.sent(1), "status": "5.1.1"}).encode()
    assert [there.hook(body) for _ in range(4)] == [200] * 4
    row = there.row()
    assert row is not None and row.in_a_row == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"return_address": 1, "status": "5.1.1"}',
        b'{"return_address": "b@example.org", "status": "gone"}',
        b"[" * 100_000,
    ],
    ids=["empty", "list", "nothing", "no-text", "number", "no-status", "deep"],
)
def test_a_signed_body_that_is_no_report_is_refused(there: There, body: bytes) -> None:
    assert there.hook(body) == 422
    assert there.row() is None


def test_without_a_secret_there_is_no_hook(tmp_path: Path) -> None:
    made = house(tmp_path)
    assert made.app.test_client().post("/hooks/bounces", data=b"{}").status_code == 404


def test_an_invitation_that_comes_back_is_invited_mail_refused_on_the_desk(there: There) -> None:
    services = there.house.services
    settings = replace(services.settings, bounce_address=there.addresses.address)
    services = replace(services, settings=settings)
    with services.write("town") as work:
        course = builders.course(work.session, "invites")
        invitations.invite(work, course, ["noe@example.org", "ines@example.org"])
        work.commit()
    worker.tick(services)
    sent = {mail.to: mail for mail in there.house.outbox.messages}
    back = sent["noe@example.org"].returns
    assert back and back != sent["ines@example.org"].returns
    assert there.taking.take_mail(report("4.4.1", to=back))
    assert there.taking.take_mail(report("5.1.1", to=back))
    with services.read("town") as work:
        course = work.session.scalars(select(Course).where(Course.slug == "invites")).one()
        states = {one.email: one.refused for one in progress.everybody(work, course)}
    assert states == {"noe@example.org": True, "ines@example.org": False}
    with services.write("town") as work:
        course = work.session.scalars(select(Course).where(Course.slug == "invites")).one()
        assert invitations.try_again(work, course, "noe@example.org")
        work.commit()
    assert there.taking.take_mail(report("5.1.1", to=back)), "ours, but told of before"
    with services.read("town") as work:
        states = {row.email: row.state for row in work.session.scalars(select(Invitation))}
    assert states["noe@example.org"] == "waiting"
