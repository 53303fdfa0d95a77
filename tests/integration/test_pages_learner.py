"""The learner's pages through their doors: what is shown when, what a form keeps, and what nobody else may see."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.journey import joining
from engine.journey.joining import Preferences, learner_of
from engine.packs.new import new_pack
from engine.packs.read import read_folder
from engine.programme import people
from engine.storage.tables import Account, Answer, Enrolment, Learner, Placement, Step, Touch, TouchPrompt
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY, PACK
from web import worker

ROOT = Path(__file__).parents[2]
TENANT = "town"
RHYTHM = {"channel": "inbox", "language": "fr", "zone": "Europe/Paris", "hour": "09:30", "opens": "09:00", "closes": "17:00",
          "days_off": ["6", "7"], "country": "FR", "touch_minutes": "2", "week_minutes": "4", "gap_days": "3"}
WORDS = "Nadia, parce qu’elle attendait."
FORMS = {"grade": "3", "point": "2", "option": "", "text": WORDS, "if": "il pleut", "then": "j’appelle", "happened": "partly"}


@dataclass
class There:
    """An installation with one course and one experience in it."""

    house: House

    def enrolled(self, email: str = "lea@example.org", *, joined: bool = True) -> Visitor:
        """A browser in which somebody of the course is signed in."""
        the, account = self.house.services, self.house.account(email=email)
        with the.db.write(TENANT) as unit:
            people.enrol(unit, self.course(unit), unit.get(Account, (TENANT, account.id)), MONDAY)
            if joined:
                learner = learner_of(unit, account.id)
                joining.accept_contract(unit, learner, MONDAY)
                joining.set_preferences(unit, the.library, learner, Preferences(), MONDAY, the.rng)
            unit.commit()
        visitor = self.house.client()
        visitor.sign_in(email)
        return visitor

    def course(self, unit):
        return unit.scalars(select(builders.Course)).one()

    def rows(self, table):
        """Everything kept in a table."""
        with self.house.services.db.read(TENANT) as unit:
            return list(unit.scalars(select(table)))

    def next_touch(self) -> Touch:
        """Time goes on to the planned touch, and the worker opens it."""
        planned = next(t for t in self.rows(Touch) if t.state == "planned")
        self.house.clock.later(seconds=max(0, (planned.due_at - self.house.clock.now()).total_seconds()))
        worker.tick(self.house.services)
        return next(t for t in self.rows(Touch) if t.number == planned.number)


@pytest.fixture
def there(tmp_path: Path) -> There:
    made = There(house(tmp_path))
    made.house.services.library.install(new_pack(PACK), MONDAY)
    with made.house.services.db.write(TENANT) as unit:
        builders.course(unit)
        unit.commit()
    return made


def begin(there: There, visitor: Visitor) -> str:
    """Into the experience; its address."""
    visitor.get("/home")
    with there.house.services.db.read(TENANT) as unit:
        course = there.course(unit).id
    return visitor.post(f"/courses/{course}/s1/begin").location


def live(there: There, visitor: Visitor) -> str:
    """Live the experience to its end by each first option; its address."""
    here = begin(there, visitor)
    while found := screen(visitor.get(here).text):
        visitor.post(here, {"number": found[0], "option": found[1][0]})
    return here


def screen(page: str) -> tuple[str, list[str]] | None:
    """The number of the act asked for and its options; None at the end."""
    number = re.search(r'name="number" value="(\d+)"', page)
    return (number[1], re.findall(r'name="option" value="([^"]+)"', page)) if number else None


def asked(page: str) -> dict[str, str]:
    """The hidden fields of the question on the page."""
    return dict(re.findall(r'type="hidden" name="(enrolment|prompt|occurrence)" value="([^"]*)"', page))


def answer(visitor: Visitor, touch: Touch):
    """Answer the question that a touch shows."""
    page = visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]
    option = re.search(r'name="option" value="([^"]+)"', page)
    return visitor.post(f"/touch/{touch.number}", {**FORMS, "option": option[1] if option else "", **asked(page)})


def heard(page: str) -> list[str]:
    """The faults on a page, each of them tied to the field or group that it is about: who hears the page meets it there."""
    faults = re.findall(r'class="fault" id="([^"]+)"', page)
    tied = [name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()]
    assert set(faults) <= set(tied), page
    return faults


def test_who_has_not_read_the_contract_reads_it_first(there: There) -> None:
    visitor = there.enrolled(joined=False)
    for page in ("/home", "/path", "/inbox", "/settings", "/rhythm", "/touch/1"):
        assert visitor.get(page).location == "/contract", page
    contract = visitor.get("/contract").text
    assert "jamais plus de 3" in unescape(contract) and 'href="/home"' not in contract


def test_one_button_takes_the_wager_and_one_more_keeps_the_rhythm_proposed(there: There) -> None:
    visitor = there.enrolled(joined=False)
    visitor.get("/contract")
    assert visitor.post("/contract").location == "/rhythm?first=1"
    visitor.get("/rhythm?first=1")
    assert visitor.post("/rhythm", {**RHYTHM, "first": "1"}).location == "/home"
    kept = there.rows(Learner)[0]
    assert (kept.channel, kept.hour.isoformat("minutes"), kept.touch_minutes, kept.week_minutes) == ("inbox", "09:30", 2, 4)
    assert kept.gap_days == 3


def test_a_lighter_rhythm_can_be_made_denser_again(there: There) -> None:
    visitor = there.enrolled()
    visitor.get("/settings")
    visitor.post("/settings/lighter")
    assert there.rows(Learner)[0].gap_days == 4
    assert "tous les 4 jours au plus" in visitor.get("/settings").text
    assert '<option value="4" selected>' in visitor.get("/rhythm").text
    visitor.post("/rhythm", RHYTHM | {"gap_days": "2"})
    assert there.rows(Learner)[0].gap_days == 2


@pytest.mark.parametrize(("field", "wrong"), [
    ("hour", "bientôt"), ("hour", "23:00"), ("zone", "Europe/Saint-Aubry"), ("channel", "pigeon"), ("language", "tlh"),
    ("country", "ZZ"), ("touch_minutes", "9"), ("week_minutes", "900"), ("opens", "03:00"), ("days_off", "8"),
    ("gap_days", "1"), ("gap_days", "31"), ("closes", "09:00"),
])
def test_a_wrong_rhythm_is_said_beside_its_field_and_nothing_typed_is_lost(there: There, field: str, wrong: str) -> None:
    visitor = there.enrolled()
    before = there.rows(Learner)[0].zone
    visitor.get("/rhythm")
    page = visitor.post("/rhythm", RHYTHM | {"hour": "10:10", field: wrong})
    assert page.status_code == 422
    assert heard(page.text) == [f"{field}-fault"]
    assert field == "hour" or 'value="10:10"' in page.text
    assert there.rows(Learner)[0].zone == before


def test_home_puts_the_open_question_first_then_what_is_begun(there: There) -> None:
    visitor = there.enrolled()
    assert "/begin" in visitor.get("/home").text
    here = begin(there, visitor)
    home = visitor.get("/home").text
    assert f'class="button" href="{here}"' in home and "/begin" not in home
    live(there, visitor)
    touch = there.next_touch()
    home = visitor.get("/home").text
    assert f'class="button" href="/touch/{touch.number}"' in home


def test_a_step_sent_twice_counts_once_and_the_page_says_where_one_stands(there: There) -> None:
    visitor = there.enrolled()
    here = begin(there, visitor)
    number, options = screen(visitor.get(here).text) or ("", [])
    first = visitor.post(here, {"number": number, "option": options[0]})
    visitor.get(here)
    again = visitor.post(here, {"number": number, "option": options[0]})
    other = visitor.get(here) and visitor.post(here, {"number": number, "option": options[1]})
    assert "late" not in first.location and "late" not in again.location and "late=1" in other.location
    assert [step.act for step in there.rows(Step)] == [options[0]]
    assert 'role="status"' in visitor.get(other.location).text


@pytest.mark.parametrize("form", [{"number": "0", "option": "nowhere"}, {"number": "x", "option": "a"}, {}])
def test_a_step_that_does_not_exist_changes_nothing(there: There, form: dict[str, str]) -> None:
    visitor = there.enrolled()
    here = begin(there, visitor)
    visitor.get(here)
    assert visitor.post(here, form).status_code == 422
    assert there.rows(Step) == []


def test_what_is_lived_ends_with_the_day_of_the_first_question(there: There) -> None:
    visitor = there.enrolled()
    end = visitor.get(live(there, visitor)).text
    assert screen(end) is None and "stitch ahead" in end and 'href="/home"' in end


def test_a_reveal_is_not_found_before_its_time(there: There) -> None:
    visitor = there.enrolled()
    assert visitor.get(f"{live(there, visitor)}/reveal").status_code == 404


def test_a_question_can_be_answered_early(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    for page in ("/home", "/inbox", "/touch/1"):
        assert 'action="/touch/early"' not in visitor.get(page).text
    assert visitor.post("/touch/early").status_code == 409
    there.house.clock.later(hours=18)
    for page in ("/home", "/inbox", "/touch/1"):
        assert 'action="/touch/early"' in visitor.get(page).text
    opened = visitor.post("/touch/early").location
    assert asked(visitor.get(opened).text)


def test_the_path_offers_no_other_question_while_one_waits(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    due_at = there.rows(Touch)[0].due_at
    there.house.clock.later(seconds=(due_at - there.house.clock.now()).total_seconds() - 1)
    assert 'action="/touch/early"' in visitor.get("/path").text
    there.next_touch()
    assert 'action="/touch/early"' not in visitor.get("/path").text


def test_the_path_says_each_reason_of_what_comes_next_once(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    with there.house.services.db.write(TENANT) as unit:
        for row in unit.scalars(select(TouchPrompt)):
            row.reasons = [*row.reasons, *row.reasons]
        unit.commit()
    lists = re.findall(r'<ul class="why">(.*?)</ul>', visitor.get("/path").text, re.DOTALL)
    assert lists
    for reasons in lists:
        said = re.findall(r"<li>(.*?)</li>", reasons)
        assert said and len(said) == len(set(said))


def test_an_answer_is_kept_taken_back_and_given_anew(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    assert answer(visitor, touch).status_code == 303
    assert len(there.rows(Answer)) == 1
    page = visitor.get(f"/touch/{touch.number}").text
    fields = dict(re.findall(r'type="hidden" name="(enrolment|prompt|occurrence)" value="([^"]*)"', page.split("/undo")[1]))
    again = visitor.post(f"/touch/{touch.number}/undo", fields)
    assert again.status_code == 200 and f'action="/touch/{touch.number}"' in again.text
    assert f">{WORDS}</textarea>" in again.text, "what was written is there to be corrected"
    assert there.rows(Answer) == []
    answer(visitor, touch)
    assert len(there.rows(Answer)) == 1


def test_an_empty_answer_is_refused_beside_its_field(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    page = visitor.get(f"/touch/{touch.number}").text
    refused = visitor.post(f"/touch/{touch.number}", asked(page))
    assert refused.status_code == 422 and heard(refused.text)
    assert there.rows(Answer) == []


@pytest.mark.parametrize(("module", "wrong"), [
    ("la-halle-en-six-semaines", {"point", "text", "grade", "if", "happened"}), ("l-epicerie-du-bourg", {"option"})])
def test_whatever_the_question_a_wrong_answer_is_said_with_what_it_answers(there: There, module: str, wrong: set[str]) -> None:
    pack = there.house.services.library.install(read_folder(ROOT / "content_packs" / "modeles-socio-economiques"), MONDAY)
    with there.house.services.db.write(TENANT) as unit:
        placed = unit.scalars(select(Placement)).one()
        placed.pack, placed.version, placed.module = pack.id, pack.version, module
        unit.commit()
    visitor, met = there.enrolled(), set[str]()
    live(there, visitor)
    while not met >= {f"{field}-fault" for field in wrong}:
        touch = there.next_touch()
        while question := asked(visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]):
            wrongs = {"grade": "9", "point": "9", "option": "9", "happened": "9"}
            refused = visitor.post(f"/touch/{touch.number}", wrongs | question)
            assert refused.status_code == 422
            met.update(heard(refused.text))
            answer(visitor, touch)


def test_an_answer_sent_twice_is_kept_once(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    page = visitor.get(f"/touch/{touch.number}").text
    form, token = {**FORMS, **asked(page)}, visitor.token
    for _sent in range(2):
        visitor.token = token
        visitor.post(f"/touch/{touch.number}", form)
    assert len(there.rows(Answer)) == 1


@pytest.mark.parametrize(("state", "words"), [("missed", "reprend quand vous voulez"), ("snoozed", "La prochaine")])
def test_what_became_of_a_touch_is_told_without_reproach(there: There, state: str, words: str) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    touch = there.next_touch()
    visitor.get(f"/touch/{touch.number}")
    if state == "snoozed":
        assert visitor.post("/touch/snooze", {"days": "7"}).status_code == 303
    else:
        there.house.clock.later(days=8)
        worker.tick(there.house.services)
    page = unescape(visitor.get(f"/touch/{touch.number}").text)
    assert words in page and not asked(page.split("/undo")[0])
    assert f'href="/touch/{touch.number}"' in visitor.get("/inbox").text


def test_the_whole_road_ends_on_the_path_and_goes_home_in_two_files(there: There) -> None:
    visitor = there.enrolled()
    here = live(there, visitor)
    named = False
    while not named:
        touch = there.next_touch()
        while asked(visitor.get(f"/touch/{touch.number}").text.split("/undo")[0]):
            named = answer(visitor, touch).location.endswith("/reveal") or named
    reveal = visitor.get(f"{here}/reveal")
    assert reveal.status_code == 200 and 'class="reveal' in reveal.text
    assert "</cite>, Le RAMEAU, 2019</li>" in reveal.text
    path = unescape(visitor.get("/path").text)
    assert WORDS in path and 'class="reveal"' in path
    page = visitor.get("/path.html")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert WORDS in unescape(page.text) and "<style>" in page.text
    assert not re.search(r'(src|href|action)="', page.text), "the file stands alone"
    data = visitor.get("/path.json")
    assert WORDS in json.dumps(json.loads(data.text), ensure_ascii=False)


def test_each_way_to_slow_down_does_what_its_words_say(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    visitor.get("/settings")
    assert visitor.post("/settings/lighter").location == "/settings"
    assert there.rows(Learner)[0].touch_minutes == 1.5
    visitor.get("/settings")
    visitor.post("/settings/inbox-only")
    assert there.rows(Learner)[0].channel == "inbox"
    assert "/settings/inbox-only" not in visitor.get("/settings").text
    visitor.post("/settings/pause", {"until": "2027-02-02"})
    assert "2 février" in unescape(visitor.get("/settings").text)
    assert min(t.due_at for t in there.rows(Touch) if t.state == "planned").date().isoformat() >= "2027-02-02"
    visitor.post("/settings/resume")
    assert there.rows(Learner)[0].paused_until is None
    visitor.get("/settings")
    assert visitor.post("/settings/stop").location == "/contract"
    assert [t for t in there.rows(Touch) if t.state in ("planned", "open")] == []


def test_after_a_stop_one_can_come_back_on_the_same_terms(there: There) -> None:
    visitor = there.enrolled()
    visitor.get("/settings")
    visitor.post("/settings/stop")
    stopped = visitor.get("/contract").text
    assert 'href="/path.html"' in stopped and 'href="/leave"' in stopped
    assert visitor.get("/home").location == "/contract"
    visitor.get("/contract")
    visitor.post("/contract")
    assert visitor.get("/home").status_code == 200


def test_who_comes_back_is_asked_again_even_without_confirming_the_rhythm(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    visitor.get("/settings")
    visitor.post("/settings/stop")
    assert [t for t in there.rows(Touch) if t.state == "planned"] == []
    visitor.get("/contract")
    visitor.post("/contract")
    assert [t.state for t in there.rows(Touch)] == ["planned"]


@pytest.mark.parametrize("until", ["", "un jour", "2027-01-04", "2026-12-24", "2031-01-01"])
def test_a_pause_that_cannot_be_is_said_beside_the_day(there: There, until: str) -> None:
    visitor = there.enrolled()
    visitor.get("/settings")
    page = visitor.post("/settings/pause", {"until": until})
    assert page.status_code == 422 and 'id="until-fault"' in page.text
    assert there.rows(Learner)[0].paused_until is None


def test_a_setting_that_does_not_exist_is_not_found(there: There) -> None:
    visitor = there.enrolled()
    visitor.get("/settings")
    assert visitor.post("/settings/shout").status_code == 404


def test_leaving_needs_the_box_ticked_and_then_leaves_nothing(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    visitor.get("/leave")
    refused = visitor.post("/leave")
    assert refused.status_code == 422 and heard(refused.text) == ["sure-fault"] and there.rows(Learner)
    assert visitor.post("/leave", {"sure": "yes"}).location == "/"
    assert "Tout ce que Relecture conservait sur vous est effacé." in unescape(visitor.get("/").text)
    for table in (Account, Learner, Step, Touch, TouchPrompt, Answer):
        assert there.rows(table) == [], table
    assert "/sign-in" in visitor.get("/home").location


def test_what_is_somebody_else_s_is_not_found(there: There) -> None:
    here = live(there, there.enrolled())
    touch = there.next_touch()
    other = there.enrolled("noe@example.org")
    other.get("/settings")
    for page in (here, f"{here}/reveal", f"/touch/{touch.number}"):
        assert other.get(page).status_code == 404, page
    form = {"enrolment": here.rpartition("/")[2], "prompt": "x", "occurrence": "0"}
    for page, sent in ((here, {"number": "0", "option": "x"}), (f"/touch/{touch.number}", form), ("/touch/early", form)):
        other.get("/settings")
        assert other.post(page, sent).status_code == 404, page


def test_images_of_a_pack_that_is_not_installed_are_not_found(there: There) -> None:
    visitor = there.enrolled()
    for address in ("/packs/starter/9.9.9/la-vitrine/a.png", "/packs/starter/0.1.0/la-vitrine/a.png", "/packs/x/0.1.0/y/z.svg"):
        assert visitor.get(address).status_code == 404


def test_a_long_inbox_is_shown_in_as_many_queries_as_a_short_one(there: There) -> None:
    visitor = there.enrolled()
    live(there, visitor)
    first = there.next_touch()

    def asked_for() -> int:
        with builders.queries(there.house.services.db) as seen:
            assert "Rouvrir une vitrine" in unescape(visitor.get("/inbox").text)
        return len(seen)
    before, lived = asked_for(), there.rows(Enrolment)[0].id
    with there.house.services.db.write("town") as unit:
        for number in range(first.number + 1, first.number + 20):
            unit.add(Touch(learner=first.learner, number=number, state="answered", due_at=first.due_at, minutes=1,
                           expires_at=first.expires_at, opened_at=first.opened_at))
            unit.flush()
            unit.add(TouchPrompt(learner=first.learner, touch=number, enrolment=lived, prompt="lundi",
                                 occurrence=number, position=1, minutes=1))
        unit.commit()
    assert asked_for() == before
