"""Every route that changes something, or gives people's data out, is in the audit log; or here is
why not."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask
from sqlalchemy import select

from engine.courses import members
from engine.storage.audit import Action
from engine.storage.tables import Account, AuditEntry, Course
from tests import builders
from tests.apps import house
from tests.builders import MONDAY

AUDITED: dict[str, Action] = {
    "admin_deliveries.park": "park",
    "admin_deliveries.retry": "retry",
    "admin_deliveries.retry_all": "retry",
    "admin_organisation.change": "settings",
    "admin_organisation.test_mail": "test-mail",
    "admin_organisation.write": "settings",
    "admin_people.invite": "invite",
    "admin_retention.change": "settings",
    "admin_person.do_merge": "merge",
    "admin_person.erase": "erase",
    "admin_person.export": "export",
    "admin_person.roles": "roles",
    "course_life.act": "course",
    "course_words.act": "words",
    "invitations.again": "retry",
    "invitations.invite": "invite",
    "learner.forget": "erase",
    "learner.path_json": "export",
    "lms_connections.add": "connection",
    "lms_connections.change": "connection",
    "lms_connections.delete": "connection",
    "lms_connections.deployments": "connection",
    "lms_connections.erase": "erase",
    "lms_connections.erase_course": "erase",
    "lms_connections.export": "export",
    "lms_connections.export_course": "export",
    "lms_connections.invite": "connection",
    "lms_connections.switch": "connection",
    "lms_inside.privacy_erase": "erase",
    "lms_inside.privacy_export": "export",
    "lms_registering.register": "connection",
    "people.act": "move",
    "people.as_csv": "export",
    "people.as_xlsx": "export",
    "people.remove": "leave-course",
    "people_lists.decide": "invite",
    "setup.begin": "roles",
    "setup.install": "install",
    "setup.set_organisation": "settings",
    "setup.try_mail": "test-mail",
}
OWN = "what a learner says or wishes for themselves: their log of acts and answers has it"
IN = "how somebody comes in: the gate counts the tries"
PLAN = "the plan of a course, nobody's data"
SELF = "a wish about one's own mails"
LMS = "an LMS tells or asks; its own log, and the state of the connection, have it"
ASKED = "asks an LMS again for what it said before; nobody's data changes hands here"
NOT_AUDITED: dict[str, str] = {
    "accepting.accept": IN,
    "accepting.again": IN,
    "account.choose": IN,
    "account.enter": IN,
    "account.language": OWN,
    "account.magic": IN,
    "account.reset": IN,
    "account.sign_out": IN,
    "account.use_magic_link": IN,
    "account.use_reset_link": IN,
    "address.ask": OWN,
    "address.confirm": OWN,
    "announcements.choose": SELF,
    "announcements.switch": PLAN,
    "announcements.unsubscribe": SELF,
    "answer.answer": OWN,
    "answer.early": OWN,
    "answer.snooze": OWN,
    "answer.undo": OWN,
    "cohorts.change": "names of groups; who is moved to one is told under people.act",
    "course_tables.change": "tables are opened and begun; who sits at them is in their log",
    "facilitator.outline": PLAN,
    "facilitator.slot": PLAN,
    "guests.answer": "one line for the learner who gave the link, in the log of their experience",
    "hooks.bounces": "a mail server's word: what it leads to (mail-refused) is told where it is",
    "learner.accept": OWN,
    "learner.set_rhythm": OWN,
    "learner.slow_down": OWN,
    "links.answer": OWN,
    "links.shared": OWN,
    "links.slow_down": OWN,
    "links.undo": OWN,
    "links.unsubscribe": SELF,
    "lms_choosing.nothing": PLAN,
    "lms_choosing.outline": PLAN,
    "lms_choosing.place": PLAN,
    "lms_choosing.place_plan": PLAN,
    "lms_connections.check": ASKED,
    "lms_course.counts": PLAN,
    "lms_course.members": ASKED,
    "lms_course.scores": ASKED,
    "lms_inside.learn": IN,
    "lms_inside.quit_visit": IN,
    "lms_launching.launch": LMS,
    "lms_launching.log_in": LMS,
    "lms_notices.receive": LMS,
    "mondays.stop": SELF,
    "mondays.switch": SELF,
    "outlines.decide": PLAN,
    "outlines.hand_in": PLAN,
    "outlines.hand_in_for": PLAN,
    "people_lists.hand_in": "kept for a day and shown; what comes of it is people_lists.decide",
    "player.act": OWN,
    "player.begin": OWN,
    "player.read_now": OWN,
    "player.take_back": OWN,
    "replanning.keep": PLAN,
    "replanning.undo": PLAN,
    "setup.add_course": PLAN,
    "sharing.of_touch": OWN,
    "sharing.take_back": OWN,
    "tables.change": OWN,
    "tables.sit_down": OWN,
    "trying.go_on": "a rehearsal: nothing is kept",
    "zones.answer": OWN,
}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return house(tmp_path).app


def test_every_route_that_changes_something_is_audited_or_says_why_not(app: Flask) -> None:
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }
    listed = {*AUDITED, *NOT_AUDITED}
    assert changing - listed == set(), "a new route: audit what it does, or say here why not"
    assert {*NOT_AUDITED} <= changing and {*AUDITED} <= {*app.view_functions}
    assert not {*AUDITED} & {*NOT_AUDITED}


@pytest.mark.parametrize("endpoint", AUDITED)
def test_a_route_that_is_audited_writes_that_action(app: Flask, endpoint: str) -> None:
    view = inspect.unwrap(app.view_functions[endpoint])
    source = inspect.getsource(sys.modules[view.__module__])
    action = re.escape(f'"{AUDITED[endpoint]}"')
    assert AUDITED[endpoint] in get_args(Action)
    assert re.search(rf"(audit\.record(_each)?|auditing\.note|_act)\([^)]*{action}", source)


def test_what_a_facilitator_does_with_people_is_told_without_their_addresses(
    tmp_path: Path,
) -> None:
    made = house(tmp_path)
    made.services.library.install(builders.new_pack(builders.PACK), MONDAY)
    ada = made.account(email="ada@example.org", role="facilitator").id
    with made.services.write("town") as work:
        course = builders.course(work.session)
        me = work.session.get_one(Account, ("town", ada))
        members.enrol(work.session, course, me, MONDAY, "facilitator")
        lea = builders.learner(work.session, made.services.library, course, "lea@example.org").id
        work.commit()
    visitor = made.client()
    visitor.sign_in("ada@example.org")
    here = "/courses/course"
    visitor.get(f"{here}/people")
    visitor.post(f"{here}/invitations", {"emails": "noe@example.org"})
    visitor.get(f"{here}/people")
    visitor.post(f"{here}/people", {"do": "move", "who": [lea], "called": "Green"})
    visitor.get(f"{here}/people.csv")
    visitor.get(f"{here}/people")
    visitor.post(f"{here}/people/removed", {"do": "remove", "who": [lea], "count": "1"})
    visitor.get(f"{here}/life")
    visitor.post(f"{here}/life/end", {"at_end": "finish"})
    with made.services.db.read("town") as unit:
        told = unit.scalars(select(AuditEntry).order_by(AuditEntry.at)).all()
        assert unit.scalars(select(Course)).one().ended_at is not None
    assert {(one.action, one.by, one.about) for one in told} == {
        ("invite", ada, None),
        ("move", ada, lea),
        ("export", ada, None),
        ("leave-course", ada, lea),
        ("course", ada, None),
    }
    assert not [one for one in told if "@" in str(one.detail)]


def test_who_takes_and_erases_their_own_data_is_told_by_an_id_that_leads_to_nobody(
    tmp_path: Path,
) -> None:
    made = house(tmp_path)
    lea = made.account(email="lea@example.org").id
    visitor = made.client()
    visitor.sign_in("lea@example.org")
    assert visitor.get("/path.json").status_code == 200
    visitor.get("/leave")
    visitor.post("/leave", {"sure": "yes"})
    with made.services.db.read("town") as unit:
        told = unit.scalars(select(AuditEntry).order_by(AuditEntry.at)).all()
        assert unit.get(Account, ("town", lea)) is None
    assert {(one.action, one.by, one.about) for one in told} == {
        ("export", lea, lea),
        ("erase", lea, lea),
    }
    assert [one.detail for one in told] == [{}, {}]
