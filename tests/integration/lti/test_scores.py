"""Scores reach the gradebook weeks after the launch, when something changed, in order, whatever
went wrong meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.courses import slotting
from engine.delivery import outbox
from engine.journey import answering, playing
from engine.journey.answering import Asking
from engine.journey.joining import learner_of
from engine.storage.claims import claim_news
from engine.storage.tables import Course, Enrolment, LtiLink, LtiRegistration, Outbox, Placement
from lti.campus import gradebook, roster
from lti.campus.clients import DEPLOYMENT
from lti.courses import placed, privacy, rosters, scores
from lti.courses.arrivals import Arrival, LaunchTarget
from lti.launch.deep_linking import Item, ItemGrade
from lti.platforms import health
from lti.services import ags
from lti.services.ags import Attempt
from lti.wire import names
from lti.wire.http import Answer, Http
from tests import builders
from tests.builders import work
from tests.integration.lti.lms import TEACHER, Lms
from tests.integration.lti.terms import Term, comment, term

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Term]:
    with term(tmp_path, lms) as made:
        yield made


def set_registration(there: Term, **values: object) -> None:
    with there.tool.db.write("town") as unit:
        unit.execute(update(LtiRegistration).values(**values))
        unit.commit()


def course_of(unit: Session) -> Course:
    return unit.scalars(select(Course)).one()


def go_away(there: Term) -> None:
    """The platform answers nothing any more: its addresses lead to a closed port."""
    with there.tool.db.write("town") as unit:
        unit.execute(update(LtiLink).values(line_item="http://127.0.0.1:9/items/1"))
        unit.commit()


def test_a_share_of_both_grows_for_weeks_and_ends_complete(there: Term) -> None:
    lea = there.arrive(there.launch())
    assert there.send() == outbox.NewsCounts(), "nothing is lived yet"
    there.live(lea)
    assert there.send() == outbox.NewsCounts(told=1)
    mark = there.mark()
    assert mark is not None and (mark.given, mark.maximum, mark.activity, mark.grading) == (
        50,
        100,
        "InProgress",
        "FullyGraded",
    )
    assert mark.comment == "fr InProgress 0.5"
    stamps, given = [mark.timestamp], [50.0]
    while there.answer_next(lea):
        there.send()
        mark = there.mark()
        assert mark is not None and mark.given is not None
        if mark.timestamp != stamps[-1]:
            stamps.append(mark.timestamp)
            given.append(mark.given)
    assert stamps == sorted(set(stamps)) and given == sorted(given) and len(given) > 3
    assert given[-1] == 100 and mark.activity == "Completed"
    assert there.now() - builders.MONDAY > timedelta(weeks=6)
    [column] = there.campus.book.columns.values()
    assert (column.resource_id, column.tag, column.link, column.label) == (
        "starter/la-vitrine",
        "both",
        "link-1",
        "Semaine 3",
    )


def test_who_lives_elsewhere_too_and_is_erased_here_leaves_no_score(there: Term) -> None:
    lea = there.arrive(there.launch())
    there.live(lea)
    there.send()
    assert [score.account for score in there.scores()] == [lea.account.id]
    with there.tool.db.write("town") as unit:
        learner_of(unit, lea.account.id).account.password_hash = "one of their own"
        unit.commit()
    privacy.erase_person(
        there.rosters.units, "town", there.scores()[0].registration, lea.account.id
    )
    assert there.scores() == []


@pytest.mark.parametrize(
    ("counts", "first", "last"),
    [
        ("finished", (100, "Completed", "FullyGraded"), (100, "Completed")),
        ("complete", None, (100, "Completed")),
    ],
)
def test_what_counts_is_what_the_teacher_chose(
    there: Term, counts: str, first: tuple[object, ...] | None, last: tuple[object, ...]
) -> None:
    lea = there.arrive(there.launch(counts=counts))
    there.live(lea)
    there.send()
    mark = there.mark()
    assert (mark and (mark.given, mark.activity, mark.grading)) == first, "no empty mark is sent"
    while there.answer_next(lea):
        there.send()
    mark = there.mark()
    assert mark is not None and (mark.given, mark.activity) == last


def test_only_what_changed_is_sent(there: Term) -> None:
    lea = there.arrive(there.launch(counts="finished"))
    there.live(lea)
    there.send()
    first = there.mark()
    there.answer_next(lea)
    assert there.outbox().state == "waiting"
    there.send()
    assert there.mark() == first and there.outbox().state == "done"
    assert there.send() == outbox.NewsCounts()


def test_an_answer_taken_back_takes_its_share_back(there: Term) -> None:
    lea = there.arrive(there.launch())
    lived = there.live(lea)
    there.answer_next(lea)
    there.send()
    assert (there.mark() or pytest.fail()).given > 50
    with there.tool.db.write("town") as unit:
        answering.undo(
            work(unit, library=there.library, now=there.now(), rng=there.rosters.units.rng),
            lea.account.id,
            Asking(1, lived, "lundi", 1),
        )
        unit.commit()
    there.later(minutes=1)
    there.send()
    assert (there.mark() or pytest.fail()).given == 50


def test_scores_stay_in_order_when_the_clock_goes_back(there: Term) -> None:
    lea = there.arrive(there.launch())
    there.live(lea)
    there.send()
    before = there.mark()
    there.answer_next(lea)
    there.tool.now = builders.MONDAY - timedelta(seconds=30)
    assert there.send().told == 1
    after = there.mark()
    assert before and after and after.timestamp > before.timestamp and after.given != before.given


def test_a_link_to_the_whole_course_counts_the_mean_of_what_is_placed(there: Term) -> None:
    there.place("Le cours")
    lea = there.arrive(there.launch())
    there.arrive(there.launch(link="link-2"), LaunchTarget("course"))
    there.live(lea)
    there.send()
    assert [(score.link, score.share) for score in there.scores()] == [
        ("link-1", 0.5),
        ("link-2", 0.5),
    ]
    assert {column.resource_id for column in there.campus.book.columns.values()} == {
        "starter/la-vitrine",
        "course",
    }


def test_a_teacher_and_who_left_get_no_score(there: Term) -> None:
    lea = there.arrive(there.launch())
    there.live(lea)
    there.campus.roster = roster.left(there.campus.roster, "student-3")
    there.later(hours=1)
    rosters.sync(there.rosters, there.tool.registration, there.key)
    there.send()
    assert there.mark() is None and there.outbox().state == "done"


def test_who_came_from_no_platform_makes_no_news(there: Term) -> None:
    with there.tool.db.write("town") as unit:
        course = builders.course(unit)
        who = builders.learner(unit, there.library, course)
        builders.lived(unit, builders.World(there.tool.db, there.library), who, course)
        unit.commit()
        assert unit.scalars(select(Outbox)).all() == []


def test_a_platform_that_is_away_is_asked_again_for_days_and_gets_what_it_missed(
    there: Term,
) -> None:
    lea = there.arrive(there.launch(counts="finished"))
    there.live(lea)
    go_away(there)
    waits = []
    while there.outbox().state != "parked":
        assert there.send() == outbox.NewsCounts(failed=1)
        row = there.outbox()
        if row.next_at is not None:
            waits.append(row.next_at - there.now())
            assert there.send() == outbox.NewsCounts(), "not before its time"
            there.tool.now = row.next_at
    assert len(waits) == len(outbox.WAITS) and timedelta(days=6) < sum(
        waits, timedelta()
    ) < timedelta(days=10)
    with there.tool.db.write("town") as unit:
        [(enrolment, reason)] = outbox.parked(unit)
        assert reason.code.startswith("fetch-") and enrolment == there.outbox().enrolment
        unit.execute(update(LtiLink).values(line_item=None))
        assert outbox.try_again(unit) == 1
        unit.commit()
    assert there.send() == outbox.NewsCounts(told=1)
    assert (there.mark() or pytest.fail()).given == 100


def test_a_platform_that_is_away_is_called_once_a_batch(there: Term) -> None:
    for n in range(3, 8):
        there.live(there.arrive(there.launch(f"student-{n}")))
    go_away(there)
    teller = scores.teller(there.tool.caller, comment)
    with there.tool.db.write("town") as door:
        keys = claim_news(door, there.wall(), "worker-1", timedelta(minutes=10), 10)
    troubles = [teller(key) for key in keys]
    assert len(troubles) == 5 and all(trouble is troubles[0] for trouble in troubles)


def test_a_score_refused_for_a_person_is_their_matter_and_the_connection_is_well(
    there: Term,
) -> None:
    lea = there.arrive(there.launch("nobody-there"))
    there.live(lea)
    assert there.send() == outbox.NewsCounts(failed=1)
    with there.tool.db.read("town") as unit:
        [(_, reason)] = outbox.parked(unit)
        well = health.connection(unit, there.tool.registration.id)
        [(name, told)] = (placed.in_platforms(unit, course_of(unit)) or pytest.fail()).refused
    assert reason.as_json() == {
        "code": "score-refused",
        "params": {"status": 404, "said": "nobody-there is no member of this course"},
    }
    assert (name, told) == (lea.account.name, reason)
    assert well.error is None and well.state == "well"
    there.answer_next(lea)
    assert there.outbox().state == "waiting", "what is new is tried anew"


def test_a_registration_that_is_off_waits_from_day_to_day_for_a_week(there: Term) -> None:
    lea = there.arrive(there.launch())
    there.live(lea)
    set_registration(there, enabled=False)
    there.send()
    wait = (there.outbox().next_at or there.now()) - there.now()
    assert timedelta(hours=19) < wait < timedelta(hours=29) and there.mark() is None
    set_registration(there, enabled=True)
    there.later(days=2)
    there.send()
    assert there.mark() is not None
    set_registration(there, enabled=False)
    there.answer_next(lea)
    for _ in range(8):
        there.send()
        there.later(days=2)
    assert there.outbox().state == "parked"


def test_news_that_come_while_a_score_is_sent_are_sent_next(there: Term) -> None:
    lea = there.arrive(there.launch())
    there.live(lea)
    meanwhile = iter([True])

    def answering_meanwhile(grade: scores.Grade, language: str) -> str:
        if next(meanwhile, False):
            there.answer_next(lea)
        return comment(grade, language)

    scores.send_scores(there.tool.caller, "worker-1", answering_meanwhile)
    assert (there.mark() or pytest.fail()).given == 50 and there.outbox().state == "waiting"
    there.send()
    assert (there.mark() or pytest.fail()).given > 50 and there.outbox().state == "done"


def test_two_workers_never_hold_the_same_news_and_a_dead_one_loses_it(there: Term) -> None:
    there.live(there.arrive(there.launch()))
    lease = timedelta(minutes=10)

    def claim(owner: str) -> int:
        with there.tool.db.write("town") as door:
            found = claim_news(door, there.wall(), owner, lease, 5)
            door.commit()
            return len(found)

    assert [claim("a"), claim("b")] == [1, 0]
    there.later(minutes=11)
    assert [claim("b"), claim("a")] == [1, 0]


def test_news_survive_the_worker(there: Term) -> None:
    there.live(there.arrive(there.launch()))

    def dying(_grade: scores.Grade, _language: str) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scores.send_scores(there.tool.caller, "worker-1", dying)
    assert there.send() == outbox.NewsCounts()
    there.later(minutes=11)
    assert there.send() == outbox.NewsCounts(told=1)
    assert there.mark() is not None


def test_a_bad_row_does_not_hold_up_the_others(there: Term) -> None:
    for n in (3, 4):
        there.live(there.arrive(there.launch(f"student-{n}")))
    broken = iter([True])

    def once_broken(grade: scores.Grade, language: str) -> str:
        if next(broken, False):
            raise ValueError("a fault of ours")
        return comment(grade, language)

    assert scores.send_scores(there.tool.caller, "worker-1", once_broken) == outbox.NewsCounts(
        told=1, failed=1
    )


def test_grading_that_is_switched_on_later_sends_what_everybody_reached(there: Term) -> None:
    for n in (3, 4):
        there.live(there.arrive(there.launch(f"student-{n}", graded=False)))
    assert there.send() == outbox.NewsCounts(told=2) and not there.campus.book.marks
    there.arrive(there.launch("student-3"))
    assert there.send() == outbox.NewsCounts(told=2)
    assert {user for _, user in there.campus.book.marks} == {"student-3", "student-4"}
    there.arrive(there.launch("student-4"))
    assert there.send() == outbox.NewsCounts()


def test_a_column_made_anew_gets_the_scores_again(there: Term) -> None:
    there.live(there.arrive(there.launch()))
    there.send()
    client = there.campus.clients[there.tool.registration.client_id]
    with there.campus.lock:
        there.campus.book = gradebook.removed(there.campus.book, 1)
        there.campus.book, column = gradebook.added(
            there.campus.book, {"label": "Anew", "scoreMaximum": 20}, client.id, {}
        )
    there.later(minutes=1)
    there.arrive(there.launch(column=column.url(there.campus.base)))
    assert there.send() == outbox.NewsCounts(told=1)
    assert there.mark(column=2) is not None


def test_a_token_that_is_refused_is_the_connection_s_matter_and_nobody_s(there: Term) -> None:
    there.live(there.arrive(there.launch()))
    there.send()
    there.tool.caller.tokens.forget(there.tool.registration, [names.SCOPE_SCORE])
    set_registration(there, client_id="another")
    lea = there.arrive(there.launch())
    there.answer_next(lea)
    there.send()
    with there.tool.db.read("town") as unit:
        [(_, reason)] = outbox.parked(unit)
        connection = health.connection(unit, there.tool.registration.id)
    assert reason.code == "service-answered" and connection.state == "failing"


@dataclass
class Meanwhile:
    """The platform's HTTP, and what happens once while it is asked for its columns."""

    http: Http
    happen: Callable[[], object]
    happened: bool = False

    def send(self, method: str, url: str, **more: Any) -> Answer:
        if "/lineitems" in url and not self.happened:
            self.happened = True
            self.happen()
        return self.http.send(method, url, **more)

    def check(self, url: str) -> None:
        self.http.check(url)


def test_what_a_launch_names_while_a_column_is_looked_for_stands(there: Term) -> None:
    there.live(there.arrive(there.launch()))
    client = there.tool.registration.client_id
    there.campus.book, theirs = gradebook.added(
        there.campus.book, {"label": "Theirs", "scoreMaximum": 20}, client, {}
    )
    named = theirs.url(there.campus.base)
    caller = there.tool.caller
    http = Meanwhile(caller.http, lambda: there.arrive(there.launch(column=named)))
    scores.send_scores(replace(caller, http=http), "worker-1", comment)
    with there.tool.db.read("town") as unit:
        link = unit.scalars(select(LtiLink)).one()
    assert (link.line_item, link.graded) == (named, True)
    assert there.mark(column=theirs.number) is not None


def columns(there: Term) -> list[str]:
    return [column.label for column in there.campus.book.columns.values()]


@pytest.mark.parametrize("product", ["moodle", "canvas", "Moodle", "desire2learn", "sakai"])
def test_no_column_is_made_where_the_platform_would_have_made_it(there: Term, product: str) -> None:
    """There, a launch that names no column says that the teacher wants none."""
    there.live(there.arrive(there.launch(product=product)))
    assert there.send() == outbox.NewsCounts(told=1)
    assert columns(there) == []


@pytest.mark.parametrize("counts", ["", "none"])
def test_no_column_is_made_for_a_link_whose_teacher_chose_no_grade(
    there: Term, counts: str
) -> None:
    there.live(there.arrive(there.launch(counts=counts)))
    there.send()
    assert columns(there) == []


def test_a_column_that_somebody_removed_is_not_made_again(there: Term) -> None:
    lea = there.arrive(there.launch())
    there.live(lea)
    there.send()
    with there.campus.lock:
        there.campus.book = gradebook.removed(there.campus.book, 1)
    while there.answer_next(lea):
        assert there.send().failed == 0
    assert columns(there) == []
    with there.tool.db.read("town") as unit:
        link = unit.scalars(select(LtiLink)).one()
        well = health.connection(unit, there.tool.registration.id)
    assert (link.graded, link.line_item) == (False, None) and well.error is None


def teacher_places(there: Term) -> Course:
    """A teacher places an experience by Deep Linking, and the platform makes its column; nobody
    follows the link. The course of ours that it is in."""
    item = Item(
        "https://relecture.example.org/lti/to/experience",
        "La vitrine",
        grade=ItemGrade(100, "La vitrine", "starter/la-vitrine", "both"),
        custom={"module": "starter/la-vitrine"},
    )
    teacher = there.launch("teacher-1", roles=(TEACHER,))
    there.arrive(replace(teacher, message="deep-linking", resource_link=None))
    with there.tool.db.write("town") as unit:
        course = course_of(unit)
        at = there.tool.registration.id, DEPLOYMENT
        placed.note_placed(work(unit, library=there.library), *at, course, [item])
        slotting.ensure_placed(work(unit, library=there.library), course, "starter/la-vitrine", "")
        unit.commit()
    with there.campus.lock:
        there.campus.book, _ = gradebook.added(
            there.campus.book,
            {"label": "La vitrine", "scoreMaximum": 100, "resourceId": "starter/la-vitrine"},
            there.tool.registration.client_id,
            {},
        )
    return course


def lived_from_home(there: Term) -> Arrival:
    """Léa comes by the link to the whole course, and lives the experience from her home page."""
    there.place("Le cours")
    lea = there.arrive(there.launch(link="link-2", counts="none"), LaunchTarget("course"))
    with there.tool.db.read("town") as unit:
        section = unit.scalars(select(Placement.section)).one()
    there.live(replace(lea, section=section))
    return lea


def test_an_experience_is_graded_though_nobody_opened_its_link(there: Term) -> None:
    teacher_places(there)
    lea = lived_from_home(there)
    assert there.send() == outbox.NewsCounts(told=1)
    assert (there.mark() or pytest.fail()).given == 50
    [column] = there.campus.book.columns
    url = there.campus.book.columns[column].url(there.campus.base)
    there.arrive(there.launch(column=url, product="moodle"))
    assert [score.link for score in there.scores()] == ["link-1"], "the link takes over its score"
    there.answer_next(lea)
    there.send()
    assert (there.mark() or pytest.fail()).given > 50 and len(columns(there)) == 1


def test_a_placed_link_whose_column_is_nowhere_gets_none(there: Term) -> None:
    teacher_places(there)
    with there.campus.lock:
        there.campus.book = gradebook.removed(there.campus.book, 1)
    lived_from_home(there)
    assert there.send() == outbox.NewsCounts(told=1)
    assert columns(there) == []


def test_canvas_is_told_that_a_score_has_grown_and_when_it_was_earned(there: Term) -> None:
    set_registration(there, product="canvas")
    lea = there.arrive(there.launch())
    there.live(lea)
    there.later(days=1)

    def attempt() -> Attempt | None:
        with there.tool.db.read("town") as unit:
            lived = unit.scalars(select(Enrolment.id)).one()
            [due] = scores.scores_due(work(unit, library=there.library), lived)
            return due.attempt

    finished = there.now() - timedelta(days=1)
    assert attempt() == Attempt(finished, first=True)
    there.send()
    there.answer_next(lea)
    assert attempt() == Attempt(finished, first=False)


def test_the_column_that_a_launch_names_is_used_with_its_query(there: Term) -> None:
    client = there.campus.clients[there.tool.registration.client_id]
    there.campus.book, column = gradebook.added(
        there.campus.book, {"label": "Theirs", "scoreMaximum": 20}, client.id, {}
    )
    assert "?type_id=" in column.url(there.campus.base)
    there.live(there.arrive(there.launch(column=column.url(there.campus.base))))
    there.send()
    assert there.mark(column=column.number) is not None and len(there.campus.book.columns) == 1


def test_what_the_gradebook_says_is_read_back(there: Term) -> None:
    there.live(there.arrive(there.launch()))
    there.send()
    with there.tool.db.read("town") as unit:
        column = unit.scalars(select(LtiLink.line_item)).one()
    [result] = ags.results(there.tool.caller, there.tool.registration, column)
    assert (result.user, result.score, result.maximum) == ("student-3", 50, 100)


def test_an_experience_that_goes_on_in_two_courses_counts_in_both(there: Term) -> None:
    there.place("Ailleurs")
    lea = there.arrive(there.launch())
    there.arrive(there.launch(link="link-2", context="course-2"))
    there.live(lea)
    there.send()
    assert [(score.link, score.share) for score in there.scores()] == [
        ("link-1", 0.5),
        ("link-2", 0.5),
    ]


def test_acts_before_the_end_are_no_news(there: Term) -> None:
    lea = there.arrive(there.launch())
    with there.tool.db.write("town") as unit:
        who = learner_of(unit, lea.account.id)
        who.contract_at = there.now()
        assert lea.course is not None and lea.section is not None
        begun = playing.begin(
            work(unit, library=there.library, now=there.now()),
            who,
            lea.course.id,
            lea.section,
        )
        playing.act(
            work(unit, library=there.library, now=there.now(), rng=there.rosters.units.rng),
            who,
            begun.id,
            1,
            {"choice": "nadia"},
        )
        assert unit.scalars(select(Outbox)).all() == []
