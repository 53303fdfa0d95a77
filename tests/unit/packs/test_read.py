"""Reading: a folder becomes a pack, or every fault that stops it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.packs.lint import read_sound
from engine.packs.read import MAX_FILES, digest, is_pack_file, read_folder, read_pack
from engine.packs.zip import unzip, zip_files
from engine.values.faults import Faults
from tests.unit.packs.samples import edited, pack_files


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def codes(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(Faults) as refused:
        read_pack(files)
    assert refused.value.reason.code == "faulty-file"
    return [fault.code for fault in refused.value.faults]


def test_a_pack_is_read_whole() -> None:
    pack = read_pack(pack_files() | {"halle/halle.png": b"png"})
    assert (pack.id, pack.version, list(pack.modules)) == ("essai", "1.0.0", ["halle", "vote"])
    hall = pack.modules["halle"]
    assert hall.text("fin.trace", "en") == "Ici fin trace" and hall.images == {"halle.png": b"png"}
    assert (
        hall.spec.activity.kind == "scenario"
        and pack.modules["vote"].spec.activity.kind == "dilemma"
    )


def test_titles_and_names_of_a_pack_are_one_line() -> None:
    pack = read_pack(edited("pack.yaml", "{fr: Essai,", '{fr: "Un\\n\\nessai",'))
    assert pack.manifest.title["fr"] == "Un essai"


def test_modules_keep_the_order_of_the_manifest() -> None:
    assert list(read_pack(edited("pack.yaml", "[halle, vote]", "[vote, halle]")).modules) == [
        "vote",
        "halle",
    ]


def test_an_installed_pack_stays_readable_when_only_the_linter_minds() -> None:
    files = edited("halle/module.yaml", "minutes: 5\n", "minutes: 12\n")
    assert read_pack(files).id == "essai"
    with pytest.raises(Faults, match=r"minutes-differ.*12"):
        read_sound(files)
    assert read_sound(edited("halle/module.yaml", "minutes: 5\n", "minutes: 4\n")) == read_pack(
        edited("halle/module.yaml", "minutes: 5\n", "minutes: 4\n")
    )


def test_what_could_not_be_played_is_not_read() -> None:
    assert codes(edited("halle/fr.md", "## fin.trace\nIci fin trace\n\n", "")) == ["string-missing"]
    assert codes(edited("pack.yaml", "theme: sdg", "theme: [")) == ["not-yaml"]
    assert codes(edited("halle/module.yaml", "start: soir", "begin: soir")) == [
        "field-missing",
        "field-unknown",
    ]
    assert codes({}) == ["manifest-missing"]


def test_an_empty_file_is_said_to_hold_nothing() -> None:
    assert codes({"pack.yaml": b""}) == ["not-a-mapping"] and codes({"pack.yaml": b"- a"}) == [
        "not-a-mapping"
    ]


def test_the_digest_knows_every_byte_and_name_but_no_order() -> None:
    files = pack_files()
    assert (
        digest(files)
        == digest(dict(reversed(files.items())))
        == digest(files | {"README.md": b"passed over"})
    )
    assert (
        len(
            {
                digest(files),
                digest(files | {"halle/a.png": b"x"}),
                digest(files | {"halle/b.png": b"x"}),
                digest(files | {"pack.yaml": files["pack.yaml"] + b" "}),
            }
        )
        == 4
    )


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("pack.yaml", True),
        ("halle/module.yaml", True),
        ("halle/fr.md", True),
        ("halle/a.webp", True),
        ("README.md", False),
        ("halle/a.svg", False),
        ("halle/deep/fr.md", False),
        ("../halle/fr.md", False),
        ("../fr.md", False),
        (".git/fr.md", False),
        ("halle/.fr.md", False),
        ("halle\\fr.md", False),
        ("/etc/fr.md", False),
    ],
)
def test_only_files_of_the_format_belong_to_a_pack(path: str, known: bool) -> None:
    assert is_pack_file(path) is known


def test_a_folder_gives_its_pack_files_and_passes_the_rest_over(tmp_path: Path) -> None:
    files = pack_files()
    write(tmp_path, files | {"README.md": b"x", "halle/deep/fr.md": b"x", ".git/fr.md": b"x"})
    assert read_folder(tmp_path) == files


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_bytes(b"secret")
    folder = write(tmp_path / "pack", pack_files())
    (folder / "halle" / "de.md").symlink_to(tmp_path / "secret.md")
    (folder / "halle" / "es.md").symlink_to(folder / "halle" / "nowhere.md")
    with pytest.raises(Faults) as refused:
        read_folder(folder)
    assert [(f.file, f.code) for f in refused.value.faults] == [
        ("halle/de.md", "link-outside"),
        ("halle/es.md", "file-unreadable"),
    ]


def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    folder = write(tmp_path, pack_files())
    (folder / "halle" / "de.md").symlink_to("de.md")
    with pytest.raises(Faults) as refused:
        read_folder(folder)
    assert [(f.file, f.code) for f in refused.value.faults] == [("halle/de.md", "file-unreadable")]


def test_a_name_that_is_not_utf_8_is_refused_and_can_be_told(tmp_path: Path) -> None:
    folder = write(tmp_path, pack_files())
    write(folder / "halle", {os.fsdecode(b"caf\xe9.png"): b""})
    with pytest.raises(Faults) as refused:
        read_folder(folder)
    assert [(f.file, f.code) for f in refused.value.faults] == [
        ("halle/caf\\udce9.png", "name-not-utf-8")
    ]
    assert str(refused.value).encode()


def test_big_files_and_big_packs_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, pack_files() | {"halle/a.png": b"x" * 2_000_001})
    with pytest.raises(Faults) as refused:
        read_folder(folder)
    assert [(f.file, f.code) for f in refused.value.faults] == [("halle/a.png", "file-too-large")]
    write(folder, {"halle/a.png": b""} | {f"halle/{n}.png": b"x" * 2_000_000 for n in range(10)})
    with pytest.raises(Faults) as refused:
        read_folder(folder)
    assert [(f.file, f.code) for f in refused.value.faults] == [("pack.yaml", "file-too-large")]


def test_a_pack_of_too_many_files_is_refused_while_it_can_still_be_changed(tmp_path: Path) -> None:
    most = {f"halle/{n}.png": b"" for n in range(MAX_FILES - len(pack_files()))}
    assert unzip(zip_files(read_folder(write(tmp_path, pack_files() | most))))
    assert read_sound(pack_files() | most)
    write(tmp_path, {"halle/more.png": b""})
    with pytest.raises(Faults, match=r"files-too-many.*2001") as refused:
        read_folder(tmp_path)
    assert [(f.file, f.code) for f in refused.value.faults] == [("pack.yaml", "files-too-many")]
    with pytest.raises(Faults, match=r"files-too-many.*2001"):
        read_sound(pack_files() | most | {"halle/more.png": b""})


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["pack.yaml", "halle/module.yaml", "halle/fr.md", "vote/module.yaml"]),
        st.binary(max_size=60) | st.text("ab:- \n[]{}&*!|>'\"#?,\t", max_size=60).map(str.encode),
    )
)
def test_random_files_are_faulted_and_never_break_the_reader(files: dict[str, bytes]) -> None:
    with pytest.raises(Faults):
        read_pack(files)
