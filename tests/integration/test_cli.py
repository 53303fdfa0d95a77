"""The command line on a database: what it takes in, and what it refuses with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.builders import PACK, database
from web.cli import main

COURSE = "title: Budget\nlanguage: fr\nsections:\n  - title: Premier pas\n"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of one organisation in a folder of its own, set up by its environment alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    monkeypatch.setenv("RELECTURE_DATABASE_URL", f"sqlite:///{tmp_path / 'test.db'}")
    database(tmp_path).close()


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def write(text: str, name: str = "course.yaml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_a_course_is_imported() -> None:
    imported = run("course", "import", write(COURSE))
    assert imported.exit_code == 0 and imported.stdout.startswith("budget: Budget (1 sections).")


def test_every_fault_of_a_course_is_a_line_and_the_exit_code_is_1() -> None:
    Path("courses").mkdir()
    refused = run("course", "import", write(COURSE + "    minuts: 5\n    week: soon\n", "courses/c.yaml"))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "courses/c.yaml:5:5: “minuts” is not known here — did you mean “minutes”?",
        "courses/c.yaml:6:11: “soon” is no whole number from 1 to 520 — write week as digits alone"]
    assert run("course", "slot", "budget").exit_code == 2


def test_every_fault_of_a_pack_is_a_line_and_the_exit_code_is_1() -> None:
    assert run("pack", "new", PACK).exit_code == 0
    write(Path(PACK, "pack.yaml").read_text(encoding="utf-8").replace("format: 1", "format: 2"), f"{PACK}/pack.yaml")
    refused = run("pack", "install", PACK)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"{PACK}/pack.yaml:") and " — " in refused.stderr


def test_a_refusal_has_exit_code_2() -> None:
    assert run("pack", "new", PACK).exit_code == run("pack", "install", PACK).exit_code == 0
    write(Path(PACK, "pack.yaml").read_text(encoding="utf-8") + "# other content\n", f"{PACK}/pack.yaml")
    refused = run("pack", "install", PACK)
    assert refused.exit_code == 2 and "is installed with other content" in refused.stderr


def test_a_wrong_setting_has_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "short")
    for refused in (run("course", "import", write(COURSE)), run("pack", "install", ".")):
        assert refused.exit_code == 2 and "RELECTURE_SECRET_KEY" in refused.stderr
