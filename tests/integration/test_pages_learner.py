"""The learner's pages through their doors: what is shown when, what a form keeps, and what
nobody else may see."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.storage.tables import Account, Act, Answer, Enrolment, Learner, Touch, TouchPrompt
from tests.integration.learners import (
    RHYTHM,
    TENANT,
    WORDS,
    There,
    answer,
    asked,
    begin,
    heard,
    installed,
    live,
    screen,
)


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path, "village")


def test_who_has_not_read_the_contract_reads_it_first(there: There) -> None:
    visitor = there.enrolled(joined=False)
    for page in ("/home", "/path", "/inbox", "/settings", "/rhythm", "/touch/1"):
        assert visitor.get(page).location == "/contract", page
    contract = visitor.get("/contract").text
    assert "jamais plus de 3" in unescape(contract) and 'href="/home"' not in contract


def test_one_button_takes_the_wager_with_the_rhythm_proposed_and_begins(there: There) -> None:
    visitor = there.enrolled(joined=False)
    assert "vers 8\u202fh\u202f40" in visitor.get("/contract").text
    assert visitor.post("/contract").location.startswith("/experience/")
    assert there.rows(Learner)[0].hour.isoformat("minutes") == "08:40"


def test_who_wants_another_rhythm_changes_it_before_the_first_experience(there: There) -> None:
    visitor = there.enrolled(joined=False)
    visitor.get("/contract")
    assert visitor.post("/contract", {"change": "1"}).location == "/rhythm?first=1"
    assert there.rows(Enrolment) == []
    visitor.get("/rhythm?first=1")
    begun = visitor.post("/rhythm", {**RHYTHM, "first": "1"})
    assert begun.location.startswith("/experience/")
    kept = there.rows(Learner)[0]
    assert (
        kept.channel,
        kept.hour.isoformat("minutes"),
        kept.touch_minutes,
        kept.week_minutes,
    ) == ("inbox", "09:30", 2, 4)
    assert kept.gap_days == 3


def test_the_address_of_an_experience_opens_it_no_sooner_than_its_week(there: There) -> None:
    visitor = there.enrolled()
    with there.house.services.db.write(TENANT) as unit:
        course = there.course(unit)
        course.outline = {**course.outline, "starts_on": "2027-03-08"}
        unit.commit()
        begin = f"/courses/{course.id}/s1/begin"
    home = visitor.get("/home").text
    assert "à partir du lundi 8 mars" in home and begin not in home
    refused = visitor.post(begin)
    assert refused.status_code == 409
    assert "Pas encore" in refused.text and "s’ouvre le lundi 8 mars" in unescape(refused.text)
    assert not there.rows(Enrolment)


def test_the_only_administrator_stays_until_there_is_another(there: There) -> None:
    there.house.account(email="eva@example.org", role="administrator")
    there.house.account("village", email="ada@example.org", role="administrator")
    visitor = there.house.client()
    visitor.sign_in("eva@example.org")
    visitor.get("/leave")
    refused = visitor.post("/leave", {"sure": "yes"})
    assert refused.status_code == 409 and "seule personne à administrer" in unescape(refused.text)
    assert [one.email for one in there.rows(Account)] == ["eva@example.org"]
    there.house.account(email="noe@example.org", role="administrator")
    visitor.get("/leave")
    assert visitor.post("/leave", {"sure": "yes"}).status_code == 303
    assert [one.email for one in there.rows(Account)] == ["noe@example.org"]


def test_a_lighter_rhythm_can_be_made_denser_again(there: There) -> None:
    visitor = there.enrolled()
    visitor.get("/settings")
    visitor.post("/settings/lighter")
    assert there.rows(Learner)[0].gap_days == 4
    assert "au moins 4 jours d’une fois à l’autre" in visitor.get("/settings").text
    assert '<option value="4" selected>' in visitor.get("/rhythm").text
    visitor.post("/rhythm", RHYTHM | {"gap_days": "2"})
    assert there.rows(Learner)[0].gap_days == 2


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("hour", "bientôt"),
        ("hour", "23:00"),
        ("zone", "Europe/Saint-Aubry"),
        ("channel", "pigeon"),
        ("language", "tlh"),
        ("country", "ZZ"),
        ("touch_minutes", "9"),
        ("week_minutes", "900"),
        ("opens", "03:00"),
        ("days_off", "8"),
        ("gap_days", "1"),
        ("gap_days", "31"),
        ("closes", "09:00"),
    ],
)
def test_a_wrong_rhythm_is_said_beside_its_field_and_nothing_typed_is_lost(
    there: There, field: str, wrong: str
) -> None:
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
    first = visitor.post(here, {"number": number, "choice": options[0]})
    visitor.get(here)
    again = visitor.post(here, {"number": number, "choice": options[0]})
    other = visitor.get(here) and visitor.post(here, {"number": number, "choice": options[1]})
    assert (
        "late" not in first.location and "late" not in again.location and "late=1" in other.location
    )
    assert [act.said for act in there.rows(Act)] == [{"choice": options[0]}]
    assert 'role="status"' in visitor.get(other.location).text


@pytest.mark.parametrize(
    "form", [{"number": "0", "choice": "nowhere"}, {"number": "x", "choice": "a"}, {}]
)
def test_a_step_that_does_not_exist_changes_nothing(there: There, form: dict[str, str]) -> None:
    visitor = there.enrolled()
    here = begin(there, visitor)
    visitor.get(here)
    assert visitor.post(here, form).status_code == 422
    assert there.rows(Act) == []


def test_what_is_lived_ends_with_the_day_of_the_first_question(there: There) -> None:
    visitor = there.enrolled()
    end = visitor.get(live(there, visitor)).text
    assert screen(end) is None and "stitch ahead" in end and 'href="/home"' in end


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
    assert (
        min(t.due_at for t in there.rows(Touch) if t.state == "planned").date().isoformat()
        >= "2027-02-02"
    )
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
    assert "arrêté toutes les questions" in visitor.get("/home").text
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
    assert (
        refused.status_code == 422 and heard(refused.text) == ["sure-fault"] and there.rows(Learner)
    )
    assert visitor.post("/leave", {"sure": "yes"}).location == "/"
    assert "Tout ce que Relecture conservait sur vous est effacé." in unescape(
        visitor.get("/").text
    )
    for table in (Account, Learner, Act, Touch, TouchPrompt, Answer):
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
    for page, sent in (
        (here, {"number": "0", "choice": "x"}),
        (f"/touch/{touch.number}", form),
        ("/touch/early", form),
    ):
        other.get("/settings")
        assert other.post(page, sent).status_code == 404, page


def test_images_of_a_pack_that_is_not_installed_are_not_found(there: There) -> None:
    visitor = there.enrolled()
    for address in (
        "/packs/starter/9.9.9/la-vitrine/a.png",
        "/packs/starter/0.1.0/la-vitrine/a.png",
        "/packs/x/0.1.0/y/z.svg",
    ):
        assert visitor.get(address).status_code == 404
