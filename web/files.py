"""Files that readers take away."""

from __future__ import annotations

import json
from typing import Any

from flask import Response


def as_json(data: Any, name: str) -> Response:
    """``data`` as an indented JSON file of that name."""
    return Response(json.dumps(data, ensure_ascii=False, indent=2), mimetype="application/json",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})
