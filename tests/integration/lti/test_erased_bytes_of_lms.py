"""What an LMS erases is in no file any more, to the last byte: a course, all that it brought, or
one person; with mails that were never sent on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select

from engine.courses import members
from engine.people import invitations
from engine.storage.tables import Account, LtiContext
from tests import builders
from tests.apps import with_maildir
from tests.integration.leftovers import holding
from tests.integration.lti.doors import Plugged, plugged
from tests.integration.lti.lms import NOW, TOOL, Lms
from tests.integration.lti.test_connections import Desk, live, sign_in
from tests.integration.lti.test_door import data_privacy
from web import worker

WORDS = ("Léa Martin", "lea@example.org", "mes propres mots")


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Iterator[Plugged]:
    made = plugged(tmp_path, lms, maildir=str(tmp_path / "mail"))
    made.house = with_maildir(made.house)
    yield made
    made.house.services.close()


def lived(there: Plugged, folder: Path) -> Desk:
    """Léa lives an experience, has mail, answers; and is in the files."""
    desk = Desk(there, sign_in(there, "town", "administrator"))
    live(there)
    with there.house.services.db.write("town") as unit:
        lea = unit.scalars(select(Account).where(Account.name == "Léa Martin")).one()
        lea.email = "lea@example.org"
        unit.commit()
    browser = there.browser().visitor
    browser.get("/sign-in/mail", base_url=TOOL)
    browser.post("/sign-in/mail", {"email": "lea@example.org"}, base_url=TOOL)
    assert list((folder / "mail" / "new").iterdir())
    assert {word for held in holding(folder, *WORDS).values() for word in held} == set(WORDS)
    return desk


def test_a_course_that_an_lms_erases_is_in_no_file_any_more(there: Plugged, tmp_path: Path) -> None:
    desk = lived(there, tmp_path)
    with there.house.services.db.read("town") as unit:
        slug = unit.scalars(select(builders.Course.slug)).one()
    assert desk.post(f"/courses/{slug}/erase", sure="yes", called="Économie").status_code == 303
    assert holding(tmp_path, *WORDS) == {}


@pytest.mark.parametrize("way", ["/erase", "/delete"])
def test_all_that_an_lms_brought_is_in_no_file_any_more(
    there: Plugged, tmp_path: Path, way: str
) -> None:
    desk = lived(there, tmp_path)
    form = {"sure": "yes", "called": "lms.example.org", "people": "erase"}
    assert desk.post(way, **form).status_code == 303
    assert holding(tmp_path, *WORDS) == {}


def test_one_person_whom_an_lms_erases_is_in_no_file_any_more(
    there: Plugged, tmp_path: Path
) -> None:
    lived(there, tmp_path)
    officer = there.browser()
    its_own = {"name": "Olga Petit", "email": "olga@example.org"}
    officer.enter(
        data_privacy,
        lambda claims: claims.update(its_own),
        target_link_uri=f"{TOOL}/lti/to/privacy",
    )
    assert "Rien n’est conservé" in officer.send("/lms/privacy/erase", sure="yes").text
    assert holding(tmp_path, *WORDS) == {}


def test_who_is_here_otherwise_too_stays_without_a_word_or_a_mail_of_that_course(
    there: Plugged, tmp_path: Path
) -> None:
    desk = lived(there, tmp_path)
    with there.house.services.db.write("town") as unit:
        lea = unit.scalars(select(Account).where(Account.name == "Léa Martin")).one()
        members.enrol(unit, builders.course(unit, "other"), lea, NOW)
        slug = unit.scalars(select(builders.Course.slug).where(builders.Course.slug != "other"))
        [slug] = slug
        unit.commit()
    assert desk.post(f"/courses/{slug}/erase", sure="yes", called="Économie").status_code == 303
    assert holding(tmp_path, "mes propres mots") == {}
    mails = list((tmp_path / "mail" / "new").iterdir())
    assert len(mails) == 1, "the link to sign in is about the person, who stays"


def test_an_erasing_that_breaks_off_leaves_nothing_of_those_it_reached(
    there: Plugged, tmp_path: Path
) -> None:
    desk = lived(there, tmp_path)

    def break_off(*args: object) -> None:
        if str(args[2]).startswith("DELETE FROM lti_context"):
            raise OSError("the disk is full")

    engine = there.house.services.db.engine
    event.listen(engine, "before_cursor_execute", break_off)
    form = {"sure": "yes", "called": "lms.example.org"}
    with pytest.raises(OSError, match="disk"):
        desk.post("/erase", **form)
    assert holding(tmp_path, *WORDS) == {}
    event.remove(engine, "before_cursor_execute", break_off)
    assert desk.post("/erase", **form).status_code == 303
    assert desk.count(builders.Course) == 0


def test_a_course_without_anybody_takes_its_title_and_its_invitations_along(
    there: Plugged, tmp_path: Path
) -> None:
    desk, stranger = Desk(there, sign_in(there, "town", "administrator")), "noe@example.org"
    with there.house.services.write("town") as work:
        course = builders.outlines.import_outline(work.session, builders.outline("empty"), NOW)
        course.title = "Quokkabelle"
        its = {"registration": desk.id, "deployment": "1", "context": "empty", "opened_at": NOW}
        work.session.add(LtiContext(course=course.id, **its))
        invitations.invite(work, course, [stranger])
        work.commit()
    worker.tick(there.house.services)
    assert list(holding(tmp_path / "mail", stranger).values()) == [[stranger]]
    form = {"sure": "yes", "called": "Quokkabelle"}
    assert desk.post("/courses/empty/erase", **form).status_code == 303
    assert holding(tmp_path, "Quokkabelle", stranger) == {}
