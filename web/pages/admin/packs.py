"""The installed packs, and how many people are on which version; for those who design packs and
those who run the organisation."""

from __future__ import annotations

from flask import Blueprint, render_template

from engine.courses.installed import installed
from web.site import language
from web.site.context import Person, current_services
from web.site.guards import packs_required

bp = Blueprint("admin_packs", __name__, url_prefix="/admin/packs")


@bp.get("")
@packs_required
def index(me: Person) -> str:
    """Lists every version with its counts."""
    services = current_services()
    with services.read(me.tenant) as work:
        versions = installed(work.session)
    newest, lang = services.library.newest(), language.current()
    titles = {pack.id: pack.manifest.title_in(lang) for pack in newest}
    return render_template("admin/packs.html", versions=versions, titles=titles)
