"""What it costs to read what people bring: a megabyte of each kind of outline, a list of 10 000
people, archives of 500 sections; and a megabyte of what nobody would bring but to see us stop.
Seconds of processor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from time import process_time

from engine.curriculum.pasted import PastedFaults, read_pasted
from engine.curriculum.read import read
from engine.people.lists import read_people
from tests.bench.row import Row, at_most
from tests.unit.curriculum import backups
from tests.unit.sheets import files

GOAL = at_most(2.0)
MEGABYTE = 1_000_000
REPEATED: Mapping[str, bytes] = {
    "letters": b"a",
    "accents in cp1252": b"\xe9",
    "short lines": b"a\n",
    "headings": b"## a\n",
    "spaces": b" ",
    "delimiters": b";",
    "commas": b",",
    "lines of commas": b"," * 500 + b"\n",
    "bars": b"|a|b|\n|-|-|\n",
    "quotation marks": b'"',
    "open quotations": b'"a;',
    "equals signs": b"=",
    "angles": b"<",
    "rows of a page": b"<tr><td>a",
    "addresses": b"a@b.fr; ",
    "at signs": b"@",
    "hyphens": b"- ",
}
"""What a text says over and over."""
WORDS = "Décider à deux, mesurer, rendre compte ; "


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """One row a kind of file."""
    many = 20 if tiny else 450
    grid: files.Grid = [["Semaine", "Titre", "Durée", "Contenu"]]
    grid += [[n, f"Section {n}", "1h30", WORDS * 50] for n in range(1, many)]
    text = "\n".join(f"## Section {n}\n\n{WORDS * 50}\n" for n in range(many))
    yaml = "title: T\nlanguage: fr\nsections:\n" + "".join(
        f"- title: S {n}\n  text: |\n    {WORDS * 50}\n" for n in range(many)
    )
    parts = [backups.Part(f"Section {n}", ["Un", "Deux", "Trois"] * 3) for n in range(many)]
    export = backups.olx({f"Chapter {n}": "" for n in range(many)})
    people = "nom;prénom;courriel;groupe\n" + "".join(
        f"Essai;P{n};p{n}@example.org;G{n % 40}\n" for n in range(many * 22)
    )
    for name, data in {
        "CSV": files.delimited(grid, "french Excel"),
        "XLSX": files.xlsx(grid),
        "ODS": files.ods(grid),
        "Markdown": text.encode(),
        "YAML": yaml.encode(),
        "YAML of tiny values": b"- a: 1\n" * (many * 300),
        "Moodle backup": backups.tarred(backups.moodle(parts)),
        "Open edX export": backups.tarred(export),
    }.items():
        yield _row(f"outline: {name}", data, lambda held: read(held, "plan"))
    yield _row("list of people", people.encode(), read_people)
    for name, data in _adversarial(MEGABYTE // 100 if tiny else MEGABYTE):
        yield _slowest(name, data)


def _row(name: str, data: bytes, reader: Callable[[bytes], object]) -> Row:
    began = process_time()
    reader(data)
    return Row(name, process_time() - began, "s", GOAL, f"{len(data) / 1e6:.2f} MB")


def _adversarial(size: int) -> Iterator[tuple[str, bytes]]:
    """A text of each kind, of so many bytes."""
    for name, some in REPEATED.items():
        yield name, (some * (size // len(some) + 1))[:size]
    yield "an indented list", b"\n".join(b" " * n + b"- a" for n in range(round((2 * size) ** 0.5)))
    yield "nested YAML", b"".join(b" " * n + b"a:\n" for n in range(round((2 * size) ** 0.5)))
    yield "a heading of spaces", b"# a" + b" " * size + b"b"
    yield "a long cell", b"Titre;Texte\nA;" + b"mot " * (size // 4) + b"\n"
    yield "many sheets", files.xlsx(*[[["Titre"], ["Semer"]]] * min(200, size // 1_000))


def _slowest(name: str, data: bytes) -> Row:
    """The slowest reader of these bytes."""
    readers: Mapping[str, Callable[[bytes], object]] = {
        "CSV": lambda held: read(held, "plan.csv"),
        "Markdown": lambda held: read(held, "plan.md"),
        "YAML": lambda held: read(held, "plan.yaml"),
        "pasted": _pasted,
        "people": read_people,
    }
    rows = [_row(f"adversarial: {name}: {by}", data, reader) for by, reader in readers.items()]
    return max(rows, key=lambda row: row.today)


def _pasted(data: bytes) -> None:
    with suppress(PastedFaults):
        read_pasted(data.decode("utf-8", "replace"))
