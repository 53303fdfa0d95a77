"""``relecture pack check`` of a large pack: the modules that ship with Relecture many times over,
each string with a word of its own, so that nothing is known from the module before."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine.packs.read import read_folder
from engine.packs.stamp import stamp
from tests.bench.row import Row, at_most
from tests.bench.startup import ROOT, command

MODULES = 200
_HEADING = re.compile(rb"(?m)^(## .*\n)")


def rows(*, tiny: bool = False) -> Iterator[Row]:
    """Seconds of the whole command and its memory."""
    modules = 4 if tiny else MODULES
    with tempfile.TemporaryDirectory() as folder:
        for name, data in stamped(pack_of(modules)).items():
            file = Path(folder, name)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
        run = command(Path(folder), "pack", "check", ".")
    note = f"of processor; {run.wall:.2f} s on the wall"
    yield Row(f"pack check, {modules} modules", run.busy, "s", at_most(3), note)
    yield Row(f"pack check, {modules} modules", run.peak, "MB", note="peak")


def pack_of(modules: int) -> dict[str, bytes]:
    """The files of a pack of so many modules, whose translations are not stamped anew."""
    real = read_folder(ROOT / "content_packs" / "modeles-socio-economiques")
    originals = sorted({name.partition("/")[0] for name in real if "/" in name})
    files, names = dict[str, bytes](), list[str]()
    for number in range(modules):
        original = originals[number % len(originals)]
        names.append(f"{original}-{number}")
        for path in (path for path in real if path.startswith(f"{original}/")):
            file = path.partition("/")[2]
            files[f"{names[-1]}/{file}"] = _copy(real[path], file, original, number)
    head = real["pack.yaml"].partition(b"modules:")[0]
    return files | {"pack.yaml": head + f"modules: [{', '.join(names)}]\n".encode()}


def _copy(data: bytes, file: str, original: str, number: int) -> bytes:
    if file == "module.yaml":
        return data.replace(f"id: {original}".encode(), f"id: {original}-{number}".encode(), 1)
    return _HEADING.sub(rb"\1Essai%d " % number, data) if file.endswith(".md") else data


def stamped(files: dict[str, bytes]) -> dict[str, bytes]:
    """Those files, with translations that are up to date."""
    return files | stamp(files)
