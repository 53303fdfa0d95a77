"""Where new people are, and in which language they read, when nothing better is known: as their
organisation says."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.courses.hosts import organisation
from engine.people.accounts import add_account
from engine.storage.tables import Account, Learner
from engine.values.languages import Lang
from lti.courses.people import LocaleDefaults, come
from lti.launch.values import User
from tests import builders
from tests.builders import MONDAY, work

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    ("language", "zone", "said", "expected"),
    [
        (None, None, None, ("fr", "Europe/Paris", "FR")),
        ("en", "America/Martinique", None, ("en", "America/Martinique", "MQ")),
        ("en", None, "fr", ("fr", "Europe/Paris", "FR")),
    ],
)
def test_who_comes_from_an_lms_begins_as_the_organisation_says_where_the_launch_is_silent(
    tmp_path: Path,
    language: str | None,
    zone: str | None,
    said: Lang | None,
    expected: tuple[str, str, str],
) -> None:
    db = builders.database(tmp_path)
    with db.write("town") as unit:
        house = organisation(unit)
        house.language, house.zone = language, zone
        unit.flush()
        locale = LocaleDefaults(said, "fr", "Europe/Paris")
        known = come(work(unit), "r", User(None), None, locale)
        unit.flush()
        account = unit.get_one(Account, ("town", known.id))
        learner = unit.get_one(Learner, ("town", known.id))
        assert (account.language, learner.zone, learner.country) == expected


def test_the_holidays_of_new_people_are_those_of_where_they_are(tmp_path: Path) -> None:
    with builders.database(tmp_path).write("town") as unit:
        for zone, country in (("Indian/Reunion", "RE"), ("Europe/Paris", "FR"), ("UTC", "FR")):
            made = add_account(unit, None, "", "learner", "fr", MONDAY, zone)
            assert unit.get_one(Learner, ("town", made.id)).country == country
