"""The paper for authors, in both languages: the same steps, and each printed as it happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import main

ROOT = Path(__file__).parents[3]
PAPERS = {"en": "authoring.md", "fr": "authoring.fr.md"}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENGLISH = """
## panne.bougies
Open without power: two hundred candles, and tell the fire brigade

## panne.bougies.quote
open by candlelight

## panne.bougies.after
The fire captain laughs, thinks, then lends six site lamps. He asks when you close. So do you.
"""


def read(language: str) -> str:
    return (ROOT / "docs" / PAPERS[language]).read_text(encoding="utf-8")


def blocks(language: str) -> list[tuple[str, str]]:
    return BLOCK.findall(read(language))


def test_both_papers_have_the_same_steps_tables_and_examples() -> None:
    def shape(language: str) -> list[str]:
        prose = BLOCK.sub("```", read(language))
        return re.findall(r"^(#+|\||```|- \*\*)", prose, re.MULTILINE)

    assert shape("fr") == shape("en")
    ours, theirs = blocks("en"), blocks("fr")
    for (kind, english), (same, french) in zip(ours, theirs, strict=True):
        assert kind == same and english.count("\n") == french.count("\n")
        if kind == "yaml" or english.startswith("## "):
            assert re.sub(r"#.*", "", english) == re.sub(r"#.*", "", french)
    codes = [set(re.findall(r"`([a-z0-9_.{}:\[\]-]+)`", read(one))) for one in PAPERS]
    assert codes[0] <= codes[1], "what has a name in the files is named in French too"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("language", PAPERS)
def test_what_the_paper_shows_is_what_happens(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", language)
    shown = [text for _, text in blocks(language) if text.startswith("$ relecture pack ")]
    fourth, words = (
        next(text for kind, text in blocks(language) if text.lstrip().startswith(begins))
        for begins in ("- {id: bougies", "## panne.bougies")
    )
    module, french, english = (
        Path("mon-pack/la-vitrine") / name for name in ("module.yaml", "fr.md", "en.md")
    )
    steps = iter(_commands("".join(shown)))

    def happens() -> None:
        arguments, printed = next(steps)
        assert run(arguments) == printed

    happens()
    happens()
    next(steps)  # the preview, which goes on
    edit(module, "    cle:\n", f"{fourth}    cle:\n")
    happens()
    edit(module, "to: clef", "to: cle")
    edit(french, "## cle\n", f"{words}\n## cle\n")
    edit(english, "## cle <!--", f"{ENGLISH}\n## cle <!--")
    stamping, printed = next(step for step in _commands("".join(shown)) if step[0][1] == "stamp")
    assert run(stamping) == printed
    title = french.read_text(encoding="utf-8").split("## cover.title\n")[1].split("\n")[0]
    edit(french, title, "Relier les commerçants avant la foire")
    happens()
    edit(french, "Relier les commerçants avant la foire", title)
    next(steps)  # the stamping, which was done above
    edit(french, "depuis deux ans", "depuis trois ans")
    happens()
    happens()


def run(arguments: list[str]) -> str:
    return CliRunner().invoke(main, arguments).output.replace("\u202f", " ")


def _commands(console: str) -> list[tuple[list[str], str]]:
    """What is typed in a console, and what it prints."""
    typed = re.split(r"^\$ relecture ", console, flags=re.MULTILINE)[1:]
    return [(line.split(), said) for line, _, said in (one.partition("\n") for one in typed)]
