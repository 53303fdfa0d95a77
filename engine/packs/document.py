"""One YAML file of a pack: its value, and faults located by line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.values.faults import Fault, Faults, Severity, Value
from engine.values.yamlmarks import Mark, Marked, Path
from engine.values.yamlmarks import load as load_marked


@dataclass(frozen=True)
class Document:
    """One file as read. ``marked`` is None if it is not valid YAML; ``faults`` then says why."""

    file: str
    marked: Marked | None
    faults: tuple[Fault, ...] = ()

    @property
    def value(self) -> Any:
        """The parsed content; None if the file could not be read."""
        return self.marked.data if self.marked else None

    def at(self, path: Path, *, key: bool = False) -> Mark:
        """The position of ``path``, or of its nearest ancestor in the file: that of the value for a
        scalar, else that of the key.

        Steps that are not in the file (the names pydantic adds for a union) are skipped.
        """
        if self.marked is None:
            return (1, 1)
        here: Path = ()
        value = self.marked.data
        for step in path:
            if (*here, step) in self.marked.values:
                here, value = (*here, step), value[step]
        return (
            self.marked.key_mark(here)
            if key or isinstance(value, list | Mapping)
            else self.marked.mark(here)
        )

    def fault(
        self,
        path: Path,
        case: str,
        values: Mapping[str, Value] | None = None,
        *,
        key: bool = False,
        warning: bool = False,
    ) -> Fault:
        """A fault at ``path`` of this file."""
        severity: Severity = "warning" if warning else "fault"
        return Fault(self.file, *self.at(path, key=key), case, values or {}, severity)


def load(file: str, data: bytes) -> Document:
    """Reads a YAML 1.2 document. Never raises: any errors are in ``faults``."""
    try:
        return Document(file, load_marked(data, file))
    except Faults as refused:
        return Document(file, None, refused.faults)
