"""How long what is kept: the rules as they are applied, and how much waits to be deleted."""

from __future__ import annotations

from flask import Blueprint, render_template

from engine.storage.retention import RULES
from web.site.context import Person
from web.site.guards import administrator_required
from web.words.kept import kept_for

bp = Blueprint("admin_retention", __name__, url_prefix="/admin/retention")


@bp.get("")
@administrator_required
def index(_me: Person) -> str:
    """Lists the periods."""
    return render_template("admin/retention.html", rules=kept_for(RULES))
