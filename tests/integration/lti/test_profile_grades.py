"""Grades with each LMS whose manners the practice platform has: where they come to stand, and where
none may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lti.campus import roster
from lti.wire import names
from lti.wire.refusals import ServiceRefused
from tests.integration.lti.roads import GROCERY, WINDOW, Road, road
from tests.integration.lti.test_profiles import ALL, GRADED, by_hand, of, place

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


@of(*ALL)
def test_a_teacher_is_asked_what_counts_and_is_taken_at_their_word(there: Road) -> None:
    query = GRADED.get(there.campus.profile.name, {})
    assert 'name="counts"' in there.browser().place(**query).page.text
    place(there)
    assert len(there.campus.links) == 1 and there.campus.links["link-1"].grade is not None


@of(*ALL)
def test_what_a_learner_lives_comes_to_stand_in_the_column_that_came_with_the_link(
    there: Road,
) -> None:
    place(there)
    lived(there)
    there.send_scores()
    assert there.grades("student-3") == [50] and there.made != ["posted"]
    assert there.state == "well"


@of(*ALL)
def test_a_grade_grows_with_the_debrief(there: Road) -> None:
    place(there)
    lived(there)
    there.send_scores()
    there.answer_next("student-3")
    there.send_scores()
    [grade] = there.grades("student-3")
    assert grade is not None and grade > 50 and there.state == "well"


@of("canvas")
def test_a_grade_that_grows_is_one_submission_of_the_day_when_it_was_lived(there: Road) -> None:
    place(there)
    lived(there)
    finished = there.house.clock.now()
    there.send_scores()
    there.answer_next("student-3")
    there.send_scores()
    mark = there.mark("student-3")
    assert (mark.attempts, mark.submitted) == (1, finished)


@of("canvas")
def test_a_column_that_takes_one_submission_takes_a_grade_that_grows(there: Road) -> None:
    place(there)
    book = there.campus.book
    columns = {n: replace(column, attempts=1) for n, column in book.columns.items()}
    there.campus.book = replace(book, columns=columns)
    lived(there)
    there.send_scores()
    there.answer_next("student-3")
    there.send_scores()
    [grade] = there.grades("student-3")
    assert grade is not None and grade > 50 and there.state == "well"


@of(*ALL)
def test_where_an_administrator_switched_grades_off_no_column_is_ever_made(there: Road) -> None:
    there.change(f"/tools/{there.registration.client_id}", grades="off")
    there.choose(WINDOW)
    lived(there)
    there.send_scores()
    there.house.clock.later(days=1)
    there.send_scores()
    assert there.campus.book.columns == {} and there.state == "well"


@of("moodle")
def test_where_a_teacher_accepts_no_grades_no_column_is_ever_made(there: Road) -> None:
    place(there)
    there.change("/links/link-1/grades", grades="off")
    lived(there)
    there.send_scores()
    there.house.clock.later(days=1)
    there.send_scores()
    assert there.campus.book.columns == {} and there.state == "well"


@of("relecture", "moodle", "canvas", "open-edx", "brightspace", "blackboard")
def test_who_wants_no_grade_gets_no_column(there: Road) -> None:
    query = {"canvas": {"placement": "link_selection"}}.get(there.campus.profile.name, {})
    there.browser().place(**query).choose(WINDOW, counts="none")
    lived(there)
    there.send_scores()
    # Open edX has a column for each block that is opened, whatever a tool says.
    expected = {"open-edx": ["own"]}.get(there.campus.profile.name, [])
    assert there.made == expected and there.state == "well"


@of("moodle", "canvas", "open-edx")
def test_a_link_added_by_hand_gets_no_column_that_nobody_asked_for(there: Road) -> None:
    by_hand(there)
    lived(there)
    there.send_scores()
    assert "posted" not in there.made and there.state == "well"


@of("moodle")
def test_a_column_that_a_teacher_adds_later_is_found_and_not_doubled(there: Road) -> None:
    by_hand(there)
    lived(there)
    there.change("/links/link-1/grades", grades="on")
    there.send_scores()
    there.open("student-4")
    there.send_scores()
    assert there.made == ["own"] and there.grades("student-3") == [50]


@of("canvas")
def test_links_that_are_no_assignments_never_become_one_behind_a_teachers_back(
    there: Road,
) -> None:
    answer = there.choose(WINDOW, GROCERY, placement="link_selection")
    assert answer.status == 200 and len(there.campus.links) == 2
    lived(there)
    there.send_scores()
    assert there.campus.book.columns == {} and there.state == "well"


@of(*ALL)
def test_a_score_that_is_refused_for_one_person_is_their_matter_alone(there: Road) -> None:
    place(there)
    lived(there, "student-4")
    there.send_scores()
    lived(there, "student-3")
    there.campus.roster = roster.left(there.campus.roster, "student-3")
    there.send_scores()
    assert there.grades("student-3") == [None] and there.grades("student-4") == [50]
    assert there.state == "well"


@of("moodle", "brightspace")
def test_a_teacher_who_came_first_in_the_role_of_a_student_has_no_grade_and_harms_nobody(
    there: Road,
) -> None:
    by_hand(there)
    there.change("/links/link-1/grades", grades="on")
    assert there.open("teacher-1", switched="on").where == "/contract"
    there.live("teacher-1")
    there.send_scores()
    assert not there.campus.book.marks and there.state == "well"


@of(*ALL)
def test_a_column_that_a_teacher_deleted_is_not_made_anew(there: Road) -> None:
    place(there)
    lived(there)
    [number] = there.campus.book.columns
    there.change("/gradebook", drop=str(number))
    there.send_scores()
    there.house.clock.later(days=1)
    there.send_scores()
    assert "posted" not in there.made and there.state == "well"


@of("moodle", "canvas", "brightspace", "blackboard", "sakai")
def test_several_experiences_have_a_column_each(there: Road) -> None:
    for module in (WINDOW, GROCERY):
        place(there, module)
    for link, module in enumerate((WINDOW, GROCERY), 1):
        there.open("student-3", link)
        there.live("student-3", module)
    there.send_scores()
    assert there.grades("student-3") == [50, 50] and "posted" not in there.made


@of("relecture", "open-edx", "brightspace", "sakai")
def test_a_token_that_the_platform_no_longer_knows_is_asked_for_anew(there: Road) -> None:
    place(there)
    lived(there, "student-4")
    there.send_scores()
    there.campus.forget_tokens()
    there.house.clock.later(minutes=10)
    lived(there, "student-3")
    there.send_scores()
    assert there.grades("student-3") == [50] and there.state == "well"


@of("moodle", "open-edx")
def test_a_token_that_opens_nothing_is_not_taken_for_one_that_opens_all(there: Road) -> None:
    there.change(f"/tools/{there.registration.client_id}", grades="off")
    tokens = there.house.services.lti.caller.tokens
    assert tokens.token(there.registration, [names.SCOPE_ROSTER])
    with pytest.raises(ServiceRefused, match="service-scope-missing"):
        tokens.token(there.registration, [names.SCOPE_SCORE])
