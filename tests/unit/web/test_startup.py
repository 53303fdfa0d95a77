"""What each command loads: nothing that it does not use, so that it starts at once and stays
small."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from engine.delivery.reasons import NewsUntold
from lti.wire.reasons import FetchReason, LaunchReason, ServiceReason
from tests.reasons import every
from web.cli import SUMMARIES, main

ROOT = Path(__file__).parents[3]
SOLVERS = {"bm25s", "highspy", "numpy"}
SERVER = {"alembic", "argon2", "babel", "cryptography", "flask", "joserfc", "rich", "sqlalchemy"}
SLOW = SERVER | SOLVERS | {"fsrs", "holidays", "icalendar", "pydantic", "snowballstemmer"}
"""Distributions that take long to load, or much memory."""


def loaded(code: str, *arguments: str, here: Path = ROOT) -> set[str]:
    """The top names of all modules there are in a fresh process that has run ``code`` in that
    folder."""
    ending = "finally: print('\\n', *{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys\ntry: {code}\n{ending}", *arguments],
        cwd=here,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.splitlines()[-1].split())


def loaded_by(*arguments: str, here: Path = ROOT) -> set[str]:
    return loaded("from web.cli import main; main()", *arguments, here=here)


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_to_say_what_it_is_it_loads_nothing_slow(argument: str) -> None:
    assert not loaded_by(argument) & SLOW


@pytest.mark.parametrize("locale", ["C.UTF-8", "fr_FR.UTF-8"])
def test_a_pack_is_checked_without_database_server_or_solver(
    locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    modules = loaded_by("pack", "check", "content_packs/modeles-socio-economiques")
    assert "pydantic" in modules and not modules & (SERVER | SOLVERS | {"fsrs"})


def test_a_server_loads_what_plans_courses_when_one_is_planned() -> None:
    modules = loaded("import web.cli.serve; from web.pages import blueprints; list(blueprints())")
    assert "flask" in modules and not modules & (SOLVERS | {"holidays", "snowballstemmer"})


def test_what_migrates_databases_is_loaded_only_for_one_that_is_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELECTURE_SECRET_KEY", "0f1e2d3c4b5a69788796a5b4c3d2e1f0")
    assert "alembic" in loaded_by("lti", "rotate-keys", here=tmp_path)
    again = loaded_by("lti", "rotate-keys", here=tmp_path)
    assert "sqlalchemy" in again and not again & {"alembic", "mako"}


@pytest.mark.parametrize("module", ["web.cli.serve", "web.cli.lti", "web.worker"])
def test_what_reads_rows_knows_every_reason_that_rows_of_platforms_may_hold(module: str) -> None:
    code = f"import {module}; from engine.values.reasons import kinds; print(*kinds())"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for kind in (*every(LaunchReason), *every(FetchReason), *every(ServiceReason), NewsUntold):
        assert f"{kind.__module__}.{kind.__qualname__}" in run.stdout


@pytest.mark.parametrize("name", SUMMARIES)
def test_each_command_is_listed_with_the_first_words_of_its_own_help(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None and command.get_short_help_str(limit=200) == SUMMARIES[name]


def test_a_command_that_is_not_there_is_none() -> None:
    assert main.get_command(click.Context(main), "nothing") is None
