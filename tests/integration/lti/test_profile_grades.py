"""Grades with each LMS whose manners the practice platform has: where they come to stand, and where
none may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.lti.roads import GROCERY, WINDOW, Road, road
from tests.integration.lti.test_profiles import GRADED, by_hand, of, place

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Road]:
    """A road, connected, in the manner that the test is run for."""
    with road(tmp_path, request.param) as made:
        made.registration = made.connect()
        yield made


def lived(there: Road, *users: str) -> None:
    """They follow the first link, and live its experience to the end."""
    for user in users or ("student-3",):
        there.open(user)
        there.live(user)


@of("relecture", "brightspace", "sakai")
def test_a_teacher_is_asked_what_counts_and_is_taken_at_their_word(there: Road) -> None:
    query = GRADED.get(there.campus.profile.name, {})
    assert 'name="counts"' in there.browser().place(**query).page.text
    place(there)
    assert len(there.campus.links) == 1 and there.campus.links["link-1"].grade is not None


@of("relecture", "open-edx", "brightspace", "sakai")
def test_what_a_learner_lives_comes_to_stand_in_the_column_that_came_with_the_link(
    there: Road,
) -> None:
    place(there)
    lived(there)
    there.send_scores()
    assert there.grades("student-3") == [50] and there.made != ["posted"]
    assert there.state == "well"


@of("relecture", "moodle", "open-edx", "brightspace", "sakai")
def test_a_grade_grows_with_the_debrief(there: Road) -> None:
    place(there)
    lived(there)
    there.send_scores()
    there.answer_next("student-3")
    there.send_scores()
    [grade] = there.grades("student-3")
    assert grade is not None and grade > 50 and there.state == "well"


@of("relecture", "moodle", "canvas", "open-edx", "brightspace", "sakai")
def test_where_an_administrator_switched_grades_off_no_column_is_ever_made(there: Road) -> None:
    there.change(f"/tools/{there.registration.client_id}", grades="off")
    there.choose(WINDOW)
    lived(there)
    there.send_scores()
    there.house.clock.later(days=1)
    there.send_scores()
    assert there.campus.book.columns == {} and there.state == "well"


@of("relecture", "open-edx", "brightspace")
def test_who_wants_no_grade_gets_no_column(there: Road) -> None:
    query = {"canvas": {"placement": "link_selection"}}.get(there.campus.profile.name, {})
    there.browser().place(**query).choose(WINDOW, counts="none")
    lived(there)
    there.send_scores()
    # Open edX has a column for each block that is opened, whatever a tool says.
    expected = {"open-edx": ["own"]}.get(there.campus.profile.name, [])
    assert there.made == expected and there.state == "well"


@of("open-edx")
def test_a_link_added_by_hand_gets_no_column_that_nobody_asked_for(there: Road) -> None:
    by_hand(there)
    lived(there)
    there.send_scores()
    assert "posted" not in there.made and there.state == "well"


@of("sakai")
def test_a_column_that_a_teacher_deleted_is_not_made_anew(there: Road) -> None:
    place(there)
    lived(there)
    [number] = there.campus.book.columns
    there.change("/gradebook", drop=str(number))
    there.send_scores()
    there.house.clock.later(days=1)
    there.send_scores()
    assert "posted" not in there.made and there.state == "well"


@of("brightspace", "sakai")
def test_several_experiences_have_a_column_each(there: Road) -> None:
    for module in (WINDOW, GROCERY):
        place(there, module)
    for link, module in enumerate((WINDOW, GROCERY), 1):
        there.open("student-3", link)
        there.live("student-3", module)
    there.send_scores()
    assert there.grades("student-3") == [50, 50] and "posted" not in there.made


@of("relecture", "open-edx", "brightspace")
def test_a_token_that_the_platform_no_longer_knows_is_asked_for_anew(there: Road) -> None:
    place(there)
    lived(there, "student-4")
    there.send_scores()
    there.campus.forget_tokens()
    there.house.clock.later(minutes=10)
    lived(there, "student-3")
    there.send_scores()
    assert there.grades("student-3") == [50] and there.state == "well"
