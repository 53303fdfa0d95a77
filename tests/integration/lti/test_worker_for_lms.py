"""The worker's tick for LMSs: keys of the right age, nothing kept for long, one failing job
holding up no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from engine.journey import joining
from engine.journey.joining import learner_of
from engine.storage.tables import Course, Learner, LtiContext, LtiState, LtiToolKey, LtiVisit
from lti.courses.scoring import Grade
from lti.wire import names
from tests import builders
from tests.builders import DEFAULTS, work
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import Lms, Reply
from web import worker
from web.words.comments import comment

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    made = plugged(tmp_path, lms)
    lms.routes["/token"] = lambda _: Reply.json({"access_token": "token-1", "token_type": "Bearer"})
    return made


def rows(there: Plugged, table: type) -> int:
    with there.house.services.db.across("worker-claim") as door:
        return door.scalars(select(func.count()).select_from(table)).one()


def here(there: Plugged) -> Any:
    """The launch names services of the test's own platform."""

    def change(claims: dict[str, Any]) -> None:
        claims[names.AGS] = {
            "scope": [names.SCOPE_SCORE],
            "lineitem": there.lms.url("/items/1?type_id=1"),
        }
        claims[names.NRPS] = {"context_memberships_url": there.lms.url("/members")}

    return change


def lived(there: Plugged) -> None:
    """Whoever came lived the experience."""
    services = there.house.services
    with services.db.write("town") as unit:
        who = learner_of(unit, unit.scalars(select(Learner.id)).one())
        joining.accept_contract(work(unit, now=services.clock.now()), who)
        joining.set_preferences(
            work(unit, library=services.library, now=services.clock.now(), rng=services.rng),
            who,
            replace(DEFAULTS, channel="inbox"),
        )
        world = builders.World(services.db, services.library, now=services.clock.now())
        course = unit.scalars(select(LtiContext.course)).one()
        builders.lived(
            unit, world, who, unit.get_one(Course, ("town", course)), section=builders.MODULE
        )
        unit.commit()


def test_a_tick_sends_scores_and_syncs_rosters(there: Plugged) -> None:
    there.browser().enter(here(there))
    lived(there)
    there.lms.routes["/items/1/scores"] = lambda _: Reply(b"", 200)
    there.lms.routes["/members"] = lambda _: Reply.json(
        {"members": [{"user_id": "user-7"}, {"user_id": "user-8"}]}
    )
    counts = worker.tick(there.house.services)
    assert (counts.told, counts.untold, counts.synced) == (1, 0, 1)
    posted = next(asked for asked in there.lms.asked if asked.path == "/items/1/scores")
    assert b"la note monte" in posted.body.decode("unicode_escape").encode() and posted.query == {
        "type_id": ["1"]
    }
    assert rows(there, Learner) == 1, "who is only listed is not stored"
    assert worker.tick(there.house.services) == worker.Counts()


def test_a_job_that_fails_holds_up_no_other(
    there: Plugged, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.browser().enter(here(there))
    lived(there)
    there.lms.routes["/items/1/scores"] = lambda _: Reply(b"", 200)

    def broken(*_args: object) -> None:
        raise RuntimeError("a fault of ours")

    for name in ("expire_due", "open_due", "send_due"):
        monkeypatch.setattr(worker, name, broken)
    assert worker.tick(there.house.services).told == 1


def test_our_two_keys_are_made_at_the_first_tidyings_and_rotated_on_schedule(
    there: Plugged,
) -> None:
    for _ in range(3):
        worker.tidy(there.house.services)
    assert rows(there, LtiToolKey) == 2
    there.house.clock.later(days=91)
    worker.tidy(there.house.services)
    assert rows(there, LtiToolKey) == 3


def test_logins_and_visits_that_are_long_over_are_forgotten(there: Plugged) -> None:
    there.browser().enter()
    worker.tidy(there.house.services)
    assert (rows(there, LtiState), rows(there, LtiVisit)) == (1, 1)
    there.house.clock.later(days=3)
    worker.tidy(there.house.services)
    assert (rows(there, LtiState), rows(there, LtiVisit)) == (0, 0)


def test_a_tick_with_nothing_due_asks_the_same_few_questions_however_much_there_is(
    there: Plugged,
) -> None:
    def questions() -> int:
        asked: list[str] = []
        engine = there.house.services.db.engine
        event.listen(
            engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement)
        )
        worker.tick(there.house.services)
        assert "BEGIN IMMEDIATE" not in asked
        assert all(statement.startswith(("BEGIN", "SELECT")) for statement in asked)
        return sum(not statement.startswith(("BEGIN", "COMMIT")) for statement in asked)

    worker.tick(there.house.services)
    before = questions()
    for n in range(5):
        there.browser().enter(lambda claims, n=n: claims.update(sub=f"user-{n}"))
    worker.tick(there.house.services)
    assert questions() <= before == 17  # one a kind of touch, of table, of mail, of service


@pytest.mark.parametrize(
    ("grade", "english", "french"),
    [
        (Grade(None, "InProgress", "Pending"), "Experience lived", "Expérience vécue"),
        (Grade(0.5, "InProgress", "FullyGraded"), "Under way", "En cours"),
        (Grade(0.5, "Completed", "FullyGraded"), "50%", "50\N{NO-BREAK SPACE}%"),
        (Grade(1.0, "Completed", "FullyGraded"), "Everything", "Tout ce qui compte"),
    ],
)
def test_a_grade_is_told_in_one_sentence_of_the_learners_language(
    grade: Grade, english: str, french: str
) -> None:
    assert english in comment(grade, "en") and french in comment(grade, "fr")
