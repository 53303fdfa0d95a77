"""A word back: how many chose otherwise, sentences shared and taken back, and a word of who runs
the course, on each of the ways to answer."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from engine.courses import members, words
from engine.journey import answering, forgetting, sharing, showing
from engine.journey.answering import Asking
from engine.journey.joining import learner_of
from engine.journey.touches import open_touch, planned_one
from engine.packs.read import read_folder
from engine.storage.queries.people import has_role
from engine.storage.tables import (
    Account,
    Answer,
    Course,
    CourseWord,
    Enrolment,
    Placement,
    Shared,
    Tenant,
)
from engine.values.errors import Invalid, NotFound, Refused
from tests import builders
from tests.apps import Visitor
from tests.builders import MONDAY, World, work, world
from tests.integration.learners import FORMS, WORDS, There, asked, installed, live
from web import worker

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "content_packs" / "modeles-socio-economiques"
SHARE = {"share": "yes"}
LEA, NOE = "lea@example.org", "noe@example.org"


@pytest.fixture
def there(tmp_path: Path) -> There:
    return installed(tmp_path)


def opened(there: There, *emails: str) -> list[Visitor]:
    """People who lived the experience, and whose first question is open."""
    visitors = [there.enrolled(email) for email in emails]
    for visitor in visitors:
        live(there, visitor)
    there.next_touch()
    there.house.clock.later(hours=1)
    worker.tick(there.house.services)
    return visitors


def answer(visitor: Visitor, address: str = "/touch/1", **more: str) -> str:
    """Answers the question at that address; the page after it."""
    page = visitor.get(address).text.split("/undo")[0]
    done = visitor.post(address, {**FORMS, **asked(page), **more})
    assert done.status_code == 303, done.text
    return visitor.get(address).text


def mailed(there: There, email: str = LEA) -> str:
    """The path of the link in the mail that somebody got."""
    [mail] = [one for one in there.house.outbox.messages if one.to == email]
    found = re.search(r"https?://[^/\s]+(/l/\S+?)(?:[?#]\S*)?\s", mail.text)
    assert found
    return found[1]


def facilitator(there: There, name: str = "Dominique") -> Visitor:
    account = there.house.account(email="dominique@example.org", role="facilitator")
    with there.house.services.db.write("town") as unit:
        made = unit.get(Account, ("town", account.id))
        made.name = name
        members.enrol(unit, there.course(unit), made, MONDAY, "facilitator")
        unit.commit()
    visitor = there.house.client()
    visitor.sign_in("dominique@example.org")
    return visitor


def turn(visitor: Visitor, page: str, address: str, do: str) -> str:
    """Presses the button that shares, or takes back, on the page of a touch."""
    form = next(one for one in page.split("<form")[1:] if f'value="{do}"' in one)
    assert f'action="{address}/shared"' in form
    assert visitor.post(f"{address}/shared", {**asked(form), "do": do}).status_code == 303
    return visitor.get(address).text


def test_sharing_is_off_unless_ticked(there: There) -> None:
    lea, noe = opened(there, LEA, NOE)
    page = lea.get("/touch/1").text
    assert re.search(r'<input type="checkbox" name="share" value="yes"(?! checked)', page)
    answer(lea)
    assert there.rows(Shared) == []
    assert WORDS not in answer(noe, text="Autre chose").split("others")[1]


@pytest.mark.parametrize("way", ["inbox", "mail"])
def test_a_sentence_is_shared_read_by_who_answered_too_and_taken_back(
    there: There, way: str
) -> None:
    lea, noe = opened(there, LEA, NOE)
    address = "/touch/1" if way == "inbox" else mailed(there)
    reader = lea if way == "inbox" else there.house.client()
    page = answer(reader, address, **SHARE)
    assert len(there.rows(Shared)) == 1 and "partagée avec le cours" in unescape(page)
    assert WORDS not in unescape(noe.get("/touch/1").text), "one answers first"
    seen = unescape(answer(noe, text="Autre chose"))
    assert WORDS in seen and "Léa" not in seen.split('class="others"')[1].split("</section>")[0]
    assert "Autre chose" not in seen.split("others")[1], "it is not shared"
    turn(reader, page, address, "take-back")
    assert there.rows(Shared) == [] and WORDS not in unescape(noe.get("/touch/1").text)
    assert len(there.rows(Answer)) == 2, "the answer stays"
    turn(reader, reader.get(address).text, address, "share")
    assert WORDS in unescape(noe.get("/touch/1").text)


def test_a_mailed_link_shares_and_shows_nothing_to_another_browser(there: There) -> None:
    lea, noe = opened(there, LEA, NOE)
    answer(noe, text="Je partage", **SHARE)
    address = mailed(there)
    answer(lea)
    stranger = there.house.client()
    page = unescape(stranger.get(address).text)
    assert 'class="others"' not in page and "Je partage" not in page
    [enrolment] = [a.enrolment for a in there.rows(Answer) if a.content["text"] == WORDS]
    form = {"enrolment": enrolment, "prompt": "lundi", "occurrence": "1", "do": "share"}
    assert stranger.post(f"{address}/shared", form).status_code == 409
    assert len(there.rows(Shared)) == 1


def test_what_is_shared_is_listed_for_who_shared_it_and_taken_back_there(there: There) -> None:
    [lea] = opened(there, LEA)
    assert "Rien." in unescape(lea.get("/shared").text)
    answer(lea, **SHARE)
    page = lea.get("/shared").text
    assert WORDS in unescape(page) and 'href="/shared"' in lea.get("/path").text
    form = page.split('action="/shared"')[1]
    assert lea.post("/shared", asked(form)).location == "/shared"
    assert there.rows(Shared) == []


def test_an_answer_taken_back_is_shared_no_longer(there: There) -> None:
    [lea] = opened(there, LEA)
    page = answer(lea, **SHARE)
    lea.post("/touch/1/undo", asked(page.split("/undo")[1]))
    assert there.rows(Shared) == []
    answer(lea)
    assert there.rows(Shared) == [], "the tick is set anew, or not"


def test_who_runs_the_course_reads_what_is_shared_and_can_hide_it(there: There) -> None:
    lea, noe = opened(there, LEA, NOE)
    answer(lea, text="<i>Nadia</i> d’abord", **SHARE)
    answer(noe, text="Pas partagé")
    desk = facilitator(there)
    page = desk.get("/courses/course/words").text
    assert "&lt;i&gt;Nadia" in page and "Pas partagé" not in page and "Léa" not in page
    form = asked(page.split('/words/hide"')[1])
    desk.post("/courses/course/words/hide", {**form, "why": "Un nom y est."})
    assert "Nadia" not in noe.get("/touch/1").text
    told = unescape(lea.get("/touch/1").text)
    assert "masquée aux autres" in told and "Un nom y est." in told
    assert "Un nom y est." in unescape(lea.get("/shared").text)
    page = desk.get("/courses/course/words").text
    desk.post("/courses/course/words/show-again", asked(page.split('/words/show-again"')[1]))
    assert "Nadia" in noe.get("/touch/1").text and "masquée" not in lea.get("/touch/1").text


def test_a_sentence_that_is_not_of_the_course_is_not_hidden(there: There) -> None:
    [lea] = opened(there, LEA)
    answer(lea, **SHARE)
    desk = facilitator(there)
    with there.house.services.db.write("town") as unit:
        other = builders.outlines.import_outline(unit, builders.outline("other"), MONDAY)
        account = unit.scalars(select(Account).where(has_role("facilitator"))).one()
        members.enrol(unit, other, account, MONDAY, "facilitator")
        unit.commit()
    [one] = there.rows(Shared)
    form = {"enrolment": one.enrolment, "prompt": one.prompt, "occurrence": "1", "why": ""}
    desk.get("/courses/other/words")
    assert desk.post("/courses/other/words/hide", form).status_code == 404
    assert there.rows(Shared)[0].hidden_at is None


def test_a_word_goes_with_the_next_touch_in_the_mail_and_on_the_page_and_no_other(
    there: There,
) -> None:
    desk, lea = facilitator(there), there.enrolled(LEA)
    live(there, lea)
    desk.get("/courses/course/words")
    desk.post("/courses/course/words/say", {"text": "Bon courage\r\npour <lundi>\x00."})
    there.next_touch()
    [mail] = there.house.outbox.messages
    for said in (mail.text, unescape(mail.html), unescape(lea.get("/touch/1").text)):
        assert "Bon courage\npour <lundi>." in said and "Un mot de Dominique" in said
    assert "<lundi>" not in mail.html
    assert "Bon courage" in answer(lea)
    there.next_touch()
    assert "Bon courage" not in there.house.outbox.messages[-1].text
    assert "Bon courage" not in lea.get("/touch/2").text
    assert "Bon courage" in lea.get("/touch/1").text
    desk.get("/courses/course/words")
    desk.post("/courses/course/words/take-back")
    assert "Bon courage" not in lea.get("/touch/1").text and there.rows(CourseWord) == []


def test_a_word_of_long_ago_goes_with_nothing(there: There) -> None:
    desk, lea = facilitator(there), there.enrolled(LEA)
    desk.get("/courses/course/words")
    desk.post("/courses/course/words/say", {"text": "Bonne rentrée"})
    there.house.clock.later(days=15)
    live(there, lea)
    there.next_touch()
    assert "Bonne rentrée" not in lea.get("/touch/1").text


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 301])
def test_a_word_too_short_or_too_long_is_refused_beside_its_field(there: There, text: str) -> None:
    desk = facilitator(there)
    desk.get("/courses/course/words")
    page = desk.post("/courses/course/words/say", {"text": text})
    assert page.status_code == 422 and 'id="text-fault"' in page.text
    assert there.rows(CourseWord) == []


@pytest.fixture
def small(tmp_path: Path) -> World:
    return world(tmp_path)


def answered_choice(small: World, *options: str) -> list[str]:
    """People of a course who answered its question of one choice, one after the other."""
    pack = small.library.install(read_folder(SHIPPED), MONDAY)
    module, prompt = next(
        (m, p)
        for m in pack.modules.values()
        for p in m.spec.debrief.prompts
        if p.kind == "choice" and p.stage == "what" and m.id == "l-epicerie-du-bourg"
    )
    people = []
    with small.db.write("town") as unit:
        course = builders.course(unit)
        placement = unit.scalars(select(Placement)).one()
        placement.pack, placement.version, placement.module = pack.id, pack.version, module.id
        unit.flush()
        for n, option in enumerate(options):
            who = builders.learner(unit, small.library, course, f"l{n}@example.org")
            lived = builders.lived(unit, small, who, course)
            touch = planned_one(unit, who.id)
            assert touch is not None
            open_touch(work(unit, library=small.library), who, touch)
            unit.flush()
            chosen = prompt.options[int(option)]
            answering.answer(
                work(unit, library=small.library, now=MONDAY + timedelta(days=1, minutes=n)),
                who.id,
                Asking(touch.number, lived.id, prompt.id, 1),
                {"option": chosen},
            )
            people.append(who.id)
        unit.commit()
    return people


def told(small: World, who: str) -> object:
    with small.units().read("town") as unit:
        view = showing.touch_view(unit, who, 1, "fr")
        return [back.otherwise for back in sharing.word_back(unit, who, view)]


@pytest.mark.both_databases
def test_how_many_chose_otherwise_is_counted_inside_the_course_from_five_on(small: World) -> None:
    people = answered_choice(small, *"00110")
    [said] = told(small, people[0])
    assert (said.code, said.otherwise, said.people) == ("chose-otherwise", 2, 5)
    with small.db.write("town") as unit:
        other = builders.outlines.import_outline(unit, builders.outline("other"), MONDAY)
        moved = unit.scalars(select(Enrolment).where(Enrolment.learner == people[4])).one()
        moved.course = other.id
        unit.commit()
    assert told(small, people[0]) == [], "four are too few"


@pytest.mark.both_databases
def test_an_organisation_raises_the_floor_and_never_lowers_it(small: World) -> None:
    people = answered_choice(small, *"00110")
    with small.db.write("town") as unit:
        with pytest.raises(Invalid, match="floor-too-low"):
            sharing.set_floor(unit, 4)
        sharing.set_floor(unit, 6)
        unit.commit()
    assert told(small, people[0]) == []
    with small.db.write("town") as unit:
        unit.scalars(select(Tenant)).one().floor = 2
        unit.commit()
    assert len(told(small, people[0])) == 1


def test_only_ones_own_words_are_shared_and_only_by_whose_they_are(small: World) -> None:
    lea, noe = answered_choice(small, *"01")
    with small.units().write("town") as unit:
        view = showing.touch_view(unit, lea, 1, "fr")
        [asked] = [one for one in view.asked if one.answer is not None]
        with pytest.raises(Refused, match="not-in-own-words"):
            sharing.share(unit, lea, asked)
        with pytest.raises(NotFound, match="enrolment-unknown"):
            sharing.share(unit, noe, asked)
        with pytest.raises(NotFound, match="enrolment-unknown"):
            sharing.take_back(unit, noe, asked)


@pytest.mark.both_databases
def test_what_was_shared_and_said_is_exported_and_goes_with_its_person(small: World) -> None:
    with small.db.write("town") as unit:
        course = builders.course(unit)
        lea = builders.learner(unit, small.library, course)
        lived = builders.lived(unit, small, lea, course)
        touch = planned_one(unit, lea.id)
        assert touch is not None
        open_touch(work(unit, library=small.library), lea, touch)
        unit.flush()
        its = work(unit, library=small.library, now=MONDAY + timedelta(days=1))
        form = {"text": WORDS, "share": "yes"}
        answering.answer(its, lea.id, Asking(touch.number, lived.id, "lundi", 1), form)
        words.say(its, course, lea.id, "Un mot")
        unit.commit()
    with small.db.write("town") as unit:
        lea = learner_of(unit, lea.id)
        data = forgetting.export(work(unit, library=small.library), lea, "fr")
        assert len(data["shared_sentences"]) == len(data["course_words"]) == 1
        forgetting.erase(unit, lea)
        unit.commit()
        left = [unit.scalars(select(table)).all() for table in (Shared, CourseWord)]
    assert left == [[], []]


@pytest.mark.both_databases
def test_sentences_come_in_pages(small: World) -> None:
    people = 3
    with small.db.write("town") as unit:
        course = builders.course(unit)
        for n in range(people):
            who = builders.learner(unit, small.library, course, f"l{n}@example.org")
            lived = builders.lived(unit, small, who, course)
            for m in range(1, 20):
                its = {"enrolment": lived.id, "prompt": "lundi", "occurrence": m}
                answer_ = Answer(
                    **its,
                    touch=1,
                    version="1.0.0",
                    content={"text": f"{n} {m}"},
                    answered_at=MONDAY,
                )
                unit.add(answer_)
                unit.flush()
                unit.add(Shared(**its, learner=who.id, course=course.id, shared_at=MONDAY))
        unit.commit()
    with small.units().read("town") as unit_:
        course = unit_.session.scalars(select(Course)).one()
        first, second = (words.sentences(unit_, course, "fr", page) for page in (1, 9))
        assert (len(first.shown), len(second.shown), second.page, second.pages) == (50, 7, 2, 2)
        assert not {s.words for s in first.shown} & {s.words for s in second.shown}
    with small.db.write("town") as unit:
        unit.execute(delete(Answer))
        assert unit.scalars(select(Shared)).all() == []
