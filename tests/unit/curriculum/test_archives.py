"""The outline that a backup of Moodle or an export of Open edX carries; archives that are made to
harm."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curriculum import archives
from engine.curriculum.read import read
from engine.curriculum.reading import Reading
from engine.sheets import tarred
from engine.sheets.reasons import FileDamaged, FileTooLarge, Unreadable
from tests.unit.curriculum import backups
from tests.unit.curriculum.backups import NULL, Part
from tests.unit.sheets import files

Packed = Callable[[Mapping[str, bytes]], bytes]
BOTH = pytest.mark.parametrize("packed", [files.zipped, backups.tarred])
GARDEN = (
    Part(NULL, ["Annonces"]),
    Part(
        "Semer",
        ["Choisir", "-Corrigé", "Tracer"],
        "&lt;p&gt;Au &lt;b&gt;printemps&lt;/b&gt;&lt;/p&gt;",
    ),
    Part("Secrets", ["Examen"], visible=False),
    Part(NULL, ["Arroser à deux", "Partager l’eau"]),
    Part("Repli", component="mod_subsection"),
    Part(NULL),
)


def sections(found: Reading) -> list[tuple[str, str]]:
    assert found.outline is not None, found.refused
    return [(one.title, one.text) for one in found.outline.sections]


@BOTH
def test_the_sections_of_a_moodle_backup_come_in_their_order(packed: Packed) -> None:
    found = read(packed(backups.moodle(GARDEN)), "backup.mbz")
    assert sections(found) == [
        ("Semer", "Au printemps\nTracer\nChoisir"),
        ("Partager l’eau · Arroser à deux", "Partager l’eau\nArroser à deux"),
    ]
    assert found.outline is not None and found.outline.title == "Le jardin & ses alliés"
    assert [str(reason) for reason in found.left_out] == [
        "outline-unnamed {'number': 0}",
        "outline-hidden {'words': 'Secrets'}",
        "outline-unnamed {'number': 5}",
    ]


def test_a_backup_is_known_wherever_its_table_of_contents_stands() -> None:
    members = backups.moodle(GARDEN)
    last = {name: members[name] for name in sorted(members, key=lambda n: n.startswith("moodle"))}
    last["sections/section_101/zz.bin"] = bytes(range(256)) * 4_000
    last["moodle_backup.xml"] = last.pop("moodle_backup.xml")
    assert len(sections(read(backups.tarred(last), "b.mbz"))) == 2


def test_a_course_by_weeks_has_the_days_of_each() -> None:
    data = backups.tarred(backups.moodle([Part("Accueil"), Part("A"), Part("B")], "weeks"))
    found = read(data, "b.mbz").outline
    assert found is not None
    assert [(s.starts, s.ends) for s in found.sections][1:] == [
        (date(2027, 1, 27), date(2027, 2, 2)),
        (date(2027, 2, 3), date(2027, 2, 9)),
    ]


@BOTH
@pytest.mark.parametrize("folder", ["course/", "", "mon-cours/", "depot/export/course/"])
def test_the_chapters_of_an_open_edx_course_come_in_their_order(
    packed: Packed, folder: str
) -> None:
    chapters = {
        "Ouvrir": 'start="2027-01-12T00:00:00Z"',
        "Équipe": 'visible_to_staff_only="true"',
        "Fermer": 'start="&quot;2027-02-02T00:00:00Z&quot;"',
    }
    found = read(packed(backups.olx(chapters, folder)), "course.tar.gz")
    assert sections(found) == [("Ouvrir", "Aller voir"), ("Fermer", "Aller voir")]
    assert found.outline is not None and found.outline.title == "Le jardin"
    assert [s.starts for s in found.outline.sections] == [date(2027, 1, 12), date(2027, 2, 2)]
    assert [str(reason) for reason in found.left_out] == ["outline-hidden {'words': 'Équipe'}"]


@BOTH
@pytest.mark.parametrize("members", [backups.moodle(GARDEN), backups.olx({"A": "", "B": ""})])
def test_nothing_about_people_is_read_or_kept(
    packed: Packed, members: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(members)
    kept = archives.distilled(data)
    with zipfile.ZipFile(io.BytesIO(kept)) as small:
        held = {name: small.read(name) for name in small.namelist()}
    assert not any(b"@example.org" in one or b"20/20" in one for one in held.values())
    assert not any(word in name for name in held for word in ("users", "grades", "files", "static"))
    assert sections(read(kept, "x")) == sections(read(data, "x"))
    assert read(kept, "x").left_out == read(data, "x").left_out


def info(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, to
    return made


@pytest.mark.parametrize(
    "odd",
    [
        info("../../etc/passwd"),
        info("/etc/passwd"),
        info("sections/../../x"),
        info("C:\\windows\\x"),
        info("sections/section_1/section.xml", tarfile.SYMTYPE, "/etc/passwd"),
        info("sections/section_1/section.xml", tarfile.LNKTYPE, "moodle_backup.xml"),
        info("pipe", tarfile.FIFOTYPE),
        info("device", tarfile.CHRTYPE),
        info("bell\a"),
    ],
    ids=lambda one: one.name,
)
def test_a_tar_with_a_link_or_an_odd_name_is_refused(odd: tarfile.TarInfo) -> None:
    data = backups.tarred(backups.moodle(GARDEN), odd)
    assert read(data, "b.mbz").refused == FileDamaged("moodle")
    with pytest.raises(Unreadable):
        archives.distilled(data)


@pytest.mark.parametrize("name", ["../x", "/x", "a\\b", "a/../../b", "c:x"])
@pytest.mark.parametrize("members", [backups.moodle(GARDEN), {"imsmanifest.xml": b"<manifest/>"}])
def test_a_zip_with_an_odd_name_is_refused(name: str, members: dict[str, bytes]) -> None:
    found = read(files.zipped({**members, name: b"x"}), "b.zip")
    assert isinstance(found.refused, FileDamaged)


def test_a_zip_with_a_link_is_refused() -> None:
    file = io.BytesIO(files.zipped(backups.moodle(GARDEN)))
    with zipfile.ZipFile(file, "a") as made:
        link = zipfile.ZipInfo("sections/section_9/section.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert read(file.getvalue(), "b.mbz").refused == FileDamaged("moodle")


def test_a_member_that_unpacks_to_far_more_than_it_is_is_not_unpacked() -> None:
    members = backups.moodle(GARDEN) | {"moodle_backup.xml": b"<a>" + b" " * 30_000_000}
    for data in (files.zipped(members), backups.tarred(members)):
        assert isinstance(read(data, "b.mbz").refused, FileTooLarge)


def test_a_tar_of_which_too_much_is_passed_over_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tarred, "MAX_PASSED", 1_000_000)
    members = backups.moodle(GARDEN) | {"files/film": bytes(2_000_000)}
    assert isinstance(read(backups.tarred(members), "b.mbz").refused, FileTooLarge)


def test_a_tar_in_a_tar_in_gzip_is_not_opened_twice() -> None:
    data = gzip.compress(backups.tarred(backups.moodle(GARDEN)))
    assert read(data, "b.mbz").outline is None


@BOTH
def test_a_document_type_in_an_archive_is_refused(packed: Packed) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><moodle_backup>&b;</moodle_backup>'
    found = read(packed(backups.moodle(GARDEN) | {"moodle_backup.xml": bomb}), "b.mbz")
    assert found.refused == FileDamaged("moodle")


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_archive_makes_the_reader_raise(data: st.DataObject) -> None:
    """Whatever stands in the members, and wherever the archive is cut or changed."""
    members = data.draw(st.sampled_from([backups.moodle(GARDEN), backups.olx({"A": "", "B": ""})]))
    name = data.draw(st.sampled_from(sorted(members)))
    members = {**members, name: data.draw(st.binary(max_size=60) | st.just(members[name][:-9]))}
    made = data.draw(st.sampled_from([files.zipped, backups.tarred]))(members)
    at, many = data.draw(st.integers(0, len(made))), data.draw(st.integers(0, 4))
    made = made[:at] + data.draw(st.binary(min_size=many, max_size=many)) + made[at + many :]
    read(made[: data.draw(st.integers(len(made) // 2, len(made)))], "x.mbz")
