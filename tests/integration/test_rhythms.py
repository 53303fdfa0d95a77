"""The rhythm by which the learners of an organisation begin: the default, or a gentler one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from engine.journey import joining, pausing, rhythms
from engine.journey.joining import Preferences
from engine.journey.record import rhythm_of
from engine.spacing.limits import clamp
from engine.spacing.values import HARSHEST, Rhythm
from engine.storage.tables import Learner, Tenant
from engine.values.errors import Invalid
from tests import builders
from tests.builders import World, work

pytestmark = pytest.mark.both_databases

GENTLE = Rhythm(
    hour=time(12, 15),
    opens=time(9),
    closes=time(17),
    days_off=frozenset({3, 6, 7}),
    country="BE",
    touch_minutes=2,
    week_minutes=4,
    gap_days=3,
)


@pytest.fixture
def there(tmp_path: Path) -> World:
    return builders.world(tmp_path, "town", "village")


@pytest.fixture
def unit(there: World):
    with there.db.write(there.tenant) as session:
        yield session


def somebody(unit: Session, there: World, email: str = "lea@example.org") -> Learner:
    """Someone invited, who lives in Auckland and has not read the contract yet."""
    course = builders.course(unit, email.partition("@")[0])
    who = builders.learner(unit, there.library, course, email, joined=False)
    who.zone = "Pacific/Auckland"
    return who


def join(unit: Session, there: World, who: Learner) -> Rhythm:
    joining.accept_contract(work(unit, now=there.now), who)
    unit.flush()
    unit.expire(who)
    return rhythm_of(who)


def test_who_joins_begins_by_the_default(there: World, unit: Session) -> None:
    who = somebody(unit, there)
    assert join(unit, there, who) == Rhythm(zone="Pacific/Auckland")


def test_who_joins_a_gentler_organisation_begins_by_its_rhythm_in_their_own_zone(
    there: World, unit: Session
) -> None:
    before, who = somebody(unit, there, "zoe@example.org"), somebody(unit, there)
    join(unit, there, before)
    rhythms.set_organisations(unit, GENTLE)
    promised = rhythms.offered(unit, who)
    assert promised == join(unit, there, who) == replace(GENTLE, zone="Pacific/Auckland")
    assert rhythm_of(before) == Rhythm(zone="Pacific/Auckland")


def test_other_organisations_keep_theirs(there: World, unit: Session) -> None:
    rhythms.set_organisations(unit, GENTLE)
    unit.commit()
    with there.db.read("village") as other:
        assert rhythms.organisations(other) is None
    with there.db.read(there.tenant) as own:
        assert rhythms.organisations(own) == GENTLE


def test_an_organisation_goes_back_to_the_default(there: World, unit: Session) -> None:
    rhythms.set_organisations(unit, GENTLE)
    rhythms.set_organisations(unit, None)
    assert join(unit, there, somebody(unit, there)) == Rhythm(zone="Pacific/Auckland")


@pytest.mark.parametrize(
    ("field", "harsher"),
    [
        ("opens", time(8)),
        ("closes", time(19)),
        ("touch_minutes", 3.5),
        ("week_minutes", 7),
        ("gap_days", 1),
        ("hour", time(18)),
        ("days_off", frozenset(range(1, 8))),
        ("country", "ZZ"),
    ],
)
def test_no_organisation_is_harsher_than_the_cap(
    there: World, unit: Session, field: str, harsher: object
) -> None:
    rhythms.set_organisations(unit, GENTLE)
    with pytest.raises(Invalid, match="preference-") as refused:
        rhythms.set_organisations(unit, replace(GENTLE, **{field: harsher}))
    assert refused.value.field == field and rhythms.organisations(unit) == GENTLE


def test_what_was_stored_before_the_cap_came_down_is_brought_back_to_it(
    there: World, unit: Session
) -> None:
    stored = rhythms.as_json(replace(GENTLE, week_minutes=20, gap_days=1, opens=time(6)))
    unit.get_one(Tenant, there.tenant).rhythm = stored
    found = join(unit, there, somebody(unit, there))
    assert (found.week_minutes, found.gap_days, found.opens) == (
        HARSHEST.week_minutes,
        HARSHEST.gap_days,
        HARSHEST.opens,
    )


def test_a_learner_may_choose_up_to_the_cap_and_keeps_it_after_a_stop(
    there: World, unit: Session
) -> None:
    rhythms.set_organisations(unit, GENTLE)
    who = somebody(unit, there)
    join(unit, there, who)
    one = work(unit, library=there.library, now=there.now, rng=there.rng)
    joining.set_preferences(one, who, Preferences(week_minutes=6, gap_days=2))
    pausing.stop(one, who)
    assert join(unit, there, who).week_minutes == HARSHEST.week_minutes


def test_the_default_stands_once_and_within_the_cap() -> None:
    assert clamp(Rhythm()) == Rhythm() == Preferences().rhythm
    row = Learner.__table__.columns
    for field in fields(Rhythm):
        default = row[field.name].default
        value = default.arg(None) if default.is_callable else default.arg
        assert value == getattr(Rhythm(), field.name) or set(value) == Rhythm().days_off


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"hour": "soon"}, "hour"),
        ({"opens": "09:00Z"}, "opens"),
        ({"days_off": "sunday"}, "days_off"),
    ],
)
def test_what_cannot_be_read_of_a_wish_is_named(said: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rhythms.changed(GENTLE, said)
    assert refused.value.field == field


def test_what_is_not_named_stays_as_it_is() -> None:
    said = {"hour": "09:30", "days_off": "7, 6", "country": "none", "gap_days": 4}
    assert rhythms.changed(GENTLE, said) == replace(
        GENTLE, hour=time(9, 30), days_off=frozenset({6, 7}), country="", gap_days=4
    )
