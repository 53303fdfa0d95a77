"""The audit log: who did what to whose data."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, render_template, request

from engine.people.audit_log import Filters, entries
from engine.storage.audit import ACTIONS, DELETED_AFTER_DAYS
from web.site import paging
from web.site.context import Person, current_services
from web.site.guards import administrator_required

bp = Blueprint("admin_log", __name__, url_prefix="/admin/log")
PERIODS = (7, 30, 90)
"""Days that one may look back, besides everything."""


@bp.get("")
@administrator_required
def index(me: Person) -> str:
    """Lists the entries, the latest first; filtered by what was done, by a person, by time."""
    services, asked = current_services(), request.args
    days = asked.get("days", 0, type=int)
    filters = Filters(
        asked.get("action", ""),
        asked.get("person", "").replace("\0", "")[:32],
        services.clock.wall() - timedelta(days=days) if days in PERIODS else None,
    )
    with services.read(me.tenant) as work:
        seen = entries(work.session, filters, asked.get("page", 1, type=int))
    return render_template(
        "admin/log.html",
        seen=seen,
        filters=filters,
        actions=ACTIONS,
        days=days if days in PERIODS else 0,
        periods=PERIODS,
        kept=DELETED_AFTER_DAYS,
        numbers=paging.numbers(seen.page, seen.pages),
    )
