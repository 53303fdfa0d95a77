"""How long what is kept: the rules as they are applied, and where the organisation keeps less
long."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.courses.hosts import organisation
from engine.people.periods import shorten
from engine.people.reasons import RetentionDays
from engine.storage import audit
from engine.storage.retention import RULES, SHORTER, Rule
from engine.values.errors import Invalid
from web.site.context import Person, current_services
from web.site.guards import administrator_required
from web.words.kept import kept_for

bp = Blueprint("admin_retention", __name__, url_prefix="/admin/retention")


@bp.get("")
@administrator_required
def index(me: Person) -> str:
    """Lists the periods."""
    return _page(me)


@bp.post("")
@administrator_required
def change(me: Person) -> ResponseReturnValue:
    """Keeps how long the organisation keeps what."""
    try:
        wish = {rule.key: _days(rule) for rule in SHORTER}
        with current_services().write(me.tenant) as work:
            changed = shorten(work, wish)
            if changed:
                audit.record(work, "settings", me.id, changed=changed)
            work.commit()
    except Invalid as wrong:
        return _page(me, wrong), 422
    flash(gettext("Kept."))
    return redirect(url_for("admin_retention.index"), 303)


def _days(rule: Rule) -> int | None:
    """What the form says of a rule. Raises ``Invalid("retention-days")``."""
    said = request.form.get(rule.key, "").strip()
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 6):
        raise Invalid(RetentionDays(least=rule.least, most=rule.days), field=rule.key)
    return int(said)


def _page(me: Person, wrong: Invalid | None = None) -> str:
    with current_services().read(me.tenant) as work:
        own = organisation(work.session).retention or {}
    form = request.form
    return render_template(
        "admin/retention.html",
        rules=kept_for(RULES, own),
        shorter=[
            (rule, gettext(rule.what), form.get(rule.key, "") if wrong else own.get(rule.key, ""))
            for rule in SHORTER
        ],
        wrong=wrong,
    )
