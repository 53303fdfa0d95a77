"""The first run in the browser, step by step: the first administrator behind a one-time link, then
organisation, mail, packs and an example course, for whoever has signed in as administrator."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engine.courses import examples
from engine.courses.hosts import organisation as organisation_of
from engine.courses.slotting import placements_of
from engine.curriculum.read import read_outline
from engine.delivery import trying
from engine.packs.model import Pack
from engine.packs.read import read_folder, read_pack
from engine.people import accounts, first_run
from engine.people.first_run import Administrator
from engine.people.organisation import Organisation, change
from engine.people.organisation import said as said_by
from engine.people.reasons import FirstRunOver
from engine.spacing.days import local_day, zone_of
from engine.storage import audit
from engine.values.errors import Invalid, NotFound
from engine.values.faults import Faults
from engine.values.roles import in_order
from web.mails.letters import Letters
from web.mails.trial import trial
from web.pages.account import let_in
from web.pages.zones import listed
from web.services import Services
from web.site import auditing, credentials, language, shipped
from web.site.context import Person, current_services
from web.site.guards import administrator_required, own_course, own_courses

bp = Blueprint("setup", __name__, url_prefix="/setup")
STEPS = ("organisation", "mail", "packs", "course", "done")


@dataclass(frozen=True)
class Shipped:
    """A pack that comes with the program; ``installed``: this very version is."""

    folder: str
    pack: Pack
    installed: bool


@bp.get("/<token>")
def show(token: str) -> str:
    """The first step: who administers this installation. Opening it changes nothing."""
    _check(token)
    return _administrator_page(token)


@bp.post("/<token>")
def begin(token: str) -> ResponseReturnValue:
    """Makes the first administrator and their organisation, once, and signs them in."""
    services = current_services()
    _check(token)
    said = {one.name: request.form.get(one.name, "") for one in fields(Administrator)}
    who = Administrator(**{**said, "language": language.current()})
    try:
        first_run.proofread(who)
        with services.write(who.tenant) as work:
            made = first_run.begin(work, token, who, services.settings.time_zone)
            audit.record(work, "roles", made.id, made.id, roles=list(in_order(made.roles)))
            work.commit()
    except Invalid as wrong:
        at = wrong if wrong.field else Invalid(wrong.reason, field="password")
        return _administrator_page(token, at), 422
    reader = credentials.who(services, (who.tenant, made.id, made.epoch))
    return let_in(reader, url_for("setup.organisation"))


@bp.get("/organisation")
@administrator_required
def organisation(me: Person) -> str:
    """The second step: what the organisation says of itself."""
    return _organisation_page(me)


@bp.post("/organisation")
@administrator_required
def set_organisation(me: Person) -> ResponseReturnValue:
    """Stores it."""
    said = Organisation(
        **{one.name: request.form.get(one.name, "") for one in fields(Organisation)}
    )
    try:
        with current_services().write(me.tenant) as work:
            changed = change(work, said)
            audit.record(work, "settings", me.id, changed=changed)
            work.commit()
    except Invalid as wrong:
        return _organisation_page(me, said, wrong), 422
    return redirect(url_for("setup.mail"), 303)


@bp.get("/mail")
@administrator_required
def mail(me: Person) -> str:
    """The third step: which mail server the settings name."""
    return _mail_page(me)


@bp.post("/mail")
@administrator_required
def try_mail(me: Person) -> str:
    """Sends a test mail to the administrator at once, and shows what the server answered."""
    services = current_services()
    with services.read(me.tenant) as work:
        house = organisation_of(work.session)
    message = trial(
        Letters(services.settings), me.email or "", me.language, house, services.clock.wall()
    )
    tried = trying.try_mail(services.mail, message)
    auditing.note(me.tenant, "test-mail", me.id)
    if not tried.sent:
        return _mail_page(me, refused=tried.answer)
    return _mail_page(me, answer=None if services.settings.smtp is None else tried.answer)


@bp.get("/packs")
@administrator_required
def packs(_me: Person) -> str:
    """The fourth step: the packs that come with the program."""
    return render_template("setup/packs.html", packs=_shipped(current_services()), steps=STEPS)


@bp.post("/packs")
@administrator_required
def install(me: Person) -> Response:
    """Installs those that were chosen."""
    services, wanted = current_services(), request.form.getlist("pack")
    done = list[str]()
    for folder in shipped.pack_folders(services.settings.packs):
        if folder.name in wanted:
            made = services.library.install(read_folder(folder), services.clock.now())
            done.append(f"{made.id} {made.version}")
    if done:
        auditing.note(me.tenant, "install", me.id, packs=done)
        flash(ngettext("One pack is installed.", "%(num)s packs are installed.", len(done)))
    return redirect(url_for("setup.course"), 303)


@bp.get("/course")
@administrator_required
def course(me: Person) -> str:
    """The fifth step: an example course that begins next Monday."""
    services = current_services()
    outlines = {
        code: read_outline(path.read_bytes(), path.name) for code, path in shipped.EXAMPLES.items()
    }
    return render_template(
        "setup/course.html",
        outlines=outlines,
        monday=examples.next_monday(_today(services, me)),
        packs=services.library.newest(),
        steps=STEPS,
    )


@bp.post("/course")
@administrator_required
def add_course(me: Person) -> Response:
    """Adds it, with the experiences placed; or goes on without."""
    services, wanted = current_services(), request.form.get("example", "")
    path = shipped.EXAMPLES.get(wanted)
    if path is None:
        return redirect(url_for("setup.done"), 303)
    outline = read_outline(path.read_bytes(), path.name)
    slug = examples.add_example(services.units, me.tenant, outline, _today(services, me), me.id)
    return redirect(url_for("setup.done", course=slug), 303)


@bp.get("/done")
@administrator_required
def done(me: Person) -> str:
    """The last step: inside. Live the first experience, invite people."""
    with current_services().read(me.tenant) as work:
        courses = own_courses(work.session, me)
        slug = request.args.get("course", courses[0].slug if courses else "")
        here = own_course(work.session, me, slug) if slug else None
        placed = placements_of(work.session, here) if here else []
        return render_template(
            "setup/done.html", course=here, first=placed[0] if placed else None, steps=STEPS
        )


def _check(token: str) -> None:
    """Raises ``NotFound`` unless the token is good and nobody administers yet."""
    services = current_services()
    with services.db.across("sign-in") as door:
        if not first_run.is_needed(door):
            raise NotFound(FirstRunOver())
    with services.db.shared() as unit:
        first_run.check(unit, token, services.clock.wall())


def _administrator_page(token: str, wrong: Invalid | None = None) -> str:
    return render_template(
        "setup/administrator.html",
        token=token,
        wrong=wrong,
        written=request.form,
        least=accounts.MIN_PASSWORD,
    )


def _organisation_page(
    me: Person, said: Organisation | None = None, wrong: Invalid | None = None
) -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        kept = said_by(organisation_of(work.session))
    return render_template(
        "setup/organisation.html",
        said=said or kept,
        wrong=wrong,
        zones=listed(kept.zone or services.settings.time_zone),
        steps=STEPS,
    )


def _mail_page(me: Person, answer: str | None = None, refused: str | None = None) -> str:
    return render_template(
        "setup/mail.html",
        settings=current_services().settings,
        to=me.email,
        answer=answer,
        refused=refused,
        tried=request.method == "POST",
        steps=STEPS,
    )


def _shipped(services: Services) -> list[Shipped]:
    """The packs that come with the program; one that cannot be read is left out."""
    found = []
    for folder in shipped.pack_folders(services.settings.packs):
        try:
            files = read_folder(folder)
            found.append(Shipped(folder.name, read_pack(files), services.library.holds(files)))
        except Faults:
            continue
    return found


def _today(services: Services, me: Person) -> date:
    return local_day(services.clock.now(), zone_of(me.zone or services.settings.time_zone))
