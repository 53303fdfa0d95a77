"""Who was erased stays erased, whatever a platform tells us; only their own launch begins anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from engine.journey import forgetting
from engine.journey.joining import learner_of
from engine.storage.tables import Account, Course, LtiContext, LtiPerson, Touch
from lti.courses import copies, privacy, rosters
from lti.courses.notices import Notice
from lti.launch.values import Context
from lti.wire import names
from tests.builders import work
from tests.integration.lti.lms import TEACHER, Lms, Reply, Request
from tests.integration.lti.terms import Term, term
from tests.integration.lti.test_rosters import groups, in_cohorts, members, serve, someone

pytestmark = pytest.mark.both_databases

LEA = "student-3"


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Term]:
    with term(tmp_path, lms) as made:
        made.arrive(made.launch("teacher-1", roles=(TEACHER,)))
        yield made


def erase_herself(there: Term) -> None:
    with there.tool.db.write("town") as unit:
        forgetting.erase(unit, learner_of(unit, account_of(there)))
        unit.commit()


def erased_by_the_platform(there: Term) -> None:
    registration = there.tool.registration
    privacy.erase_person(there.rosters.units, "town", registration.id, account_of(there))


WAYS = [erase_herself, erased_by_the_platform]


def account_of(there: Term) -> str:
    with there.tool.db.read("town") as unit:
        return unit.scalars(select(LtiPerson.account).where(LtiPerson.subject == LEA)).one()


def people(there: Term) -> set[str]:
    with there.tool.db.read("town") as unit:
        assert unit.scalars(select(func.count()).select_from(Account)).one() == 1
        return set(unit.scalars(select(LtiPerson.subject)))


def read(there: Term, **changes: object) -> None:
    """The roster is read, its context changed before."""
    with there.tool.db.write("town") as unit:
        unit.execute(update(LtiContext).values(**changes))
        unit.commit()
    there.later(hours=6)
    rosters.sync(there.rosters, there.tool.registration, there.key)


@pytest.mark.parametrize("erase", WAYS)
def test_no_roster_brings_back_who_was_erased(there: Term, erase: Callable[[Term], None]) -> None:
    there.live(there.arrive(there.launch(LEA)))
    rosters.sync(there.rosters, there.tool.registration, there.key)
    erase(there)
    read(there, differences_url=None)
    read(there, differences_url=serve(there, "/changed", [someone(LEA)]))
    grouped = serve(there, "/grouped", [someone(LEA, "a")])
    read(there, roster_url=grouped, groups_url=groups(there, ("a", "Nord")))
    assert people(there) == {"teacher-1"} and in_cohorts(there) == {"Nord": set()}


@pytest.mark.parametrize("erase", WAYS)
def test_their_own_launch_begins_anew(there: Term, erase: Callable[[Term], None]) -> None:
    before = there.arrive(there.launch(LEA))
    there.live(before)
    erase(there)
    anew = there.arrive(there.launch(LEA))
    with there.tool.db.read("town") as unit:
        assert learner_of(unit, anew.account.id).contract_at is None
    assert anew.account.id != before.account.id and members(there)[LEA] == "learner"


@pytest.mark.parametrize("erase", WAYS)
def test_a_score_that_waited_is_sent_no_more(there: Term, erase: Callable[[Term], None]) -> None:
    there.live(there.arrive(there.launch(LEA)))
    erase(there)
    assert there.send().told == 0 and there.mark(LEA) is None and people(there) == {"teacher-1"}


def test_a_notice_brings_a_course_and_nobody(there: Term) -> None:
    there.live(there.arrive(there.launch(LEA)))
    erase_herself(there)
    copy = Notice(
        "n", names.CONTEXT_COPY_NOTICE, there.key.deployment, Context("new"), ("course-1",)
    )
    with there.tool.db.write("town") as unit:
        its = work(unit, library=there.library, now=there.now(), wall=there.now())
        copies.copy_context(its, there.tool.registration, copy)
        unit.commit()
    with there.tool.db.read("town") as unit:
        assert len(unit.scalars(select(Course)).all()) == 2
    assert people(there) == {"teacher-1"}


def test_whose_course_was_erased_is_in_it_again_by_their_own_launch_alone(there: Term) -> None:
    there.live(there.arrive(there.launch(LEA)))
    there.arrive(there.launch(LEA, context="course-2"))
    with there.tool.db.read("town") as unit:
        course = there.key.row(unit).course
    list(privacy.erase_course(there.rosters.units, "town", there.tool.registration.id, course))
    there.arrive(there.launch("teacher-1", roles=(TEACHER,)))
    rosters.sync(there.rosters, there.tool.registration, there.key)
    assert members(there) == {"teacher-1": "facilitator"}
    there.arrive(there.launch(LEA))
    assert members(there)[LEA] == "learner"


def test_who_is_erased_while_the_roster_is_read_stays_erased_and_the_sync_goes_through(
    there: Term,
) -> None:
    there.arrive(there.launch(LEA))
    there.arrive(there.launch("bo"))
    grouped = serve(there, "/grouped", [someone(LEA, "a"), someone("bo", "a")], [someone("cy")])
    pages = there.tool.lms.routes["/grouped"]

    def erasing(request: Request) -> Reply:
        if "page" in request.query:
            erase_herself(there)
        return pages(request)

    there.tool.lms.routes["/grouped"] = erasing
    read(there, roster_url=grouped, groups_url=groups(there, ("a", "Nord")))
    assert in_cohorts(there) == {"Nord": {"bo"}}
    assert members(there) == {"bo": "learner"}


def test_who_does_something_while_the_platform_erases_them_is_erased_after_it(there: Term) -> None:
    who = there.arrive(there.launch(LEA)).account.id
    units, registration, now = there.rosters.units, there.tool.registration.id, there.now()
    with ThreadPoolExecutor(1) as pool, there.tool.db.write("town") as unit:
        learner_of(unit, who)
        unit.add(Touch(learner=who, number=1, due_at=now, expires_at=now, minutes=2))
        unit.flush()
        erasing = pool.submit(lambda: list(privacy.erase_registration(units, "town", registration)))
        with pytest.raises(TimeoutError):
            erasing.result(timeout=0.5)
        unit.commit()
        erasing.result(timeout=20)
    with there.tool.db.read("town") as unit:
        assert not unit.scalars(select(Touch)).all() and not unit.scalars(select(LtiPerson)).all()
