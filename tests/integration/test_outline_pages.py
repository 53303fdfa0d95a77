"""From what somebody has to a course: handed in, shown as it was read, corrected, kept."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.courses.outlines import outline_of
from engine.packs.read import read_folder
from engine.storage.retention import forget_old
from engine.storage.tables import Course, Membership, Placement, Upload
from tests.apps import House, Visitor, house
from tests.unit.sheets import files

pytestmark = pytest.mark.both_databases

PACK = Path(__file__).parents[2] / "content_packs" / "modeles-socio-economiques"
PLAN = (
    "Séance;Ce qu’on fait;Quand;Durée\n"
    "1;Le modèle d’une halle : subventions, marché, budget;12/01/2027;1h30\n"
    "2;L’équipe, ses compétences, ses chantiers;19/01/2027;2 h\n"
    "Total;;;3h30\n"
)


@pytest.fixture
def town(tmp_path: Path) -> House:
    made = house(tmp_path, "town")
    made.account(role="facilitator")
    made.account(email="ann@example.org", role="facilitator")
    made.account(email="adm@example.org", role="administrator")
    made.account(email="bo@example.org")
    return made


def signed_in(town: House, email: str = "lea@example.org") -> Visitor:
    visitor = town.client()
    visitor.sign_in(email)
    return visitor


def handed_in(visitor: Visitor, data: bytes | str = PLAN, name: str = "plan 2027.csv") -> str:
    """The address of what was read."""
    visitor.get("/courses/new")
    held = data.encode() if isinstance(data, str) else data
    answer = visitor.post("/courses/new", {"file": (io.BytesIO(held), name)})
    assert answer.status_code == 303, answer.text
    return answer.location


def form_of(visitor: Visitor, where: str) -> dict[str, str]:
    """The form of that page, as a browser would send it."""
    page = visitor.get(where).text
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    form |= dict(
        re.findall(r'<input (?:type="number" )?id="[\w-]+" name="([\w-]+)" value="([^"]*)"', page)
    )
    form |= dict(
        re.findall(r'<input type="number" id="[\w-]+" name="([\w-]+)" value="([^"]*)"', page)
    )
    for name, options in re.findall(
        r'<select [^>]*?name="([^"]+)"[^>]*>(.*?)</select>', page, re.S
    ):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        form[name] = (chosen or re.findall(r'<option value="([^"]*)"', options))[0]
    form.pop("csrf_token", None)
    return {name: unescape(value) for name, value in form.items()}


def courses(town: House) -> list[Course]:
    with town.services.read("town") as work:
        return list(work.session.scalars(select(Course).order_by(Course.slug)))


def uploads(town: House) -> int:
    with town.services.read("town") as work:
        return len(work.session.scalars(select(Upload.id)).all())


def test_a_file_is_shown_as_it_was_read_and_nothing_is_kept_yet(town: House) -> None:
    visitor = signed_in(town)
    page = visitor.get(handed_in(visitor)).text
    assert "2 sections ont été trouvées" in page and "Rien n’est encore gardé" in page
    assert "est un total" in page and "19 janv. 2027" in page and ">120<" in page
    assert "voici son nom" in page and 'value="plan 2027"' in page
    assert courses(town) == []


def test_what_is_kept_is_a_course_that_who_made_it_facilitates(town: House) -> None:
    town.services.library.install(read_folder(PACK), town.clock.now())
    visitor = signed_in(town)
    where = handed_in(visitor)
    shown = visitor.get(where).text
    answer = visitor.post(where, form_of(visitor, where) | {"title": "Modèles", "do": "keep"})
    assert (answer.status_code, answer.location) == (303, "/courses/modeles")
    [course] = courses(town)
    assert [s.minutes for s in outline_of(course).sections] == [90, 120]
    assert course.title == "Modèles" and uploads(town) == 0
    with town.services.read("town") as work:
        [mine] = work.session.scalars(select(Membership)).all()
        placed = {row.section for row in work.session.scalars(select(Placement))}
    assert mine.role == "facilitator" and placed
    assert shown.count('class="minutes muted"') == len(placed)
    assert "Modèles" in visitor.get("/courses/").text
    assert signed_in(town, "ann@example.org").get("/courses/modeles").status_code == 404


def test_a_column_that_is_corrected_is_read_so(town: House) -> None:
    visitor = signed_in(town)
    where = handed_in(visitor, "Titre;Remarque;Notes\nOuvrir;Semaine 3;x\nFermer;Semaine 5;y\n")
    form = form_of(visitor, where)
    assert form["column-1"] == ""
    visitor.post(where, form | {"column-1": "week", "do": "again"})
    assert form_of(visitor, where)["column-1"] == "week"
    answer = visitor.post(where, form_of(visitor, where) | {"title": "Un", "do": "keep"})
    assert answer.location == "/courses/un"
    assert [s.week for s in outline_of(courses(town)[0]).sections] == [3, 5]


def test_a_correction_that_nobody_has_seen_yet_is_shown_before_it_is_kept(town: House) -> None:
    visitor = signed_in(town)
    where = handed_in(visitor, "Titre;Remarque\nOuvrir;Semaine 3\nFermer;Semaine 5\n")
    answer = visitor.post(where, form_of(visitor, where) | {"column-1": "week", "do": "keep"})
    assert answer.location == where and courses(town) == []
    assert "Regardez encore une fois" in visitor.get(where).text


def test_other_headings_make_other_columns(town: House) -> None:
    visitor = signed_in(town)
    where = handed_in(visitor, "Titre;Semaine\nOuvrir;3\nFermer;5\n")
    form = form_of(visitor, where)
    visitor.post(where, form | {"column-1": "text", "heading": "0", "do": "again"})
    page = visitor.get(where).text
    assert form_of(visitor, where)["heading"] == "0" and "Colonne 1, sans en-tête" in page


def test_a_text_without_a_title_is_asked_for_one(town: House) -> None:
    visitor = signed_in(town)
    visitor.get("/courses/new")
    answer = visitor.post("/courses/new", {"text": "Titre\tSemaine\nOuvrir\t1\nFermer\t2\n"})
    where = answer.location
    refused = visitor.post(where, form_of(visitor, where) | {"title": " ", "do": "keep"})
    assert refused.status_code == 422 and "Écrivez un titre" in refused.text
    assert courses(town) == []


def test_who_takes_the_course_is_asked_and_silence_leaves_nothing_out(town: House) -> None:
    town.services.library.install(read_folder(PACK), town.clock.now())
    visitor = signed_in(town)
    where = handed_in(visitor)
    open_ = visitor.get(where).text
    assert "d’une maturité" not in open_ and "maturité 1" not in open_
    visitor.post(where, form_of(visitor, where) | {"maturity": "4", "group_size": "18"})
    assert "maturité" in visitor.get(where).text
    visitor.post(where, form_of(visitor, where) | {"title": "Un", "do": "keep"})
    audience = outline_of(courses(town)[0]).audience
    assert (audience.maturity, audience.group_size) == (4, 18)


def test_two_courses_of_one_title_are_two_courses(town: House) -> None:
    for email in ("lea@example.org", "ann@example.org"):
        visitor = signed_in(town, email)
        where = handed_in(visitor)
        visitor.post(where, form_of(visitor, where) | {"title": "New", "do": "keep"})
    assert [one.slug for one in courses(town)] == ["new-2", "new-3"]


def test_an_outline_is_replaced_and_a_section_of_the_same_title_keeps_its_place(
    town: House,
) -> None:
    town.services.library.install(read_folder(PACK), town.clock.now())
    visitor = signed_in(town)
    where = handed_in(visitor)
    visitor.post(where, form_of(visitor, where) | {"title": "Un", "maturity": "2", "do": "keep"})
    before = outline_of(courses(town)[0])
    visitor.get("/courses/un/outline/new")
    answer = visitor.post(
        "/courses/un/outline/new",
        {"text": f"Titre;Semaine\nAccueil;1\n{before.sections[1].title};4\n"},
    )
    where = answer.location
    assert "remplace le plan" in visitor.get(where).text
    assert signed_in(town, "ann@example.org").get(where).status_code == 404
    answer = visitor.post(where, form_of(visitor, where) | {"title": "Un", "do": "keep"})
    assert answer.location == "/courses/un"
    [course] = courses(town)
    after = outline_of(course)
    assert [s.title for s in after.sections] == ["Accueil", before.sections[1].title]
    assert after.sections[1].id == before.sections[1].id and after.audience.maturity == 2


def test_who_drops_it_leaves_nothing_behind(town: House) -> None:
    visitor = signed_in(town)
    where = handed_in(visitor)
    visitor.get(where)
    assert visitor.post(where, {"do": "drop"}).location == "/courses/"
    assert uploads(town) == 0 and visitor.get(where).status_code == 404


@pytest.mark.parametrize("who", ["ann@example.org", "adm@example.org", "bo@example.org"])
def test_nobody_else_sees_or_changes_what_was_handed_in(town: House, who: str) -> None:
    where = handed_in(signed_in(town))
    other = signed_in(town, who)
    assert other.get(where).status_code == 404
    other.get("/sign-in")  # for its token
    other.get("/nowhere")
    assert other.post(where, {"do": "drop"}).status_code == 404
    assert uploads(town) == 1


def test_a_learner_makes_no_course(town: House) -> None:
    assert signed_in(town, "bo@example.org").get("/courses/new").status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "une image"),
        (b"%PDF-1.4 ...", "un PDF"),
        (files.zipped({"word/document.xml": "<w/>"}), "un document texte"),
        (b"", "Choisissez un fichier"),
        (b"Nom;Courriel\nAnne;anne@example.org\n", "liste de personnes"),
    ],
)
def test_what_is_no_outline_is_told_by_what_it_is(town: House, data: bytes, said: str) -> None:
    visitor = signed_in(town)
    visitor.get("/courses/new")
    answer = visitor.post("/courses/new", {"file": (io.BytesIO(data), "a.csv")})
    page = answer if answer.status_code == 422 else visitor.get(answer.location)
    assert (said in page.text and 'role="alert"' in page.text) or "fault" in page.text


def test_a_file_of_several_megabytes_is_taken_and_one_beyond_the_limit_told(town: House) -> None:
    visitor = signed_in(town)
    visitor.get("/courses/new")
    large = {"file": (io.BytesIO(b"x" * 3_000_000), "a.csv")}
    assert "plus de 1" in visitor.post("/courses/new", large).text
    huge = {"file": (io.BytesIO(b"x" * 33_000_000), "a.csv")}
    answer = visitor.post("/courses/new", huge)
    assert answer.status_code == 413 and "Ce fichier est trop lourd" in answer.text
    assert visitor.post("/sign-in", {"email": "x" * 300_000}).status_code == 413
    assert uploads(town) == 0


def test_few_uploads_wait_at_once_and_none_for_more_than_a_day(town: House) -> None:
    visitor = signed_in(town)
    for _ in range(7):
        handed_in(visitor)
        town.clock.later(minutes=1)
    assert uploads(town) == 5
    town.clock.later(days=2)
    forget_old(town.services.units)
    assert uploads(town) == 0


@pytest.mark.parametrize(
    ("field", "value"), [("year", "33"), ("heading", "x"), ("group_size", "0")]
)
def test_a_number_that_is_none_is_told_at_its_field(town: House, field: str, value: str) -> None:
    visitor = signed_in(town)
    where = handed_in(visitor)
    answer = visitor.post(where, form_of(visitor, where) | {field: value, "do": "again"})
    assert answer.status_code == 422 and f'id="{field}-fault"' in answer.text


@pytest.mark.parametrize("name", ["language", "encoding", "delimiter", "sheet", "column-1", "unit"])
def test_a_value_that_no_list_has_changes_nothing(town: House, name: str) -> None:
    visitor = signed_in(town)
    where = handed_in(visitor)
    answer = visitor.post(where, form_of(visitor, where) | {name: "\0klingon", "do": "again"})
    assert answer.status_code == 303 and "2 sections" in visitor.get(where).text


OURS = "id: jardin-partage\ntitle: Le jardin\nlanguage: fr\nsections:\n  - title: Semer\n"


def test_a_course_in_yaml_keeps_its_id_as_its_address_where_that_is_free(town: House) -> None:
    visitor = signed_in(town)
    for slug in ("jardin-partage", "jardin-partage-2"):
        where = handed_in(visitor, OURS, "cours.yaml")
        kept = visitor.post(where, form_of(visitor, where) | {"title": "Autre", "do": "keep"})
        assert kept.location == f"/courses/{slug}"
    where = handed_in(visitor, OURS.partition("\n")[2], "cours.yaml")
    kept = visitor.post(where, form_of(visitor, where) | {"title": "Au jardin", "do": "keep"})
    assert kept.location == "/courses/au-jardin"


def test_the_faults_of_a_course_in_yaml_are_said_in_the_language_of_the_page(town: House) -> None:
    visitor = signed_in(town)
    page = unescape(visitor.get(handed_in(visitor, OURS + "    minuts: 5\n", "c.yaml")).text)
    assert "« minuts » n’est pas connu ici" in page.replace("\u202f", " ")
