"""What a monitor asks: whether this installation is well. Says nothing of anybody."""

from __future__ import annotations

from flask import Blueprint, current_app

from web.site.context import current_services
from web.site.health import EXAMINATION, faults, most_silent

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show() -> tuple[dict[str, object], int]:
    """Responds 200 if all is well, else 503 with what is wrong."""
    vitals = current_app.extensions[EXAMINATION].vitals()
    found = list(faults(vitals, most_silent(current_services())))
    return ({"status": "ill", "faults": found}, 503) if found else ({"status": "ok"}, 200)
