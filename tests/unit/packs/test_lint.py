"""Each fault of a pack, broken in one place: the line and column where it stands, and its code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.lint import check_pack, report
from engine.values.faults import Fault, in_order
from engine.values.languages import LANGUAGES
from tests.faults import fix, line, what
from tests.unit.packs.samples import edited, pack_files
from web.words import faults as worded
from web.words.faults import as_json


def found(files: dict[str, bytes], severity: str = "fault") -> list[str]:
    """``file:line:column code`` of each fault but a translation gone stale, which every edit of
    French words brings. Each can be said in every language."""
    assert all(worded.line(f, lang) for f in check_pack(files) for lang in LANGUAGES)
    return [
        f"{f.file}:{f.line}:{f.column} {f.code}"
        for f in check_pack(files)
        if f.severity == severity and f.code != "translation-stale"
    ]


def test_a_sound_pack_has_neither_fault_nor_warning() -> None:
    assert check_pack(pack_files()) == ()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("format: 1", "format: 2", "1:9 value-unknown"),
        ("version: 1.0.0", "version: un", "3:10 not-a-version"),
        ("version: 1.0.0", "version: 1.0", "3:10 not-a-version"),
        ("version: 1.0.0", "version: 1", "3:10 not-a-version"),
        ("version: 1.0.0", "version: [1, 0, 0]", "3:1 wrong-type"),
        ("version: 1.0.0", "version: 1.0.0-01", "3:10 not-a-version"),
        ("version: 1.0.0", "version: 1.0.0-a..b", "3:10 not-a-version"),
        ("version: 1.0.0", "version: 1.0.0-a.", "3:10 not-a-version"),
        ("version: 1.0.0", "version: 1.0.0-rc.007", "3:10 not-a-version"),
        ("version: 1.0.0", "version: 1.0.0-", "3:10 not-a-version"),
        ("version: 1.0.0", "version: 1.0.٣", "3:10 not-a-version"),
        ("id: essai", "id: 12", "2:5 not-an-id"),
        ("theme: sdg", "theme: sgd", "4:8 value-unknown"),
        ("theme: sdg", f"theme: 0x{'f' * 4000}", "4:8 number-too-long"),
        ("theme: sdg\n", "", "1:1 field-missing"),
        ("theme: sdg", "theme: sdg\ntheme: sdg", "5:1 key-twice"),
        ("theme: sdg", "theme: sdg\nlicense: x", "5:1 field-unknown"),
        ("theme: sdg", "theme: [sdg", "5:11 not-yaml"),
        ("written_in: fr", "written_in: NO", "5:13 value-unknown"),
        ("languages: [fr, en]", "languages: [fr, *x]", "6:17 alias-refused"),
        ("title: {fr: Essai, en: Trial}", "title: {fr: Essai}", "7:1 title-missing"),
        (
            "summary: {fr: Un essai, en: A trial}",
            "summary: {fr: Un essai, en: ''}",
            "8:29 title-missing",
        ),
        ("licence: CC-BY-4.0", "licence: CC-BY", "9:10 not-a-licence"),
        ("licence: CC-BY-4.0", "licence: Free beer", "9:10 not-a-licence"),
        ("authors: [Relecture]", "authors: []", "10:1 too-few"),
        ("authors: [Relecture]", "authors: [' ']", "10:11 author-empty"),
        ("modules: [halle, vote]", "modules: [halle]", "13:1 module-unlisted"),
        ("modules: [halle, vote]", "modules: [halle, vote, marche]", "13:24 module-missing"),
        ("modules: [halle, vote]", "modules: [halle, vote, vote]", "13:24 listed-twice"),
    ],
)
def test_a_fault_of_the_manifest_is_found_where_it_stands(old: str, new: str, where: str) -> None:
    assert found(edited("pack.yaml", old, new)) == [f"pack.yaml:{where}"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("id: halle", "id: hale", "1:5 id-not-folder"),
        ("id: halle", "id: La Halle", "1:5 not-an-id"),
        ("minutes: 5\n", "minutes: five\n", "3:10 wrong-type"),
        ("minutes: 5\n", "minutes: 90\n", "3:10 out-of-range"),
        ("maturity: [1, 2]", "maturity: [2, 1]", "4:1 value-wrong"),
        ("maturity: [1, 2]", "maturity: [2]", "4:1 field-missing"),
        ("maturity: [1, 2]", "maturity: 2", "4:11 wrong-type"),
        ("after: []", "after: [vote]", "5:1 prerequisite-cycle"),
        ("after: []", "after: [halle]", "5:9 prerequisite-cycle"),
        ("after: []", "after: [votes]", "5:9 module-unknown"),
        ("aims: [lead]", "aims: [leed]", "7:8 value-unknown"),
        ("aims: [lead]", "aims: [balance]", "7:8 aim-undeclared"),
        (
            "keywords: {fr: [budget], en: [budget]}",
            "keywords: {fr: [budget]}",
            "8:1 keywords-missing",
        ),
        ("takeaways: [{id: trois-appuis}]", "takeaways: []", "9:1 too-few"),
        (
            "takeaways: [{id: trois-appuis}]",
            "takeaways: [{id: trois-appuis}, {id: trois-appuis}]",
            "9:33 listed-twice",
        ),
    ],
)
def test_a_fault_of_a_module_is_found_where_it_stands(old: str, new: str, where: str) -> None:
    assert found(edited("halle/module.yaml", old, new)) == [f"halle/module.yaml:{where}"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("kind: scenario", "kind: scenari", "19:9 value-unknown"),
        ("  kind: scenario\n", "", "18:1 field-missing"),
        ("start: soir", "start: soire", "20:10 start-unknown"),
        ("gauges: [money]", "gauges: [monney]", "22:12 variable-unknown"),
        ("to: nuit, add", "to: nuits, add", "26:26 node-unknown"),
        ("add: {money: 12}", "add: {time: 12}", "26:44 variable-unknown"),
        ("chose soir.ines", "chose soir.inez", "29:35 choice-unknown"),
        ("chose soir.ines", "chose matin.ines", "29:35 node-unknown"),
        ("chose soir.ines", "seen matin", "29:35 node-unknown"),
        ("chose soir.ines", "has chosen ines", "29:35 value-wrong"),
        ("chose soir.ines", f"0x{'f' * 4000}", "29:35 number-too-long"),
        ('"money >= 10"', '"gold >= 10"', "31:37 variable-unknown"),
        (
            ", {node: soir}]}",
            ', {when: ["money < 10"], node: soir}]}',
            "31:66 last-route-conditional",
        ),
        ('{when: ["money >= 10"], node: fin}', "{node: fin}", "31:29 route-hides-others"),
        ("{id: region, to: fin}", "{id: ines, to: fin}", "24:5 id-twice"),
        (
            "    fin: {ending: true}",
            "    fin: {ending: true}\n    perdu: {ending: true}",
            "33:5 node-unreachable",
        ),
        ("    fin: {ending: true}", "    fin: {}", "32:5 dead-end"),
        (
            "    fin: {ending: true}",
            "    fin: {ending: true, choices: [{id: x, to: soir}]}",
            "32:5 ending-with-choices",
        ),
        (
            'to: [{when: ["money >= 10"], node: fin}, {node: soir}]',
            "to: nuit",
            "28:5 loop-without-end",
        ),
        (
            "    fin: {ending: true}",
            "    fin: {ending: true}\n    prompt: {choices: [{id: x, to: fin}]}",
            "33:5 node-reserved",
        ),
        ("{id: region, to: fin}", "{id: region, to: fin, when: [seen soir]}", None),
        ("to: nuit, add: {money: 12}}\n", "to: nuit, add: {money: 12}, when: [seen fin]}\n", None),
    ],
)
def test_a_fault_of_a_scenario_is_found_where_it_stands(
    old: str, new: str, where: str | None
) -> None:
    structure = [
        fault for fault in found(edited("halle/module.yaml", old, new)) if "module.yaml" in fault
    ]
    assert (f"halle/module.yaml:{where}" in structure) if where else structure == []


def test_a_node_whose_every_choice_is_conditional_may_leave_a_learner_without_any() -> None:
    files = edited(
        "halle/module.yaml", "{id: region, to: fin}", "{id: region, to: fin, when: [seen soir]}"
    )
    files = edited(
        "halle/module.yaml",
        "add: {money: 12}}",
        "add: {money: 12}, when: [seen soir]}",
        files=files,
    )
    assert found(files) == ["halle/module.yaml:24:5 choices-all-conditional"]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("positions: [regie, autre]", "positions: [regie, regie]", "20:22 listed-twice"),
        ("positions: [regie, autre]", "positions: [regie]", "20:3 too-few"),
        ("hear: 2", "hear: 4", "22:9 hear-too-many"),
        ("hear: 2", "hear: 0", "22:9 out-of-range"),
    ],
)
def test_a_fault_of_a_dilemma_is_found_where_it_stands(old: str, new: str, where: str) -> None:
    assert f"vote/module.yaml:{where}" in found(edited("vote/module.yaml", old, new))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (
            "kind: text, minutes: 1, variants: 2",
            "kind: txt, minutes: 1, variants: 2",
            "12:39 value-unknown",
        ),
        ("stage: what", "stage: whatt", "12:27 stage-unknown"),
        ("stage: so-what", "stage: what", "11:3 stage-empty"),
        ("stage: transfer", "stage: now-what", "11:3 stage-empty"),
        (
            "stage: now-what, kind: recall",
            "stage: so-what, kind: recall",
            "15:27 recall-before-reveal",
        ),
        (
            "kind: recall, takeaway: trois-appuis",
            "kind: recall, takeaway: trois-appui",
            "15:61 takeaway-unknown",
        ),
        ("stage: did-it-happen", "stage: now-what", "16:26 follow-up-too-early"),
        ("plan: plan", "plan: plain", "16:68 plan-unknown"),
        ("options: [a, b]", "options: [a, b, a]", "13:66 listed-twice"),
        ("debrief:\n", "debrief:\n  arc: koln\n", "11:8 arc-unknown"),
    ],
)
def test_a_fault_of_a_debrief_is_found_where_it_stands(old: str, new: str, where: str) -> None:
    assert found(edited("halle/module.yaml", old, new)) == [f"halle/module.yaml:{where}"]


def test_two_prompts_have_two_ids() -> None:
    assert "halle/module.yaml:17:7 listed-twice" in found(
        edited("halle/module.yaml", "id: demain", "id: moment")
    )


def test_a_debrief_has_five_to_seven_prompts() -> None:
    files = edited(
        "halle/module.yaml",
        "    - {id: regard, stage: so-what, kind: choice, options: [a, b], minutes: 0.5}\n",
        "",
    )
    files = edited(
        "halle/module.yaml",
        "    - {id: demain, stage: transfer, kind: scale, minutes: 0.5}\n",
        "",
        files=files,
    )
    assert "halle/module.yaml:11:3 prompt-count" in found(files)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("minutes: 5\n", "minutes: 12\n", "3:10 minutes-differ"),
        (
            "kind: text, minutes: 1, variants",
            "kind: text, minutes: 0.25, variants",
            "12:54 prompt-minutes",
        ),
    ],
)
def test_minutes_that_are_not_as_stated_are_found_in_each_language(
    old: str, new: str, where: str
) -> None:
    faults = [f for f in check_pack(edited("halle/module.yaml", old, new)) if f.severity == "fault"]
    assert [f"{f.line}:{f.column} {f.code}" for f in faults] == [where, where]
    assert "“en”" in what(faults[0]) and "“fr”" in what(faults[1])


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("## soir.ines.after\nIci soir ines after\n\n", "", "10:1 choice-without-feedback"),
        ("## fin.trace\nIci fin trace\n\n", "", "34:1 string-missing"),
        ("Ici fin trace", "", "37:4 string-empty"),
        ("## var.money", "## Var, money", "40:1 heading-not-understood"),
        ("## fin.trace", "## fin", "37:4 string-twice"),
        ("## reveal", "## reveil", "46:4 string-unknown"),
        ("Ici nuit pluie", "Ici <b>nuit", "26:5 raw-html"),
        ("Ici nuit pluie", "<div>", "26:1 raw-html"),
        ("Ici nuit pluie", "Ici\n\n# Titre", "28:1 markup-refused"),
        ("Ici nuit pluie", "Ici\n\n    code", "28:1 markup-refused"),
        ("Ici nuit pluie", "Ici\nun [lien](http://exemple.org)", "27:11 link-not-https"),
        ("Ici nuit pluie", "Ici [lien](javascript:x)", "26:12 link-not-https"),
        ("Ici nuit pluie", "Ici ![La halle](halle.png)", "26:5 image-missing"),
        ("Ici nuit pluie", "Ici {monney}", "26:5 hole-unknown"),
        ("Ici nuit pluie", "Ici { pluie", "26:5 hole-not-understood"),
        ("Ici soir ines\n", "Ici {money}\n", "10:4 quote-missing"),
        ("Ici cover title", "Une grande Álliance", "2:12 hidden-word"),
        ("Ici cover summary", "Il y a\ndes partenaires", "6:5 hidden-word"),
        ("Ici prompt moment 1", "Quelles alliances ?", "50:9 reveals-too-early"),
        ("Ici prompt moment 1", "Et ces trois appuis ?", "50:1 reveals-too-early"),
        ("Ici cover title", "Une al\u00adliance", "2:5 hidden-word"),
        ("Ici cover title", "Une a\u200blliance", "2:5 hidden-word"),
        ("Ici cover title", "Une a&shy;lliance", "2:5 hidden-word"),
        ("Ici cover title", "Une al**lian**ce", "2:5 hidden-word"),
        ("Ici cover title", "Une [al](https://exemple.org)liance", "2:6 hidden-word"),
        ("Ici cover title", "A\u0301lliance", "2:1 hidden-word"),
        ("Ici cover summary", "> *Il* y a\n> deux\n\n1. `des` **par**tenaires", "8:12 hidden-word"),
        ("Ici cover summary", "[ici](https://exemple.org/alliance)", "5:27 hidden-word"),
        ("Ici prompt moment 1", "Quelles *al*li\u2060ances ?", "50:10 reveals-too-early"),
        ("Ici prompt moment 1", "Et ces tr**ois** ap\u00adpuis ?", "50:1 reveals-too-early"),
        ("Ici prompt rappel 1", "Et {takeaway} ?", "68:4 hole-unknown"),
        ("Ici prompt plan 1", "Et {choice.nuit} ?", "65:1 quote-uncertain"),
        ("Ici prompt plan 1", "Et {answer.regard} ?", "65:1 quote-uncertain"),
        ("Ici prompt plan 1", "Et {answer.suite} ?", "65:4 hole-unknown"),
        ("Ici reveal", "Et {choice.nuit} ?", "47:4 quote-uncertain"),
        ("Ici reveal", "mot " * 121, "46:4 reveal-too-long"),
    ],
)
def test_a_fault_of_the_words_is_found_where_it_stands(old: str, new: str, where: str) -> None:
    assert f"halle/fr.md:{where}" in found(edited("halle/fr.md", old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "Ici nuit pluie",
            "*Ici* **nuit** :\n\n- une\n- deux\n\n> Une lettre\n\n[lien](https://exemple.org)",
        ),
        ("Ici nuit pluie", "Il reste {money} k€."),
        ("Ici prompt moment 1", "Et {choice.nuit} ?"),
        ("Ici prompt plan 1", "Le soir, {choice.soir} ; enfin {ending}."),
        ("Ici prompt suite 1", "Vous aviez écrit : {answer.plan}."),
        ("Ici prompt rappel 1", "Une alliance, et trois appuis."),
        ("Ici reveal", "Le soir, {choice.soir} ; une alliance."),
        ("Ici cover title", "Des *al* liances"),
        ("Ici cover title", "Des contr**alliances**"),
        ("Ici cover title", "[al](https://exemple.org)"),
    ],
)
def test_what_the_format_allows_is_no_fault(old: str, new: str) -> None:
    assert found(edited("halle/fr.md", old, new)) == []


def test_an_image_needs_a_description_and_must_be_there() -> None:
    files = pack_files() | {"halle/halle.png": b"png", "halle/autre.webp": b"webp"}
    assert found(edited("halle/fr.md", "Ici nuit pluie", "![](halle.png)", files=files)) == [
        "halle/fr.md:26:1 alt-missing"
    ]
    shown = edited("halle/fr.md", "Ici nuit pluie", "![Une halle](halle.png)", files=files)
    assert found(shown) == [] and found(shown, "warning") == ["halle/autre.webp:1:1 image-unused"]


def test_a_translation_is_complete_and_fresh() -> None:
    stale = check_pack(edited("halle/fr.md", "Ici fin trace", "Là-bas"))
    assert [(f.file, f.line, f.column, f.code) for f in stale] == [
        ("halle/en.md", 37, 4, "translation-stale")
    ]
    assert "pack stamp --only halle/fin.trace" in fix(stale[0])
    files = pack_files()
    text = files["halle/en.md"].decode()
    stamp = text[text.index(" <!--") : text.index("-->") + 3]
    assert found(files | {"halle/en.md": text.replace(stamp, "", 1).encode()}) == [
        "halle/en.md:1:4 translation-unstamped"
    ]
    unwritten = text[: text.index("## fin.trace")] + text[text.index("## var.money") :]
    assert found(files | {"halle/en.md": unwritten.encode()}) == [
        "halle/en.md:34:1 translation-missing"
    ]
    quoted = edited("halle/fr.md", "## fin.trace", "## soir.ines.quote\nInès\n\n## fin.trace")
    assert found(quoted) == ["halle/en.md:10:1 translation-missing"]


def test_a_language_without_its_sidecar_is_one_fault() -> None:
    for lang in ("fr", "en"):
        assert found(
            {name: data for name, data in pack_files().items() if name != f"halle/{lang}.md"}
        ) == [f"halle/{lang}.md:1:1 sidecar-missing"]


def test_a_sidecar_of_an_undeclared_language_is_a_fault() -> None:
    assert found(pack_files() | {"halle/de.md": b""}) == ["halle/de.md:1:1 language-unknown"]
    assert found(edited("pack.yaml", "languages: [fr, en]", "languages: [en]")) == [
        "halle/fr.md:1:1 language-unknown",
        "pack.yaml:5:13 language-missing",
        "vote/fr.md:1:1 language-unknown",
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "where"),
    [
        (
            "halle/module.yaml",
            "minutes: 5\n",
            "minutes: 4\n",
            "halle/module.yaml:3:10 minutes-unusual",
        ),
        (
            "halle/module.yaml",
            "stage: what",
            "stage: so-what",
            "halle/module.yaml:11:3 stage-empty",
        ),
        (
            "halle/module.yaml",
            "kind: recall, takeaway: trois-appuis",
            "kind: text",
            "halle/module.yaml:9:13 never-recalled",
        ),
        ("pack.yaml", ", en: [alliance]}", "}", "pack.yaml:12:1 hidden-words-missing"),
    ],
)
def test_what_is_only_worth_a_look_is_a_warning(path: str, old: str, new: str, where: str) -> None:
    files = edited(path, old, new)
    assert (found(files), found(files, "warning")) == ([], [where])


@pytest.mark.parametrize(
    "version", ["0.0.0", "1.0.0-0", "1.0.0-rc.1", "1.0.0-0a.-.x-y", "1.0.0-01a", "1.0.0--"]
)
def test_a_version_may_be_any_that_semver_allows(version: str) -> None:
    assert found(edited("pack.yaml", "version: 1.0.0", f"version: {version}")) == []


def test_a_circle_of_prerequisites_is_told_with_all_who_are_in_it() -> None:
    files = edited("halle/module.yaml", "after: []", "after: [vote]")
    fault = next(f for f in check_pack(files) if f.code == "prerequisite-cycle")
    assert line(fault) == (
        "halle/module.yaml:5:1: these modules wait for one another: halle, vote — "
        "remove one “after” of the circle"
    )
    fault = next(f for f in check_pack(edited("halle/module.yaml", "after: []", "after: [halle]")))
    assert (
        line(fault)
        == "halle/module.yaml:5:9: this module waits for itself — take “halle” out of “after”"
    )


def test_all_faults_come_in_one_run_in_order() -> None:
    files = edited("halle/fr.md", "Ici nuit pluie", "<b>")
    files = edited("pack.yaml", "theme: sdg", "theme: sgd", files=files)
    files = edited("vote/module.yaml", "hear: 2", "hear: 4", files=files)
    faults = check_pack(files)
    assert {f.code for f in faults} >= {"value-unknown", "hear-too-many"}
    assert faults == in_order(reversed(faults))


def test_a_version_that_yaml_takes_for_a_number_is_told_the_shape_at_once() -> None:
    for version in ("1", "1.10"):
        (fault,) = check_pack(edited("pack.yaml", "version: 1.0.0", f"version: {version}"))
        assert (
            line(fault)
            == f"pack.yaml:3:10: “{version}” is not a version — write three numbers, such as 1.0.0"
        )


def test_faults_of_shape_in_two_places_are_both_told() -> None:
    files = edited("halle/module.yaml", "minutes: 5\n", "minutes: five\n")
    assert found(edited("halle/module.yaml", "start: soir", "begin: soir", files=files)) == [
        "halle/module.yaml:3:10 wrong-type",
        "halle/module.yaml:18:1 field-missing",
        "halle/module.yaml:20:3 field-unknown",
    ]


def test_a_fault_reads_as_a_line_and_as_json() -> None:
    fault = Fault("a.yaml", 3, 5, "wrong-type.whole")
    assert line(fault) == (
        "a.yaml:3:5: a whole number is needed here — write a number such as 3, without quotes"
    )
    assert as_json(fault, "en") == {
        "file": "a.yaml",
        "line": 3,
        "column": 5,
        "code": "wrong-type",
        "what": "a whole number is needed here",
        "fix": "write a number such as 3, without quotes",
        "severity": "fault",
    }


def test_minutes_are_computed_for_each_module_and_language() -> None:
    minutes = report(pack_files()).minutes
    assert set(minutes) == {"halle", "vote"} and all(
        4 <= m <= 6 for by_lang in minutes.values() for m in by_lang.values()
    )


SOUND = pack_files()


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(SOUND)),
    st.integers(0, 3000),
    st.integers(0, 40),
    st.binary(max_size=12) | st.text("ab:- \n[]{}&*!|>'\"#?,<>\t\0é", max_size=12).map(str.encode),
)
def test_a_pack_damaged_anywhere_is_checked_without_an_accident(
    path: str, at: int, cut: int, put: bytes
) -> None:
    at = min(at, len(SOUND[path]))
    for fault in check_pack(SOUND | {path: SOUND[path][:at] + put + SOUND[path][at + cut :]}):
        assert fault.line >= 1 and fault.column >= 1 and what(fault) and fix(fault)
