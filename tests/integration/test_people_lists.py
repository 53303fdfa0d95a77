"""A list of people: handed in, shown before anything is sent, invited with names and cohorts."""

from __future__ import annotations

import gc
import io
import re
import warnings
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.courses import cohorts, members
from engine.packs.new import new_pack
from engine.people import invitations, listed
from engine.storage.tables import (
    Account,
    Cohort,
    CohortMember,
    Course,
    Invitation,
    Membership,
    Upload,
)
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY
from web import worker

pytestmark = pytest.mark.both_databases

HERE = "/courses/course/invitations/list"
LIST = (
    "Nom;Prénom;Courriel;Groupe\n"
    "EXEMPLE;Anne;Anne@Example.org;Équipe A\n"
    "Modèle;Béa;bea@example.org;Équipe B\n"
    "Modèle;Béa;BEA@example.org;\n"
    "Personne;Sans;;Équipe A\n"
    "Essai;Cy;cy@;Équipe A\n"
    "Ici;Léo;leo@example.org;Équipe A\n"
)


@pytest.fixture
def town(tmp_path: Path) -> House:
    made = house(tmp_path, "town")
    made.services.library.install(new_pack(builders.PACK), MONDAY)
    lea = made.account(role="facilitator")
    made.account(email="ann@example.org", role="facilitator")
    with made.services.db.write("town") as unit:
        course = builders.course(unit, "course")
        members.enrol(unit, course, lea, MONDAY, "facilitator")
        leo = builders.learner(unit, made.services.library, course, "leo@example.org")
        leo.contract_at = MONDAY
        unit.commit()
    return made


@pytest.fixture
def lea(town: House) -> Visitor:
    visitor = town.client()
    visitor.sign_in()
    return visitor


def handed_in(visitor: Visitor, data: bytes | str = LIST, name: str = "liste.csv") -> str:
    visitor.get(HERE)
    held = data.encode() if isinstance(data, str) else data
    answer = visitor.post(HERE, {"file": (io.BytesIO(held), name)})
    assert answer.status_code == 303, answer.text
    return answer.location


def rows(town: House) -> dict[str, Invitation]:
    with town.services.read("town") as work:
        return {row.email: row for row in work.session.scalars(select(Invitation))}


def test_a_list_is_shown_and_nothing_is_sent_yet(town: House, lea: Visitor) -> None:
    page = lea.get(handed_in(lea)).text
    assert "2 courriels partiraient" in page and "Anne Exemple" in page and "Équipe B" in page
    assert "déjà dans le cours" in page
    left_out = page.split("Laissé de côté")[1]
    assert "igne 4" in left_out and "igne 5" in left_out and "cy@" in left_out
    assert rows(town) == {}


def test_the_good_ones_are_invited_with_their_names_and_cohorts(town: House, lea: Visitor) -> None:
    where = handed_in(lea)
    lea.get(where)
    assert lea.post(where, {"do": "invite"}).location == where
    page = lea.get(where).text
    assert "2 invitations sont en route" in page and "http-equiv" not in page
    found = rows(town)
    assert {(row.email, row.name, row.cohort) for row in found.values()} == {
        ("anne@example.org", "Anne Exemple", "Équipe A"),
        ("bea@example.org", "Béa Modèle", "Équipe B"),
    }
    worker.tick(town.services)
    assert len(town.outbox.messages) == 2


def test_who_accepts_has_their_name_and_stands_in_their_cohort(town: House, lea: Visitor) -> None:
    where = handed_in(lea, LIST.replace("Équipe B", "Équipe A"))
    lea.get(where)
    lea.post(where, {"do": "invite"})
    for email in ("anne@example.org", "bea@example.org"):
        with town.services.write("town") as work:
            course = work.session.scalars(select(Invitation.course)).first()
            assert course is not None
            invitations.accept(work, course, email, 1)
            work.commit()
    with town.services.read("town") as work:
        [cohort] = work.session.scalars(select(Cohort)).all()
        members_ = work.session.scalars(
            select(Account.name)
            .join(CohortMember, CohortMember.account == Account.id)
            .order_by(Account.name)
        ).all()
    assert cohort.name == "Équipe A" and members_ == ["Anne Exemple", "Béa Modèle", "Léa"]


def test_a_name_that_somebody_has_already_is_not_changed(town: House, lea: Visitor) -> None:
    town.account(email="anne@example.org")
    where = handed_in(lea)
    lea.get(where)
    lea.post(where, {"do": "invite"})
    with town.services.write("town") as work:
        course = work.session.scalars(select(Invitation.course)).first()
        assert course is not None
        assert invitations.accept(work, course, "anne@example.org", 1).name == "Léa"


def test_ten_thousand_are_written_in_chunks_and_the_page_tells_how_many(
    town: House, lea: Visitor
) -> None:
    many = "courriel;nom\n" + "".join(f"p{n}@example.org;P {n}\n" for n in range(1_700))
    where = handed_in(lea, many)
    lea.get(where)
    lea.post(where, {"do": "invite"})
    page = lea.get(where).text
    assert "500 personnes de la liste sur 1700" in page
    assert 'http-equiv="refresh"' in page and 'value="500"' in page
    with town.services.read("town") as work:
        row = work.session.scalars(select(Upload)).one()
        assert row.total == 1_700
    while listed.advance_all(town.services.units):
        pass
    assert len(rows(town)) == 1_700
    assert "1700 invitations sont en route" in lea.get(where).text
    with town.services.read("town") as work:
        kept = work.session.scalars(select(Upload.data)).one()
    assert kept == b"[]", "who they are is not kept twice"


def test_a_list_goes_on_where_it_stopped_and_nobody_is_invited_twice(
    town: House, lea: Visitor
) -> None:
    many = "courriel\n" + "".join(f"p{n}@example.org\n" for n in range(900))
    where = handed_in(lea, many)
    lea.get(where)
    lea.post(where, {"do": "invite"})
    lea.get(where)
    lea.post(where, {"do": "invite"})  # a second press goes on and begins nothing anew
    worker.tick(town.services)
    assert {row.number for row in rows(town).values()} == {1} and len(rows(town)) == 900


def test_more_than_an_hour_may_have_is_refused_before_anybody_is_invited(
    town: House, lea: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "BY_ONE", 1)
    where = handed_in(lea)
    lea.get(where)
    answer = lea.post(where, {"do": "invite"})
    assert answer.status_code == 422 and rows(town) == {}


def test_a_column_of_a_list_is_corrected(town: House, lea: Visitor) -> None:
    where = handed_in(lea, "courriel;quoi\na@example.org;Nord\nb@example.org;Sud\n")
    lea.get(where)
    lea.post(where, {"column-1": "group", "was-column-1": "", "do": "again"})
    lea.get(where)
    lea.post(where, {"do": "invite"})
    assert {row.cohort for row in rows(town).values()} == {"Nord", "Sud"}


def test_addresses_as_outlook_copies_them_are_a_list(town: House, lea: Visitor) -> None:
    lea.get("/courses/course/invitations")
    text = "Anne Exemple <anne@example.org>; Modèle, Béa <bea@example.org>"
    where = lea.post("/courses/course/invitations", {"emails": text}).location
    lea.get(where)
    lea.post(where, {"do": "invite"})
    assert [row.name for row in rows(town).values()] == ["Anne Exemple", "Béa Modèle"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choisissez un fichier"),
        (b"titre;semaine\nA;1\n", "aucune adresse"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "une image"),
    ],
)
def test_what_names_nobody_is_told(town: House, lea: Visitor, data: bytes, said: str) -> None:
    lea.get(HERE)
    answer = lea.post(HERE, {"file": (io.BytesIO(data), "a.csv")})
    page = answer.text if answer.status_code == 422 else lea.get(answer.location).text
    assert said.lower() in page.lower()


def test_nobody_else_sees_the_list(town: House, lea: Visitor) -> None:
    where = handed_in(lea)
    other = town.client()
    other.sign_in("ann@example.org")
    assert other.get(where).status_code == 404 and other.get(HERE).status_code == 404
    other.get("/nowhere")
    assert other.post(HERE, {"text": "a@example.org"}).status_code in (400, 404)


def test_who_stopped_running_the_course_no_longer_invites(town: House, lea: Visitor) -> None:
    where = handed_in(lea)
    lea.get(where)
    with town.services.write("town") as work:
        mine = select(Membership).where(Membership.role == "facilitator")
        work.session.delete(work.session.scalars(mine).one())
        work.commit()
    assert lea.post(where, {"do": "invite"}).status_code == 404 and rows(town) == {}


def test_a_dropped_list_is_gone(town: House, lea: Visitor) -> None:
    where = handed_in(lea)
    lea.get(where)
    assert lea.post(where, {"do": "drop"}).status_code == 303
    assert lea.get(where).status_code == 404 and rows(town) == {}


def test_a_long_list_is_shown_page_by_page(town: House, lea: Visitor) -> None:
    where = handed_in(lea, "courriel\n" + "".join(f"p{n:03}@example.org\n" for n in range(120)))
    page = lea.get(f"{where}?page=3").text
    assert len(re.findall(r'class="long">p\d{3}@example.org', page)) == 20


def in_cohort(town: House, name: str, *emails: str) -> None:
    with town.services.write("town") as work:
        course = work.session.scalars(select(Course)).one()
        accounts = work.session.scalars(select(Account.id).where(Account.email.in_(emails)))
        cohorts.set_members(work.session, cohorts.named(work.session, course, name), list(accounts))
        work.commit()


def cohorts_by_address(town: House) -> dict[str, list[str]]:
    with town.services.read("town") as work:
        found = work.session.execute(
            select(Account.email, Cohort.name)
            .join(CohortMember, CohortMember.account == Account.id)
            .join(Cohort, Cohort.id == CohortMember.cohort)
            .order_by(Cohort.name)
        ).all()
    told: dict[str, list[str]] = {}
    for email, name in found:
        told.setdefault(str(email), []).append(name)
    return told


def test_who_is_here_and_in_no_cohort_joins_that_of_the_list_and_the_page_says_so_before(
    town: House, lea: Visitor
) -> None:
    where = handed_in(lea)
    page = lea.get(where).text
    assert "une rejoint une promotion" in page and "la rejoint" in page
    assert cohorts_by_address(town) == {}
    lea.post(where, {"do": "invite"})
    assert cohorts_by_address(town) == {"leo@example.org": ["Équipe A"]}
    assert "L’une d’elles a rejoint une promotion" in lea.get(where).text


def test_nobody_is_moved_out_of_another_cohort_unless_somebody_says_so(
    town: House, lea: Visitor
) -> None:
    in_cohort(town, "Équipe Z", "leo@example.org")
    where = handed_in(lea)
    page = lea.get(where).text
    assert "actuellement dans Équipe Z" in page and 'name="move"' in page
    lea.post(where, {"do": "invite"})
    assert cohorts_by_address(town) == {"leo@example.org": ["Équipe Z"]}
    assert "restée dans une autre promotion" in lea.get(where).text
    again = handed_in(lea)
    lea.get(again)
    lea.post(again, {"do": "invite", "move": "yes"})
    assert cohorts_by_address(town) == {"leo@example.org": ["Équipe A"]}


def test_who_is_in_the_cohort_of_the_list_is_left_alone(town: House, lea: Visitor) -> None:
    in_cohort(town, "équipe a", "leo@example.org")
    where = handed_in(lea)
    assert "promotion</li>" not in lea.get(where).text
    lea.post(where, {"do": "invite"})
    assert cohorts_by_address(town) == {"leo@example.org": ["équipe a"]}


def test_a_list_of_none_but_members_still_gives_them_their_cohorts(
    town: House, lea: Visitor
) -> None:
    where = handed_in(lea, "courriel;groupe\nleo@example.org;Nord\n")
    assert "Mettre dans leurs promotions" in lea.get(where).text
    lea.post(where, {"do": "invite"})
    assert cohorts_by_address(town) == {"leo@example.org": ["Nord"]}


def test_a_facilitator_on_the_list_is_put_into_no_cohort(town: House, lea: Visitor) -> None:
    where = handed_in(lea, "courriel;groupe\nlea@example.org;Nord\n")
    lea.get(where)
    lea.post(where, {"do": "invite"})
    assert cohorts_by_address(town) == {}


def test_who_was_invited_today_keeps_the_cohort_of_a_newer_list(town: House, lea: Visitor) -> None:
    for text in ("courriel\nanne@example.org\n", "courriel;groupe\nanne@example.org;Nord\n"):
        where = handed_in(lea, text)
        lea.get(where)
        lea.post(where, {"do": "invite"})
    assert [(row.number, row.cohort) for row in rows(town).values()] == [(1, "Nord")]


def test_a_large_list_leaves_no_file_open(town: House, lea: Visitor) -> None:
    lines = "".join(f"p{n}@example.org;{'x' * 120}\n" for n in range(4_500))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        handed_in(lea, f"courriel;nom\n{lines}")
        gc.collect()
    assert [one for one in told if one.category is ResourceWarning] == []
