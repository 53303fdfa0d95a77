"""``relecture pack``: what an author types, and what comes back."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli.pack import pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run("new", str(tmp_path / "mon-pack")).exit_code == 0
    return tmp_path / "mon-pack"


def run(*args: str) -> Result:
    return CliRunner().invoke(pack, list(args))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_new_pack_passes_the_check(folder: Path) -> None:
    checked = run("check", str(folder))
    assert checked.exit_code == 0 and "la-vitrine: an average play takes" in checked.output
    assert checked.output.endswith("1 module, 0 faults, 0 warnings.\n")


def test_each_fault_is_a_line_that_an_editor_can_open(folder: Path) -> None:
    edit(folder / "la-vitrine" / "module.yaml", "start: lundi", "start: lundy")
    checked = run("check", str(folder))
    assert checked.exit_code == 1
    assert checked.output.splitlines()[0] == (
        f"{folder}/la-vitrine/module.yaml:13:10: there is no node “lundy” to start at — did "
        "you mean “lundi”?"
    )
    assert "1 fault," in checked.output


def test_a_warning_alone_is_no_failure(folder: Path) -> None:
    edit(folder / "la-vitrine" / "module.yaml", "minutes: 5 ", "minutes: 4 ")
    checked = run("check", str(folder))
    assert checked.exit_code == 0 and "warning: 4 minutes is outside 5–12" in checked.output


def test_the_check_speaks_json(folder: Path) -> None:
    edit(folder / "pack.yaml", "theme: project-leadership", "theme: project-leader")
    checked = run("check", str(folder), "--json")
    told = json.loads(checked.output)
    assert checked.exit_code == 1
    assert [(f["file"], f["line"], f["column"], f["code"]) for f in told["faults"]] == [
        (f"{folder}/pack.yaml", 5, 8, "value-unknown")
    ]
    assert set(told["minutes"][f"{folder}/la-vitrine"]) == {"fr", "en"}


def test_several_packs_are_checked_in_one_run(folder: Path, tmp_path: Path) -> None:
    assert run("new", str(tmp_path / "autre-pack")).exit_code == 0
    edit(folder / "pack.yaml", "theme: project-leadership", "theme: project-leader")
    checked = run("check", str(tmp_path / "autre-pack"), str(folder))
    assert checked.exit_code == 1
    assert checked.output.startswith(f"{folder}/pack.yaml:5:8: ") and checked.output.endswith(
        "2 modules, 1 fault, 0 warnings.\n"
    )


def test_the_last_line_counts_the_modules_that_are_there_whatever_their_faults(
    folder: Path,
) -> None:
    edit(folder / "la-vitrine" / "module.yaml", "to: cle,", "to: clef,")
    assert run("check", str(folder)).output.endswith("\n1 module, 1 fault, 0 warnings.\n")
    (folder / "la-vitrine" / "module.yaml").write_bytes(b"\xff")
    assert run("check", str(folder)).output.endswith("\n1 module, 1 fault, 0 warnings.\n")


def test_a_folder_that_is_no_pack_is_said_to_be_none(tmp_path: Path) -> None:
    checked = run("check", str(tmp_path))
    assert checked.exit_code == 1 and "there is no pack.yaml here" in checked.output


def test_stamping_tells_what_it_stamped(folder: Path) -> None:
    edit(folder / "la-vitrine" / "fr.md", "rappeler Nadia\n", "rappeler Nadia, enfin\n")
    assert run("check", str(folder)).exit_code == 1
    assert run("stamp", str(folder), "--only", "reveal").output == "0 strings stamped.\n"
    stamped = run("stamp", str(folder))
    assert "la-vitrine/en.md: lundi.nadia" in stamped.output and stamped.output.endswith(
        "1 string stamped.\n"
    )
    assert run("check", str(folder)).exit_code == 0


@pytest.mark.parametrize(
    ("only", "hint"),
    [
        ("lundi.nadya", "did you mean “lundi.nadia”?"),
        ("la-vitrine/revael", "did you mean “la-vitrine/reveal”?"),
        ("la-vitrin/reveal", "did you mean “la-vitrine/reveal”?"),
        ("nope", "use one of: cover.title, cover.summary, "),
    ],
)
def test_a_string_that_no_translation_has_is_refused_with_the_nearest(
    folder: Path, only: str, hint: str
) -> None:
    refused = run("stamp", str(folder), "--only", "reveal", "--only", only)
    assert refused.exit_code == 2 and f"no translation has “{only}”: {hint}" in refused.output


def test_a_pack_in_one_language_has_nothing_to_stamp(folder: Path) -> None:
    (folder / "la-vitrine" / "en.md").unlink()
    assert (
        "this pack has no translation to stamp"
        in run("stamp", str(folder), "--only", "reveal").output
    )
    assert run("stamp", str(folder)).output == "0 strings stamped.\n"


def test_a_pack_that_cannot_be_read_is_not_stamped(folder: Path) -> None:
    edit(folder / "pack.yaml", "theme: project-leadership", "theme: project-leader")
    refused = run("stamp", str(folder))
    assert refused.exit_code == 1
    assert refused.output.startswith(
        f"{folder}/pack.yaml:5:8: “project-leader” is not possible here — "
    )


def test_a_new_pack_never_writes_over_another(folder: Path) -> None:
    again = run("new", str(folder))
    assert again.exit_code == 2 and "is there already" in again.output


def test_a_new_pack_needs_a_folder_name_that_can_be_an_id(tmp_path: Path) -> None:
    refused = run("new", str(tmp_path / "Mon Pack"))
    assert refused.exit_code == 2 and not (tmp_path / "Mon Pack").exists()
    assert (
        refused.output
        == "Mon Pack cannot be a pack’s id. Write a-z, 0-9 and -, such as budget-de-la-halle.\n"
    )


def test_a_new_pack_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for folder, told in (
        (tmp_path / ("a" * 300), "has 300 characters, and a pack’s id has 60 at most. "),
        (tmp_path / ("a" * 300) / "mon-pack", "(File name too long). "),
        (tmp_path / "file" / "mon-pack", "(Not a directory). "),
    ):
        refused = run("new", str(folder))
        assert refused.exit_code == 2 and refused.output.endswith(f"{told}Name another folder.\n")
        assert refused.output.count("\n") == 1


def test_a_folder_named_to_confuse_a_terminal_is_shown_in_one_line(folder: Path) -> None:
    (folder / "la-vitrine").rename(folder / "la\nvitrine\x1b[31m")
    checked = run("check", str(folder))
    assert checked.exit_code == 1 and "\x1b" not in checked.output
    assert "the folder “la\\nvitrine\\x1b[31m” is not in this list" in checked.output
    assert all(": " in line or line.endswith("warnings.") for line in checked.output.splitlines())
    assert "\x1b" not in json.dumps(
        json.loads(run("check", str(folder), "--json").output), ensure_ascii=False
    )


def test_a_name_that_is_not_utf_8_is_a_fault_of_the_check(folder: Path) -> None:
    (folder / "la-vitrine" / os.fsdecode(b"caf\xe9.png")).write_bytes(b"")
    for options in ((), ("--json",)):
        checked = run("check", str(folder), *options)
        assert checked.exit_code == 1 and "is not UTF-8" in checked.output


def test_the_schema_is_printed_as_json() -> None:
    assert "$defs" in json.loads(run("schema").output)
