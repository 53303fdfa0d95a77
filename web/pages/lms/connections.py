"""Connections with LMSs, for the administrators of an organisation: creating, editing, monitoring,
exporting and erasing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from engine.courses.reasons import CourseUnknown
from engine.storage import audit
from engine.storage.tables import Course
from engine.values.errors import Invalid, NotFound
from lti.courses import privacy
from lti.platforms import health, invites, registrations
from lti.platforms.dynamic import SCOPES
from lti.platforms.health import Step
from lti.platforms.registrations import Registration
from lti.wire.refusals import RegistrationRefused
from web.pages.lms import connection_forms, targets
from web.pages.lms.connection_forms import FormFaults
from web.pages.lms.reasons import ConnectionDeployment, ConnectionTaken, EraseNameDiffers
from web.pages.reasons import LeaveNotConfirmed
from web.site import auditing, erasing, files, language
from web.site.context import Person, current_services
from web.site.forms import Form
from web.site.guards import administrator_required

bp = Blueprint("lms_connections", __name__, url_prefix="/lms")
ONE = "/<string(length=32):connection>"
"""Ids have 32 digits, so that no other page under /lms is taken for one."""


@bp.get("")
@administrator_required
def index(me: Person) -> str:
    """Lists every connection, with its health."""
    return _list_page(me)


@bp.post("/invite")
@administrator_required
def invite(me: Person) -> str:
    """Shows a one-time link for an LMS to register itself; it is shown only now."""
    services = current_services()
    with services.write(me.tenant) as work:
        token = invites.invite(work)
        audit.record(work, "connection", me.id, what="invited")
        work.commit()
    return _list_page(
        me, link=f"{services.settings.base_url}{url_for('lms_registering.register', token=token)}"
    )


@bp.get("/by-hand")
@administrator_required
def new(me: Person) -> str:
    """Shows our addresses to copy into the LMS, and a form for the values that it gives in
    return."""
    return _form_page(_blank(me))


@bp.post("/by-hand")
@administrator_required
def add(me: Person) -> Response | tuple[str, int]:
    """Stores a connection entered by hand."""
    services = current_services()
    try:
        said = connection_forms.read(request.form, _blank(me), _check)
        with services.write(me.tenant) as work, _named_once():
            made = registrations.add(work, said.registration)
            if said.deployment:
                registrations.accept_deployment(work, made.id, said.deployment)
            audit.record(work, "connection", me.id, connection=made.id, what="made")
            work.commit()
    except FormFaults as wrong:
        return _form_page(_blank(me), request.form, wrong), 422
    flash(gettext("Connected. “Check now” tells whether both sides understand each other."))
    return _to(made.id)


@bp.get(ONE)
@administrator_required
def show(me: Person, connection: str) -> str:
    """Shows one connection: its health, its deployments and courses, and the actions available."""
    return _page(me, connection)


@bp.post(f"{ONE}/check")
@administrator_required
def check(me: Person, connection: str) -> str:
    """Fetches the platform's keys and a token now, and shows the result of each."""
    services = current_services()
    return _page(
        me,
        connection,
        health.check(
            services.lti.platform_keys,
            services.lti.caller.tokens,
            _registration(me, connection),
        ),
    )


@bp.get(f"{ONE}/edit")
@administrator_required
def edit(me: Person, connection: str) -> str:
    """Shows the form of a connection."""
    return _form_page(_registration(me, connection))


@bp.post(f"{ONE}/edit")
@administrator_required
def change(me: Person, connection: str) -> Response | tuple[str, int]:
    """Stores the changes made in the form."""
    services = current_services()
    before = _registration(me, connection)
    try:
        said = connection_forms.read(request.form, before, _check)
        with services.write(me.tenant) as work, _named_once():
            registrations.edit(work, said.registration)
            audit.record(work, "connection", me.id, connection=connection, what="changed")
            work.commit()
    except FormFaults as wrong:
        return _form_page(before, request.form, wrong), 422
    flash(gettext("Kept."))
    return _to(connection)


@bp.post(f"{ONE}/switch")
@administrator_required
def switch(me: Person, connection: str) -> Response:
    """Enables or disables launches."""
    with current_services().write(me.tenant) as work:
        on = request.form.get("on") == "yes"
        registrations.switch(work, connection, on)
        what = "on" if on else "off"
        audit.record(work, "connection", me.id, connection=connection, what=what)
        work.commit()
    return _to(connection)


@bp.post(f"{ONE}/deployments")
@administrator_required
def deployments(me: Person, connection: str) -> Response | tuple[str, int]:
    """Accepts a deployment, whether it has been seen or is only expected; or withdraws it."""
    services = current_services()
    registration = _registration(me, connection)
    deployment = request.form.get("deployment", "").strip()
    if (
        not 0 < len(deployment) <= connection_forms.LONGEST["deployment"]
        or not deployment.isprintable()
    ):
        wrong = Invalid(
            ConnectionDeployment(most=connection_forms.LONGEST["deployment"]), field="deployment"
        )
        return _page(me, connection, wrong=wrong), 422
    withdrawn = request.form.get("state") == "withdrawn"
    change = registrations.withdraw_deployment if withdrawn else registrations.accept_deployment
    with services.write(me.tenant) as work:
        change(work, registration.id, deployment)
        what = "deployment withdrawn" if withdrawn else "deployment accepted"
        audit.record(work, "connection", me.id, connection=connection, what=what)
        work.commit()
    return _to(connection)


@bp.get(f"{ONE}/data.json")
@administrator_required
def export(me: Person, connection: str) -> Response:
    """Exports what is stored about the people and courses of a platform, except their own words."""
    with current_services().read(me.tenant) as work:
        courses = privacy.courses_of(work.session, connection)
        people = privacy.people_of(work.session, connection, courses, all_of_them=True)
    auditing.note(me.tenant, "export", me.id, connection=connection, people=len(people))
    return _file(me, connection, courses, people, "relecture-connection.json")


@bp.get(f"{ONE}/courses/<slug>/data.json")
@administrator_required
def export_course(me: Person, connection: str, slug: str) -> Response:
    """Exports the same for one course."""
    course = _course(me, connection, slug)
    with current_services().read(me.tenant) as work:
        people = privacy.people_of(work.session, connection, [course.id], all_of_them=False)
    auditing.note(me.tenant, "export", me.id, course=slug, people=len(people))
    return _file(me, connection, [course.id], people, f"relecture-{slug}.json")


@bp.route(f"{ONE}/courses/<slug>/erase", methods=["GET", "POST"])
@administrator_required
def erase_course(me: Person, connection: str, slug: str) -> Response | tuple[str, int]:
    """Erases a course with all activity in it, once confirmed."""
    course = _course(me, connection, slug)
    wrong = _unsure(course.title)
    if wrong is not None:
        return _sure_page(me, connection, "course", course.title, wrong)
    units = current_services().units
    auditing.note(me.tenant, "erase", me.id, connection=connection, course=slug)
    erasing.finish(privacy.erase_course(units, me.tenant, connection, course.id))
    flash(gettext("Erased."))
    return _to(connection)


@bp.route(f"{ONE}/erase", methods=["GET", "POST"])
@administrator_required
def erase(me: Person, connection: str) -> Response | tuple[str, int]:
    """Erases every course of a connection and the people it brought, once confirmed; the connection
    itself stays."""
    name = _registration(me, connection).title
    wrong = _unsure(name)
    if wrong is not None:
        return _sure_page(me, connection, "people", name, wrong)
    auditing.note(me.tenant, "erase", me.id, connection=connection)
    erasing.finish(privacy.erase_registration(current_services().units, me.tenant, connection))
    flash(gettext("Erased."))
    return _to(connection)


@bp.route(f"{ONE}/delete", methods=["GET", "POST"])
@administrator_required
def delete(me: Person, connection: str) -> Response | tuple[str, int]:
    """Deletes a connection, once confirmed; its people and courses stay unless erasing them was
    requested too."""
    name = _registration(me, connection).title
    wrong = _unsure(name)
    if wrong is not None:
        return _sure_page(me, connection, "connection", name, wrong)
    if request.form.get("people") == "erase":
        auditing.note(me.tenant, "erase", me.id, connection=connection)
        erasing.finish(privacy.erase_registration(current_services().units, me.tenant, connection))
    with current_services().write(me.tenant) as work:
        registrations.remove(work, connection)
        audit.record(work, "connection", me.id, connection=connection, what="removed")
        work.commit()
    flash(gettext("The connection with %(name)s is deleted.", name=name))
    return redirect(url_for("lms_connections.index"), 303)


def _registration(me: Person, connection: str) -> Registration:
    """That connection. Raises ``NotFound("registration-unknown")``."""
    with current_services().read(me.tenant) as work:
        return registrations.get(work, connection)


def _list_page(me: Person, link: str | None = None) -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        found = health.connections(work.session)
    return render_template(
        "lms/connections.html",
        connections=found,
        link=link,
        until=services.clock.wall() + invites.LIFE,
    )


def _page(
    me: Person, connection: str, steps: tuple[Step, ...] = (), wrong: Invalid | None = None
) -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        every = health.connections(work.session)
        one, courses = (
            health.connection(work.session, connection),
            health.opened(work.session, connection),
        )
    others = [o.clock for o in every if o.clock is not None and o.registration.id != connection]
    return render_template(
        "lms/connection.html",
        one=one,
        whose_clock=health.whose_clock(one.clock or 0, others),
        courses=courses,
        steps=steps,
        wrong=wrong,
        keys=services.lti.keys.ages(),
        asked=SCOPES,
        tool=targets.tool(services.settings.base_url),
        wall=services.clock.wall(),
    )


def _form_page(
    registration: Registration, form: Form | None = None, wrong: FormFaults | None = None
) -> str:
    """The form, with all the submitted values kept, whatever was wrong with them."""
    told = form if form is not None else connection_forms.as_form(registration)
    granted = form.getlist("scopes") if form is not None else registration.scopes
    return render_template(
        "lms/connection_form.html",
        registration=registration,
        told=told,
        granted=granted,
        asked=SCOPES,
        faults=wrong.faults if wrong else {},
        tool=targets.tool(current_services().settings.base_url),
    )


def _sure_page(
    me: Person, connection: str, what: str, name: str, wrong: Invalid | None
) -> tuple[str, int]:
    """The confirmation page: what would be deleted, and how to confirm it. ``what``: course, people
    or connection."""
    with current_services().read(me.tenant) as work:
        one, courses = (
            health.connection(work.session, connection),
            health.opened(work.session, connection),
        )
    told = wrong if request.method == "POST" else None
    page = render_template(
        "lms/connection_sure.html", one=one, courses=courses, what=what, name=name, wrong=told
    )
    return page, 422 if told else 200


def _unsure(name: str) -> Invalid | None:
    """What is missing before something may be deleted for good: the box ticked, or its name
    typed."""
    if request.method != "POST" or request.form.get("sure") != "yes":
        return Invalid(LeaveNotConfirmed(), field="sure")
    if " ".join(request.form.get("called", "").split()) != " ".join(name.split()):
        return Invalid(EraseNameDiffers(name=name), field="called")
    return None


def _course(me: Person, connection: str, slug: str) -> Course:
    """A course that this connection opened. Raises ``NotFound``."""
    with current_services().read(me.tenant) as work:
        found = work.session.scalars(
            select(Course).where(
                Course.slug == slug, Course.id.in_(privacy.courses_of(work.session, connection))
            )
        ).one_or_none()
    if found is None:
        raise NotFound(CourseUnknown())
    return found


def _file(
    me: Person, connection: str, courses: list[str], people: list[str], name: str
) -> Response:
    """An export that is streamed, person by person, however many there are."""
    services, lang = current_services(), language.current()
    registration = _registration(me, connection)
    with services.read(me.tenant) as work:
        head = privacy.about(work.session, registration, courses)

    def each() -> Iterator[dict[str, Any]]:
        with services.read(me.tenant) as work:
            yield from privacy.export_people(work, connection, courses, people, lang)

    return files.as_long_json(head, "people", each(), name)


def _blank(me: Person) -> Registration:
    return Registration(me.tenant, "", "", "", "", "", "")


def _check(address: str) -> None:
    current_services().lti.http.check(address)


@contextmanager
def _named_once() -> Iterator[None]:
    """A context that reports a duplicate connection: issuer and client id are unique in an
    organisation."""
    try:
        yield
    except RegistrationRefused as taken:
        raise FormFaults({"client_id": Invalid(ConnectionTaken(), field="client_id")}) from taken


def _to(connection: str) -> Response:
    return redirect(url_for("lms_connections.show", connection=connection), 303)
