"""Whatever the umask of the shell, what Relecture writes is for its own user alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.apps import SECRET
from tests.integration.commands import run
from tests.integration.serving import ROOT, free_port, started, wish
from web import settings
from web.cli.start_warnings import start_warnings

RELECTURE = "from web.cli import main; main()"
ADMIN = (
    *("admin", "create", "--email", "ada@example.org", "--name", "Ada"),
    *("--organisation", "town", "--password-stdin"),
)


def command(folder: Path, *arguments: str, said: str = "") -> None:
    """A command in that folder, from a shell whose umask forbids nothing."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "RELECTURE_SECRET_KEY": SECRET}
    subprocess.run(
        [sys.executable, "-c", RELECTURE, *arguments],
        cwd=folder,
        env=env,
        umask=0,
        input=said,
        text=True,
        check=True,
        capture_output=True,
    )


def open_to_others(folder: Path) -> list[str]:
    """What is under ``folder``, itself included, that somebody else may open."""
    every = (folder, *folder.rglob("*"))
    return [str(path) for path in every if path.stat().st_mode & 0o077]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def test_database_log_and_mails_are_for_this_user_alone(tmp_path: Path) -> None:
    command(tmp_path, *ADMIN, said="trois mots simples\n")
    with started(tmp_path, umask=0, tick_seconds="1") as (_process, said):
        port = re.search(r":(\d+)\.", said)
        assert port and wish(int(port[1]), "127.0.0.1", "ada@example.org") == 200
        new, var = tmp_path / "var" / "mail" / "new", tmp_path / "var"
        for _ in range(300):
            if not new.is_dir() or not any(new.iterdir()):
                time.sleep(0.1)
        assert {"relecture.db", "relecture.db-wal", "relecture.db-shm"} <= names(var)
        assert open_to_others(var) == []
    assert len(list(new.iterdir())) == 1
    assert open_to_others(var) == []


def test_what_the_demo_writes_is_for_this_user_alone(tmp_path: Path) -> None:
    with started(
        tmp_path,
        "--port",
        str(free_port()),
        command="demo",
        umask=0,
        packs=str(ROOT / "content_packs"),
        secret_key="",
    ) as (process, said):
        assert process.stdout is not None
        while said and "Relecture is at" not in said:
            said = process.stdout.readline()
        var = tmp_path / "var"
        assert said and {"demo.db", "demo.db-wal", "demo-secret"} <= names(var)
        assert open_to_others(var) == []


def test_a_command_leaves_the_umask_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELECTURE_SECRET_KEY", SECRET)
    before = os.umask(0o022)
    try:
        run("mail", "parked")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_pack_that_somebody_writes_is_made_as_their_umask_says(tmp_path: Path) -> None:
    command(tmp_path, "pack", "new", "mine")
    assert (tmp_path / "mine" / "pack.yaml").stat().st_mode & 0o777 == 0o666


def installed(folder: Path, **chosen: str) -> settings.Settings:
    """The settings of an installation whose files, all there, are for this user alone."""
    (folder / "var" / "mail").mkdir(parents=True, mode=0o700)
    for path in (folder / "var" / "relecture.db", folder / ".env"):
        path.touch(mode=0o600)
    (folder / "var").chmod(0o755)
    return settings.load(
        dotenv=folder / "none",
        overrides={
            "secret_key": SECRET,
            "database_url": f"sqlite:///{folder / 'var' / 'relecture.db'}",
            "maildir": str(folder / "var" / "mail"),
            **chosen,
        },
    )


def test_who_starts_serve_reads_what_others_can_reach_and_how_to_close_it(tmp_path: Path) -> None:
    chosen, dotenv = installed(tmp_path), tmp_path / ".env"
    tmp_path.chmod(0o755)
    assert list(start_warnings(chosen, dotenv)) == []
    var = tmp_path / "var"
    (var / "relecture.db").chmod(0o644)
    (var / "mail").chmod(0o750)
    dotenv.chmod(0o640)
    var.chmod(0o777)
    said = list(start_warnings(chosen, dotenv))
    assert [line.partition("chmod ")[2] for line in said] == [
        f"go= {var}/relecture.db*",
        f"go-w {var}",
        f"go= {var}/mail",
        f"go= {dotenv}",
    ]
    for line in said:
        subprocess.run(line.partition("Close it: ")[2], shell=True, check=True)
    assert list(start_warnings(chosen, dotenv)) == []


def test_what_lies_in_a_folder_that_others_cannot_enter_is_not_warned_of(tmp_path: Path) -> None:
    chosen = installed(tmp_path)
    (tmp_path / "var" / "relecture.db").chmod(0o666)
    (tmp_path / "var").chmod(0o700)
    assert list(start_warnings(chosen, tmp_path / "none")) == []


def test_who_serves_https_without_saying_that_a_proxy_does_it_is_told(tmp_path: Path) -> None:
    https = "https://relecture.example.org"
    alone = settings.load(
        dotenv=tmp_path / "none", overrides={"secret_key": SECRET, "base_url": https}
    )
    [said] = start_warnings(alone, tmp_path / "none")
    assert "RELECTURE_TRUSTED_PROXIES is 0" in said
    behind = settings.load(
        dotenv=tmp_path / "none",
        overrides={"secret_key": SECRET, "base_url": https, "trusted_proxies": "1"},
    )
    assert list(start_warnings(behind, tmp_path / "none")) == []
