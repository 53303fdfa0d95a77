"""Where platforms post notices: not a page, but plain text for the platform's administrators."""

from __future__ import annotations

import re

import structlog
from flask import Blueprint, Response, request

from engine.values.errors import RelectureError
from lti.courses import copies
from lti.courses.notices import read_notices
from lti.platforms import registrations
from lti.platforms.registrations import Registration
from web.site.context import current_services

bp = Blueprint("lms_notices", __name__, url_prefix="/lti")


@bp.post("/notices/<registration>")
def receive(registration: str) -> Response:
    """Accepts notices of that platform (Platform Notification Service 1.0); each is acted on once,
    however often it is sent.

    If one is refused, the others are still processed; the response then says so, and sending all of
    them again does no harm.
    """
    services = current_services()
    found = None
    if re.fullmatch("[0-9a-f]{32}", registration):
        with services.db.across("lti-lookup") as door:
            found = registrations.by_id(door, registration)
    if found is None:
        return _answer("No platform is registered at this address.", 404)
    if not found.enabled:
        return _answer("This registration is disabled.", 403)
    try:
        tokens = read_notices(_posted())
    except RelectureError as refused:  # anybody may have sent this: it is only logged
        structlog.get_logger("lti").warning(
            "notice-refused", registration=found.id, code=refused.reason.code
        )
        return _answer(f"Refused: {refused.reason.code}.", 400)
    codes = [code for token in tokens if (code := _refusal(found, token)) is not None]
    return _answer(f"Refused: {', '.join(codes)}.", 400) if codes else _answer("Received.", 200)


def _posted() -> object:
    """The posted JSON, None if it is not JSON."""
    try:
        return request.get_json(force=True, silent=True)
    except RecursionError:
        return None


def _refusal(registration: Registration, token: str) -> str | None:
    """Why this notice is refused, or None if it is accepted."""
    services = current_services()
    try:
        copies.receive(services.units, services.lti.platform_keys, registration, token)
    except RelectureError as refused:
        structlog.get_logger("lti").warning(
            "notice-refused", registration=registration.id, code=refused.reason.code
        )
        return refused.reason.code
    return None


def _answer(words: str, status: int) -> Response:
    return Response(f"{words}\n", status, mimetype="text/plain")
