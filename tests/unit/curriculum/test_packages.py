"""The outline that a SCORM package or a Common Cartridge carries."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum.read import read
from engine.sheets.reasons import FileDamaged
from tests.unit.sheets import files


def manifest(organization: str, schema: str = "IMS Common Cartridge") -> bytes:
    """A package whose manifest holds this organization."""
    xml = (
        f'<?xml version="1.0"?><manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p3">'
        f"<metadata><schema>{schema}</schema></metadata><organizations default='o'>"
        f"{organization}</organizations><resources/></manifest>"
    )
    return files.zipped({"imsmanifest.xml": xml})


def item(title: str, inside: str = "", about: str = "") -> str:
    return f"<item {about}><title>{title}</title>{inside}</item>"


CARTRIDGE = (
    '<organization identifier="o"><item>'
    + item("Semaine 1 : semer", item("Choisir des graines") + item("Tracer", item("Au cordeau")))
    + item("Semaine 2 : arroser")
    + item("Corrigés", "", 'isvisible="false"')
    + item("Ressources")
    + "</item></organization>"
)


def test_the_items_of_a_cartridge_are_sections_and_what_is_inside_is_their_text() -> None:
    found = read(manifest(CARTRIDGE), "jardin.imscc")
    assert found.outline is not None and found.outline.title == "jardin"
    assert [(s.week, s.title, s.text) for s in found.outline.sections] == [
        (1, "semer", "Choisir des graines\nTracer\nAu cordeau"),
        (2, "arroser", ""),
        (None, "Ressources", ""),
    ]


def test_what_learners_do_not_see_is_left_out_and_said() -> None:
    assert [str(reason) for reason in read(manifest(CARTRIDGE), "c.imscc").left_out] == [
        "outline-hidden {'words': 'Corrigés'}"
    ]


def test_a_scorm_package_has_its_title_and_the_organization_that_it_names() -> None:
    other = f'<organization identifier="x"><title>Autre</title>{item("Non")}</organization>'
    own = (
        f'<organization identifier="o"><title>Le jardin</title>{item("Semer")}{item("Arroser")}'
        "</organization>"
    )
    found = read(manifest(other + own, "ADL SCORM"), "m.zip").outline
    assert found is not None
    assert (found.title, [s.title for s in found.sections]) == ("Le jardin", ["Semer", "Arroser"])


def test_a_package_without_an_outline_is_refused() -> None:
    assert str(read(manifest(""), "m.zip").refused) == "outline-no-sections"
    broken = files.zipped({"imsmanifest.xml": "<manifest><schema>ADL SCORM"})
    assert read(broken, "m.zip").refused == FileDamaged("scorm")


def test_items_within_items_for_ever_are_read_to_some_depth() -> None:
    deep = "<item><title>a</title>" * 5_000 + "</item>" * 5_000
    text = f'<organization identifier="o">{item("Semer", deep)}{item("x")}</organization>'
    found = read(manifest(text), "m.zip").outline
    assert found is not None and len(found.sections) == 2


@settings(max_examples=100)
@given(st.text("<>/item title organization ='\"ab", max_size=120))
def test_any_manifest_is_read_or_refused(text: str) -> None:
    found = read(manifest(text), "m.zip")
    assert (found.outline is None) == (found.refused is not None)


def described(lom: str, organization: str = CARTRIDGE) -> bytes:
    """A cartridge whose metadata say this of it."""
    return manifest(organization, f"x</schema><lom><general>{lom}</general></lom><schema>")


def test_a_cartridge_has_the_title_and_the_language_that_its_metadata_say() -> None:
    lom = "<title><string>Growing food</string></title><language>en-GB</language>"
    found = read(described(lom), "c.imscc").outline
    assert found is not None and (found.title, found.language) == ("Growing food", "en")


def test_of_a_title_in_several_languages_the_first_is_taken() -> None:
    lom = "<title><langstring>Le jardin</langstring><langstring>The garden</langstring></title>"
    found = read(described(lom), "c.imscc").outline
    assert found is not None and found.title == "Le jardin"


def test_the_title_of_an_organization_is_preferred_to_that_of_the_package() -> None:
    own = f'<organization identifier="o"><title>Le jardin</title>{item("Semer")}</organization>'
    found = read(described("<title><string>Lot 3</string></title>", own), "c.zip").outline
    assert found is not None and found.title == "Le jardin"


def test_an_item_that_only_names_its_week_is_of_that_week() -> None:
    own = f'<organization identifier="o">{item("Semaine 2")}{item("Semaine 5")}</organization>'
    found = read(manifest(own), "c.imscc").outline
    assert found is not None
    assert [(one.week, one.title) for one in found.sections] == [(2, "Semaine 2"), (5, "Semaine 5")]
