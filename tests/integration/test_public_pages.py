"""What anybody may read: what is kept, who publishes, how accessible; in an organisation's own
words, which can do no harm, or in ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from engine.people import organisation
from engine.people.organisation import Organisation
from engine.storage.tables import AuditEntry
from tests.apps import House, house

pytestmark = pytest.mark.both_databases
PAGES = ("/privacy", "/legal", "/accessibility")


def say(made: House, tenant: str, **said: str) -> None:
    with made.services.write(tenant) as work:
        organisation.change(work, Organisation(**said))
        work.commit()


def test_everybody_finds_them_at_the_foot_of_every_page(tmp_path: Path) -> None:
    visitor = house(tmp_path).client()
    foot = visitor.get("/").text.split("<footer", 1)[1]
    assert [page for page in PAGES if f'href="{page}"' in foot] == list(PAGES)
    assert [visitor.get(page).status_code for page in PAGES] == [200] * 3


def test_they_name_the_organisation_and_whom_to_write_to(tmp_path: Path) -> None:
    made = house(tmp_path)
    say(made, "town", name="Pays de Saint-Aubry", contact="dpo@example.org")
    for page in PAGES:
        assert "mailto:dpo@example.org" in made.client().get(page).text, page
    assert "Pays de Saint-Aubry" in made.client().get("/legal").text
    told = made.client().get("/accessibility").text
    assert "RGAA 4.1" in told and "Défenseur des droits" in told


def test_where_several_share_a_site_each_reader_reads_their_own(tmp_path: Path) -> None:
    made = house(tmp_path, "town", "village")
    say(made, "town", name="Saint-Aubry", contact="dpo@example.org")
    say(made, "village", name="Valmont", contact="data@example.net")
    made.account("village", email="bo@example.net")
    reader = made.client()
    reader.sign_in("bo@example.net")
    for page in PAGES:
        assert "data@example.net" in reader.get(page).text
        assert "dpo@" not in reader.get(page).text
        assert "mailto:" not in made.client().get(page).text
        assert "dpo@example.org" in made.client().get(f"{page}?organisation=town").text
        for nobody in ("city", "x" * 200, "%00town%00x"):
            assert made.client().get(f"{page}?organisation={nobody}").status_code == 404


def test_own_words_are_markdown_and_can_do_no_harm(tmp_path: Path) -> None:
    made = house(tmp_path)
    made.account(email="eva@example.org", role="administrator")
    eva = made.client()
    eva.sign_in("eva@example.org")
    said = (
        "Nous *gardons* peu.\n\n<script>alert(1)</script> [ici](javascript:alert(2)) <b onclick=x>"
    )
    eva.get("/admin/organisation/words/privacy")
    written = eva.post("/admin/organisation/words/privacy", {"words": said})
    assert written.status_code == 303
    told = made.client().get("/privacy").text
    assert "<em>gardons</em>" in told and "<table>" in told, "what is kept how long stays"
    assert "<script>alert" not in told and "javascript:" not in told.split("href=")[-1]
    assert "<b onclick" not in told
    eva.get("/admin/organisation/words/privacy")
    assert eva.post("/admin/organisation/words/privacy", {"words": " "}).status_code == 303
    assert "gardons" not in made.client().get("/privacy").text
    too_long = {"words": "x" * (organisation.LONGEST_DOCUMENT + 1)}
    eva.get("/admin/organisation/words/privacy")
    assert eva.post("/admin/organisation/words/privacy", too_long).status_code == 422
    assert eva.get("/admin/organisation/words/nothing").status_code == 404
    with made.services.db.read("town") as unit:
        assert {str(one.detail) for one in unit.query(AuditEntry)} == {"{'changed': ['privacy']}"}


def test_the_foot_says_how_far_the_site_conforms_and_not_more_than_an_audit_found(
    tmp_path: Path,
) -> None:
    made = house(tmp_path)
    made.account(email="eva@example.org", role="administrator")

    def foot() -> str:
        return made.client().get("/").text.split("<footer", 1)[1]

    assert "Accessibilité\u202f: non conforme" in foot()
    eva = made.client()
    eva.sign_in("eva@example.org")
    page = "/admin/organisation/words/accessibility"
    eva.get(page)
    assert eva.post(page, {"words": "", "state": "partial"}).status_code == 303
    assert "Accessibilité\u202f: partiellement conforme" in foot()
    assert "partiellement conforme" in eva.get("/legal").text.split("<footer", 1)[1]
    told = made.client().get("/accessibility").text
    assert "conformité partielle avec le RGAA" in told
    assert "En conformité partielle" in told
    eva.get(page)
    eva.post(page, {"words": "", "state": "perfect"})
    assert "non conforme" in foot()


def test_the_statement_has_all_that_the_model_of_the_rgaa_asks_for(tmp_path: Path) -> None:
    told = house(tmp_path).client().get("/accessibility").text
    for asked in (
        "non conforme",
        "Environnement de test",
        "Outils",
        "Technologies",
        "Pages vérifiées",
        "JavaScript",
        "établie le",
        "Défenseur des droits",
    ):
        assert asked.lower() in told.lower(), asked


def test_the_page_of_data_says_the_days_that_the_organisation_keeps(tmp_path: Path) -> None:
    made = house(tmp_path)
    made.account(email="eva@example.org", role="administrator")
    eva = made.client()
    eva.sign_in("eva@example.org")
    eva.get("/admin/retention")
    assert "17 jours" not in made.client().get("/privacy").text
    assert eva.post("/admin/retention", {"invitations": "17"}).status_code == 303
    assert "17 jours" in made.client().get("/privacy").text
    eva.get("/admin/retention")
    wrong = eva.post("/admin/retention", {"invitations": "2"})
    assert wrong.status_code == 422 and "de 14 à 90" in wrong.text
    with made.services.db.read("town") as unit:
        assert [one.action for one in unit.scalars(select(AuditEntry))] == ["settings"]
