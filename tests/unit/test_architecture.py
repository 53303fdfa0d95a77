"""docs/architecture.md says how the house is built: its rooms, what each is for, and which way the
imports go."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGES = ("engine", "lti", "web")
CONTRACTS = {"engine": "imports go downward only", "lti": "inside lti too"}
CONTRACTS |= {"web": "inside web too"}


def rooms() -> dict[str, str]:
    """Every room of the house and the sentences that it opens with."""
    found = {}
    for package in PACKAGES:
        for init in sorted((ROOT / package).glob("*/__init__.py")):
            said = ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or ""
            found[f"{package}/{init.parent.name}"] = " ".join(said.split())
    return found


def layers(package: str) -> list[str]:
    """The layers of a package as import-linter holds them, from the top."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    [found] = [one for one in contracts if one["name"] == CONTRACTS[package]]
    own = [layer for layer in found["layers"] if layer.startswith(f"{package}.")]
    return [layer.replace(f"{package}.", "") for layer in own]


def test_every_room_has_its_row_and_no_other_has() -> None:
    assert set(re.findall(r"^\| `(\w+/\w+)` \|", PAGE, re.MULTILINE)) == set(rooms())


@pytest.mark.parametrize(("room", "said"), rooms().items())
def test_a_room_is_described_as_it_describes_itself(room: str, said: str) -> None:
    [row] = re.findall(rf"^\| `{room}` \| (.+) \|$", PAGE, re.MULTILINE)
    assert said.startswith(row.split(". ")[0].rstrip(".")), said


@pytest.mark.parametrize("package", PACKAGES)
def test_the_picture_shows_the_layers_that_imports_keep(package: str) -> None:
    picture = PAGE.split("```")[1]
    columns = [re.findall(r"│ ([a-z| ]+?) +│", line) for line in picture.splitlines()]
    drawn = [cell for line in columns for cell in line]
    own = layers(package)
    places = [drawn.index(layer) for layer in own if layer != "courses"]
    assert places == sorted(places) and set(own) <= set(drawn)
