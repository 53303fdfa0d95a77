"""The debrief arcs, as data (one YAML file per arc), and the values they are loaded into."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Stage:
    """One step of an arc. ``day`` counts from the end of the experience; ``weight`` is relative
    (What = 1)."""

    id: str
    day: int
    weight: float
    after_reveal: bool


@dataclass(frozen=True)
class Arc:
    """An ordered debrief. The reveal opens once a prompt of stage ``reveal_after`` is answered; the
    arc ends on ``end_day``."""

    id: str
    source: str
    stages: tuple[Stage, ...]
    reveal_after: str
    closes_with: str
    end_day: int = 100

    def stage(self, stage_id: str) -> Stage | None:
        """The stage with that id, or None."""
        return next((s for s in self.stages if s.id == stage_id), None)


@cache
def arcs() -> dict[str, Arc]:
    """Every arc that ships with the engine, by id."""
    found = {}
    for file in sorted(files(__name__).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            data = yaml.safe_load(file.read_text(encoding="utf-8"))
            stages = tuple(Stage(**stage) for stage in data.pop("stages"))
            found[data["id"]] = Arc(stages=stages, **data)
    return found
