"""The installed packs, and how many people are on which version; for those who design packs and
those who run the organisation."""

from __future__ import annotations

from flask import Blueprint, render_template

from engine.courses.installed import installed
from engine.packs.model import Manifest
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
    titles = {pack.id: _title(pack.manifest) for pack in services.library.newest()}
    return render_template("admin/packs.html", versions=versions, titles=titles)


def _title(manifest: Manifest) -> str:
    """The title in the reader's language, or in the one it was written in."""
    own = {str(lang): title for lang, title in manifest.title.items()}
    return own.get(language.current(), own[manifest.written_in])
