"""Every prebuilt statement is one organisation's, and nothing outside of storage goes around the
walls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from sqlalchemy import Executable, and_, delete, exists, insert, or_, select, text, update
from sqlalchemy.orm import aliased

from engine.storage import queries
from engine.storage.queries.running import TENANT
from engine.storage.tables import Account, Enrolment, Learner, Membership, PackVersion, Touch
from tests.unit.storage.holding import loose

HOUSE = Path(__file__).parents[3]
DOORS = "doors"
"""The one file whose statements look across organisations, each through a named door."""


def statements() -> Iterator[tuple[str, str, Executable]]:
    """Every statement of the room: its file, its name, itself."""
    for file in iter_modules(queries.__path__):
        for name, value in vars(import_module(f"{queries.__name__}.{file.name}")).items():
            if isinstance(value, Executable):
                yield file.name, name, value


EVERY = list(statements())


@pytest.mark.parametrize(
    ("file", "statement"),
    [(file, statement) for file, _, statement in EVERY],
    ids=[f"{file}.{name}" for file, name, _ in EVERY],
)
def test_every_table_of_a_statement_is_held_to_the_bound_tenant(
    file: str, statement: Executable
) -> None:
    assert loose(statement, through_a_door=file == DOORS) == []


def test_the_walk_finds_statements_of_every_kind() -> None:
    kinds = {type(statement).__name__ for _, _, statement in EVERY}
    assert {"Select", "Insert", "Update", "Delete"} <= kinds
    assert {file for file, _, _ in EVERY} >= {"deliveries", "doors", "journeys", "launches"}


OTHER = aliased(Account)
ITS_ACCOUNT = and_(Account.tenant == Learner.tenant, Account.id == Learner.id)
OWN = Learner.tenant == TENANT
LOOSE: dict[str, tuple[Executable, list[str]]] = {
    "nothing-said": (select(Account.id), ["account"]),
    "in-words": (text("SELECT 1"), ["SELECT 1"]),
    "another-column": (select(Learner.id).where(Learner.id == TENANT), ["learner"]),
    "another-parameter": (select(Learner.id).where(Learner.tenant == "town"), ["learner"]),
    "either-or": (select(Learner.zone).where(or_(OWN, Learner.zone == "UTC")), ["learner"]),
    "joined-by-id-alone": (
        select(Learner.zone).join(Account, Account.id == Learner.id).where(OWN),
        ["account"],
    ),
    "joined-to-what-is-loose-itself": (
        select(Learner.zone, Account.id).join(Account, ITS_ACCOUNT),
        ["learner", "account"],
    ),
    "left-of-an-outer-join": (
        select(Learner.zone, Account.id).outerjoin(Account, and_(ITS_ACCOUNT, OWN)),
        ["learner", "account"],
    ),
    "another-alias": (
        select(Account.id, OTHER.id).where(Account.tenant == TENANT, OTHER.id == Account.id),
        ["account"],
    ),
    "an-entity-beside-an-entity": (select(Learner, Touch).where(OWN), ["touch"]),
    "in-a-subquery": (
        select(Learner.zone).where(OWN, Learner.id.in_(select(Membership.account))),
        ["membership"],
    ),
    "that-must-exist": (
        update(Learner).where(OWN, exists().where(Touch.number == 1)).values(zone="UTC"),
        ["touch"],
    ),
    "correlated-with-nothing-around": (
        select(Learner.zone).where(
            OWN, Learner.id == select(Touch.learner).correlate(Touch).scalar_subquery()
        ),
        ["touch"],
    ),
    "an-update-of-all": (update(Account).values(name="x"), ["account"]),
    "a-deletion-by-id": (delete(Enrolment).where(Enrolment.id == "1"), ["enrolment"]),
    "an-insertion-for-anybody": (insert(Account), ["account"]),
    "an-insertion-for-somebody": (insert(Account).values(tenant="town"), ["account"]),
}


@pytest.mark.parametrize("statement", LOOSE.values(), ids=LOOSE.keys())
def test_a_statement_that_could_leave_its_organisation_is_found(
    statement: tuple[Executable, list[str]],
) -> None:
    assert loose(statement[0]) == statement[1]


def test_a_statement_at_a_door_follows_its_first_table() -> None:
    assert loose(select(Learner.zone).join(Account, ITS_ACCOUNT), through_a_door=True) == []
    apart = select(Learner.zone).join(Account, Account.id == Learner.id)
    assert loose(apart, through_a_door=True) == ["account"]


def test_global_tables_are_nobodys() -> None:
    assert loose(select(PackVersion.pack)) == []


def test_only_storage_says_that_a_statement_needs_no_wall() -> None:
    around = re.compile(r"tenant_bound|storage_core|\bBOUND\b")
    said = {
        file.relative_to(HOUSE)
        for room in ("engine", "lti", "web")
        for file in (HOUSE / room).rglob("*.py")
        if around.search(file.read_text(encoding="utf-8"))
    }
    assert said and all(file.is_relative_to("engine/storage") for file in said)


HOT = (
    "engine/journey/answering.py",
    "engine/journey/home.py",
    "engine/journey/planning.py",
    "engine/journey/playing.py",
    "engine/journey/record.py",
    "engine/journey/rereading.py",
    "engine/delivery/opening.py",
    "engine/delivery/send.py",
    "engine/courses/progress.py",
    "lti/launch/receive.py",
    "lti/courses/arrivals.py",
)
"""What runs for each answer, act, touch, mail, page of a path and launch."""


@pytest.mark.parametrize("file", HOT)
def test_no_statement_is_built_where_it_would_be_built_often(file: str) -> None:
    built = re.findall(r"\b(?:select|update|insert)\(", (HOUSE / file).read_text(encoding="utf-8"))
    assert built == []
