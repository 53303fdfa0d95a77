"""Pages that anybody may read: what is kept of people, who publishes this, how accessible it is.
An organisation's own words stand in the place of ours; what is kept for how long is always ours."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.people.organisation import DOCUMENTS, documents
from engine.storage.retention import RULES
from engine.storage.tables import Tenant
from engine.values.errors import NotFound
from web.site.context import current_services, person
from web.site.reasons import PageUnknown
from web.words.kept import kept_for

bp = Blueprint("public", __name__)


@bp.get("/privacy")
def privacy() -> str:
    """Says what is kept, who reads it, for how long, and how to have it or have it erased."""
    return _page("privacy")


@bp.get("/legal")
def legal() -> str:
    """Says who publishes the site."""
    return _page("legal")


@bp.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement (RGAA 4.1)."""
    return _page("accessibility")


def _page(document: str) -> str:
    with current_services().db.shared() as unit:
        own = _organisation(unit)
    return render_template(
        f"public/{document}.html",
        own=own,
        state=(own.conformity if own else None) or "none",
        written=documents(own).get(document) if own else None,
        rules=kept_for(RULES, own.retention if own else None),
        asked=request.args.get("organisation") or None,
        others=[name for name in DOCUMENTS if name != document],
    )


def _organisation(unit: Session) -> Tenant | None:
    """Whose page this is: the one asked for, the reader's own, or the only one that there is.
    Raises ``NotFound`` for one that there is not."""
    reader, asked = person(), request.args.get("organisation", "").replace("\0", "")
    wanted = asked or (reader.tenant if reader else "")
    if wanted:
        found = unit.get(Tenant, wanted[:60])
        if found is None:
            raise NotFound(PageUnknown())
        return found
    every = unit.scalars(select(Tenant).limit(2)).all()
    return every[0] if len(every) == 1 else None
