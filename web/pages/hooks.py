"""What other machines tell us, each request signed: reports of mails that came back."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta

from flask import Blueprint, request

from engine.delivery.bounces import Bounces
from engine.delivery.notices import Notice
from engine.values.errors import NotFound
from engine.values.lines import one_line
from web.site.context import current_services
from web.site.reasons import PageUnknown

bp = Blueprint("hooks", __name__, url_prefix="/hooks")
FRESH = timedelta(minutes=5)
"""How old a request may be, or how far ahead its clock. One that is sent again within this time
changes nothing: each mail counts once."""
_SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@bp.post("/bounces")
def bounces() -> tuple[dict[str, object], int]:
    """Takes the report of a mail that could not be delivered: the mail itself (``message/rfc822``),
    or ``{"return_address": …, "status": "5.1.1", "said": …}``.

    ``Relecture-Signature: t=SECONDS,v1=HEX`` is the HMAC-SHA256 of ``SECONDS.BODY`` with the
    secret of the settings. 404 without one, 401 for a wrong or an old signature, 422 for a body
    that is no report; 200 says whether it was about a mail of ours.
    """
    services, body = current_services(), request.get_data()
    secret = services.settings.bounce_secret
    if not secret:
        raise NotFound(PageUnknown())
    if not is_signed(secret, request.headers.get("Relecture-Signature", ""), body, _wall()):
        return {"fault": "signature"}, 401
    taking = Bounces(services.units, services.settings.return_addresses)
    if request.mimetype == "message/rfc822":
        return {"ours": taking.take_mail(body)}, 200
    notice = told(body)
    if notice is None:
        return {"fault": "body"}, 422
    return {"ours": taking.take(notice)}, 200


def is_signed(secret: str, header: str, body: bytes, wall: datetime) -> bool:
    """Whether whoever knows the secret signed this body, just now."""
    said = _SIGNATURE.fullmatch(header)
    if said is None or abs(int(said[1]) - wall.timestamp()) > FRESH.total_seconds():
        return False
    good = hmac.new(secret.encode(), f"{said[1]}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(good, said[2])


def told(body: bytes) -> Notice | None:
    """The report in a body of JSON; None if it is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    address, status, words = (said.get(key) for key in ("return_address", "status", "said"))
    if not isinstance(address, str) or not isinstance(status, str) or not _STATUS.fullmatch(status):
        return None
    return Notice((address,), status, one_line(str(words or ""))[:300])


def _wall() -> datetime:
    return current_services().clock.wall()
