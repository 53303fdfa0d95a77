"""What comes with the program: content packs and example courses, in a clone and in an installed
application alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES: Mapping[str, Path] = {
    "fr": ROOT / "web" / "examples" / "modeles-socio-economiques.yaml",
    "en": ROOT / "web" / "examples" / "sdgs.csv",
}
"""An example course in each language."""


def packs_of(folder: Path) -> Path:
    """The folder of packs in the working directory, or else the one beside this program."""
    return folder if folder.is_dir() else ROOT / "content_packs"


def pack_folders(folder: Path) -> Iterator[Path]:
    """Each pack in the folder of packs, by name."""
    yield from sorted(path.parent for path in packs_of(folder).glob("*/pack.yaml"))
