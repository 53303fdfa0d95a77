"""A touch as a mail: whole, small, true to the path, and nothing that a mail program could
stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.delivery.channels.mime import mime
from engine.delivery.message import Message
from engine.delivery.opening import open_due
from engine.journey import answering, showing
from engine.journey.answering import Asking
from engine.journey.joining import Preferences, learner_of
from engine.packs.read import read_folder, read_pack
from engine.storage.claims import DeliveryKey
from engine.storage.tables import Placement, Touch, TouchPrompt
from engine.storage.work import Units, Work
from tests import builders
from tests.builders import MONDAY, work
from tests.fakes import FakeClock
from web import settings
from web.mails.letters import Letters
from web.words import markdown

SHIPPED = Path(__file__).parents[2] / "content_packs" / "modeles-socio-economiques"
ANSWERS = {
    "grade": "3",
    "point": "2",
    "text": "Rappeler *Inès* <b>vite</b>",
    "if": "le maire *passe*",
    "then": "je rappelle",
    "happened": "partly",
    "note": "",
}


class Outline(HTMLParser):
    """What a screen reader or a sanitiser would notice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def as_of(unit: Session, there: builders.World, clock: FakeClock) -> Work:
    """A unit of work around that session, at the times of that clock."""
    return work(unit, library=there.library, now=clock.now(), wall=clock.wall())


def letters(there: builders.World, clock: FakeClock) -> Letters:
    chosen = settings.load(
        dotenv=Path("none"),
        overrides={
            "secret_key": "gT5w8Rk1Zq7Lm2Xc9Vb4Nh6Jd3Fs0PyA",
            "base_url": "https://relecture.example.org",
            "mail_from": "Relecture <post@example.org>",
        },
    )
    return Letters(chosen)


def mails(folder: Path, language: str, module: str) -> list[Message]:
    """Every mail of one whole debrief of a shipped module, each touch answered."""
    there, clock = builders.world(folder), FakeClock()
    pack = there.library.install(read_folder(SHIPPED), MONDAY)
    with there.db.write("town") as unit:
        course = builders.course(unit)
        placement = unit.scalars(select(Placement)).one()
        placement.pack, placement.version, placement.module = pack.id, pack.version, module
        unit.flush()
        learner = builders.learner(
            unit, there.library, course, wish=replace(Preferences(), language=language)
        )
        builders.lived(unit, there, learner, course)
        unit.commit()
    units, found = Units(there.db, there.library, clock, Random(2)), []
    while (touch := planned(there)) is not None and len(found) < 20:
        clock.learning = touch.due_at
        assert open_due(units) == 1
        with there.db.write("town") as unit:
            who = learner_of(unit, learner.id)
            opened = unit.scalars(select(Touch).where(Touch.state == "open")).one()
            key = DeliveryKey("town", who.id, opened.number, "mail")
            found.append(
                letters(there, clock).touch(as_of(unit, there, clock), key, who.account.email or "")
            )
            for asked in showing.touch_view(
                work(unit, library=there.library), who.id, opened.number, language
            ).left:
                answering.answer(
                    work(unit, library=there.library, now=clock.now(), rng=Random(1)),
                    who.id,
                    Asking(opened.number, asked.enrolment, asked.prompt, asked.occurrence),
                    asked.question.form.sample | ANSWERS,
                )
            unit.commit()
    return found


def planned(there: builders.World) -> Touch | None:
    with there.db.read("town") as unit:
        return unit.scalars(select(Touch).where(Touch.state == "planned")).one_or_none()


@dataclass(frozen=True)
class Arc:
    """The mails of one debrief, and what its pack says of the module."""

    language: str
    cover: str
    takeaways: list[str]
    mails: list[Message]


@pytest.fixture(
    scope="module",
    params=[("fr", "la-halle-en-six-semaines"), ("en", "trois-bras-pour-cinq-chantiers")],
    ids=["scenario-fr", "dilemma-en"],
)
def arc(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Arc:
    language, name = request.param
    module = read_pack(read_folder(SHIPPED)).modules[name]
    return Arc(
        language,
        module.text("cover.title", language),
        [module.text(t.string, language) for t in module.spec.takeaways],
        mails(tmp_path_factory.mktemp("mail"), language, name),
    )


def test_a_whole_debrief_is_mailed(arc: Arc) -> None:
    assert 5 <= len(arc.mails) <= 15


def test_every_mail_is_at_most_twenty_kilobytes_with_all_its_headers(arc: Arc) -> None:
    assert (
        max(len(mime(mail, "post@example.org", MONDAY).as_bytes()) for mail in arc.mails)
        <= 20 * 1024
    )


def test_the_subject_says_what_the_host_course_calls_it_and_the_time_it_takes(arc: Arc) -> None:
    subject = re.compile(re.escape(arc.cover) + r" · [\d,.]+\s(secondes?|seconds?|minutes?)")
    assert all(subject.fullmatch(mail.subject) for mail in arc.mails)


def test_every_mail_can_be_unsubscribed_from_with_one_click(arc: Arc) -> None:
    for mail in arc.mails:
        assert re.fullmatch(
            r"<https://relecture\.example\.org/u/[\w.-]+>", mail.headers["List-Unsubscribe"]
        )
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail.headers["Auto-Submitted"] == "auto-generated"


def test_every_mail_has_a_language_a_title_one_main_heading_and_no_table(arc: Arc) -> None:
    for mail in arc.mails:
        page = Outline(mail.html)
        assert page.all("html") == [{"lang": arc.language}]
        assert (len(page.all("h1")), page.all("table"), page.all("script"), page.all("form")) == (
            1,
            [],
            [],
            [],
        )
        assert f"<title>{escape(mail.subject)}</title>" in mail.html


def test_nothing_in_a_mail_is_fetched_from_anywhere(arc: Arc) -> None:
    for mail in arc.mails:
        assert not {"img", "link", "iframe"} & {tag for tag, _ in Outline(mail.html).tags}
        assert "url(" not in mail.html


def test_every_link_is_ours_and_both_parts_have_the_same_ones(arc: Arc) -> None:
    for mail in arc.mails:
        hrefs = [a["href"] for a in Outline(mail.html).all("a")]
        assert all(href and href.startswith("https://relecture.example.org/") for href in hrefs)
        assert set(hrefs) == set(re.findall(r"https://\S+", mail.text))


def test_a_question_that_one_tap_answers_offers_each_answer_as_a_link(arc: Arc) -> None:
    offered = [re.findall(r"/l/[\w.-]+\?(grade|point|option)=", mail.text) for mail in arc.mails]
    assert ["grade"] * 4 in offered
    assert any(not tapped for tapped in offered)


def test_what_the_learner_wrote_is_shown_as_written_and_does_nothing(arc: Arc) -> None:
    assert all("<b>" not in mail.html for mail in arc.mails)
    assert any(
        "le maire *passe*" in mail.text and "le maire *passe*" in mail.html for mail in arc.mails
    )


def test_a_takeaway_is_never_told_in_a_mail_since_it_is_to_be_recalled(arc: Arc) -> None:
    assert arc.takeaways and not any(
        markdown.plain(takeaway) in mail.text for takeaway in arc.takeaways for mail in arc.mails
    )


def test_each_mail_has_an_id_of_its_own_and_says_why_it_comes_now(arc: Arc) -> None:
    assert len({mail.message_id for mail in arc.mails}) == len(arc.mails)
    why = {"fr": "Pourquoi maintenant", "en": "Why now?"}[arc.language]
    assert all(why in mail.text and why in mail.html for mail in arc.mails)


@contextmanager
def opened(folder: Path, kind: str = "prompts") -> Iterator[tuple[builders.World, FakeClock, str]]:
    there, clock = builders.world(folder), FakeClock()
    with there.db.write("town") as unit:
        course = builders.course(unit)
        learner = builders.learner(unit, there.library, course)
        builders.lived(unit, there, learner, course)
        unit.flush()
        clock.learning = unit.scalars(select(Touch.due_at)).one()
        unit.scalars(select(Touch)).one().kind = kind
        if kind == "lighten":
            unit.execute(delete(TouchPrompt))
        unit.commit()
    open_due(Units(there.db, there.library, clock, Random(2)))
    yield there, clock, learner.id


def test_the_same_touch_written_again_has_the_same_id(tmp_path: Path) -> None:
    with opened(tmp_path) as (there, clock, learner_id), there.db.read("town") as unit:
        key = DeliveryKey("town", learner_id, 1, "mail")
        first = letters(there, clock).touch(as_of(unit, there, clock), key, "lea@example.org")
        clock.later(hours=5)
        again = letters(there, clock).touch(as_of(unit, there, clock), key, "lea@example.org")
        assert first.message_id == again.message_id
        assert first.message_id.endswith("@example.org>")


def test_the_question_whether_to_slow_down_is_a_mail_of_its_own(tmp_path: Path) -> None:
    with opened(tmp_path, "lighten") as (there, clock, learner_id), there.db.read("town") as unit:
        key = DeliveryKey("town", learner_id, 1, "mail")
        mail = letters(there, clock).touch(as_of(unit, there, clock), key, "lea@example.org")
        assert len(Outline(mail.html).all("h1")) == 1 and mail.subject in mail.text
        assert "/l/" in mail.text and "/u/" in mail.text


def test_an_account_mail_has_the_same_frame_and_one_button(tmp_path: Path) -> None:
    there = builders.world(tmp_path)
    mail = letters(there, FakeClock()).plain(
        "lea@example.org",
        "fr",
        "Entrer <ici>",
        ["Bonjour & bienvenue.", "À bientôt."],
        ("Entrer", "https://relecture.example.org/x"),
        key=("asked-link", "lea@example.org"),
        about=["lea"],
    )
    page = Outline(mail.html)
    assert page.all("html") == [{"lang": "fr"}] and [a["href"] for a in page.all("a")] == [
        "https://relecture.example.org/x"
    ]
    assert "Bonjour &amp; bienvenue." in mail.html and "Bonjour & bienvenue." in mail.text
    assert "<ici>" not in mail.html
