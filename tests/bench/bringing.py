"""What it costs to read what people bring: a megabyte of each kind of outline, a list of 10 000
people, archives of 500 sections. Seconds of processor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time

from engine.curriculum.read import read
from engine.people.lists import read_people
from tests.bench.row import Row, at_most
from tests.unit.curriculum import backups
from tests.unit.sheets import files

GOAL = at_most(2.0)
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


def _row(name: str, data: bytes, reader: Callable[[bytes], object]) -> Row:
    began = process_time()
    reader(data)
    return Row(name, process_time() - began, "s", GOAL, f"{len(data) / 1e6:.2f} MB")
