"""A mission in a learner's pages and mails: chosen, called to mind once, told, waited for, told
once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from engine.packs.new import new_pack
from engine.storage.tables import Announcement, Enrolment, Learner, Placement
from tests.apps import Visitor
from tests.builders import MODULE, MONDAY, PACK
from tests.integration.learners import TENANT, There, installed
from web import worker

pytestmark = pytest.mark.both_databases
SECOND = """
    - id: encore
      after: 7
      fields:
        - {id: reste, kind: text}
"""
WORDS = """
## return.encore
Rappelez, et demandez ce qui reste.

## return.encore.instead
Rappelez, et demandez ce qui reste.

## return.encore.wait
Laissez passer une semaine.

## tell.reste
Qu’est-ce qui reste ?
"""


@dataclass
class Errand:
    """A course with a mission that has a second return, and Léa, who began it."""

    there: There
    lea: Visitor
    page: str

    def at(self, day: int, hour: int = 9) -> None:
        """Time goes on to that hour (UTC) of a day of January 2027; what is due is done."""
        clock = self.there.house.clock
        to = datetime(2027, 1, day, hour, tzinfo=UTC)
        clock.later(seconds=(to - clock.now()).total_seconds())
        worker.tick(self.there.house.services)
        self.lea.sign_in()

    def does(self, **said: str) -> Any:
        shown = self.lea.get(self.page).text
        sent = dict(re.findall(r'type="hidden" name="(number|step)" value="([^"]*)"', shown))
        return self.lea.post(self.page, sent | said)

    def sees(self) -> str:
        return unescape(self.lea.get(self.page).text)

    def home(self) -> str:
        return unescape(self.lea.get("/home").text)

    def told(self) -> list[str]:
        """The subjects of the mails that left."""
        return [mail.subject for mail in self.there.house.outbox.messages]


@pytest.fixture
def errand(tmp_path: Path) -> Iterator[Errand]:
    there = installed(tmp_path)
    services = there.house.services
    files = new_pack("missions", "mission")
    files = {name: data for name, data in files.items() if not name.endswith("en.md")}
    for name, old, new in (
        ("pack.yaml", "languages: [fr, en]", "languages: [fr]"),
        ("le-banc/module.yaml", "  endings:", f"{SECOND.lstrip(chr(10))}  endings:"),
        ("le-banc/fr.md", "\n## ending.mur\n", f"{WORDS}\n## ending.mur\n"),
    ):
        assert old in files[name].decode()
        files[name] = files[name].decode().replace(old, new, 1).encode()
    services.library.install(files, MONDAY)
    with services.db.write(TENANT) as unit:
        course = there.course(unit).id
        placed = unit.query(Placement).one()
        placed.pack, placed.version, placed.module = "missions", "0.1.0", "le-banc"
        unit.commit()
    lea = there.enrolled()
    lea.get("/home")
    here = Errand(there, lea, lea.post(f"/courses/{course}/s1/begin").location.partition("#")[0])
    here.at(12)
    yield here
    services.close()


def _tells(errand: Errand) -> None:
    assert errand.does(choice="been").status_code == 303
    assert errand.does(phrase="Au muret, pour *souffler*.").status_code == 303
    assert errand.does(minutes="2").status_code == 303
    assert errand.does(lieu="autre").status_code == 303


def test_whom_and_when_are_chosen_on_a_form_that_keeps_what_was_written(errand: Errand) -> None:
    page = errand.sees()
    assert "Qui irez-vous voir" in page and 'type="date"' in page and "Décision" not in page
    late = errand.does(whom="soir", day="2027-02-12")
    assert late.status_code == 422 and 'value="soir" checked' in late.text
    assert errand.does(whom="soir", day="2027-01-14").status_code == 303
    assert "Votre jour" in errand.sees() and "jeudi 14 janvier" in errand.sees()


def test_home_says_the_day_and_does_not_press(errand: Errand) -> None:
    errand.does(whom="soir", day="2027-01-14")
    home = errand.home()
    assert "Votre mission, le jeudi 14 janvier : quelqu’un qui s’y assoit le soir" in (
        home.replace("\u202f", " ")
    )
    assert "Reprendre" not in home and "Rien à faire aujourd’hui" in home
    errand.at(14)
    assert "Votre mission" in errand.home() and "Rien à faire" not in errand.home()


def test_the_chosen_day_is_called_to_mind_once_and_in_the_learners_hours(errand: Errand) -> None:
    errand.does(whom="soir", day="2027-01-14")
    for day, hour in [(12, 20), (13, 9), (13, 23), (14, 2), (14, 6)]:
        errand.at(day, hour)
        assert not [one for one in errand.told() if "c’est le jour" in one]
    for day, hour in [(14, 9), (14, 12), (15, 9), (18, 9)]:
        errand.at(day, hour)
        assert len([one for one in errand.told() if "c’est le jour" in one]) == 1
    [mail] = [one for one in errand.there.house.outbox.messages if "le jour" in one.subject]
    assert "Le jour de votre mission" in unescape(mail.text)


def test_who_goes_on_the_same_day_is_reminded_on_the_next_and_only_if_nothing_is_told(
    errand: Errand,
) -> None:
    errand.does(whom="soir", day="2027-01-12")
    errand.at(12, 12)
    assert not [one for one in errand.told() if "c’est le jour" in one]
    errand.at(13)
    assert len([one for one in errand.told() if "c’est le jour" in one]) == 1


def test_another_day_moves_what_is_called_to_mind(errand: Errand) -> None:
    errand.does(whom="soir", day="2027-01-13")
    errand.does(choice="day")
    errand.does(day="2027-01-18")
    for day in (13, 14, 15):
        errand.at(day)
    assert not [one for one in errand.told() if "c’est le jour" in one]
    errand.at(18)
    assert [one for one in errand.told() if "c’est le jour" in one]


def test_another_day_is_called_to_mind_though_the_first_one_was(errand: Errand) -> None:
    errand.does(whom="soir", day="2027-01-13")
    errand.at(13)
    errand.does(choice="day")
    errand.does(day="2027-01-18")
    for day, mails in [(14, 1), (17, 1), (18, 2), (19, 2)]:
        errand.at(day)
        assert len([one for one in errand.told() if "c’est le jour" in one]) == mails


def test_the_mission_that_was_begun_is_named_whatever_its_section_holds_by_now(
    errand: Errand,
) -> None:
    errand.does(whom="soir", day="2027-01-14")
    with errand.there.house.services.db.write(TENANT) as unit:
        placed = unit.query(Placement).one()
        placed.pack, placed.module = PACK, MODULE
        unit.commit()
    errand.at(14)
    said = " ".join(one.text for one in errand.there.house.outbox.messages)
    named = re.findall(r"votre\s+mission\s+«\s+(\w+)", said)
    assert named == ["Déplacer"], "not the one that is placed there"
    assert errand.page in errand.home() and "jeudi 14 janvier" in errand.home()


def test_who_has_told_is_reminded_of_nothing_but_the_second_return_on_its_day(
    errand: Errand,
) -> None:
    errand.does(whom="soir", day="2027-01-14")
    _tells(errand)
    assert "Revenez à partir du mardi 19 janvier" in errand.sees()
    assert "Laissez passer une semaine" in errand.sees()
    assert 'name="choice"' not in errand.sees() and "le mardi 19 janvier" in errand.home()
    early = errand.does(choice="been", number="6")
    assert early.status_code == 422 and 'name="choice"' not in errand.sees()
    for day in (14, 15, 18):
        errand.at(day)
    assert not [one for one in errand.told() if "c’est le jour" in one]
    errand.at(19)
    assert len([one for one in errand.told() if "c’est le jour" in one]) == 1
    assert errand.does(choice="been").status_code == 303
    assert errand.does(reste="Le muret.").status_code == 303
    assert "Au muret, pour *souffler*." in errand.sees()
    [lived] = errand.there.rows(Enrolment)
    assert lived.finished_at is not None
    path = unescape(errand.lea.get("/path").text)
    assert "Au muret, pour *souffler*." in path and "jeudi 14 janvier" in path


def test_a_choice_taken_back_takes_its_day_along(errand: Errand) -> None:
    errand.does(whom="soir", day="2027-01-14")
    act = re.search(r'name="act" value="(\d+)"', errand.sees())
    assert act and errand.lea.post(f"{errand.page}/back", {"act": act[1]}).status_code == 303
    errand.at(14)
    assert not [one for one in errand.told() if "c’est le jour" in one]


def test_who_stops_is_reminded_of_nothing(errand: Errand) -> None:
    errand.does(whom="soir", day="2027-01-14")
    with errand.there.house.services.db.write(TENANT) as unit:
        unit.query(Learner).one().announcements = False
        unit.commit()
    errand.at(14)
    assert not [
        item for row in errand.there.rows(Announcement) for item in row.items if "mission" in item
    ]
