"""Deep Linking with its pages: what teachers see and choose, what goes back signed, and where
learners land who follow it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select
from werkzeug.test import TestResponse

from engine.courses.outlines import outline_of
from engine.packs.read import read_folder
from engine.storage.tables import Course, LtiLink, Placement
from lti.wire import names
from tests import builders
from tests.integration.lti.doors import CHOOSE, Change, Guest, Plugged, choosing, plugged, teacher
from tests.integration.lti.lms import DEPLOYMENT, LEARNER, NOW, TOOL, Lms

pytestmark = pytest.mark.both_databases

ROOT = Path(__file__).parents[3]
PACK = "modeles-socio-economiques"
HALL, GROCERY, TEAM = (
    f"{PACK}/la-halle-en-six-semaines",
    f"{PACK}/l-epicerie-du-bourg",
    f"{PACK}/trois-bras-pour-cinq-chantiers",
)
WINDOW = f"{builders.PACK}/{builders.MODULE}"
SECTIONS = (
    "1;Ouverture\n2;Le budget;subventions, marché, halle\n3;La gestion;association, régie, "
    "épicerie\n4;L’équipe;compétences, charge, chantiers"
)
WINDOWED = {"window": {"targetName": "relecture"}}
USUAL = {"counts": "both", "points": "100", "target": "iframe"}


@pytest.fixture
def there(tmp_path: Path, lms: Lms) -> Plugged:
    made = plugged(tmp_path, lms)
    made.house.services.library.install(read_folder(ROOT / "content_packs" / PACK), NOW)
    return made


def choose(there: Plugged, *changes: Change, **settings: object) -> Guest:
    """A teacher in front of the shelf."""
    guest = there.browser()
    page = guest.enter(choosing(**settings), *changes, target_link_uri=CHOOSE)
    assert (page.status_code, guest.where(page)) == (200, "/lms/choose")
    return guest


def send(guest: Guest, path: str, *items: str, **form: str) -> TestResponse:
    """The form of the page seen last, with these things ticked."""
    said: dict[str, Any] = {**USUAL, **form, "item": list(items)}
    return guest.follow(guest.visitor.post(guest.at + path, said, base_url=TOOL))


def paste(guest: Guest, sections: str = SECTIONS, maturity: str = "2") -> TestResponse:
    return guest.send("/lms/choose/outline", sections=sections, maturity=maturity)


def answer(there: Plugged, page: TestResponse) -> dict[str, Any]:
    """What the platform reads in the answer, verified with the keys that we publish."""
    assert page.status_code == 200, page.text
    signed = re.search(r'name="JWT" value="([^"]+)"', page.text)
    assert signed, page.text
    keys = KeySet.import_key_set(there.house.client().get("/lti/keys", base_url=TOOL).get_json())
    return dict(jwt.decode(signed[1], keys, algorithms=["RS256"]).claims)


def items(there: Plugged, page: TestResponse) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer(there, page)[names.DL_ITEMS]
    return found


def words(page: TestResponse) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page.text))


def course(there: Plugged) -> Course:
    with there.house.services.db.read("town") as unit:
        return unit.scalars(select(Course)).one()


def placed(there: Plugged) -> dict[str, str]:
    with there.house.services.db.read("town") as unit:
        return {f"{row.pack}/{row.module}": row.section for row in unit.scalars(select(Placement))}


def test_every_experience_is_shown_under_its_cover_and_its_subject_to_the_teacher_alone_in_a_fold(
    there: Plugged,
) -> None:
    page = choose(there).get("/lms/choose")
    assert page.text.count('type="checkbox" name="item"') == 6 + 2
    assert "Six semaines pour boucler le budget de la halle" in page.text and "8 minutes" in words(
        page
    )
    outside = re.sub(r"<details>.*?</details>", "", page.text, flags=re.S)
    assert "catalyseur" in page.text and "catalyseur" not in outside


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("", 6),
        ("theme=socio-economic-models", 5),
        ("minutes=7", 3),
        ("language=en&format=mooc-unit", 5),
        ("theme=socio-economic-models&minutes=7", 2),
        ("theme=sdg", 0),
        ("format=workshop&language=fr", 1),
        ("theme=nonsense&minutes=many&format=&language=xx", 6),
    ],
)
def test_filters_combine_and_an_empty_shelf_says_so(
    there: Plugged, filters: str, found: int
) -> None:
    page = choose(there).get(f"/lms/choose?{filters}")
    assert page.text.count('<li class="card">') == found
    assert ("Aucune expérience ne répond à cela." in words(page)) == (found == 0)


def test_what_was_ticked_stays_in_sight_whatever_is_looked_for(there: Plugged) -> None:
    page = choose(there).get(f"/lms/choose?theme=sdg&item={HALL}&points=20")
    assert f'value="{HALL}" checked' in page.text and 'value="20"' in page.text
    assert "Aucune autre expérience" in words(page)


def test_several_are_chosen_and_go_back_signed_in_the_order_of_the_course(there: Plugged) -> None:
    guest = choose(there)
    assert guest.where(paste(guest)) == "/lms/choose"
    page = send(guest, "/lms/choose", TEAM, HALL, counts="finished", points="20")
    claims = answer(there, page)
    assert (claims["iss"], claims["aud"], claims[names.DEPLOYMENT]) == (
        "client-1",
        "https://lms.example.org",
        DEPLOYMENT,
    )
    assert (claims[names.MESSAGE_TYPE], claims[names.VERSION]) == (
        "LtiDeepLinkingResponse",
        "1.3.0",
    )
    assert (
        claims[names.DL_DATA] == "opaque-7"
        and claims["nonce"]
        and claims[names.DL_MESSAGE].startswith("2 liens")
    )
    hall, team = claims[names.DL_ITEMS]
    assert hall == {
        "type": "ltiResourceLink",
        "url": f"{TOOL}/lti/to/experience?module={HALL.replace('/', '%2F')}",
        "title": "Semaine 2 · Six semaines pour boucler le budget de la halle",
        "text": hall["text"],
        "icon": {"url": f"{TOOL}/static/favicon.svg", "width": 64, "height": 64},
        "lineItem": {
            "scoreMaximum": 20,
            "label": hall["title"],
            "resourceId": HALL,
            "tag": "finished",
        },
        "custom": {"module": HALL, "counts": "finished", "section": "le-budget"},
        "iframe": {"width": 960, "height": 720},
    }
    assert (
        hall["text"].startswith("Une halle de marché rouvre")
        and team["custom"]["section"] == "l-equipe"
    )
    policy = page.headers["Content-Security-Policy"]
    assert (
        "form-action https://lms.example.org;" in policy
        and "frame-ancestors https://lms.example.org" in policy
    )
    assert 'action="https://lms.example.org/placed"' in page.text and "lms/answer.js" in page.text


def test_a_link_that_was_chosen_opens_its_experience_in_the_section_it_was_chosen_for(
    there: Plugged,
) -> None:
    guest = choose(there)
    paste(guest)
    [item] = items(there, send(guest, "/lms/choose", HALL))

    def follows(claims: dict[str, Any]) -> None:
        claims[names.TARGET], claims[names.CUSTOM] = item["url"], item["custom"]
        claims[names.RESOURCE_LINK] = {"id": "link-9", "title": item["title"]}

    learner = there.browser()
    page = learner.enter(follows, target_link_uri=item["url"])
    assert learner.where(page) == "/contract"
    learner.send("/contract", change="1")
    page = learner.send(
        "/rhythm",
        first="1",
        channel="inbox",
        language="fr",
        zone="Europe/Paris",
        hour="08:40",
        opens="08:30",
        closes="18:30",
        days_off="6",
        country="FR",
        touch_minutes="3",
        week_minutes="6",
        gap_days="2",
    )
    assert learner.where(page).startswith("/lms/experience/")
    week, _, title = item["title"].partition(" · ")
    assert week == "Semaine 2" and title in page.text and week not in page.text
    assert placed(there) == {HALL: "le-budget"}
    assert course(there).pins == [[HALL, "le-budget"]]


@pytest.mark.parametrize("section", ["gone", "le-budget"])
def test_a_section_that_is_gone_or_taken_meanwhile_leaves_the_experience_one_of_its_own(
    there: Plugged, section: str
) -> None:
    guest = choose(there)
    paste(guest)

    def follows(module: str, link: str) -> Change:
        def change(claims: dict[str, Any]) -> None:
            claims[names.CUSTOM] = {"module": module, "section": section}
            claims[names.RESOURCE_LINK] = {"id": link, "title": link}

        return change

    there.browser().enter(follows(WINDOW, "first"))
    there.browser().enter(follows(HALL, "second"))
    assert placed(there)[HALL] == "la-halle-en-six-semaines"
    assert placed(there)[WINDOW] == ("le-budget" if section == "le-budget" else builders.MODULE)


def test_what_was_left_out_by_hand_is_no_longer_once_its_link_is_placed(there: Plugged) -> None:
    guest = choose(there)
    paste(guest)
    with there.house.services.db.write("town") as unit:
        unit.scalars(select(Course)).one().bans = [HALL]
        unit.commit()
    assert "Vous l’avez laissée hors de ce cours" in words(guest.get("/lms/choose"))
    there.browser().enter(lambda claims: claims.update({names.CUSTOM: {"module": HALL}}))
    assert course(there).bans == [] and HALL in placed(there)
    page = send(guest, "/lms/choose/plan")
    assert HALL in {item["custom"]["module"] for item in items(there, page)}


@pytest.mark.parametrize("ways", [{"counts": "none"}, {"counts": "none", "points": ""}])
def test_without_a_grade_no_column_is_asked_for(there: Plugged, ways: dict[str, str]) -> None:
    [item] = items(there, send(choose(there), "/lms/choose", HALL, **ways))
    assert "lineItem" not in item and item["custom"] == {"module": HALL, "counts": "none"}

    def follows(**grades: str) -> Change:
        def change(claims: dict[str, Any]) -> None:
            claims[names.TARGET], claims[names.CUSTOM] = item["url"], item["custom"]
            claims[names.AGS] = {
                "scope": [names.SCOPE_SCORE],
                "lineitems": "https://school.example.net/items",
                **grades,
            }

        return change

    for grades, graded in (({}, False), ({"lineitem": "https://school.example.net/items/1"}, True)):
        there.browser().enter(follows(**grades), target_link_uri=item["url"])
        with there.house.services.db.read("town") as unit:
            assert unit.scalars(select(LtiLink.graded)).one() is graded


@pytest.mark.parametrize("said", [None, True, "true"])
def test_a_platform_that_does_not_say_whether_it_takes_columns_gets_one(
    there: Plugged, said: object
) -> None:
    """Moodle never sends ``accept_lineitem``, and takes them."""
    guest = choose(there, accept_lineitem=said)
    assert 'name="counts"' in guest.get("/lms/choose").text
    [item] = items(there, send(guest, "/lms/choose", HALL, counts="both", points="20"))
    assert item["lineItem"]["scoreMaximum"] == 20


def test_where_moodle_has_no_grade_service_nothing_is_asked_of_grades(there: Plugged) -> None:
    def moodle(claims: dict[str, Any]) -> None:
        claims[names.PLATFORM] = {"guid": "1", "product_family_code": "moodle"}
        claims.pop(names.AGS, None)

    guest = there.browser()
    page = guest.enter(choosing(accept_lineitem=None), moodle, target_link_uri=CHOOSE)
    assert 'name="counts"' not in page.text
    [item] = items(there, send(guest, "/lms/choose", HALL))
    assert "lineItem" not in item


def test_what_moodle_does_with_a_plan_is_said_before_it_is_placed(there: Plugged) -> None:
    def moodle(claims: dict[str, Any]) -> None:
        claims[names.PLATFORM] = {"guid": "1", "product_family_code": "moodle"}

    guest = there.browser()
    guest.enter(choosing(), moodle, target_link_uri=CHOOSE)
    paste(guest)
    page = guest.get("/lms/choose/plan")
    assert "Moodle place tous ces liens dans la section" in words(page)
    assert 'name="target" value="iframe"' in page.text and "fenêtre à part" not in words(page)
    placed_now = items(there, send(guest, "/lms/choose/plan"))
    assert all(item["title"].startswith("Semaine ") for item in placed_now)
    desk = guest.get(f"/courses/{course(there).slug}/platform")
    assert "personne ne l’a encore ouvert" in words(desk) and "semaine 2" in words(desk)


def test_accept_lineitem_false_nothing_counts_and_nothing_is_asked(there: Plugged) -> None:
    guest = choose(there, accept_lineitem=False)
    assert 'name="counts"' not in guest.get("/lms/choose").text
    [item] = items(there, send(guest, "/lms/choose", HALL, points="zero"))
    assert "lineItem" not in item


def test_accept_multiple_false_two_are_refused_with_words_and_one_goes(there: Plugged) -> None:
    guest = choose(there, accept_multiple=False)
    page = guest.get("/lms/choose")
    assert (
        'type="radio" name="item"' in page.text and 'type="checkbox" name="item"' not in page.text
    )
    page = send(guest, "/lms/choose", HALL, GROCERY)
    assert page.status_code == 422 and "un lien à la fois" in words(page)
    assert f'value="{HALL}" checked' in page.text and f'value="{GROCERY}" checked' in page.text
    assert len(items(there, send(guest, "/lms/choose", HALL))) == 1


def test_accept_types_without_links_nothing_can_be_placed_and_the_page_says_so(
    there: Plugged,
) -> None:
    guest = choose(there, accept_types=["html", "file"])
    page = guest.get("/lms/choose")
    assert "ne prend pas de liens" in words(page) and 'name="item"' not in page.text
    assert send(guest, "/lms/choose", HALL).status_code == 422
    assert items(there, guest.send("/lms/choose/nothing")) == []


@pytest.mark.parametrize(
    ("accepted", "asked", "got"),
    [
        (["iframe", "window"], "window", WINDOWED),
        (["window"], "window", WINDOWED),
        (["window"], "iframe", {}),
        (["iframe"], "iframe", {"iframe": {"width": 960, "height": 720}}),
        (["embed"], "iframe", {}),
        (None, "iframe", {}),
    ],
)
def test_where_it_opens_is_what_the_platform_offers(
    there: Plugged, accepted: list[str] | None, asked: str, got: dict[str, Any]
) -> None:
    guest = choose(there, accept_presentation_document_targets=accepted)
    [item] = items(there, send(guest, "/lms/choose", HALL, target=asked))
    assert {name: item[name] for name in ("iframe", "window") if name in item} == got


def test_going_back_without_placing_anything_is_an_answer_too(there: Plugged) -> None:
    claims = answer(there, send(choose(there, data=None), "/lms/choose/nothing"))
    assert (claims[names.DL_ITEMS], claims[names.DL_MESSAGE]) == ([], "Rien n’a été placé.")
    assert names.DL_DATA not in claims


def test_who_ticks_nothing_stays_and_is_told(there: Plugged) -> None:
    page = send(choose(there), "/lms/choose")
    assert page.status_code == 422 and "au moins une expérience" in page.text


def test_pages_of_the_course_can_be_placed_and_lead_there(there: Plugged) -> None:
    found = items(there, send(choose(there), "/lms/choose", "path", "course", HALL))
    assert [item["url"].partition("?")[0].rpartition("/")[2] for item in found] == [
        "experience",
        "course",
        "path",
    ]
    assert found[1]["lineItem"]["resourceId"] == "course" and "lineItem" not in found[2]
    assert (found[2]["title"], found[2]["custom"]) == (
        "Mon fil",
        {"item": "path", "counts": "none"},
    )

    def follows(claims: dict[str, Any]) -> None:
        claims[names.TARGET], claims[names.CUSTOM] = found[2]["url"], found[2]["custom"]

    teaching = there.browser()
    page = teaching.enter(teacher, follows, target_link_uri=found[2]["url"])
    assert teaching.where(page).endswith("/people")
    assert "/invite" not in page.text, "who is in the course is the LMS's to say"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"points": ""}, "nombre entier"),
        ({"points": "0"}, "points de 1 à"),
        ({"points": "1001"}, "points de 1 à"),
        ({"points": "-5"}, "nombre entier"),
        ({"counts": "everything"}, "façons de compter"),
    ],
)
def test_what_the_form_does_not_offer_is_refused_at_its_field_and_nothing_is_lost(
    there: Plugged, form: dict[str, str], said: str
) -> None:
    page = send(choose(there), "/lms/choose", HALL, **form)
    assert (
        page.status_code == 422 and said in words(page) and f'value="{HALL}" checked' in page.text
    )


@pytest.mark.parametrize("item", ["nowhere/nothing", "plan", "", "<b>", HALL + "x"])
def test_an_experience_that_is_not_here_is_refused_with_words(there: Plugged, item: str) -> None:
    page = send(choose(there), "/lms/choose", item)
    assert page.status_code == 422 and "Choisissez de nouveau" in words(page)


def test_each_experience_shows_where_it_fits_and_why_or_why_nowhere(there: Plugged) -> None:
    guest = choose(there)
    assert "Convient le mieux" not in words(guest.get("/lms/choose"))
    page = words(paste(guest))
    assert (
        "Convient le mieux à «\u202fLe budget\u202f»" in page
        and "Elle parle des mêmes choses" in page
    )
    assert "aucune section pour elle" in page and "moins de deux mots en commun" in page


def test_pasting_anew_keeps_what_bears_the_same_title_and_what_holds_a_pin(there: Plugged) -> None:
    guest = choose(there)
    paste(guest)
    there.browser().enter(
        lambda claims: claims.update({names.CUSTOM: {"module": HALL, "section": "le-budget"}})
    )
    paste(guest, "L’équipe\nLe financement", "3")
    outline = outline_of(course(there))
    assert [section.id for section in outline.sections] == [
        "l-equipe",
        "le-financement",
        "le-budget",
    ]
    assert outline.audience.maturity == 3 and placed(there) == {HALL: "le-budget"}
    written = unescape(guest.get("/lms/choose").text)
    assert (
        "L’équipe\nLe financement\n2;Le budget\n  subventions, marché, halle</textarea>" in written
    )


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ("", "pas encore de section"),
        (" \n\n", "pas encore de section"),
        ("Bien\n700;Loin\n---", "Ligne 2\u202f: 700 n’est pas une semaine"),
        (
            "\n".join(f"Section {n}" for n in range(10_000)),
            "Ligne 501\u202f: un cours a 500 sections au plus",
        ),
        ("x" * 300, "Ligne 1\u202f: ce titre a 300 caractères"),
    ],
)
def test_a_faulty_list_is_refused_at_its_lines_and_comes_back_as_it_was_written(
    there: Plugged, sections: str, said: str
) -> None:
    guest = choose(there)
    paste(guest)
    page = paste(guest, sections)
    assert page.status_code == 422 and said in words(page) and "<details open>" in page.text
    assert (
        unescape(page.text.partition('aria-invalid="true">')[2].partition("</textarea>")[0])
        == sections
    )
    assert [section.id for section in outline_of(course(there)).sections] == [
        "ouverture",
        "le-budget",
        "la-gestion",
        "l-equipe",
    ]


@pytest.mark.parametrize("maturity", ["", "0", "5", "x"])
def test_a_maturity_that_is_none_changes_nothing(there: Plugged, maturity: str) -> None:
    page = paste(choose(there), SECTIONS, maturity)
    assert page.status_code == 422 and not outline_of(course(there)).sections


def test_more_than_a_form_may_hold_is_refused_in_words(there: Plugged) -> None:
    assert paste(choose(there), "x" * 300_000).status_code == 413


def test_html_in_a_pasted_list_is_shown_as_it_was_written_and_never_run(there: Plugged) -> None:
    guest = choose(there)
    page = paste(guest, "<script>alert(1)</script> subventions halle marché\n<b>Autre</b>")
    assert "<script>alert" not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in guest.get("/lms/choose/plan").text


def test_pasting_loses_nothing_that_stood_in_the_address_and_takes_nothing_else_from_it(
    there: Plugged,
) -> None:
    guest = choose(there)
    page = guest.send(
        "/lms/choose/outline?theme=sdg&item=course&_external=1&_scheme=javascript&endpoint=x",
        sections=SECTIONS,
        maturity="1",
    )
    assert page.status_code == 200 and page.request.query_string.decode() == "theme=sdg&item=course"


def test_the_whole_plan_is_shown_first_then_placed_one_link_an_experience_in_order(
    there: Plugged,
) -> None:
    guest = choose(there)
    paste(guest)
    page = guest.get("/lms/choose/plan")
    assert (
        "Le budget" in words(page) and "moins de deux mots" in words(page) and placed(there) == {}
    )
    found = items(there, send(guest, "/lms/choose/plan", points="10"))
    assert [(item["custom"]["module"], item["custom"]["section"]) for item in found] == [
        (HALL, "le-budget"),
        (GROCERY, "la-gestion"),
        (TEAM, "l-equipe"),
    ]
    assert placed(there) == {item["custom"]["module"]: item["custom"]["section"] for item in found}
    assert all(item["lineItem"]["scoreMaximum"] == 10 for item in found)


def test_a_plan_of_several_is_no_single_link_and_nothing_is_written(there: Plugged) -> None:
    guest = choose(there, accept_multiple=False)
    paste(guest)
    assert "/lms/choose/plan" not in guest.get("/lms/choose").text
    page = send(guest, "/lms/choose/plan")
    assert page.status_code == 422 and "un lien à la fois" in words(page) and placed(there) == {}


def test_a_plan_for_nothing_or_of_what_cannot_be_says_so(there: Plugged) -> None:
    guest = choose(there)
    page = send(guest, "/lms/choose/plan")
    assert page.status_code == 422 and "rien à placer" in words(page)
    paste(guest)
    with there.house.services.db.write("town") as unit:
        made = unit.scalars(select(Course)).one()
        made.pins, made.bans = [[HALL, "le-budget"]], [HALL]
        unit.commit()
    page = send(guest, "/lms/choose/plan")
    assert page.status_code == 409 and "épinglée et écartée" in words(page)


def test_a_request_from_outside_any_course_offers_the_shelf_without_outline_or_plan(
    there: Plugged,
) -> None:
    guest = choose(there, lambda claims: claims.pop(names.CONTEXT))
    page = guest.get("/lms/choose")
    assert "<textarea" not in page.text and "/lms/choose/plan" not in page.text
    assert guest.get("/lms/choose/plan").status_code == 404 and paste(guest).status_code == 404
    guest.get("/lms/choose")
    [item] = items(there, send(guest, "/lms/choose", HALL))
    assert "section" not in item["custom"]


def test_links_are_in_the_language_of_the_course_and_the_page_in_the_teacher_s(
    there: Plugged,
) -> None:
    def english(claims: dict[str, Any]) -> None:
        claims[names.PRESENTATION] = {"locale": "en-GB"}

    there.browser().enter()  # a French-speaking learner came first
    guest = choose(there, english)
    page = guest.get("/lms/choose")
    assert "Choose what goes into your course" in page.text and "Six weeks" in page.text
    found = items(there, send(guest, "/lms/choose", HALL, "path"))
    assert [item["title"] for item in found] == [
        "Six semaines pour boucler le budget de la halle",
        "Mon fil",
    ]


def test_a_learner_is_told_no_and_shown_nothing_else(there: Plugged) -> None:
    guest = there.browser()
    answered = guest.launch(
        choosing(), lambda claims: claims.update({names.ROLES: [LEARNER]}), target_link_uri=CHOOSE
    )
    page = guest.follow(answered)
    assert (
        page.status_code == 403
        and "revient à qui enseigne" in words(page)
        and 'name="item"' not in page.text
    )
    for path in ("/lms/choose", "/lms/choose/plan", "/lms/choose/outline", "/lms/choose/nothing"):
        refused = send(guest, path, HALL, sections=SECTIONS, maturity="2")
        assert refused.status_code == 403 and "JWT" not in refused.text
    assert not outline_of(course(there)).sections


def test_outside_a_request_to_choose_there_is_no_such_page(there: Plugged) -> None:
    guest = there.browser()
    guest.enter(teacher)
    for path in ("/lms/choose", "/lms/choose/plan"):
        assert guest.get(path).status_code == 404
    assert guest.visitor.get("/lms/choose", base_url=TOOL).status_code == 404


def test_the_facilitator_s_own_page_takes_a_pasted_list_inside_an_lms_alone(there: Plugged) -> None:
    guest = there.browser()
    page = guest.enter(teacher)
    here = guest.where(page)
    assert 'name="sections"' in page.text
    page = guest.send(f"{here}/outline", sections=SECTIONS, maturity="2")
    assert guest.where(page) == here and "La gestion" in page.text
    page = guest.send(f"{here}/outline", sections="3;", maturity="2")
    assert page.status_code == 422 and "Ligne 1\u202f: cette section n’a pas de titre" in words(
        page
    )
    assert [section.title for section in outline_of(course(there)).sections[:3]] == [
        "Ouverture",
        "Le budget",
        "La gestion",
    ]


def test_outside_of_lmss_outlines_come_from_their_files(tmp_path: Path, lms: Lms) -> None:
    made = plugged(tmp_path, lms).house
    made.account(email="fa@example.org", role="administrator")
    with made.services.db.write("town") as unit:
        builders.course(unit)
        unit.commit()
    visitor = made.client()
    visitor.sign_in("fa@example.org")
    page = visitor.get("/courses/course")
    assert page.status_code == 200 and 'name="sections"' not in page.text
    assert (
        visitor.post("/courses/course/outline", {"sections": "Autre", "maturity": "1"}).status_code
        == 404
    )


def test_what_must_be_lived_before_is_said_and_goes_before(there: Plugged) -> None:
    files = {
        name: data.replace(b"version: 1.", b"version: 9.") if name == "pack.yaml" else data
        for name, data in read_folder(ROOT / "content_packs" / PACK).items()
    }
    files["trois-bras-pour-cinq-chantiers/module.yaml"] += b"after: [la-halle-en-six-semaines]\n"
    there.house.services.library.install(files, NOW)
    guest = choose(there)
    page = paste(guest)
    assert (
        "Elle s’ouvre après celle-ci\u202f: Six semaines pour boucler le budget de la halle."
        in words(page)
    )
    assert "Ce qui vient avant elle n’est pas placé" in words(page)
    found = items(there, send(guest, "/lms/choose", TEAM, HALL))
    assert [item["custom"].get("section") for item in found] == ["le-budget", "l-equipe"]
    [alone] = items(there, send(guest, "/lms/choose", TEAM))
    assert "section" not in alone["custom"]
