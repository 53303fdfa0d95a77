"""What a monitor asks: whether this installation is well, whether it can serve, and figures of it.
Says nothing of anybody."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from engine.values.errors import NotFound
from web.site.context import current_services
from web.site.health import EXAMINATION, faults, most_silent
from web.site.metrics import figures
from web.site.reasons import PageUnknown

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show() -> tuple[dict[str, object], int]:
    """Responds 200 if all is well, else 503 with what is wrong."""
    vitals = current_app.extensions[EXAMINATION].vitals()
    found = list(faults(vitals, most_silent(current_services())))
    return ({"status": "ill", "faults": found}, 503) if found else ({"status": "ok"}, 200)


@bp.get("/readyz")
def ready() -> tuple[dict[str, object], int]:
    """Responds 200 if pages can be served: the database answers and takes writes. A silent worker
    or a disk that fills is no reason to send readers elsewhere."""
    vitals = current_app.extensions[EXAMINATION].vitals()
    good = vitals.reachable and vitals.writable
    return ({"status": "ready"}, 200) if good else ({"status": "not ready"}, 503)


@bp.get("/metrics")
def metrics() -> Response | tuple[str, int]:
    """Figures in the format of Prometheus: counts and seconds, nothing of anybody. 404 unless the
    settings have a token, 401 without it."""
    services = current_services()
    token = services.settings.metrics_token
    if not token:
        raise NotFound(PageUnknown())
    given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, f"Bearer {token}".encode()):
        return "", 401
    vitals = current_app.extensions[EXAMINATION].vitals()
    return Response(generate_latest(figures(services, vitals)), content_type=CONTENT_TYPE_LATEST)
