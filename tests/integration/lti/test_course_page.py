"""A course in its LMS, as its teacher looks after it: what counts, scores that got stuck,
members read again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.storage.tables import Enrolment, LtiContext, LtiLink, Outbox
from lti.courses.people import find
from tests.builders import MODULE, PACK
from tests.integration.lti.doors import Guest, Plugged, plugged, teacher
from tests.integration.lti.lms import NOW, Lms
from tests.integration.lti.test_door import joined

pytestmark = pytest.mark.both_databases


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    return plugged(tmp_path, lms)


def at_the_desk(there: Plugged) -> tuple[Guest, str]:
    """A teacher in their course, and the path of its page about the LMS."""
    guest = there.browser()
    page = guest.enter(teacher)
    return guest, f"{guest.where(page)}/platform"


def test_a_teacher_sees_the_links_and_changes_what_counts(there: Plugged) -> None:
    joined(there)
    desk, path = at_the_desk(there)
    assert f'{path}"' in desk.get(path.removesuffix("/platform")).text
    page = desk.get(path).text
    assert "Semaine 3" in page and "Pas encore lus" in page
    with there.house.services.db.read("town") as unit:
        link = unit.scalars(select(LtiLink)).one()
    key = {"registration": link.registration, "deployment": link.deployment, "link": link.link}
    assert desk.send(f"{path}/counts", **key, counts="finished").status_code == 200
    desk.get(path)
    assert desk.send(f"{path}/counts", **key, counts="everything").status_code == 422
    desk.get(path)
    assert (
        desk.send(f"{path}/counts", **{**key, "link": "other"}, counts="finished").status_code
        == 404
    )
    joined(there)
    with there.house.services.db.read("town") as unit:
        assert unit.scalars(select(LtiLink.counts)).one() == "finished"


def test_scores_that_no_gradebook_took_are_seen_and_sent_again(there: Plugged) -> None:
    learner = joined(there)
    assert learner.get("/home").status_code == 200
    desk, path = at_the_desk(there)
    services = there.house.services
    with services.db.write("town") as unit:
        context = unit.scalars(select(LtiContext)).one()
        lived = Enrolment(
            learner=learner_id(there),
            course=context.course,
            section="x",
            pack=PACK,
            version="0.1.0",
            module=MODULE,
            started_at=NOW,
            finished_at=NOW,
        )
        unit.add(lived)
        unit.flush()
        unit.add(Outbox(enrolment=lived.id, state="parked", attempts=9))
        unit.commit()
    assert "n’a pas pris les notes d’une expérience" in desk.get(path).text
    assert "sont en route" in desk.send(f"{path}/scores").text
    with services.db.read("town") as unit:
        assert unit.scalars(select(Outbox.state)).one() == "waiting"


def learner_id(there: Plugged) -> str:
    with there.house.services.db.read("town") as unit:
        found = find(unit, there.registration.id, "user-7")
        assert found is not None
        return found.id


def test_members_are_read_again_when_asked_for(there: Plugged) -> None:
    desk, path = at_the_desk(there)
    services = there.house.services
    with services.db.write("town") as unit:
        unit.scalars(select(LtiContext)).one().sync_at = NOW + timedelta(days=1)
        unit.commit()
    desk.get(path)
    assert "relus d’ici une minute" in desk.send(f"{path}/members").text
    with services.db.read("town") as unit:
        assert unit.scalars(select(LtiContext.sync_at)).one() == NOW


def test_progress_says_how_many_are_in_the_course_and_how_many_have_come(there: Plugged) -> None:
    desk, path = at_the_desk(there)
    progress = f"{path.removesuffix('/platform')}/people"
    assert "dans le cours" not in desk.get(progress).text
    there.browser().enter()
    services = there.house.services
    with services.db.write("town") as unit:
        context = unit.scalars(select(LtiContext)).one()
        context.learners, context.counted_at = 142, NOW
        unit.commit()
    page = desk.get(progress).text
    assert "Personnes dans le cours du LMS : 142 ; venue ici : 1." in page
    assert "contrat pas encore accepté 1" in page and "Léa Martin" in page
    there.browser().enter(lambda claims: claims.update(sub="user-8"))
    assert "Personnes dans le cours du LMS : 142 ; venues ici : 2." in desk.get(progress).text


def test_learners_and_courses_without_an_lms_have_no_such_page(there: Plugged) -> None:
    learner = joined(there)
    _, path = at_the_desk(there)
    assert learner.get(path).status_code == 404
    assert there.browser().visitor.get(path).status_code == 302
