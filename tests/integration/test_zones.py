"""Where learners are: mail comes in their own day, and holidays are those of where they live."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.journey import zones
from engine.journey.rhythms import COUNTRIES, ZONES, country_of
from engine.spacing.days import public_holidays
from engine.storage.tables import Learner, Touch
from tests.apps import Visitor
from tests.integration.learners import RHYTHM, There, installed, live

pytestmark = pytest.mark.both_databases

MARTINIQUE = "America/Martinique"
ASKED = "Vous êtes à Fort-de-France"


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


def learner(there: There) -> Learner:
    [one] = there.rows(Learner)
    return one


def joining(there: There, **form: str) -> Visitor:
    visitor = there.enrolled(joined=False)
    visitor.get("/contract")
    assert visitor.post("/contract", form).status_code == 303
    return visitor


@pytest.mark.parametrize("zone", [MARTINIQUE, "Pacific/Tahiti", "Indian/Reunion", "Pacific/Noumea"])
def test_who_joins_overseas_gets_no_question_at_night(there: There, zone: str) -> None:
    visitor = joining(there, zone=zone)
    live(there, visitor)
    there.next_touch()
    [touch] = there.rows(Touch)
    local = touch.opened_at.astimezone(ZoneInfo(zone)).time()
    assert time(8, 30) <= local <= time(18, 30)
    assert learner(there).country == country_of(zone) != "FR"


def test_the_contract_offers_the_french_zones_to_who_has_no_script(there: There) -> None:
    page = there.enrolled(joined=False).get("/contract").text
    offered = re.findall(r'<option value="([^"]+)"', page)
    assert offered == list(zones.FRENCH) and "Martinique (Fort-de-France)" in page


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "Europe/Paris\0", "UTC+3"])
def test_a_browser_that_names_no_zone_keeps_nobody_from_joining(there: There, zone: str) -> None:
    joining(there, zone=zone)
    assert (learner(there).zone, learner(there).country) == ("Europe/Paris", "FR")


def test_a_browser_elsewhere_brings_up_one_question_and_yes_moves_hours_and_holidays(
    there: There,
) -> None:
    visitor = joining(there, zone="Europe/Paris")
    live(there, visitor)
    [before] = there.rows(Touch)
    asked = visitor.get(f"/zone?seen={MARTINIQUE}&next=/home")
    assert ASKED in asked.text
    moved = visitor.post("/zone", {"zone": MARTINIQUE, "answer": "yes", "next": "/home"})
    assert moved.location == "/home"
    assert (learner(there).zone, learner(there).country) == (MARTINIQUE, "MQ")
    [after] = there.rows(Touch)
    assert after.due_at > before.due_at and after.number == before.number
    assert visitor.get(f"/zone?seen={MARTINIQUE}").status_code == 204


def test_who_says_no_is_not_asked_again(there: There) -> None:
    visitor = joining(there, zone="Europe/Paris")
    visitor.get(f"/zone?seen={MARTINIQUE}")
    visitor.post("/zone", {"zone": MARTINIQUE, "answer": "no", "next": "/home"})
    assert learner(there).zone == "Europe/Paris"
    assert visitor.get(f"/zone?seen={MARTINIQUE}").status_code == 204
    visitor.sign_out()
    visitor.sign_in()
    assert visitor.get(f"/zone?seen={MARTINIQUE}").status_code == 204
    assert visitor.get("/zone?seen=Pacific/Tahiti").status_code == 200, "that is another place"


@pytest.mark.parametrize("seen", ["Europe/Brussels", "Europe/Paris", "UTC", "nowhere", "", "\0"])
def test_clocks_that_show_the_same_ask_nothing(there: There, seen: str) -> None:
    visitor = joining(there, zone="Europe/Paris")
    assert visitor.get("/zone", query_string={"seen": seen}).status_code == 204


def test_a_zone_that_nobody_can_choose_moves_nobody(there: There) -> None:
    visitor = joining(there, zone="Europe/Paris")
    visitor.get("/home")
    assert visitor.post("/zone", {"zone": "nowhere", "answer": "yes"}).status_code == 422
    assert learner(there).zone == "Europe/Paris"


def test_holidays_that_somebody_chose_do_not_follow_the_zone(there: There) -> None:
    visitor = joining(there, zone="Europe/Paris")
    visitor.get("/rhythm")
    visitor.post("/rhythm", {**RHYTHM, "country": "BE"})
    visitor.get("/home")
    visitor.post("/zone", {"zone": MARTINIQUE, "answer": "yes"})
    assert (learner(there).zone, learner(there).country) == (MARTINIQUE, "BE")


def test_the_rhythm_lists_the_zones_of_ones_country_first(there: There) -> None:
    page = joining(there, zone="Europe/Paris").get("/rhythm").text
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page, re.S)
    first, others = (re.findall(r'<option value="([^"]+)"', group) for _label, group in groups)
    assert first == list(zones.FRENCH)
    assert {*first, *others} == ZONES and not set(first) & set(others)
    assert re.search(r'value="Europe/Paris" selected', page)


def test_overseas_territories_have_their_own_holidays() -> None:
    abolition = {"MQ": (5, 22), "GP": (5, 27), "GF": (6, 10), "RE": (12, 20), "YT": (4, 27)}
    for code, (month, day) in abolition.items():
        assert date(2027, month, day) in public_holidays(code, 2027), code
        assert date(2027, month, day) not in public_holidays("FR", 2027), code
    assert all(public_holidays(code, 2027) for code in COUNTRIES)


def test_every_french_zone_has_a_country_whose_holidays_are_known() -> None:
    assert all(zone in ZONES and country_of(zone) in COUNTRIES for zone in zones.FRENCH)
