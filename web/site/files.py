"""Files that readers download."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response


def as_json(data: Any, name: str) -> Response:
    """``data`` as an indented JSON file with that name."""
    return Response(
        json.dumps(data, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def as_long_json(head: Mapping[str, Any], key: str, items: Iterable[Any], name: str) -> Response:
    """A JSON file that is streamed: ``head``, and under ``key`` the list of ``items``, one per
    line."""

    def pieces() -> Iterator[str]:
        yield (
            json.dumps(dict(head), ensure_ascii=False, indent=2)[:-2] + f",\n  {json.dumps(key)}: ["
        )
        for n, item in enumerate(items):
            yield (",\n" if n else "\n") + json.dumps(item, ensure_ascii=False)
        yield "\n]}\n"

    return Response(
        pieces(),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
