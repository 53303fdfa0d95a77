"""What a launch changes of what is known: an account, a course's services, a link, the health."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lti.courses.contexts import ContextServices, PlatformLink
from lti.courses.people import KnownAccount, LocaleDefaults
from lti.launch.values import (
    GradeService,
    GroupService,
    Launch,
    NoticeService,
    ResourceLink,
    RosterService,
    User,
)
from lti.platforms.registrations import NEWS, LaunchHealth
from lti.wire import names
from tests.fakes import MONDAY

AT = "https://lms.example.org"
LAUNCH = Launch("town", "r", "d", "resource-link", AT, User("user-7"), ())
KNOWN = ContextServices(f"{AT}/members", f"{AT}/items", f"{AT}/groups", f"{AT}/notices", MONDAY)
COPIES = (names.CONTEXT_COPY_NOTICE,)

urls = st.none() | st.sampled_from(["a", "b"]).map(lambda word: f"{AT}/{word}")
moments = st.none() | st.integers(0, 200).map(lambda n: MONDAY + timedelta(seconds=n))
services = st.builds(ContextServices, urls, urls, urls, urls, moments, moments)


@given(services)
def test_a_launch_that_names_no_service_forgets_none(known: ContextServices) -> None:
    after = known.learned(LAUNCH, MONDAY)
    assert replace(after, sync_at=None) == replace(known, sync_at=None)
    asked = known.roster_url or known.notices_url
    assert after.sync_at == (known.sync_at or (MONDAY if asked else None))


def test_services_are_where_the_last_launch_says() -> None:
    launch = replace(
        LAUNCH,
        roster=RosterService(f"{AT}/2/members"),
        grades=GradeService((), f"{AT}/2/items", None),
        groups=GroupService(f"{AT}/2/groups", None, ()),
        notices=NoticeService(f"{AT}/2/notices", (), COPIES),
    )
    assert KNOWN.learned(launch, MONDAY) == ContextServices(
        f"{AT}/2/members", f"{AT}/2/items", f"{AT}/2/groups", f"{AT}/2/notices", None, MONDAY
    )


def test_copies_are_asked_for_once_at_one_address_and_only_where_they_are_told() -> None:
    same = replace(LAUNCH, notices=NoticeService(f"{AT}/notices", (), COPIES))
    assert KNOWN.learned(same, MONDAY).notices_at == MONDAY
    silent = replace(LAUNCH, notices=NoticeService(f"{AT}/2/notices", (), ()))
    assert KNOWN.learned(silent, MONDAY).notices_url == f"{AT}/notices"


def link(launch: Launch, before: PlatformLink, items: str | None = f"{AT}/items") -> PlatformLink:
    return before.learned(launch, items)


NEW = PlatformLink("course-1", "experience", "starter/la-vitrine")
SCORES = (names.SCOPE_SCORE,)


def test_a_link_keeps_its_title_until_a_launch_says_another() -> None:
    assert link(LAUNCH, replace(NEW, title="Semaine 3")).title == "Semaine 3"
    other = replace(LAUNCH, resource_link=ResourceLink("link-1", "x" * 300))
    assert link(other, replace(NEW, title="Semaine 3")).title == "x" * 200


def test_a_link_is_graded_where_scores_are_taken_and_a_column_is_or_can_be_made() -> None:
    def graded(scopes: tuple[str, ...], column: str | None, items: str | None, **said: str) -> bool:
        launch = replace(LAUNCH, grades=GradeService(scopes, items, column), custom=said)
        return link(launch, NEW, items).graded

    both = (*SCORES, names.SCOPE_LINE_ITEM)
    assert graded(SCORES, f"{AT}/items/1", None)
    assert graded(both, None, f"{AT}/items", counts="both")
    assert not graded(SCORES, None, f"{AT}/items", counts="both"), "we may make none"
    assert not graded(both, None, f"{AT}/items"), "nobody chose that it counts"
    assert not graded(both, None, None, counts="both")
    assert not graded((), f"{AT}/items/1", f"{AT}/items")
    assert not graded(SCORES, None, f"{AT}/items", counts="none")
    assert graded(SCORES, f"{AT}/items/1", None, counts="none")


def test_a_launch_that_says_nothing_of_grades_changes_none() -> None:
    known = replace(NEW, line_item=f"{AT}/items/1", graded=True)
    assert link(LAUNCH, known) == known


def test_an_account_takes_the_name_and_the_language_that_are_said() -> None:
    lea = KnownAccount("1", 0, "Léa", "fr")
    usual, english = LocaleDefaults(None, "fr", "UTC"), LocaleDefaults("en", "fr", "UTC")
    assert lea.renewed(User("user-7"), usual) == lea
    named = User("user-7", given_name="Léa", family_name="Martin")
    assert lea.renewed(named, english) == KnownAccount("1", 0, "Léa Martin", "en")


@given(moments, moments, st.none() | st.integers(-2, 2), st.integers(0, 300), st.integers(-2, 2))
def test_health_is_noted_unless_a_like_launch_was_within_the_minute(
    launched: datetime | None, failed: datetime | None, before: int | None, later: int, skew: int
) -> None:
    wall = MONDAY + timedelta(seconds=later)
    silent = LaunchHealth(launched, failed, before).says_enough(wall, skew)
    assert silent == (
        launched is not None
        and launched <= wall < launched + NEWS
        and not (failed is not None and failed >= launched)
        and before == skew
    )
