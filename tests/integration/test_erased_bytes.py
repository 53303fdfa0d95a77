"""What was erased is in no file any more, to the last byte: not in the database's file, nor in its
log, nor in a mail, nor in the log of the program, which goes on running."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, redirect_stderr
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from engine.journey import forgetting
from engine.journey.joining import learner_of
from engine.people import gate
from engine.storage import scrubbing
from engine.storage.database import Database
from engine.storage.tables import (
    Account,
    Act,
    Answer,
    Delivery,
    Enrolment,
    LtiRegistration,
    LtiState,
    LtiVisit,
    Memory,
    Outbox,
    Throttle,
    Touch,
)
from tests import builders
from tests.apps import SECRET, House, Visitor, house, with_maildir
from tests.builders import MONDAY
from tests.integration import learners
from tests.integration.commands import run
from tests.integration.learners import FORMS, There, asked
from tests.integration.leftovers import holding
from web import worker
from web.site import erasing, logs, signing

NAME, ADDRESS, ANSWER, ACT = "Quokkabelle", "numbat@wombat.example.org", "Bilby", "Potoroux"
WORDS = (NAME, ADDRESS, ANSWER, ACT)
AGAIN = "Dunnart"
"""What an answer was replaced by."""


@dataclass
class Lived:
    """An installation in which somebody lived, was mailed and answered; and their browser."""

    there: There
    visitor: Visitor
    folder: Path
    touch: Touch

    @property
    def house(self) -> House:
        return self.there.house

    def left(self, *words: str) -> dict[str, list[str]]:
        return holding(self.folder, *(words or WORDS))

    def put(self, *rows: Any) -> None:
        with self.house.services.db.write("town") as unit:
            unit.add_all(rows)
            unit.commit()

    def words_everywhere(self) -> None:
        """The words in every other column that could come to hold some."""
        [one] = self.there.rows(Enrolment)
        self.put(
            Act(table=one.table, number=99, seat=1, said={"text": ACT}, at=MONDAY),
            Memory(enrolment=one.id, takeaway="x", card=f'{{"note": "{ANSWER}"}}'),
            Outbox(enrolment=one.id, error=f"500 {NAME}"),
        )
        with self.house.services.db.write("town") as unit:
            touch = unit.scalars(select(Touch).where(Touch.state == "answered")).one()
            touch.pace_before, touch.reasons = {"note": ANSWER}, [{"code": ANSWER}]
            unit.scalars(select(Delivery)).one().error = f"451 {ADDRESS} {ANSWER}"
            unit.commit()

    def answered(self, text: str) -> None:
        """Answer the open question with these words."""
        page = self.visitor.get(f"/touch/{self.touch.number}").text.split("/undo")[0]
        form = {**FORMS, "text": text, "option": "", **asked(page)}
        assert self.visitor.post(f"/touch/{self.touch.number}", form).status_code == 303

    def taken_back(self) -> None:
        [given] = self.there.rows(Answer)
        its = {"enrolment": given.enrolment, "prompt": given.prompt}
        its["occurrence"] = str(given.occurrence)
        self.visitor.get(f"/touch/{self.touch.number}")
        assert self.visitor.post(f"/touch/{self.touch.number}/undo", its).status_code == 200


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Lived]:
    folder = tmp_path / "var"
    folder.mkdir()
    with (folder / "log").open("w") as log, redirect_stderr(log):
        logs.configure("DEBUG")
        there = learners.installed(folder, maildir=str(folder / "mail"))
        there.house = with_maildir(there.house)
        visitor = there.enrolled(ADDRESS)
        with there.house.services.db.write("town") as unit:
            unit.scalars(select(Account)).one().name = NAME
            unit.commit()
        learners.live(there, visitor)
        made = Lived(there, visitor, folder, there.next_touch())
        made.answered(ANSWER)
        yield made
    there.house.services.close()


def test_who_erases_themselves_is_in_no_file_while_the_program_runs_on(lived: Lived) -> None:
    lived.words_everywhere()
    before = lived.left()
    assert {"test.db-wal"} < before.keys() and any(name.startswith("mail") for name in before)
    lived.visitor.get("/leave")
    assert lived.visitor.post("/leave", {"sure": "yes"}).status_code == 303
    assert lived.left() == {}
    assert lived.visitor.get("/sign-in").status_code == 200


def test_erasing_over_and_over_makes_nobody_wait_and_the_next_hour_does_the_rest(
    lived: Lived,
) -> None:
    services, file = lived.house.services, lived.folder / "test.db"
    [[allowed]] = gate.rewrites()
    wall, blind = services.clock.wall(), partial(signing.blind, SECRET)
    with services.db.shared(write=True) as session:
        session.add_all(Throttle(key=f"old {n}", since=MONDAY, tries=1) for n in range(3_000))
        session.commit()
        gate.sweep(session, wall + timedelta(days=3))
        for _ in range(allowed.most):
            gate.spend(session, gate.rewrites(), wall, blind)
    lived.words_everywhere()
    lived.visitor.get("/leave")
    assert lived.visitor.post("/leave", {"sure": "yes"}).status_code == 303
    assert lived.left() == {} and unused(file) > 0, "overwritten, and not rewritten"
    assert services.clock.wall().hour != worker.NIGHT
    worker.tidy(services)
    assert unused(file) == 0


def unused(file: Path) -> int:
    """How many pages of the file hold nothing."""
    with closing(sqlite3.connect(file)) as connection:
        [pages] = connection.execute("PRAGMA freelist_count").fetchone()
        return int(pages)


def test_who_erases_themselves_takes_no_mail_of_anybody_else_along(lived: Lived) -> None:
    lived.there.enrolled("noe@example.org")
    lived.house.client().post("/sign-in/mail", {"email": "noe@example.org"})
    lived.visitor.get("/leave")
    lived.visitor.post("/leave", {"sure": "yes"})
    assert lived.left() == {}
    kept = lived.left("To: noe@example.org")
    assert len(kept) == 1 and next(iter(kept)).startswith("mail/new/")


def test_a_course_that_is_forgotten_is_in_no_file_and_the_person_is(lived: Lived) -> None:
    services, before = lived.house.services, lived.left(ANSWER)
    assert before
    with services.write("town") as work:
        [who] = work.session.scalars(select(Account.id))
        course = lived.there.course(work.session).id
        erased = forgetting.forget_course(work, learner_of(work.session, who), course)
        work.commit()
    with lived.house.app.app_context():
        erasing.finish([erased])
    assert lived.left(ANSWER, NAME) == {"test.db": [NAME]}, (
        "the mails about that course went with it"
    )


def test_an_answer_taken_back_or_replaced_is_gone_within_the_hour(lived: Lived) -> None:
    lived.taken_back()
    assert lived.left(ANSWER)
    worker.tidy(lived.house.services)
    assert lived.left(ANSWER) == {}
    lived.answered(AGAIN)
    worker.tidy(lived.house.services)
    assert lived.left(ANSWER, AGAIN) == {"test.db": [AGAIN]}
    lived.taken_back()
    lived.answered(ANSWER)
    worker.tidy(lived.house.services)
    assert lived.left(AGAIN) == {}


def test_logins_and_visits_that_are_over_are_gone_once_they_are_not_kept_any_more(
    lived: Lived,
) -> None:
    address, account = "https://lms.example.org", lived.there.rows(Account)[0].id
    lived.put(
        LtiRegistration(
            id="r",
            issuer=address,
            client_id="c",
            login_url=address,
            token_url=address,
            keys_url=address,
            created_at=MONDAY,
        )
    )
    over = {"registration": "r", "expires_at": lived.house.clock.wall()}
    lived.put(
        LtiState(state="s", nonce="n", browser="b", target=AGAIN, storage=AGAIN, **over),
        LtiVisit(
            key="k",
            account=account,
            role="learner",
            session={"after": AGAIN},
            about={"email": AGAIN},
            **over,
        ),
    )
    worker.tidy(lived.house.services)
    assert lived.left(AGAIN) == {"test.db": [AGAIN]}, "they are kept for a day or two"
    lived.house.clock.later(days=3)
    worker.tidy(lived.house.services)
    assert lived.left(AGAIN) == {}


def test_a_long_reader_keeps_the_log_until_it_is_done_which_is_said_and_mended(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "LONGEST_WAIT", 0.05)
    services = lived.house.services
    with services.db.read("town") as reading:
        assert reading.scalars(select(Account)).one().name == NAME
        lived.visitor.get("/leave")
        lived.visitor.post("/leave", {"sure": "yes"})
        assert lived.left(), "what the reader began to read must stay readable"
        assert "not-scrubbed" in (lived.folder / "log").read_text()
    worker.tidy(services)
    assert lived.left() == {}


def churn(db: Database) -> tuple[set[str], set[str]]:
    """Rows of many lengths come and go, in any order. Returns the words that are still stored, and
    those that are not."""
    chance, kept, gone = random.Random(1), dict[str, str](), set[str]()
    raw = db.engine.raw_connection()
    do = raw.cursor().execute
    do("CREATE TABLE said (id TEXT PRIMARY KEY, words TEXT)")
    for number in range(3000):
        key, word = f"{chance.getrandbits(128):032x}", f"WORD{number:09}"
        do("INSERT INTO said VALUES (?, ?)", (key, word + "." * chance.choice([0, 60, 300, 2000])))
        kept[key] = word
        if chance.random() < 0.5:
            other = chance.choice(list(kept))
            do("DELETE FROM said WHERE id = ?", (other,))
            gone.add(kept.pop(other))
    raw.close()
    return set(kept.values()), gone


def found(folder: Path, words: set[str]) -> set[str]:
    return {word for held in holding(folder, *words).values() for word in held}


def test_not_even_copies_that_split_pages_left_behind_are_in_a_file(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    kept, gone = churn(db)
    assert scrubbing.empty_log(db.engine)
    assert found(tmp_path, gone), "overwriting what is deleted does not reach these copies"
    assert scrubbing.scrub(db.engine)
    assert (found(tmp_path, gone), found(tmp_path, kept)) == (set(), kept)
    db.close()


def test_a_backup_taken_as_the_manual_says_holds_only_what_is_stored(tmp_path: Path) -> None:
    db, backup = builders.database(tmp_path), tmp_path / "backups" / "relecture.db"
    kept, gone = churn(db)
    backup.parent.mkdir()
    with sqlite3.connect(tmp_path / "test.db") as raw:
        raw.execute(f"VACUUM INTO '{backup}'")
    assert found(tmp_path, gone)
    assert (found(backup.parent, gone), found(backup.parent, kept)) == (set(), kept)
    db.close()


def test_such_copies_go_at_night_without_anybody_asking(tmp_path: Path) -> None:
    made = house(tmp_path)
    kept, gone = churn(made.services.db)
    worker.tidy(made.services)
    assert found(tmp_path, gone)
    made.clock.walled = made.clock.walled.replace(hour=worker.NIGHT)
    worker.tidy(made.services)
    assert (found(tmp_path, gone), found(tmp_path, kept)) == (set(), kept)
    made.services.close()


def old_file(folder: Path) -> Path:
    """A database as versions left it that did not overwrite what they deleted."""
    file = folder / "var" / "relecture.db"
    file.parent.mkdir()
    file.write_bytes(b"")
    builders.database(folder).close()
    file.write_bytes((folder / "test.db").read_bytes())
    raw = sqlite3.connect(file)
    raw.executescript(
        "PRAGMA secure_delete=OFF; PRAGMA user_version=0;"
        "INSERT INTO throttle SELECT hex(randomblob(20)), '2027-01-04 09:00:00', 1;"
        f"INSERT INTO throttle VALUES ('{NAME}', '2027-01-04 09:00:00', 1);"
        f"DELETE FROM throttle WHERE key = '{NAME}';"
    )
    raw.close()
    return file


def test_a_file_of_an_earlier_version_is_rewritten_once_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = old_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    monkeypatch.setenv("RELECTURE_DATABASE_URL", f"sqlite:///{file}")
    assert holding(file.parent, NAME)
    first, second = run("lti", "list"), run("lti", "list")
    assert "Rewriting the database file, once" in first.stderr and "Rewritten." in first.stderr
    assert "ewrit" not in second.stderr
    assert holding(file.parent, NAME) == {}


def test_a_new_file_needs_no_rewriting(tmp_path: Path) -> None:
    db = builders.database(tmp_path)
    assert not scrubbing.must_be_rewritten(db.engine)
    db.close()


def test_an_erasure_owes_the_rewriting_even_if_the_process_ends_right_after(lived: Lived) -> None:
    services = lived.house.services
    worker.tidy(services)
    assert not scrubbing.must_be_rewritten(services.db.engine)
    with services.write("town") as work:
        [who] = work.session.scalars(select(Account.id))
        forgetting.erase(work.session, learner_of(work.session, who))
        work.commit()
    assert scrubbing.must_be_rewritten(services.db.engine)
    worker.tidy(services)
    assert not scrubbing.must_be_rewritten(services.db.engine)


def test_what_is_erased_while_the_file_is_being_rewritten_is_still_owed(tmp_path: Path) -> None:
    db = builders.database(tmp_path)

    def erase(*_: object) -> None:
        with db.shared(write=True) as session:
            scrubbing.owe_rewriting(session.connection())
            session.commit()

    erase()
    event.listen(db.engine, "checkin", erase, once=True)
    assert scrubbing.rewrite_once(db.engine) and scrubbing.must_be_rewritten(db.engine)
    assert scrubbing.rewrite_once(db.engine) and not scrubbing.must_be_rewritten(db.engine)
    db.close()
