"""Driving a Moodle of somebody's: what is asked for, and what is said of each step. The driving
itself needs a Moodle."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lms.report import Report, Wanted, wanted
from tests.papers import ROOT

WITH_PASSWORD = {"MOODLE_PASSWORD": "secret"}


def test_a_folder_an_address_and_a_password_are_enough() -> None:
    assert wanted(["/srv/moodle", "http://localhost:8080/"], WITH_PASSWORD) == Wanted(
        Path("/srv/moodle"), "http://localhost:8080", "admin", "secret"
    )
    named = wanted(["/srv/moodle", "https://m.example"], WITH_PASSWORD | {"MOODLE_ADMIN": "root"})
    assert named is not None and named.admin == "root"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], WITH_PASSWORD),
        (["", ""], WITH_PASSWORD),
        (["/srv/moodle"], WITH_PASSWORD),
        (["/srv/moodle", "localhost:8080"], WITH_PASSWORD),
        (["/srv/moodle", "http://localhost"], {}),
    ],
)
def test_where_something_is_missing_nothing_is_driven(
    arguments: list[str], environment: dict[str, str]
) -> None:
    assert wanted(arguments, environment) is None


def test_without_arguments_it_says_how_it_is_used() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "tests.lms.moodle", "", ""],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 2 and "make lms-moodle DIR=… URL=…" in said.stdout, said.stderr


def report() -> tuple[Report, list[str]]:
    said: list[str] = []
    return Report(said.append), said


def holds() -> None:
    """A step in which nothing goes wrong."""


def fails() -> None:
    raise AssertionError("Moodle\nsays no")


def test_what_held_is_said_step_by_step_and_ends_well() -> None:
    told, said = report()
    told.step("registration", holds)
    told.step("score", holds, after="registration")
    assert told.end() == 0
    assert said == ["held      registration", "held      score", "2 held, 0 failed, 0 left out."]


def test_a_step_that_fails_is_told_with_its_reason_and_those_after_it_are_left_out() -> None:
    told, said = report()
    told.step("registration", fails)
    told.step("score", fails, after="registration")
    told.step("icon", holds)
    assert told.end() == 1
    assert said == [
        "FAILED    registration: Moodle says no",
        "left out  score: it comes after “registration”",
        "held      icon",
        "1 held, 1 failed, 1 left out.",
    ]


def test_where_nothing_was_tried_nothing_held() -> None:
    told, _ = report()
    assert told.end() == 1
