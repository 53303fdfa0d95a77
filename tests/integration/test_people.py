"""The people of a course on their page: found, filtered, downloaded, reminded, moved to a cohort,
taken out."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from engine.courses import cohorts, members
from engine.people import invitations
from engine.storage.tables import (
    Account,
    Cohort,
    CohortMember,
    Course,
    Enrolment,
    Invitation,
    Learner,
    Membership,
)
from engine.values.pages import A_PAGE
from tests import builders
from tests.apps import House, Visitor, house, with_maildir
from tests.builders import MONDAY, World
from web import worker

pytestmark = pytest.mark.both_databases

HERE = "/courses/course/people"


@dataclass
class Desk:
    """A course with its people, and its facilitator."""

    house: House
    visitor: Visitor

    def learner(self, name: str, *, joined: bool = True, lives: bool = False) -> str:
        """Somebody in the course; their id."""
        services = self.house.services
        with services.write("town") as work:
            course = work.session.scalars(select(Course).where(Course.slug == "course")).one()
            email = f"{len(self.rows(Account))}@example.org"
            made = builders.learner(work.session, services.library, course, email, joined=joined)
            made.account.name = name
            if lives:
                there = World(services.db, services.library, now=self.house.clock.now())
                builders.lived(work.session, there, made, course)
            work.commit()
            return made.id

    def invite(self, *emails: str) -> None:
        self.visitor.get("/courses/course/invite")
        answer = self.visitor.post("/courses/course/invitations", {"emails": "\n".join(emails)})
        assert answer.status_code == 303

    def rows(self, table: type) -> list:
        with self.house.services.db.read("town") as unit:
            return list(unit.scalars(select(table)))

    def names(self, query: str = "") -> list[str]:
        page = self.visitor.get(f"{HERE}?{query}").text
        return [unescape(name) for name in re.findall(r'<th scope="row">([^<]+)', page)]

    def send(self, path: str = HERE, **form: object) -> str:
        """Presses a button of the page; the page that comes next, in plain words."""
        self.visitor.get(HERE)
        answer = self.visitor.post(path, form)
        if answer.location:
            answer = self.visitor.get(answer.location)
        return plain(answer.text)


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = house(tmp_path)
    services = made.services
    account = made.account(email="dominique@example.org", role="facilitator")
    services.library.install(builders.new_pack(builders.PACK), MONDAY)
    with services.db.write("town") as unit:
        for slug in ("course", "other"):
            course = builders.course(unit, slug)
            me = unit.get_one(Account, ("town", account.id))
            members.enrol(unit, course, me, MONDAY, "facilitator")
        unit.commit()
    visitor = made.client()
    visitor.sign_in("dominique@example.org")
    return Desk(made, visitor)


def test_people_are_found_by_name_and_address_whatever_their_accents(desk: Desk) -> None:
    for name in ("Zoé Œuvrard", "Élise Martin", "Anne"):
        desk.learner(name)
    desk.invite("noemie@example.org")
    assert desk.names(f"q={quote('zoe oeuv')}") == ["Zoé Œuvrard"]
    assert desk.names(f"q={quote('MARTIN élise')}") == ["Élise Martin"]
    assert desk.names("q=noemie") == ["noemie@example.org"]
    assert desk.names("q=example.org") == [
        "Anne",
        "Élise Martin",
        "noemie@example.org",
        "Zoé Œuvrard",
    ]


@pytest.mark.parametrize(
    "words", ["%", "_", "' OR 1=1 --", '"><script>alert(1)</script>', "\\", "x" * 5000, "\0"]
)
def test_what_is_searched_for_is_nothing_but_words(desk: Desk, words: str) -> None:
    desk.learner("Anne")
    answer = desk.visitor.get(f"{HERE}?q={quote(words)}&state={quote(words)}&cohort={quote(words)}")
    assert answer.status_code == 200 and "<script>alert" not in answer.text
    assert "Personne ne correspond à ces filtres" in unescape(answer.text)


def test_every_state_is_told_apart_and_can_be_asked_for(desk: Desk) -> None:
    desk.learner("Joined", joined=False)
    desk.learner("Ready")
    desk.learner("Active", lives=True)
    done = desk.learner("Done", lives=True)
    desk.invite("noe@example.org", "ines@example.org")
    with desk.house.services.db.write("town") as unit:
        lived = unit.scalars(select(Enrolment).where(Enrolment.learner == done)).one()
        lived.closed_at, lived.closed_as = MONDAY, "ended"
        unit.scalars(
            select(Invitation).where(Invitation.email == "noe@example.org")
        ).one().state = "parked"
        unit.commit()
    assert desk.names("state=invited") == ["ines@example.org", "noe@example.org"]
    assert desk.names("state=refused") == ["noe@example.org"]
    assert desk.names("state=joined") == ["Joined"]
    assert desk.names("state=ready") == ["Ready"]
    assert desk.names("state=active") == ["Active"]
    assert desk.names("state=done") == ["Done"]
    assert desk.names("state=unbegun") == ["Joined", "Ready"]
    page = plain(desk.visitor.get(HERE).text)
    assert "invité, pas encore venu 2" in page and "courriel refusé 1" in page


def test_a_section_says_who_began_it_finished_it_or_did_not(desk: Desk) -> None:
    desk.learner("Ready")
    desk.learner("Active", lives=True)
    assert desk.names("section=s1") == desk.names("section=s1&lived=finished") == ["Active"]
    assert desk.names("section=s1&lived=not") == ["Ready"]
    assert (
        desk.names("section=s2&lived=not") == ["Active", "Ready"] and desk.names("section=s2") == []
    )


def test_the_last_sign_of_life_is_what_somebody_did_last_in_this_course(desk: Desk) -> None:
    desk.learner("Never here", joined=False)
    desk.learner("Came")
    desk.house.clock.later(days=2)
    desk.learner("Played", lives=True)
    assert desk.names("sort=seen")[:2] == ["Played", "Came"]
    page = desk.visitor.get(f"{HERE}?sort=seen").text
    assert "6 janv. 2027" in page and page.count("6 janv. 2027") == 1
    row = page.split("Never here<br>")[1].split("</tr>")[0]
    assert "–" in row


def test_reminding_invites_those_again_who_have_not_come_at_most_once_a_day(desk: Desk) -> None:
    joined = desk.learner("Joined", joined=False)
    came = desk.learner("Came", lives=True)
    desk.invite("noe@example.org")
    said = desk.send(do="remind", who=[joined, came, "noe@example.org"])
    assert "Une invitation est en route" in said, said
    assert "Une personne ne reçoit rien aujourd’hui" in said
    assert "Rien n’attend une personne pour le moment" in said
    desk.house.clock.later(days=1, minutes=1)
    assert "2 invitations sont en route" in desk.send(do="remind", who=[joined, "noe@example.org"])
    worker.tick(desk.house.services)
    invited = {one.to for one in desk.house.outbox.messages if "/invitation/" in one.text}
    assert invited == {"noe@example.org", "1@example.org"}


def test_who_has_joined_and_not_begun_is_reminded_once_and_the_others_are_told_apart(
    desk: Desk,
) -> None:
    desk.house.clock.later(hours=8)
    ready, gone = desk.learner("Ready"), desk.learner("Gone")
    with desk.house.services.write("town") as work:
        work.session.get_one(Learner, ("town", gone)).stopped_at = work.now
        work.commit()
    said = desk.send(do="remind", who=[ready, gone])
    assert "Une personne est relancée" in said and "fait une pause, ou a tout arrêté" in said
    for _tick in range(2):
        worker.tick(desk.house.services)
    [mail] = desk.house.outbox.messages
    assert "reste là pour vous" in mail.text
    desk.house.clock.later(days=1)
    assert "personne n’est relancé deux fois" in desk.send(do="remind", who=[ready])
    desk.house.clock.later(days=9)
    worker.tick(desk.house.services)
    assert len(desk.house.outbox.messages) == 1


def test_in_a_course_without_announcements_nobody_who_has_come_is_reminded(desk: Desk) -> None:
    desk.house.clock.later(hours=8)
    with desk.house.services.write("town") as work:
        for course in work.session.scalars(select(Course)):
            course.announces = False
        work.commit()
    said = desk.send(do="remind", who=[desk.learner("Ready")])
    assert "Les annonces de ce cours sont coupées" in said
    worker.tick(desk.house.services)
    assert desk.house.outbox.messages == []


def test_nothing_is_done_with_nobody(desk: Desk) -> None:
    desk.learner("Anne")
    for deed in ("remind", "move", "remove"):
        assert "Cochez d’abord au moins une personne" in desk.send(do=deed)
    assert "Cochez d’abord" in desk.send(do="remind", who=["f" * 32, "elsewhere@example.org"])
    desk.visitor.get(HERE)
    assert desk.visitor.post(HERE, {"do": "everything"}).status_code == 404


def test_people_are_moved_to_a_new_cohort_and_from_there_to_another(desk: Desk) -> None:
    anne, zoe = desk.learner("Anne"), desk.learner("Zoé")
    desk.invite("noe@example.org")
    said = desk.send(do="move", who=[anne, zoe, "noe@example.org"], called="Bretagne")
    assert "2 personnes sont maintenant dans « Bretagne »" in said.replace("\u202f", " ")
    assert "Une personne est seulement invitée" in said
    [bretagne] = desk.rows(Cohort)
    assert desk.names(f"cohort={bretagne.id}") == ["Anne", "Zoé"]
    assert "Une autre promotion" in desk.send(do="move", who=[anne], called="BRETAGNE")
    assert "Écrivez un nom" in desk.send(do="move", who=[anne], called=" ", into="")
    assert "n’a plus cette promotion" in desk.send(do="move", who=[anne], into="f" * 32)
    desk.send(do="move", who=[anne], called="Alpes")
    assert desk.names(f"cohort={bretagne.id}") == ["Zoé"]
    desk.send(do="move", who=[anne], into=bretagne.id)
    assert desk.names(f"cohort={bretagne.id}") == ["Anne", "Zoé"]
    assert len(desk.rows(CohortMember)) == 2


def test_all_that_a_filter_finds_are_meant_on_whatever_page(desk: Desk) -> None:
    for n in range(A_PAGE + 2):
        desk.learner(f"Anne {n}", joined=False)
    desk.learner("Zoé")
    desk.send(do="move", all="yes", q="anne", called="Annes")
    assert len(desk.rows(CohortMember)) == A_PAGE + 2


def test_cohorts_are_made_renamed_and_removed_and_those_of_an_lms_are_left_alone(
    desk: Desk,
) -> None:
    page = "/courses/course/cohorts"
    anne = desk.learner("Anne")
    desk.send(page, do="make", called="Bretagne")
    desk.send(do="move", who=[anne], into=desk.rows(Cohort)[0].id)
    assert "Une autre promotion" in desk.send(page, do="make", called="bretagne")
    desk.send(page, do="rename", cohort=desk.rows(Cohort)[0].id, called="Finistère")
    assert [one.name for one in desk.rows(Cohort)] == ["Finistère"]
    desk.send(page, do="remove", cohort=desk.rows(Cohort)[0].id)
    assert desk.rows(Cohort) == desk.rows(CohortMember) == [] and desk.names() == ["Anne"]
    with desk.house.services.db.write("town") as unit:
        other = unit.scalars(select(Course).where(Course.slug == "other")).one()
        made = cohorts.make(unit, other, "Elsewhere")
        unit.commit()
    desk.visitor.get(page)
    for deed in ("rename", "remove"):
        form = {"do": deed, "cohort": made.id, "called": "Mine"}
        assert desk.visitor.post(page, form).status_code == 404
    assert [one.name for one in desk.rows(Cohort)] == ["Elsewhere"]


def test_taking_people_out_asks_first_and_leaves_them_their_path(desk: Desk) -> None:
    anne, zoe = desk.learner("Anne", lives=True), desk.learner("Zoé")
    desk.invite("noe@example.org")
    who = [anne, "noe@example.org"]
    asked = desk.send(do="remove", who=who)
    assert "Sortir 2 personnes du cours" in asked and "Anne" in asked and "Zoé" not in asked
    assert "relectures ouvertes d’une d’entre elles" in asked
    assert desk.names() == ["Anne", "noe@example.org", "Zoé"], "nothing was done yet"
    asked = desk.send(f"{HERE}/removed", who=who, count="3")
    assert "Sortir 2 personnes du cours" in asked, "the list is another one: asked again"
    assert "2 personnes sont sorties du cours" in desk.send(f"{HERE}/removed", who=who, count="2")
    assert desk.names() == ["Zoé"]
    [lived] = desk.rows(Enrolment)
    assert (lived.learner, lived.closed_as) == (anne, "left")
    assert desk.rows(Invitation) == []
    assert {one.account for one in desk.rows(Membership) if one.role == "learner"} == {zoe}


def test_who_runs_the_course_is_never_taken_out_of_it(desk: Desk) -> None:
    [me] = [one.account for one in desk.rows(Membership)][:1]
    assert "Cochez d’abord" in desk.send(f"{HERE}/removed", who=[me], count="1")
    assert len(desk.rows(Membership)) == 2


def test_the_list_is_downloaded_as_it_is_filtered_and_holds_no_formula(desk: Desk) -> None:
    desk.learner('=HYPERLINK("http://evil.example")', lives=True)
    desk.learner("@Anne")
    desk.learner("Zoé, dite « la Fée »")
    answer = desk.visitor.get(f"{HERE}.csv?sort=finished")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="course.csv"'
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";")
    assert head[0] == "Nom" and answer.text.startswith("\ufeff")
    assert [row[0] for row in rows] == [
        '\'=HYPERLINK("http://evil.example")',
        "'@Anne",
        "Zoé, dite « la Fée »",
    ]
    assert rows[0][3:9] == ["en chemin", "", "1", "1", "0", "0"]
    assert rows[0][9] == "2027-01-04 10:00"
    assert len(desk.visitor.get(f"{HERE}.csv?state=active").text.splitlines()) == 2

    book = load_workbook(io.BytesIO(desk.visitor.get(f"{HERE}.xlsx?sort=finished").data))
    _head, *cells = book.active.iter_rows()
    assert cells[0][0].value == '=HYPERLINK("http://evil.example")'
    assert {row[0].data_type for row in cells} == {"s"} and cells[0][5].value == 1
    assert cells[0][9].is_date


def test_the_page_takes_as_many_statements_for_many_people_as_for_few(desk: Desk) -> None:
    def asked(query: str) -> int:
        desk.names(query)
        with builders.queries(desk.house.services.db) as seen:
            desk.names(query)
        return len(seen)

    queries = ("", "sort=seen", "q=a&section=s1", "state=active&sort=answers")
    desk.learner("Anne", lives=True)
    desk.invite("noe@example.org")
    few = [asked(query) for query in queries]
    for n in range(5):
        desk.learner(f"Anne {n}", lives=True)
    desk.invite(*(f"a{n}@example.org" for n in range(5)))
    assert [asked(query) for query in queries] == few and max(few) <= 20


def test_an_invitation_whose_link_has_ended_does_not_read_sent(desk: Desk) -> None:
    page = "/courses/course/invitations"
    desk.invite("noe@example.org")
    worker.tick(desk.house.services)
    assert "envoyée 1" in plain(desk.visitor.get(page).text)
    desk.house.clock.later(days=7, minutes=1)
    said = plain(desk.visitor.get(page).text)
    assert "lien expiré 1" in said and "envoyée" not in said
    assert desk.house.client().get(desk.house.outbox.link()).status_code == 410
    assert "Une invitation est en route" in desk.send(page, emails="noe@example.org")


def test_where_no_mail_server_is_set_the_pages_say_that_nothing_reaches_anybody(
    tmp_path: Path,
) -> None:
    made = with_maildir(house(tmp_path, maildir=str(tmp_path / "mail")))
    made.account(email="admin@example.org", role="administrator")
    with made.services.db.write("town") as unit:
        course = builders.outlines.import_outline(unit, builders.outline(), MONDAY)
        invitations.invite(builders.work(unit), course, ["noe@example.org"])
        unit.commit()
    visitor = made.client()
    visitor.sign_in("admin@example.org")
    worker.tick(made.services)
    for page in ("/courses/course/invite", "/courses/course/invitations"):
        assert "Aucun serveur de courriel" in plain(visitor.get(page).text)
    assert "gardé en fichier 1" in plain(visitor.get("/courses/course/invitations").text)


def test_the_desk_leads_to_those_whom_it_counts(desk: Desk) -> None:
    desk.learner("Joined", joined=False)
    desk.invite("noe@example.org", "ines@example.org")
    desk.house.clock.later(hours=2)
    page = desk.visitor.get("/courses/course/desk").text
    assert page.count('<rect class="track"') == 5 + 12 and 'style="' not in page
    for state, words in (("invited", "2 personnes sont invitées"), ("unbegun", "Une personne est")):
        assert words in unescape(page)
        assert f'href="{HERE}?state={state}"' in page
    assert len(desk.names("state=unbegun")) == 1 and len(desk.names("state=invited")) == 2


def test_where_the_people_were_shown_once_leads_to_where_they_are(desk: Desk) -> None:
    assert desk.visitor.get("/courses/course/progress").location == HERE
    assert desk.visitor.get("/courses/elsewhere/progress").status_code == 404
