"""The facilitator's pages: placements wished for and refused with words, people seen as counts,
and nobody else's courses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.courses import members, outlines
from engine.courses.outlines import outline_of
from engine.curriculum.read import read_outline
from engine.packs.new import new_pack
from engine.packs.read import read_folder
from engine.people import accounts
from engine.storage.tables import Account, Course, Placement
from engine.values.folding import bare
from tests import builders
from tests.apps import House, Visitor, house
from tests.builders import MONDAY

ROOT = Path(__file__).parents[2]
OUTLINE = ROOT / "docs" / "examples" / "modeles-socio-economiques.yaml"
PACK = "modeles-socio-economiques"
HERE = f"/courses/{PACK}"
GROCERY, SECOND_YEAR = f"{PACK}/l-epicerie-du-bourg", f"{PACK}/la-deuxieme-annee"


@dataclass
class There:
    """An installation with the example course, slotted, and a course that somebody else
    facilitates."""

    house: House
    visitor: Visitor

    def placed(self) -> dict[str, str]:
        """Section by module."""
        with self.house.services.db.read("town") as unit:
            return {
                f"{p.pack}/{p.module}": p.section
                for p in unit.scalars(select(Placement))
                if p.pack == PACK
            }

    def course(self) -> Course:
        with self.house.services.db.read("town") as unit:
            return unit.scalars(select(Course).where(Course.slug == PACK)).one()

    def free(self) -> str:
        """A section with nothing in it."""
        return next(
            s.id for s in outline_of(self.course()).sections if s.id not in self.placed().values()
        )

    def ask(self, **form: object) -> TestResponse:
        """Send a wish from the course's page; what moves something is only shown."""
        self.visitor.get(HERE)
        return self.visitor.post(f"{HERE}/slot", form)

    def keep(self, shown: TestResponse) -> TestResponse:
        """Keep the change that a page shows."""
        plan = re.search(r'name="plan" value="([^"]+)"', shown.text)
        assert plan, titles(shown.text)
        return self.visitor.post(f"{HERE}/slot/keep", {"plan": plan[1]})

    def wish(self, **form: object) -> TestResponse:
        """Send a wish, and keep what it changes if that is asked."""
        answer = self.ask(**form)
        return self.keep(answer) if answer.status_code == 200 else answer


@pytest.fixture
def there(tmp_path: Path) -> There:
    made = house(tmp_path)
    services = made.services
    services.library.install(read_folder(ROOT / "content_packs" / PACK), MONDAY)
    account = made.account(email="dominique@example.org", role="facilitator")
    with services.db.write("town") as unit:
        course = outlines.import_outline(
            unit, read_outline(OUTLINE.read_bytes(), OUTLINE.name), MONDAY
        )
        builders.slotted(unit, services.library, course)
        members.enrol(unit, course, unit.get(Account, ("town", account.id)), MONDAY, "facilitator")
        outlines.import_outline(unit, builders.outline("elsewhere"), MONDAY)
        unit.commit()
    visitor = made.client()
    assert visitor.sign_in("dominique@example.org").location.startswith("/courses/")
    return There(made, visitor)


def titles(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


def test_the_course_shows_what_is_placed_where_and_why(there: There) -> None:
    page = titles(there.visitor.get(HERE).text)
    for words in (
        "L’épicerie du bourg",
        "Les ressources financières",
        "Elle a ces étiquettes en commun",
        "8 minutes",
        "94\u00a0%",
        "Thème\u202f: modèles socio-économiques",
    ):
        assert words in page, words
    assert PACK not in page and "s4" not in page.split(), "ids are for machines"


def test_a_pin_moves_an_experience_and_unpinning_gives_it_back_to_its_section(there: There) -> None:
    before, section = there.placed(), there.free()
    assert there.wish(pin=GROCERY, section=section).location == HERE
    assert there.placed()[GROCERY] == section
    assert "épinglée" in there.visitor.get(HERE).text
    there.wish(unpin=GROCERY)
    assert there.course().pins == [] and there.placed() == before


def test_what_is_placed_says_what_learners_read_first_and_is_moved_from_where_it_stands(
    there: There,
) -> None:
    outline, _ = there.visitor.get(HERE).text.split("Laissées de côté</h2>")
    [row] = [row for row in outline.split("<tr>") if f'name="ban" value="{GROCERY}"' in row]
    section = there.placed()[GROCERY]
    assert "Ce qu’on lit d’abord" in row and f'<option value="{section}">' not in row
    assert f'name="pin" value="{GROCERY}"' in row and f'<option value="{there.free()}">' in row
    there.wish(ban=GROCERY)
    assert "Ce qu’on lit d’abord" in there.visitor.get(HERE).text.split("Laissées de côté</h2>")[1]


def test_placing_again_says_how_much_is_left_out(there: There) -> None:
    there.wish(weekly_minutes=5)
    assert "5 expériences sont laissées de côté" in titles(there.visitor.get(HERE).text)


def test_what_is_left_out_is_listed_with_its_reason_and_can_be_let_in_again(there: There) -> None:
    there.wish(ban=SECOND_YEAR)
    assert SECOND_YEAR not in there.placed()
    left_out = there.visitor.get(HERE).text.split("Laissées de côté</h2>")[1]
    assert "Tenir la deuxième année" in left_out and 'name="unban"' in left_out
    there.wish(unban=SECOND_YEAR)
    assert SECOND_YEAR in there.placed()


def test_leaving_out_what_is_pinned_takes_its_pin_away(there: There) -> None:
    there.wish(pin=GROCERY, section=there.free())
    assert there.wish(ban=GROCERY).location == HERE
    assert there.course().pins == [] and GROCERY not in there.placed()


def test_what_the_minutes_leave_out_can_be_pinned_to_a_section(there: There) -> None:
    there.wish(weekly_minutes=6)
    left_out = there.visitor.get(HERE).text.split("Laissées de côté</h2>")[1]
    assert f'name="pin" value="{GROCERY}"' in left_out and 'name="section"' in left_out
    assert "6 minutes" in titles(left_out)


def test_wishes_that_conflict_change_nothing_and_are_told_by_their_titles(there: There) -> None:
    before = there.placed()
    there.wish(ban=GROCERY)
    there.wish(unban=GROCERY)
    there.wish(pin=GROCERY, section=there.free())
    pinned = there.placed()[GROCERY]
    page = there.wish(weekly_minutes=3)
    assert page.status_code == 409
    alert = titles(page.text.split('role="alert"')[1].split("</ul>")[0])
    assert "L’épicerie du bourg" in alert and GROCERY not in alert and pinned not in alert.split()
    assert 'value="3"' in page.text, "what was typed is still there"
    assert there.placed() == before | {GROCERY: pinned} and there.course().weekly_minutes == 12


@pytest.mark.parametrize("minutes", ["0", "-1", "601", "douze", "99999999999", "1e3"])
def test_minutes_that_cannot_be_are_said_beside_the_field(there: There, minutes: str) -> None:
    page = there.wish(weekly_minutes=minutes)
    assert (
        page.status_code == 422
        and 'id="weekly_minutes-fault"' in page.text
        and f'value="{minutes}"' in page.text
    )
    assert there.course().weekly_minutes == 12


@pytest.mark.parametrize(
    "wish",
    [
        {"pin": "nowhere", "section": "s1"},
        {"pin": GROCERY, "section": "nowhere"},
        {"ban": "nowhere"},
        {"pin": GROCERY},
    ],
)
def test_a_wish_about_what_does_not_exist_is_not_found_and_changes_nothing(
    there: There, wish: dict[str, str]
) -> None:
    before = there.placed()
    assert there.wish(**wish).status_code == 404
    assert there.placed() == before


def test_the_figure_repeats_its_numbers_in_a_table(there: There) -> None:
    page = there.visitor.get(HERE).text
    figure = page.split("<figure>")[1].split("</figure>")[0]
    assert (
        figure.count('class="bar"') == 5 and 'class="limit"' in figure and 'style="' not in figure
    )
    assert figure.count("<tr>") == 1 + len(outline_of(there.course()).sections)


def test_progress_sorts_and_filters_by_link(there: There) -> None:
    services = there.house.services
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == PACK)).one()
        for name, joined in (("Zoé", True), ("Élise", False), ("Farid", True)):
            who = builders.learner(
                unit, services.library, course, f"{bare(name)}@example.org", joined=joined
            )
            unit.get(Account, ("town", who.id)).name = name
        unit.commit()

    def names(query: str) -> list[str]:
        return re.findall(
            r'<th scope="row">([^<]+)', there.visitor.get(f"{HERE}/people{query}").text
        )

    assert names("") == ["Élise", "Farid", "Zoé"]
    assert names("?state=joined") == ["Élise"]
    assert names("?sort=state") == ["Élise", "Farid", "Zoé"]
    assert names("?sort=nonsense&state=nonsense") == []
    assert 'aria-sort="descending"' in there.visitor.get(f"{HERE}/people?sort=answers").text


def test_a_long_list_of_people_comes_in_pages_that_keep_state_and_order(there: There) -> None:
    services = there.house.services
    with services.db.write("town") as unit:
        course = unit.scalars(select(Course).where(Course.slug == PACK)).one()
        for n in range(1, 104):
            who = accounts.add_account(unit, None, f"Student {n}", "learner", "fr", MONDAY)
            members.enrol(unit, course, who, MONDAY)
        unit.commit()

    def page(query: str) -> str:
        return unescape(there.visitor.get(f"{HERE}/people?{query}").text)

    def names(query: str) -> list[str]:
        return re.findall(r'<th scope="row">([^<]+)', page(query))

    assert names("") == [f"Student {n}" for n in range(1, 51)]
    assert names("state=joined&page=3") == ["Student 101", "Student 102", "Student 103"]
    assert names("page=9") == names("page=3") and names("page=0") == names("page=no") == names("")
    second = page("state=joined&sort=finished&page=2")
    assert "51 à 100 sur 103" in second
    assert re.findall(r'aria-label="Page (\d)" aria-current="page"', second) == ["2"]
    nav = second.split('<nav aria-label="Pages"')[1].partition("</nav>")[0]
    links = re.findall(r'href="([^"]+)"', nav)
    assert [re.search(r"page=(\d)", link)[1] for link in links] == ["1", "1", "2", "3", "3"]
    assert all("state=joined" in link and "sort=finished" in link for link in links)
    assert 'aria-label="Pages"' not in page("state=active")


def test_courses_of_others_are_not_found(there: There) -> None:
    assert "elsewhere" not in there.visitor.get("/courses/").text
    for page in (
        "/courses/elsewhere",
        "/courses/elsewhere/people",
        "/courses/elsewhere/invitations",
    ):
        assert there.visitor.get(page).status_code == 404, page
    for page in ("/courses/elsewhere/slot", "/courses/elsewhere/invitations"):
        there.visitor.get(HERE)
        assert there.visitor.post(page, {"emails": "noe@example.org"}).status_code == 404, page


def test_many_courses_are_counted_in_as_many_queries_as_one_and_each_is_given_its_own(
    there: There,
) -> None:
    services = there.house.services

    def seen(path: str) -> tuple[int, list[tuple[str, ...]]]:
        with builders.queries(services.db) as asked:
            page = there.visitor.get(path).text
        assert not any("course.outline" in query for query in asked)
        return len(asked), re.findall(
            r'/courses/([^/"]+)/desk">[^<]+</a></th>\n<td[^>]*>(\d+)</td><td[^>]*>(\d+)</td>', page
        )

    once, only = seen("/courses/")
    assert only == [(PACK, "5", "0")]
    services.library.install(new_pack(builders.PACK), MONDAY)
    with services.db.write("town") as unit:
        me = unit.scalars(select(Account).where(Account.email == "dominique@example.org")).one()
        for n in range(9):
            course = builders.course(unit, f"course-{n}")
            for m in range(n):
                members.enrol(
                    unit,
                    course,
                    accounts.add_account(unit, f"l{n}{m}@example.org", "", "learner", "fr", MONDAY),
                    MONDAY,
                )
            if n % 2:
                members.enrol(unit, course, me, MONDAY, "facilitator")
        unit.commit()
    often, all_of_them = seen("/courses/")
    assert often == once
    assert sorted(all_of_them) == [
        ("course-1", "1", "1"),
        ("course-3", "1", "3"),
        ("course-5", "1", "5"),
        ("course-7", "1", "7"),
        (PACK, "5", "0"),
    ]


def test_a_course_is_shown_in_as_many_queries_whatever_is_left_out_and_whatever_others_there_are(
    there: There,
) -> None:
    def asked() -> list[str]:
        with builders.queries(there.house.services.db) as seen:
            assert there.visitor.get(HERE).status_code == 200
        return seen

    before = asked()
    for key in [*there.placed()][1:]:
        there.wish(ban=key)
    assert len(there.course().left_out) == 4
    assert len(asked()) == len(before)
    assert sum("course.outline" in query for query in before) == 1
    assert all("course.slug = ?" in query for query in before if "course.outline" in query)


def test_an_administrator_sees_every_course_and_a_learner_none(there: There) -> None:
    there.house.account(email="admin@example.org", role="administrator")
    admin = there.house.client()
    admin.sign_in("admin@example.org")
    assert "Un cours" in admin.get("/courses/").text
    there.house.account(email="lea@example.org")
    learner = there.house.client()
    learner.sign_in()
    for page in ("/courses/", HERE, f"{HERE}/people"):
        assert learner.get(page).status_code == 404, page


def test_an_administrator_without_a_course_is_told_how_one_comes(tmp_path: Path) -> None:
    made = house(tmp_path)
    made.account(email="admin@example.org", role="administrator")
    admin = made.client()
    admin.sign_in("admin@example.org")
    assert "relecture course import" in admin.get("/courses/").text
