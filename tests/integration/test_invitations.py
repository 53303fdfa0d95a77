"""Invitations: a row and a mail for each address, a membership for whoever accepts, and for a
facilitator the truth about both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.courses import members, outlines
from engine.delivery.backoff import TRIES
from engine.delivery.channels.base import Refusal
from engine.delivery.message import Message
from engine.delivery.pacing import MAILS_REFUSED
from engine.delivery.send import LEASE
from engine.journey.addresses import MAIL
from engine.journey.forgetting import erase, export, forget_course
from engine.journey.joining import learner_of
from engine.people import invitations
from engine.people.accounts import set_password
from engine.storage.retention import forget_old
from engine.storage.tables import Account, Course, Invitation, Learner, Membership
from engine.values.errors import Invalid
from engine.values.pages import A_PAGE
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY, work
from web import worker
from web.site.context import KEY

pytestmark = pytest.mark.both_databases

HERE = "/courses/course/invitations"


class Killed(BaseException):
    """The process ends: nothing catches this."""


@dataclass
class Server:
    """A mail server that answers each message as it is told; what it took is kept."""

    says: Callable[[Message], None] = lambda _message: None
    taken: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.says(message)
        self.taken.append(message)

    def release(self) -> None:
        """Nothing is kept between two messages."""


@dataclass
class Desk:
    """A course and its facilitator, who invites people."""

    house: House
    facilitator: Visitor

    def invite(self, *emails: str) -> str:
        """Invites these addresses; the page that comes next, in plain words."""
        self.facilitator.get(HERE)
        answer = self.facilitator.post(HERE, {"emails": "\n".join(emails)})
        return plain(self.facilitator.get(answer.location).text) if answer.location else answer.text

    def tick(self, server: Server | None = None) -> worker.Counts:
        services = self.house.services
        channels = {MAIL: server} if server else services.channels
        return worker.tick(replace(services, channels=channels))

    def page(self, query: str = "") -> str:
        return plain(self.facilitator.get(f"{HERE}{query}").text)

    def rows(self, table: type = Invitation) -> list:
        with self.house.services.db.read("town") as unit:
            return list(unit.scalars(select(table)))

    def mails(self, to: str) -> list[Message]:
        return [mail for mail in self.house.outbox.messages if mail.to == to]

    def accept(self, link: str) -> Visitor:
        """Opens the link and presses its button, in a browser of its own."""
        visitor = self.house.client()
        assert visitor.get(link).status_code == 200
        assert visitor.post(link).status_code == 303
        return visitor


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = house(tmp_path, "town", "village")
    account = made.account(email="dominique@example.org", role="facilitator")
    with made.services.db.write("town") as unit:
        for slug in ("course", "other"):
            course = builders.outlines.import_outline(unit, builders.outline(slug), MONDAY)
            me = unit.get_one(Account, ("town", account.id))
            members.enrol(unit, course, me, MONDAY, "facilitator")
        unit.commit()
    visitor = made.client()
    visitor.sign_in("dominique@example.org")
    yield Desk(made, visitor)
    made.services.close()


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def link_of(mail: Message) -> str:
    found = re.search(r"https?://[^/\s]+(/invitation/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def said_451(_message: Message) -> None:
    raise Refusal("451 too many messages, slow down", permanent=False)


def said_550(_message: Message) -> None:
    raise Refusal("550 no such mailbox", permanent=True)


# --- membership when accepted


def test_inviting_makes_no_account_and_no_member_until_it_is_accepted(desk: Desk) -> None:
    page = desk.invite("noe@example.org", "ines@example.org", "NOE@example.org")
    assert "2 invitations sont en route" in page
    assert (len(desk.rows(Account)), len(desk.rows(Membership))) == (1, 2)
    assert desk.house.outbox.messages == [], "nothing leaves in the request"
    assert desk.tick().sent == 2
    [mail] = desk.mails("noe@example.org")
    assert "Un cours" in mail.subject and "sept jours" in mail.text.replace("\n", " ")
    for _scanner in range(2):
        assert desk.house.client().get(link_of(mail)).status_code == 200
    assert len(desk.rows(Account)) == 1
    visitor = desk.accept(link_of(mail))
    assert visitor.get("/home").status_code == 200, "the button took the wager"
    assert {row.email for row in desk.rows(Account)} == {"dominique@example.org", "noe@example.org"}
    assert "ines@example.org" in desk.page() and "noe@example.org" not in desk.page()
    assert "noe@example.org" in desk.facilitator.get("/courses/course/people").text


def test_a_used_invitation_says_so_and_mails_a_link_to_who_has_no_password(desk: Desk) -> None:
    desk.invite("noe@example.org")
    desk.tick()
    link = link_of(desk.mails("noe@example.org")[0])
    desk.accept(link)
    other = desk.house.client()
    for answer in (other.get(link), other.post(link)):
        assert answer.status_code == 410 and "déjà été acceptée" in plain(answer.text)
        assert 'href="/sign-in"' not in answer.text
    assert "Un lien est en route" in other.post(f"{link}/again").text
    other.post(desk.house.outbox.link())
    assert other.get("/home").status_code == 200


def test_who_accepts_lives_in_the_time_zone_of_the_settings(desk: Desk) -> None:
    services = desk.house.services
    far = replace(services, settings=replace(services.settings, time_zone="America/Montreal"))
    desk.house.app.extensions[KEY] = far
    desk.invite("noe@example.org")
    desk.tick()
    desk.accept(link_of(desk.mails("noe@example.org")[0]))
    with services.db.read("town") as unit:
        account = unit.scalars(select(Account).where(Account.email == "noe@example.org")).one()
        assert learner_of(unit, account.id).zone == "America/Montreal"


def test_somebody_known_is_asked_as_well_and_their_other_courses_stay_theirs(desk: Desk) -> None:
    services = desk.house.services
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == "other")).one()
        lea = builders.learner(unit, services.library, course)
        lea.missed_in_a_row, lea.account.name = 5, "Zélie"
        unit.commit()
    desk.invite("lea@example.org")
    page = plain(desk.facilitator.get("/courses/course/people").text)
    assert "Zélie" not in page and "lea@example.org" in page, "an address, as it was written"
    desk.tick()
    desk.accept(link_of(desk.mails("lea@example.org")[0]))
    page = plain(desk.facilitator.get("/courses/course/people").text)
    assert "Zélie" in page
    quiet = desk.facilitator.get("/courses/course/people?state=quiet").text
    assert "Zélie" not in plain(quiet)


def test_a_link_does_not_sign_in_once_the_account_has_a_new_password(desk: Desk) -> None:
    services = desk.house.services
    lea = desk.house.account()
    desk.invite("lea@example.org")
    desk.tick()
    with services.db.write("town") as unit:
        set_password(unit, lea.id, lea.epoch, "quatre mots bien choisis")
        unit.commit()
    visitor = desk.accept(link_of(desk.mails("lea@example.org")[0]))
    assert visitor.get("/home").location.startswith("/sign-in")
    assert "Connectez-vous pour le voir" in visitor.get("/sign-in").text
    assert lea.id in {row.account for row in desk.rows(Membership)}


@pytest.mark.parametrize("role", ["learner", "facilitator", "administrator"])
def test_an_invitation_is_no_key_to_an_account_that_has_a_password(desk: Desk, role: str) -> None:
    lea = desk.house.account(role=role)
    desk.invite("lea@example.org")
    desk.tick()
    visitor = desk.accept(link_of(desk.mails("lea@example.org")[0]))
    assert visitor.get("/home").location.startswith("/sign-in")
    assert lea.id in {row.account for row in desk.rows(Membership)}


def test_an_address_is_invited_to_a_few_courses_a_day(desk: Desk) -> None:
    services = desk.house.services
    with services.write("town") as there:
        courses = [
            outlines.import_outline(
                there.session, replace(builders.outline(), id=f"c{n}"), there.now
            )
            for n in range(5)
        ]
        asked = [bool(invitations.invite(there, one, ["noe@example.org"]).asked) for one in courses]
        there.commit()
    assert asked == [True, True, True, False, False]


def test_who_erased_themselves_gets_a_mail_when_invited_again_and_no_account(desk: Desk) -> None:
    services = desk.house.services
    desk.invite("noe@example.org")
    desk.tick()
    desk.accept(link_of(desk.mails("noe@example.org")[0]))
    with services.db.write("town") as unit:
        account = unit.scalars(select(Account).where(Account.email == "noe@example.org")).one()
        learner = learner_of(unit, account.id)
        exported = export(work(unit, library=services.library), learner, "fr")
        assert [one["email"] for one in exported["invitations"]] == ["noe@example.org"]
        erase(unit, learner)
        unit.commit()
    assert desk.rows() == []
    desk.invite("noe@example.org")
    assert desk.tick().sent == 1
    assert [row.email for row in desk.rows(Account)] == ["dominique@example.org"]


def test_who_leaves_a_course_takes_its_invitation_along(desk: Desk) -> None:
    services = desk.house.services
    desk.invite("noe@example.org")
    desk.tick()
    desk.accept(link_of(desk.mails("noe@example.org")[0]))
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == "course")).one()
        account = unit.scalars(select(Account).where(Account.email == "noe@example.org")).one()
        there = work(unit, library=services.library)
        forget_course(there, learner_of(unit, account.id), course.id)
        unit.commit()
    assert desk.rows() == []


def test_an_erased_facilitator_is_not_named_by_what_they_invited(desk: Desk) -> None:
    desk.invite("noe@example.org")
    with desk.house.services.db.write("town") as unit:
        [me] = unit.scalars(select(Learner))
        erase(unit, learner_of(unit, me.id))
        unit.commit()
    assert [row.invited_by for row in desk.rows()] == [None]


# --- once a day, and the newest link


def test_an_address_is_invited_to_a_course_once_a_day_however_often_somebody_asks(
    desk: Desk,
) -> None:
    desk.invite("noe@example.org")
    desk.tick()
    for _ in range(25):
        page = desk.invite("noe@example.org")
        desk.tick()
    assert len(desk.mails("noe@example.org")) == 1
    assert "ne reçoit rien aujourd’hui" in page and "Aucun nouveau courriel ne part" in page
    page = desk.invite("noe@example.org", "ines@example.org")
    assert "Une invitation est en route" in page and "ne reçoit rien aujourd’hui" in page


def test_the_newest_link_ends_the_older_ones(desk: Desk) -> None:
    desk.invite("noe@example.org")
    desk.tick()
    desk.house.clock.later(hours=25)
    desk.facilitator.sign_in("dominique@example.org")
    assert "avait déjà été invitée" in desk.invite("noe@example.org")
    desk.tick()
    old, new = map(link_of, desk.mails("noe@example.org"))
    assert desk.house.client().get(old).status_code == 410
    assert desk.accept(new).get("/home").status_code == 200
    ids = {mail.message_id for mail in desk.mails("noe@example.org")}
    assert len(ids) == 2, "a mail server would drop a second mail with the same id"


def test_who_is_in_the_course_already_gets_no_mail_and_the_page_says_so(desk: Desk) -> None:
    services = desk.house.services
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == "course")).one()
        builders.learner(unit, services.library, course)
        unit.commit()
    page = desk.invite("lea@example.org", "dominique@example.org", "noe@example.org")
    assert "2 personnes sont déjà dans le cours" in page and "Une invitation est en route" in page
    assert desk.tick().sent == 1


def test_a_member_who_never_found_the_way_in_is_invited_again(desk: Desk) -> None:
    services = desk.house.services
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == "course")).one()
        builders.learner(unit, services.library, course, joined=False)
        unit.commit()
    desk.invite("lea@example.org")
    assert desk.tick().sent == 1
    visitor = desk.accept(link_of(desk.mails("lea@example.org")[0]))
    assert visitor.get("/home").status_code == 200


def test_one_facilitator_invites_so_many_an_hour_and_others_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "BY_ONE", 3)
    desk.invite("a@example.org", "b@example.org")
    refused = desk.invite("c@example.org", "d@example.org")
    assert "plus de 3 invitations en une heure" in unescape(refused)
    assert len(desk.rows()) == 2
    with desk.house.services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == "course")).one()
        someone = invitations.invite(work(unit), course, ["e@example.org"], "somebody else")
        assert someone.asked == ("e@example.org",)
        with pytest.raises(Invalid, match="too-many-invited"):
            invitations.invite(work(unit), course, [f"f{n}@example.org" for n in range(4)], "more")
    desk.house.clock.later(hours=2)
    assert "2 invitations sont en route" in desk.invite("c@example.org", "d@example.org")


@pytest.mark.parametrize(
    ("emails", "named"),
    [
        ("noe@example.org lea", "lea"),
        ("lea noe@example.org @ines", "@ines"),
        ("Noé <noe@example.org>; lea", "lea"),
    ],
)
def test_a_faulty_address_is_named_before_anybody_is_invited_and_holds_up_nobody(
    desk: Desk, emails: str, named: str
) -> None:
    desk.facilitator.get(HERE)
    where = desk.facilitator.post(HERE, {"emails": emails}).location
    page = desk.facilitator.get(where).text
    assert "noe@example.org" in page and named in unescape(page).split("Laissé de côté")[1]
    assert desk.rows() == []
    desk.facilitator.post(where, {"do": "invite"})
    assert [row.email for row in desk.rows()] == ["noe@example.org"]


@pytest.mark.parametrize("emails", ["", " ;", "lea", "@ines"])
def test_where_there_is_no_address_nothing_typed_is_lost(desk: Desk, emails: str) -> None:
    desk.facilitator.get(HERE)
    page = desk.facilitator.post(HERE, {"emails": emails})
    assert page.status_code == 422 and 'class="fault"' in page.text
    assert emails.strip(" ;") in unescape(page.text)
    assert desk.rows() == []


# --- on their way out


def test_a_451_in_the_middle_loses_nobody_and_the_page_tells_what_is_so(desk: Desk) -> None:
    people = [f"p{n:02}@example.org" for n in range(60)]
    assert "60 invitations sont en route" in desk.invite(*people)
    server = Server()
    server.says = lambda message: said_451(message) if len(server.taken) == 20 else None
    counts = desk.tick(server)
    assert counts.sent == 20 and counts.failed <= MAILS_REFUSED, "the rest is not even tried"
    page = desk.page()
    assert "envoyée 20" in page and "en attente d’envoi 40" in page
    server.says = lambda _message: None
    for _ in range(3):
        desk.house.clock.later(minutes=6)
        desk.tick(server)
    assert sorted(mail.to for mail in server.taken) == people


def test_a_kill_loses_no_invitation_and_the_mail_in_doubt_has_the_same_id(desk: Desk) -> None:
    desk.invite("a@example.org", "b@example.org", "c@example.org")
    server, seen = Server(), []

    def die(message: Message) -> None:
        seen.append(message.message_id)
        if len(seen) == 2:
            raise Killed

    server.says = die
    with pytest.raises(Killed):
        desk.tick(server)
    desk.house.clock.later(seconds=LEASE.total_seconds() + 1)
    server.says = lambda _message: None
    desk.tick(server)
    assert sorted(mail.to for mail in server.taken) == [f"{n}@example.org" for n in "abc"]
    assert seen[1] in {mail.message_id for mail in server.taken}


def test_a_relay_that_takes_ten_an_hour_gets_every_invitation_in_the_end(desk: Desk) -> None:
    people = [f"p{n}@example.org" for n in range(100)]
    desk.invite(*people)
    server = Server()

    def ten_an_hour(message: Message) -> None:
        hours = int((desk.house.clock.wall() - MONDAY) / timedelta(hours=1)) + 1
        if len(server.taken) >= 10 * hours:
            said_451(message)

    server.says = ten_an_hour
    for _ in range(24 * 12):
        desk.tick(server)
        desk.house.clock.later(minutes=5)
    assert sorted(mail.to for mail in server.taken) == sorted(people)


def test_what_is_refused_for_good_is_shown_in_the_words_of_the_server_and_tried_again_by_hand(
    desk: Desk,
) -> None:
    desk.invite("gone@example.org", "noe@example.org")
    server = Server()
    server.says = lambda message: said_550(message) if message.to.startswith("gone") else None
    assert desk.tick(server) == worker.Counts(sent=1, failed=1)
    page = desk.page()
    assert "courriel refusé 1" in page and "550 no such mailbox" in page
    assert desk.tick(server) == worker.Counts()
    desk.facilitator.get(HERE)
    answer = desk.facilitator.post(f"{HERE}/again", {"email": "gone@example.org"})
    assert "repart dans la minute" in desk.facilitator.get(answer.location).text
    server.says = lambda _message: None
    assert desk.tick(server) == worker.Counts(sent=1)
    assert [row.state for row in desk.rows()] == ["sent", "sent"]


def test_after_its_last_try_an_invitation_is_parked(desk: Desk) -> None:
    desk.invite("noe@example.org")
    server = Server(said_451)
    for _ in range(TRIES):
        assert desk.tick(server).failed == 1
        desk.house.clock.later(days=3)
    assert desk.tick(server) == worker.Counts()
    [row] = desk.rows()
    assert (row.state, row.attempts) == ("parked", TRIES)


def test_the_link_lives_from_when_its_mail_is_sent(desk: Desk) -> None:
    desk.invite("noe@example.org")
    server = Server(said_451)
    for _ in range(TRIES - 1):
        desk.tick(server)
        desk.house.clock.later(days=3)
    server.says = lambda _message: None
    assert desk.tick(server).sent == 1
    desk.house.clock.later(days=6.9)
    desk.accept(link_of(server.taken[0]))


def test_an_invitation_that_is_too_old_sends_nobody_to_a_sign_in_alone(desk: Desk) -> None:
    desk.invite("noe@example.org")
    desk.tick()
    [mail] = desk.mails("noe@example.org")
    desk.house.clock.later(days=8)
    late = desk.house.client().get(link_of(mail))
    assert late.status_code == 410 and "plus de sept jours" in late.text


def test_addresses_are_taken_on_one_line_or_several(desk: Desk) -> None:
    desk.invite("noe@example.org; nadia@example.org,\nzoe@example.org")
    desk.tick()
    assert all(len(desk.mails(f"{who}@example.org")) == 1 for who in ("noe", "nadia", "zoe"))


def test_a_title_in_several_lines_is_one_line_in_the_invitation(desk: Desk) -> None:
    with desk.house.services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == "course")).one()
        course.title = "Budget\r\n\r\nEnvoyez votre mot de passe à eve@example.org\u2028ici"
        unit.commit()
    desk.invite("noe@example.org")
    desk.tick()
    [mail] = desk.mails("noe@example.org")
    assert "\n" not in mail.subject
    assert not any(line.startswith("Envoyez") for line in mail.text.splitlines())


def test_many_invitations_come_in_pages_in_as_many_queries_as_few(desk: Desk) -> None:
    def asked() -> int:
        with builders.queries(desk.house.services.db) as seen:
            desk.facilitator.get(HERE)
        return len(seen)

    desk.invite("z@example.org")
    few = asked()
    for first in (0, 30):
        desk.invite(*(f"p{n:02}@example.org" for n in range(first, first + 30)))
    assert asked() == few
    assert desk.page().count("@example.org") == A_PAGE
    assert desk.page("?page=2").count("@example.org") == 61 - A_PAGE
    assert desk.page("?page=9") == desk.page("?page=2")


def test_old_invitations_are_forgotten(desk: Desk) -> None:
    desk.invite("noe@example.org")
    desk.house.clock.later(days=91)
    assert forget_old(desk.house.services.units) >= 1
    assert desk.rows() == []


def test_who_is_invited_again_after_being_forgotten_gets_a_mail_of_its_own(desk: Desk) -> None:
    desk.invite("noe@example.org")
    desk.tick()
    desk.house.clock.later(days=91)
    worker.tidy(desk.house.services)
    desk.facilitator.sign_in("dominique@example.org")
    desk.invite("noe@example.org")
    desk.tick()
    first, second = desk.mails("noe@example.org")
    assert first.message_id != second.message_id, "a mail server drops what it has seen before"


def test_an_invitation_of_one_organisation_is_none_of_another(desk: Desk) -> None:
    desk.invite("noe@example.org")
    desk.tick()
    desk.house.account("village", "noe@example.org")
    desk.accept(link_of(desk.mails("noe@example.org")[0]))
    with desk.house.services.db.read("village") as unit:
        assert list(unit.scalars(select(Membership))) == []
        assert list(unit.scalars(select(Invitation))) == []
