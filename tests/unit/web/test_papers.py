"""The papers name commands and options that exist, and files that are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from web.cli import main

ROOT = Path(__file__).parents[3]
PAPERS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/authoring.md",
    "docs/authoring.fr.md",
    "docs/facilitating.md",
    "docs/facilitating.fr.md",
    "docs/operating.md",
    "docs/security.md",
)
FOR_LMS = tuple(f"docs/lms/{page.name}" for page in sorted((ROOT / "docs" / "lms").glob("*.md")))
COMMAND = re.compile(r"^(?:\$ |export \S+ && )?(?:\.venv/bin/)?relecture (.+)$", re.MULTILINE)


def read(paper: str) -> str:
    return (ROOT / paper).read_text(encoding="utf-8")


@pytest.mark.parametrize("paper", PAPERS)
def test_every_command_in_the_papers_exists_with_its_options(paper: str) -> None:
    for line in COMMAND.findall("\n".join(re.findall(r"```.*?\n(.*?)```", read(paper), re.DOTALL))):
        words = shlex.split(line, comments=True)
        command: click.Command | None = main
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None, line
        options = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


@pytest.mark.parametrize("paper", (*PAPERS, *FOR_LMS))
def test_links_between_papers_lead_somewhere(paper: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", re.sub(r"`[^`]*`", "", read(paper))):
        assert ((ROOT / paper).parent / target).exists(), target


@pytest.mark.parametrize("paper", ("CONTRIBUTING.md", "docs/architecture.md"))
def test_the_files_that_a_paper_names_are_there(paper: str) -> None:
    named = re.findall(r"`((?:engine|lti|web|tests|docs)/[\w./]+)`", read(paper))
    missing = [path for path in named if not (ROOT / path).exists()]
    assert named and missing == []
