"""What is left in the files of an installation, whatever the program says."""

from __future__ import annotations

from pathlib import Path


def holding(folder: Path, *words: str) -> dict[str, list[str]]:
    """Every file under ``folder`` (databases, their logs, mails) in which the bytes of any of
    these words are, with the words that it holds."""
    found = {
        str(file.relative_to(folder)): [word for word in words if word.encode() in read]
        for file in folder.rglob("*")
        if file.is_file()
        for read in [file.read_bytes()]
    }
    return {name: held for name, held in found.items() if held}
