"""Rosters: they are counted; of the people they name, who has launched comes, goes and changes role
as the platform says, groups become cohorts, and nobody who left is asked anything more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from engine.courses import cohorts
from engine.courses.members import enrol
from engine.journey.touches import open_touch, planned_one, unclosed_one
from engine.people import accounts
from engine.storage.tables import (
    Account,
    Cohort,
    CohortMember,
    Course,
    Enrolment,
    Learner,
    LtiContext,
    LtiGroup,
    LtiHealth,
    LtiPerson,
    LtiRegistration,
    Membership,
)
from engine.values.errors import NotFound
from lti.courses import rosters
from lti.courses.arrivals import Arrival
from lti.courses.rosters import AGAIN, AWAKE, PERIOD, SyncResult
from lti.wire import names
from lti.wire.refusals import ServiceRefused
from lti.wire.roles import TEST_USER
from tests import builders
from tests.builders import work
from tests.integration.lti.lms import LEARNER, TEACHER, Lms, Reply, Request
from tests.integration.lti.terms import Term, term

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Term]:
    with term(tmp_path, lms) as made:
        made.arrive(made.launch("teacher-1", roles=(TEACHER,)))
        yield made


def context(there: Term) -> LtiContext:
    with there.tool.db.read("town") as unit:
        return unit.scalars(select(LtiContext)).one()


def change(there: Term, **values: object) -> None:
    with there.tool.db.write("town") as unit:
        unit.execute(update(LtiContext).values(**values))
        unit.commit()


def sync(there: Term, **more: str) -> SyncResult:
    return rosters.sync(there.rosters, there.tool.registration, there.key, **more)


def members(there: Term) -> dict[str, str]:
    """Role in the platform's course by subject."""
    with there.tool.db.read("town") as unit:
        row = there.key.row(unit)
        assert row is not None
        who = (LtiPerson.tenant == Membership.tenant) & (LtiPerson.account == Membership.account)
        return {
            one[0]: one[1]
            for one in unit.execute(
                select(LtiPerson.subject, Membership.role)
                .join(Membership, who)
                .where(Membership.course == row.course)
            )
        }


def counted(there: Term, table: type) -> int:
    with there.tool.db.read("town") as unit:
        return unit.scalars(select(func.count()).select_from(table)).one()


def asked(there: Term) -> list[str]:
    """Everything that is planned, open, or on its way for somebody who has left: nothing."""
    with there.tool.db.read("town") as unit:
        return [
            f"{table}"
            for learner in unit.scalars(select(Learner))
            for table in (planned_one(unit, learner.id), unclosed_one(unit, learner.id))
            if table is not None
        ]


def serve(there: Term, path: str, *pages: list[dict[str, object]], **headers: str) -> str:
    """A service of the test's own, beside the tool's; its address."""

    def answer(request: Request) -> Reply:
        page = int(request.query.get("page", ["0"])[0])
        links = {"Link": f'<{path}?page={page + 1}>; rel="next"'} if page + 1 < len(pages) else {}
        return Reply.json({"members": pages[page]}, **links, **headers)

    there.tool.lms.routes[path] = answer
    return there.tool.lms.url(path)


def someone(
    user: str, *groups: str, status: str = "Active", role: str = LEARNER
) -> dict[str, object]:
    return {
        "user_id": user,
        "status": status,
        "roles": [role],
        "name": user.title(),
        "group_enrollments": [{"group_id": group} for group in groups],
    }


def come(there: Term, *users: str) -> None:
    """These students launch."""
    for user in users:
        there.arrive(there.launch(user))


def test_a_roster_stores_nobody_and_says_how_many_learners_the_course_has(there: Term) -> None:
    before = {table: counted(there, table) for table in (Account, Learner, LtiPerson, Membership)}
    found = sync(there)
    assert (found.seen, found.learners, found.returned, found.left) == (30, 29, 0, 0)
    assert members(there) == {"teacher-1": "facilitator"}
    assert {table: counted(there, table) for table in before} == before
    assert (context(there).learners, context(there).counted_at) == (29, there.now())
    assert (context(there).synced_at, context(there).sync_at) == (there.now(), there.now() + PERIOD)


def test_who_launched_has_the_name_that_the_roster_tells_and_no_address(there: Term) -> None:
    come(there, "student-7")
    sync(there)
    with there.tool.db.read("town") as unit:
        assert "Student 7" in unit.scalars(select(Account.name)).all()
        assert set(unit.scalars(select(Account.email))) == {None}


def test_for_who_never_launched_nothing_is_written(there: Term) -> None:
    url = serve(there, "/many", [someone(f"p{n}") for n in range(1_000)])
    sync(there)
    change(there, roster_url=url, differences_url=None)
    with builders.queries(there.tool.db) as asked:
        assert sync(there).learners == 1_000
    written = [one for one in asked if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert [one.split()[:2] for one in written if "lti_health" not in one] == [
        ["UPDATE", "lti_context"]
    ]


def test_who_launched_elsewhere_is_no_member_before_they_launch_here(there: Term) -> None:
    there.arrive(there.launch("student-4", context="course-2"))
    sync(there)
    assert members(there) == {"teacher-1": "facilitator"}
    come(there, "student-4")
    assert members(there)["student-4"] == "learner"


def test_afterwards_only_what_changed_is_asked_for(there: Term) -> None:
    come(there, "student-5")
    sync(there)
    there.later(hours=6)
    there.tool.change("/roster", {"join": "2"})
    there.tool.change("/roster", {"leave": "student-5"})
    found = sync(there)
    assert (found.seen, found.left) == (2, 1)
    assert "student-5" not in members(there)


def test_a_change_leaves_the_count_of_its_day_until_everybody_is_counted_again(
    there: Term,
) -> None:
    sync(there)
    then = there.now()
    there.later(hours=6)
    there.tool.change("/roster", {"join": "2"})
    sync(there)
    assert (context(there).learners, context(there).counted_at) == (29, then)
    there.later(hours=18)
    assert sync(there).seen == 32
    assert (context(there).learners, context(there).counted_at) == (31, there.now())


def test_while_nothing_changes_the_count_is_of_today_and_nobody_is_read_again(
    there: Term,
) -> None:
    sync(there)
    for _ in range(9):
        there.later(hours=6)
        assert sync(there).seen == 0
    assert (context(there).learners, context(there).counted_at) == (29, there.now())


def test_without_differences_who_is_named_no_more_has_left(there: Term) -> None:
    come(there, "student-5")
    sync(there)
    change(there, differences_url=None)
    there.tool.change("/roster", {"leave": "student-5"})
    there.later(hours=6)
    found = sync(there)
    assert (found.seen, found.left) == (29, 1) and "student-5" not in members(there)
    assert context(there).learners == 28


def test_differences_that_the_platform_has_forgotten_make_us_ask_for_everybody(there: Term) -> None:
    sync(there)
    change(there, differences_url=there.tool.platform("/gone"))
    assert sync(there).seen == 30 and "since=" in (context(there).differences_url or "")


def test_who_came_in_meanwhile_and_who_was_invited_by_hand_stay(there: Term) -> None:
    with there.tool.db.write("town") as unit:
        by_hand = accounts.add_account(
            unit, "anne@example.org", "Anne", "learner", "fr", there.now()
        )
        enrol(unit, unit.scalars(select(Course)).one(), by_hand, there.now())
        unit.commit()
    sync(there)
    change(there, differences_url=None)
    there.later(hours=6)
    there.arrive(there.launch("guest"))
    assert sync(there).left == 0 and "guest" in members(there) and counted(there, Membership) == 3


def test_a_roster_of_nobody_is_not_believed(there: Term) -> None:
    come(there, "student-1")
    sync(there)
    there.later(hours=6)
    change(there, differences_url=None, roster_url=serve(there, "/nobody", []))
    assert sync(there) == SyncResult(0, 0, 0, 0, frozenset()) and len(members(there)) == 2
    assert context(there).learners == 29


def test_a_roster_that_breaks_off_lets_nobody_go(there: Term) -> None:
    come(there, "student-1", "student-2")
    sync(there)
    there.later(hours=6)
    first = [someone("student-1", role=TEACHER), someone("new")]
    url = serve(there, "/breaks", first, first)
    there.tool.lms.routes["/breaks"] = lambda request, whole=there.tool.lms.routes["/breaks"]: (
        Reply(b"", 500) if "page" in request.query else whole(request)
    )
    change(there, differences_url=None, roster_url=url)
    with pytest.raises(ServiceRefused, match="service-answered"):
        sync(there)
    assert members(there) == {
        "teacher-1": "facilitator",
        "student-1": "facilitator",
        "student-2": "learner",
    }
    assert context(there).learners == 29


def test_who_is_inactive_or_deleted_leaves_and_roles_follow(there: Term) -> None:
    come(there, "student-1", "student-2", "student-3")
    sync(there)
    there.later(hours=6)
    change(
        there,
        differences_url=serve(
            there,
            "/changed",
            [
                someone("student-1", status="Inactive"),
                someone("student-2", status="Deleted"),
                someone("student-3", role=TEACHER),
                someone("unknown", status="Deleted"),
            ],
        ),
    )
    found = sync(there)
    assert (found.left, found.returned) == (2, 0)
    assert members(there)["student-3"] == "facilitator" and counted(there, Account) == 4


def test_a_roster_that_says_less_does_not_undo_what_a_launch_said(there: Term) -> None:
    come(there, "student-2")
    there.arrive(there.launch("assistant", roles=(TEACHER,)))
    change(there, roster_url=serve(there, "/less", [someone("assistant"), someone("student-2")]))
    found = sync(there)
    assert (members(there)["assistant"], members(there)["student-2"]) == ("facilitator", "learner")
    assert found.learners == 1, "who runs the course is not counted among its learners"
    change(there, roster_url=serve(there, "/more", [someone("student-2", role=TEACHER)]))
    sync(there)
    assert members(there)["student-2"] == "facilitator"
    change(there, roster_url=serve(there, "/again", [someone("student-2")]))
    sync(there)
    assert members(there)["student-2"] == "learner", "what a roster said, a roster takes back"


def test_who_only_looks_on_is_neither_counted_nor_made_a_member(there: Term) -> None:
    observer = someone("observer", role="Mentor")
    test_user = someone("test") | {"roles": [LEARNER, TEST_USER]}
    change(there, roster_url=serve(there, "/all", [observer, test_user, someone("student-1")]))
    assert sync(there).learners == 1


def test_many_are_updated_page_by_page_each_in_transactions_of_its_own(there: Term) -> None:
    come(there, *(f"p{n}" for n in range(0, 2_000, 250)))
    changed_already = []
    change(
        there,
        roster_url=serve(
            there,
            "/many",
            *[
                [someone(f"p{n}", role=TEACHER) for n in range(first, first + 500)]
                for first in range(0, 2_000, 500)
            ],
        ),
    )
    routes, page = there.tool.lms.routes, there.tool.lms.routes["/many"]

    def counting(request: Request) -> Reply:
        changed_already.append(list(members(there).values()).count("facilitator"))
        return page(request)

    routes["/many"] = counting
    assert sync(there).seen == 2_000
    assert changed_already == [1, 3, 5, 7], "each page is there before the next one is asked for"


def test_who_left_is_asked_nothing_more_and_goes_on_when_they_come_back(there: Term) -> None:
    lea = there.arrive(there.launch())
    lived = there.live(lea)
    there.answer_next(lea)
    with there.tool.db.write("town") as unit:
        touch = planned_one(unit, lea.account.id)
        assert touch is not None
        there.tool.now = touch.due_at
        open_touch(
            work(unit, now=there.now()),
            unit.scalars(select(Learner).where(Learner.id == lea.account.id)).one(),
            touch,
        )
        unit.commit()
    gone(there, "student-3")
    assert asked(there) == [] and enrolment(there, lived).closed_as == "left"
    with there.tool.db.read("town") as unit:
        pace = unit.scalars(select(Learner).where(Learner.id == lea.account.id)).one()
        assert (pace.missed_in_a_row, pace.gap_factor) == (0, 1.0), "leaving is no miss"
    there.arrive(there.launch())
    assert enrolment(there, lived).closed_as is None and members(there)["student-3"] == "learner"
    while there.answer_next(lea):
        pass
    assert enrolment(there, lived).closed_as == "complete"


def test_coming_back_by_the_roster_goes_on_too(there: Term) -> None:
    lea = there.arrive(there.launch())
    lived = there.live(lea)
    gone(there, "student-3")
    change(there, differences_url=serve(there, "/back", [someone("student-3")]))
    there.later(hours=6)
    assert (
        sync(there).returned == 1
        and enrolment(there, lived).closed_as is None
        and len(asked(there)) == 1
    )


def test_who_leaves_one_course_is_still_asked_about_another(there: Term) -> None:
    lea = there.arrive(there.launch())
    lived = there.live(lea)
    with there.tool.db.write("town") as unit:
        other = builders.course(unit, "other")
        enrol(unit, other, unit.get_one(Account, ("town", lea.account.id)), there.now())
        unit.scalars(select(Enrolment).where(Enrolment.id == lived)).one().course = other.id
        unit.commit()
    gone(there, "student-3")
    assert len(asked(there)) == 1 and enrolment(there, lived).closed_as is None


def gone(there: Term, user: str) -> None:
    """The platform says that they left."""
    sync(there)
    there.tool.change("/roster", {"leave": user})
    there.later(hours=1)
    sync(there)
    assert user not in members(there)


def enrolment(there: Term, key: str) -> Enrolment:
    with there.tool.db.read("town") as unit:
        return unit.scalars(select(Enrolment).where(Enrolment.id == key)).one()


def test_those_who_may_follow_a_link_are_asked_for_alone_and_nobody_leaves_for_it(
    there: Term,
) -> None:
    come(there, "student-5")
    sync(there)
    before = context(there).sync_at
    there.tool.change("/roster", {"leave": "student-5"})
    there.later(hours=1)
    found = sync(there, resource_link="link-1")
    assert len(found.members) == 29 and (found.returned, found.left) == (0, 0)
    assert context(there).learners == 29, "who may follow a link is not who is in the course"
    assert "student-5" in members(there) and context(there).sync_at == before
    with pytest.raises(ServiceRefused, match="service-answered"):
        sync(there, resource_link="link-9")


def test_a_course_is_synced_on_schedule(there: Term) -> None:
    assert [rosters.sync_due(there.rosters), rosters.sync_due(there.rosters)] == [1, 0]
    there.later(hours=5, minutes=59)
    assert rosters.sync_due(there.rosters) == 0
    there.later(minutes=1)
    assert rosters.sync_due(there.rosters) == 1


def test_a_course_that_nobody_opened_for_months_is_left_alone_until_somebody_does(
    there: Term,
) -> None:
    there.later(days=AWAKE.days, minutes=1)
    assert rosters.sync_due(there.rosters) == 0 and context(there).sync_at is None
    there.arrive(there.launch("teacher-1", roles=(TEACHER,)))
    assert rosters.sync_due(there.rosters) == 1


def test_two_workers_do_not_sync_the_same_course(there: Term) -> None:
    assert len(rosters.claim_due(there.rosters, "town")) == 1
    assert rosters.claim_due(there.rosters, "town") == []


def test_a_course_that_fails_is_tried_again_in_an_hour_and_its_health_says_why(there: Term) -> None:
    change(there, roster_url=there.tool.platform("/gone"))
    assert rosters.sync_due(there.rosters) == 0 and context(there).sync_at == there.now() + AGAIN
    with there.tool.db.read("town") as unit:
        assert (unit.scalars(select(LtiHealth)).one().error or {})["code"] == "service-answered"


@pytest.mark.parametrize(
    ("values", "sync_at"),
    [
        ({"enabled": False}, "as it was"),
        ({"scopes": [names.SCOPE_SCORE]}, None),
        ({"scopes": []}, "later"),
    ],
)
def test_a_registration_that_is_off_or_was_not_granted_the_roster_is_not_called(
    there: Term, values: dict[str, object], sync_at: str | None
) -> None:
    with there.tool.db.write("town") as unit:
        unit.execute(update(LtiRegistration).values(**values))
        unit.commit()
    expected = {"as it was": there.now(), "later": there.now() + PERIOD, None: None}[sync_at]
    assert rosters.sync_due(there.rosters) == (sync_at == "later")
    assert context(there).sync_at == expected


def test_a_page_of_any_size_is_written_a_few_members_at_a_time_and_a_cut_sync_lets_nobody_go(
    there: Term,
) -> None:
    come(there, "student-1", *(f"new-0-{n}" for n in range(0, 450, 150)))
    sync(there)
    path = "/endless"
    change(there, differences_url=None, roster_url=there.tool.lms.url(path))

    def changed(user: str) -> dict[str, object]:
        return someone(user, role=TEACHER)

    def answer(request: Request) -> Reply:
        page = int(request.query.get("page", ["0"])[0])
        there.later(seconds=70)
        return Reply.json(
            {"members": [changed(f"new-{page}-{n}") for n in range(450 if page == 0 else 1)]},
            Link=f'<{path}?page={page + 1}>; rel="next"',
        )

    there.tool.lms.routes[path] = answer
    with pytest.raises(ServiceRefused, match="service-malformed"):
        sync(there)
    assert sorted(members(there).values()) == ["facilitator"] * 4 + ["learner"]
    assert context(there).learners == 29, "a count that was cut is no count"


def test_a_course_that_is_unknown_or_has_no_roster_says_so(there: Term) -> None:
    change(there, roster_url=None)
    with pytest.raises(NotFound, match="roster-unknown"):
        sync(there)


def groups(there: Term, *told: tuple[object, str]) -> str:
    """The platform's groups; their address."""
    said = {"id": "x", "groups": [{"id": key, "name": name} for key, name in told]}
    there.tool.lms.routes["/groups"] = lambda _: Reply.json(said)
    return there.tool.lms.url("/groups")


def in_cohorts(there: Term) -> dict[str, set[str]]:
    """Subjects by the name of their cohort."""
    with there.tool.db.read("town") as unit:
        who = (LtiPerson.tenant == CohortMember.tenant) & (
            LtiPerson.account == CohortMember.account
        )
        found: dict[str, set[str]] = {name: set() for name in unit.scalars(select(Cohort.name))}
        which = (Cohort.tenant == CohortMember.tenant) & (Cohort.id == CohortMember.cohort)
        for name, subject in unit.execute(
            select(Cohort.name, LtiPerson.subject).join(CohortMember, which).join(LtiPerson, who)
        ):
            found[name].add(subject)
        return found


def test_groups_become_cohorts_and_follow_the_platform(there: Term) -> None:
    come(there, "ada", "bo")
    served = serve(
        there, "/grouped", [someone("ada", "1"), someone("bo", "1", "b")], [someone("cy")]
    )
    change(there, groups_url=groups(there, (1, "Nord"), ("b", "Sud")), roster_url=served)
    with there.tool.db.write("town") as unit:
        cohorts.make(unit, unit.scalars(select(Course)).one(), "À la main")
        unit.commit()
    sync(there)
    assert in_cohorts(there) == {"Nord": {"ada", "bo"}, "Sud": {"bo"}, "À la main": set()}
    assert next(one.query for one in there.tool.lms.asked if one.path == "/grouped")["groups"] == [
        "true"
    ]
    groups(there, ("b", "Sud et ouest"), ("c", "Est"))
    serve(there, "/grouped", [someone("ada", "c"), someone("bo")], [someone("cy", "b")])
    come(there, "cy")
    assert in_cohorts(there)["Sud"] == {"bo"}, "a launch names no groups"
    change(there, roster_url=served)
    there.later(hours=6)
    sync(there)
    assert in_cohorts(there) == {"Sud et ouest": {"cy"}, "Est": {"ada"}, "À la main": set()}
    assert counted(there, LtiGroup) == 2


def test_a_launch_names_the_groups_and_who_leaves_the_course_leaves_its_cohorts(
    there: Term,
) -> None:
    url = groups(there, ("a", "Nord"))
    lea: Arrival = there.arrive(there.launch("ada", groups=url))
    assert lea.course is not None and context(there).groups_url == url
    come(there, "bo")
    change(there, roster_url=serve(there, "/grouped", [someone("ada", "a"), someone("bo", "a")]))
    sync(there)
    serve(there, "/grouped", [someone("bo", "a")])
    there.later(hours=6)
    sync(there)
    assert in_cohorts(there) == {"Nord": {"bo"}}


def test_groups_that_cannot_be_read_stop_the_sync_and_change_nothing(there: Term) -> None:
    there.tool.lms.routes["/groups"] = lambda _: Reply.json({"members": []})
    change(there, groups_url=there.tool.lms.url("/groups"))
    with pytest.raises(ServiceRefused, match="service-malformed"):
        sync(there)
    assert counted(there, Cohort) == 0 and len(members(there)) == 1


def test_copies_are_asked_to_be_told_of_once(there: Term) -> None:
    there.tool.lms.routes["/handlers"] = lambda request: Reply(
        request.body, 200, {"content-type": "application/json"}
    )
    url = there.tool.lms.url("/handlers")
    there.arrive(there.launch("teacher-1", notices=url))
    there.arrive(there.launch("teacher-1", notices=url, context="course-2"))
    assert rosters.sync_due(there.rosters) == 2
    [put] = [one for one in there.tool.lms.asked if one.path == "/handlers"]
    registration = there.tool.registration.id
    assert put.method == "PUT" and put.body == (
        b'{"notice_type": "LtiContextCopyNotice", "handler": "https://relecture.example.org/lti/notices/%s"}'
        % registration.encode()
    )
    there.later(hours=6)
    rosters.sync_due(there.rosters)
    assert there.tool.lms.count("/handlers") == 1


def test_a_platform_that_does_not_take_the_wish_is_synced_all_the_same_and_asked_again(
    there: Term,
) -> None:
    there.arrive(there.launch("teacher-1", notices=there.tool.lms.url("/handlers")))
    assert (
        rosters.sync_due(there.rosters) == 1
        and context(there).learners == 29
        and context(there).notices_at is None
    )
    there.tool.lms.routes["/handlers"] = lambda _: Reply(b"", 200)
    there.later(hours=6)
    rosters.sync_due(there.rosters)
    assert context(there).notices_at == there.now()
