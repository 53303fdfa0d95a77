"""What an organisation says of itself, the words of its public pages, and a test mail with the mail
server's own answer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.courses import hosts
from engine.delivery.trying import Tried, try_mail
from engine.journey import rhythms
from engine.people import organisation
from engine.people.organisation import Organisation
from engine.spacing.values import Rhythm
from engine.storage import audit
from engine.values.errors import Invalid, NotFound
from web.mails.letters import Letters
from web.mails.trial import trial
from web.pages.zones import listed
from web.site import language
from web.site.conformity import in_words
from web.site.context import Person, current_services
from web.site.guards import administrator_required
from web.site.reasons import PageUnknown

bp = Blueprint("admin_organisation", __name__, url_prefix="/admin/organisation")


@bp.get("")
@administrator_required
def show(me: Person) -> str:
    """Shows the settings of the organisation."""
    return _page(me)


@bp.post("")
@administrator_required
def change(me: Person) -> Response | tuple[str, int]:
    """Keeps the settings."""
    wish = Organisation(
        **{
            name: request.form.get(name, "")
            for name in ("name", "sender_name", "contact", "language", "zone")
        }
    )
    try:
        with current_services().write(me.tenant) as work:
            changed = organisation.change(work, wish)
            if changed:
                audit.record(work, "settings", me.id, changed=changed)
            work.commit()
    except Invalid as wrong:
        return _page(me, wrong, wish), 422
    flash(gettext("Kept."))
    return redirect(url_for("admin_organisation.show"), 303)


@bp.get("/words/<name>")
@administrator_required
def words(me: Person, name: str) -> str:
    """Shows the words of a public page, ours or the organisation's own, to be changed."""
    return _words_page(me, _document(name))


@bp.post("/words/<name>")
@administrator_required
def write(me: Person, name: str) -> Response | tuple[str, int]:
    """Keeps the organisation's own words for a public page; none bring ours back."""
    document, said = _document(name), request.form.get("words", "")
    try:
        with current_services().write(me.tenant) as work:
            organisation.write_document(work, document, said)
            if document == "accessibility":
                organisation.say_conformity(work, request.form.get("state", ""))
            audit.record(work, "settings", me.id, changed=[document])
            work.commit()
    except Invalid as wrong:
        return _words_page(me, document, wrong, said), 422
    flash(gettext("Kept."))
    return redirect(url_for("admin_organisation.words", name=document), 303)


@bp.post("/test-mail")
@administrator_required
def test_mail(me: Person) -> str | tuple[str, int]:
    """Sends a mail to the administrator who asks, now, and shows what the server answered."""
    services = current_services()
    if me.email is None:
        return _page(me)
    with services.write(me.tenant) as work:
        house = hosts.organisation(work.session)
        audit.record(work, "test-mail", me.id)
        work.commit()
    message = trial(
        Letters(services.settings), me.email, language.current(), house, services.clock.wall()
    )
    return _page(me, tried=try_mail(services.mail, message))


def _document(name: str) -> str:
    if name not in organisation.DOCUMENTS:
        raise NotFound(PageUnknown())
    return name


def _page(
    me: Person,
    wrong: Invalid | None = None,
    wish: Organisation | None = None,
    tried: Tried | None = None,
) -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        own = hosts.organisation(work.session)
        rhythm = rhythms.organisations(work.session)
    return render_template(
        "admin/organisation.html",
        own=wish or organisation.said(own),
        rhythm=rhythm or Rhythm(),
        usual=rhythm is None,
        documents=organisation.DOCUMENTS,
        written=organisation.documents(own),
        wrong=wrong,
        tried=tried,
        to=me.email,
        settings=services.settings,
        zones=listed(own.zone or services.settings.time_zone),
    )


def _words_page(
    me: Person, document: str, wrong: Invalid | None = None, said: str | None = None
) -> str:
    with current_services().read(me.tenant) as work:
        house = hosts.organisation(work.session)
        own = organisation.documents(house)
    return render_template(
        "admin/words.html",
        document=document,
        state=house.conformity or "none",
        states=[(state, in_words(state)) for state in organisation.CONFORMITY],
        said=own.get(document, "") if said is None else said,
        most=organisation.LONGEST_DOCUMENT,
        wrong=wrong,
    )
