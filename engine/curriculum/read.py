"""Reads any supported course file into an outline, choosing the importer."""

from __future__ import annotations

from pathlib import PurePath

from engine.curriculum.csv_file import read_csv
from engine.curriculum.outline import Outline
from engine.curriculum.yaml_file import read_yaml
from engine.values.faults import Fault, Faults


def read_outline(data: bytes, filename: str) -> Outline:
    """The outline in a YAML or CSV file, recognised by its extension or else by its content.

    Raises ``Faults`` with every fault found.
    """
    ending = PurePath(filename).suffix.lower()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Faults(
            [
                Fault(
                    filename,
                    1,
                    1,
                    "workbook",
                    "this is a workbook, not a CSV file",
                    "save the sheet as CSV in UTF-8",
                )
            ]
        )
    if ending in (".yaml", ".yml") or (
        ending not in (".csv", ".tsv", ".txt") and b"\nsections:" in data
    ):
        return read_yaml(data, filename)
    return read_csv(data, filename)
