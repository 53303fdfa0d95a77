"""The script that makes the environment: what it does to the machine, it says beforehand."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "tools" / "venv.sh"
PYTHON = 'case "$*" in *ensurepip*) exit 1;; *"-m venv"*) echo venv made;; esac\n'
"""A Python as Debian ships it without python3-venv."""


def made(folder: Path, user: int) -> subprocess.CompletedProcess[str]:
    """What the script says to that user id on such a machine, where apt-get only says that it
    was called."""
    for name, does in {
        "python": PYTHON,
        "id": f"echo {user}\n",
        "apt-get": "echo apt-get $1 >&2\n",
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}", encoding="utf-8")
        (folder / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), "python"],
        cwd=folder,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
    )


def test_root_reads_which_package_is_installed_before_it_is(tmp_path: Path) -> None:
    done = made(tmp_path, 0)
    said, *does = done.stdout.splitlines()
    assert done.returncode == 0 and "installing the Debian package python3-venv" in said
    assert does == ["apt-get update", "apt-get install", "venv made"]


def test_whoever_is_not_root_is_told_what_to_install(tmp_path: Path) -> None:
    done = made(tmp_path, 1000)
    assert done.returncode == 1 and done.stdout.splitlines() == [
        "Python's venv module is incomplete here. On Debian: sudo apt install python3-venv"
    ]
