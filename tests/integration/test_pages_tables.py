"""The pages of a table: how to begin, who is there, what one sees of the others, and what a browser
asks every few seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import pytest

from engine.courses import cohorts, members
from engine.packs.model import Module
from engine.packs.new import STARTERS, new_pack
from engine.storage.tables import Account, CohortMember, Enrolment, Placement, PlayTable
from tests.apps import Visitor
from tests.builders import MONDAY
from tests.integration.learners import There, installed
from web import worker

pytestmark = pytest.mark.both_databases

NAMES = ("ada", "bea", "cle", "dan")


@dataclass
class Hall:
    there: There
    way: str = ""
    visitors: dict[str, Visitor] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def sit(self, *names: str, where: str = "others") -> None:
        for name in names:
            self.visitors[name].get(self.way)
            self.pages[name] = self.visitors[name].post(self.way, {"where": where}).location

    def see(self, name: str) -> str:
        return self.visitors[name].get(self.pages[name]).text

    def put(self, name: str, amount: object, **more: str) -> str:
        page = self.see(name)
        sent = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', page))
        answer = self.visitors[name].post(self.pages[name], {**sent, "put": str(amount), **more})
        return answer.location

    def do(self, name: str, what: str) -> str:
        here = self.pages[name].partition("#")[0]
        return self.visitors[name].post(f"{here}/table", {"do": what}).location

    def poll(self, name: str, tag: str) -> int:
        here = self.pages[name].partition("#")[0]
        return (
            self.visitors[name]
            .get(f"{here}/table", headers={"If-None-Match": f'"{tag}"'})
            .status_code
        )


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    there = installed(tmp_path)
    services = there.house.services
    services.library.install(new_pack("jeux", "public-goods"), MONDAY)
    with services.db.write("town") as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.module = "jeux", "la-salle"
        unit.commit()
    made = Hall(there, f"/courses/{course}/s1/table")
    made.visitors = {name: there.enrolled(f"{name}@example.org") for name in NAMES}
    return made


def tag(page: str) -> str:
    return re.search(r'data-tag="([^"]*)"', page)[1]


def test_beginning_asks_first_with_whom(hall: Hall) -> None:
    ada = hall.visitors["ada"]
    ada.get("/home")
    begun = ada.post(hall.way.replace("/table", "/begin"))
    assert begun.location.endswith("/table")
    page = ada.get(begun.location).text
    assert "Jouer en solo, maintenant" in page and "Personne n’attend encore" in page
    hall.sit("bea")
    assert "1 personne de votre cours attend" in ada.get(begun.location).text


def test_alone_the_game_is_played_to_its_end_with_recorded_voices(hall: Hall) -> None:
    hall.sit("ada", where="alone")
    for _round in range(4):
        assert "data-table" not in hall.see("ada")
        hall.put("ada", 5)
    end = hall.see("ada")
    assert "Ce que faisaient les voix enregistrées" in end
    assert hall.put("ada", "", out="Ouf.").endswith("#now")


def test_who_waits_sees_who_is_there_and_may_leave(hall: Hall) -> None:
    hall.sit("ada", "bea")
    page = hall.see("ada")
    assert "la chorale" in page and "quelqu’un de votre cours" in page
    assert len(re.findall(r"libre\b", page)) == 2
    assert hall.do("ada", "leave") == "/home"
    assert len(hall.there.rows(Enrolment)) == 1


def test_a_full_table_begins_and_each_seat_reads_its_own_brief_alone(hall: Hall) -> None:
    hall.sit(*NAMES)
    first, second = hall.see("ada"), hall.see("bea")
    assert "Vous tenez la chorale" in first and "Vous tenez la chorale" not in second
    assert "Vous tenez le judo" in second and "Vous tenez le judo" not in first


def test_the_page_says_whom_the_table_waits_for_and_until_when(hall: Hall) -> None:
    hall.sit(*NAMES)
    assert "votre voix enregistrée répond pour vous" in hall.see("ada")
    hall.put("ada", 3)
    page = hall.see("ada")
    assert "La table attend : le judo, l’atelier couture et la radio." in page.replace(
        "\u202f", " "
    )
    assert 'name="put"' not in page and "http-equiv" in page


def test_a_browser_is_told_that_something_has_changed_and_only_then(hall: Hall) -> None:
    hall.sit(*NAMES)
    seen = tag(hall.see("ada"))
    assert hall.poll("ada", seen) == 304
    hall.put("bea", 3)
    assert hall.poll("ada", seen) == 200
    assert hall.poll("ada", tag(hall.see("ada"))) == 304


def test_what_is_put_into_a_round_that_is_over_is_not_kept_and_the_page_says_so(hall: Hall) -> None:
    hall.sit(*NAMES)
    for name in NAMES[1:]:
        hall.put(name, 3)
    old = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', hall.see("ada")))
    hall.there.house.clock.later(days=3)
    answer = hall.visitors["ada"].post(hall.pages["ada"], {**old, "put": "6"})
    assert "late=2" in answer.location
    page = hall.visitors["ada"].get(answer.location).text
    assert "La table a continué pendant que vous répondiez" in page
    assert "Votre voix enregistrée joue à votre place" in page
    hall.do("ada", "back")
    assert "Votre voix enregistrée joue" not in hall.see("ada")
    for name in NAMES[1:]:
        hall.put(name, 3)
    assert 'name="put"' in hall.see("ada"), "the next step waits for her"


@pytest.mark.parametrize("amount", ["", "7", "-1", "tout", "9" * 400, "1e3"])
def test_an_amount_that_cannot_be_put_in_is_refused_in_words(hall: Hall, amount: str) -> None:
    hall.sit("ada", where="alone")
    page = hall.see("ada")
    sent = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', page))
    answer = hall.visitors["ada"].post(hall.pages["ada"], {**sent, "put": amount})
    assert answer.status_code == 422
    assert "step" not in answer.text.partition("<main")[0]


def test_nobody_else_finds_a_table(hall: Hall) -> None:
    hall.sit("ada", "bea")
    theirs = hall.pages["ada"].partition("#")[0]
    for address in (theirs, f"{theirs}/table"):
        assert hall.visitors["bea"].get(address).status_code == 404
    hall.visitors["bea"].get("/home")
    assert hall.visitors["bea"].post(f"{theirs}/table", {"do": "leave"}).status_code == 404
    hall.visitors["cle"].get("/home")
    assert hall.visitors["cle"].post(hall.way, {"where": "f" * 32}).status_code == 404


PROMISE = "nous vous prévenons quand elle commence"


def test_only_who_is_told_is_promised_to_be_told(hall: Hall) -> None:
    hall.sit("ada")
    assert PROMISE in hall.see("ada")
    with hall.there.house.services.db.write("town") as unit:
        hall.there.course(unit).announces = False
        unit.commit()
    page = hall.see("ada")
    assert PROMISE not in page and "votre siège vous attend" in page


def test_who_is_invited_is_not_seated_alone_without_being_asked(hall: Hall) -> None:
    newcomer = hall.there.enrolled("eve@example.org", joined=False)
    newcomer.get("/contract")
    begun = newcomer.post("/contract", {"begin": "1"})
    assert "/experience/" not in begun.location and hall.there.rows(Enrolment) == []


def test_a_table_that_begins_is_announced_to_those_who_wait(hall: Hall) -> None:
    hall.sit(*NAMES)
    worker.tick(hall.there.house.services)
    hall.there.house.clock.later(days=1)
    worker.tick(hall.there.house.services)
    told = [mail.subject for mail in hall.there.house.outbox.messages]
    assert "« La salle du bas, un mardi sur deux » : votre table vous attend" in [
        one.replace("\xa0", " ").replace("\u202f", " ") for one in told
    ]
    assert len(hall.there.rows(PlayTable)) == 1


def whoever_runs_it(there: There) -> Visitor:
    there.house.account(email="dom@example.org", role="facilitator")
    with there.house.services.db.write("town") as unit:
        dom = unit.query(Account).filter_by(email="dom@example.org").one()
        members.enrol(unit, there.course(unit), dom, MONDAY, "facilitator")
        unit.commit()
    visitor = there.house.client()
    visitor.sign_in("dom@example.org")
    return visitor


def test_whoever_runs_a_course_opens_a_table_for_a_cohort_and_begins_it(hall: Hall) -> None:
    there = hall.there
    visitor = whoever_runs_it(there)
    with there.house.services.db.write("town") as unit:
        course = there.course(unit)
        cohort = cohorts.create(unit, course, "Bretagne")
        ada = unit.query(Account).filter_by(email="ada@example.org").one()
        unit.add(CohortMember(cohort=cohort.id, account=ada.id))
        slug, cohort_id = course.slug, cohort.id
        unit.commit()
    page = f"/courses/{slug}/tables"
    assert "Aucune table pour l’instant" in visitor.get(page).text
    asked = {"do": "open", "section": "s1", "cohort": cohort_id, "pace": "live"}
    for wrong in ({"cohort": "nobody"}, {"section": "s2"}, {"pace": "soon"}, {"do": "dance"}):
        visitor.get(page)
        assert visitor.post(page, {**asked, **wrong}).status_code == 404
    visitor.get(page)
    assert visitor.post(page, asked).status_code == 303
    [table] = there.rows(PlayTable)
    assert "M’asseoir à la table de Bretagne" in hall.visitors["ada"].get(hall.way).text
    assert "Bretagne" not in hall.visitors["bea"].get(hall.way).text
    hall.sit("ada", where=table.id)
    assert "1 sur 4" in visitor.get(page).text
    visitor.post(page, {"do": "begin", "table": table.id})
    assert 'name="put"' in hall.see("ada")
    visitor.get(page)
    assert visitor.post(page, {"do": "begin", "table": "f" * 32}).status_code == 404


@pytest.mark.parametrize("kind", sorted(set(STARTERS) - {"scenario", "mission"}))
def test_each_seat_has_a_sheet_to_print_with_its_own_brief_and_no_other(
    tmp_path: Path, kind: str
) -> None:
    there = installed(tmp_path)
    services = there.house.services
    pack = services.library.install(new_pack("jeux", kind), MONDAY)
    [module] = pack.modules.values()
    with services.db.write("town") as unit:
        slug = there.course(unit).slug
        placed = unit.query(Placement).one()
        placed.pack, placed.version, placed.module = "jeux", pack.version, module.id
        unit.commit()
    fay = whoever_runs_it(there)
    page = fay.get(f"/courses/{slug}/tables/s1/sheets")
    assert fay.get(f"/courses/{slug}/tables/nowhere/sheets").status_code == 404
    roles = [one.removeprefix("seat.") for one in module.spec.activity.seats]
    if not roles:
        assert page.status_code == 409
        return
    *sheets, card = page.text.split('<section class="sheet">')[1:]
    assert len(sheets) == len(roles) and "anime l’échange" in card
    for role, sheet in zip(roles, sheets, strict=True):
        briefs = {
            one for one in roles if (text := _opening(module, one)) and text in unescape(sheet)
        }
        assert briefs <= {role}


def _opening(module: Module, role: str) -> str:
    """The first words of a seat's brief, as a page shows them; "" if it has none."""
    if f"brief.{role}" not in module.spec.activity.strings():
        return ""
    return re.split(r"[*.{]", module.text(f"brief.{role}", "fr").lstrip("*"))[1].strip()


def test_whoever_sat_down_first_or_got_up_in_their_turn_reads_their_path(hall: Hall) -> None:
    hall.sit(*NAMES)
    hall.put("ada", 5)
    hall.do("bea", "leave")
    hall.do("bea", "back")
    hall.there.house.clock.later(days=20)
    worker.tick(hall.there.house.services)
    for name in NAMES:
        hall.visitors[name].sign_in(f"{name}@example.org")
        assert hall.visitors[name].get("/path").status_code == 200
        assert hall.visitors[name].get("/path.json").status_code == 200
