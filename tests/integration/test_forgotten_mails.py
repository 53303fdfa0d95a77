"""Mails that were never sent on, where one person has an account in two organisations at the same
address: who erases one account keeps the mails of the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.courses import outlines
from engine.journey.forgetting import forget_course
from engine.journey.joining import learner_of
from engine.people import invitations
from engine.storage.tables import Account
from tests import builders
from tests.apps import House, Visitor, house, with_maildir
from tests.builders import MONDAY
from tests.integration.leftovers import holding
from web import worker
from web.site import erasing

pytestmark = pytest.mark.both_databases

ADDRESS = "lea@example.org"


@pytest.fixture
def there(tmp_path: Path) -> House:
    return with_maildir(house(tmp_path, "town", "valley", maildir=str(tmp_path / "mail")))


def invited(there: House, tenant: str) -> Account:
    """Somebody at ``ADDRESS`` with a mail of that organisation."""
    account = there.account(tenant, ADDRESS)
    with there.services.write(tenant) as work:
        course = outlines.import_outline(work.session, builders.outline(), MONDAY)
        course.title = f"Semaine de {tenant}"
        invitations.invite(work, course, [ADDRESS])
        work.commit()
    worker.tick(there.services)
    return account


def signed_in(there: House, account: Account) -> Visitor:
    visitor = there.client()
    with visitor.client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = f"{account.tenant}:{account.id}:0", True
    return visitor


def test_erased_in_one_organisation_one_keeps_the_mails_of_the_other(
    there: House, tmp_path: Path
) -> None:
    town, _valley = invited(there, "town"), invited(there, "valley")
    visitor = signed_in(there, town)
    visitor.get("/leave")
    assert visitor.post("/leave", {"sure": "yes"}).status_code == 303
    kept = holding(tmp_path / "mail", "Semaine de town", "Semaine de valley")
    assert list(kept.values()) == [["Semaine de valley"]]


def test_a_link_that_signs_in_to_both_goes_with_the_account_that_it_names(
    there: House, tmp_path: Path
) -> None:
    town, _valley = invited(there, "town"), invited(there, "valley")
    there.client().post("/sign-in/mail", {"email": ADDRESS})
    assert len(holding(tmp_path / "mail", ADDRESS)) == 3
    visitor = signed_in(there, town)
    visitor.get("/leave")
    visitor.post("/leave", {"sure": "yes"})
    assert len(holding(tmp_path / "mail", ADDRESS)) == 1
    there.client().post("/sign-in/mail", {"email": ADDRESS})
    assert len(holding(tmp_path / "mail", ADDRESS)) == 2, "another one can be asked for"


def test_who_leaves_one_course_keeps_the_invitation_to_the_other(
    there: House, tmp_path: Path
) -> None:
    account = there.account("town", ADDRESS)
    with there.services.write("town") as work:
        for name in ("lundi", "mardi"):
            course = outlines.import_outline(work.session, builders.outline(name), MONDAY)
            course.title = f"Cours du {name}"
            invitations.invite(work, course, [ADDRESS])
        work.commit()
    worker.tick(there.services)
    with there.services.write("town") as work:
        erased = forget_course(work, learner_of(work.session, account.id), course.id)
        work.commit()
    with there.app.app_context():
        erasing.finish([erased])
    kept = holding(tmp_path / "mail", "Cours du lundi", "Cours du mardi")
    assert list(kept.values()) == [["Cours du lundi"]]
