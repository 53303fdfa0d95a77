"""Inviting a list of people: it is handed in, one page shows whom it names and what inviting each
would mean, and nothing is sent before « invite ». Not available inside an LMS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.courses import uploads
from engine.people import listed
from engine.people.lists import (
    MAX_BYTES,
    PeopleCorrections,
    PeopleReading,
    PersonField,
    read_people,
)
from engine.storage import audit
from engine.storage.tables import Course, Upload
from engine.storage.work import Work
from engine.values.errors import Invalid
from engine.values.pages import A_PAGE, before, nearest, pages_of
from web.pages.outline_form import DELIMITERS, delimiters, encodings
from web.pages.reasons import NothingHandedIn
from web.site import forms, paging
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.security import takes_files

bp = Blueprint("people_lists", __name__)
MOST_SAID = 60
"""Of who was left out, so many sentences are shown."""


@bp.get("/courses/<slug>/invitations/list")
@facilitator_required
def new(me: Person, slug: str) -> str:
    """The page that takes a list, as a file or pasted."""
    return _new(me, slug)


@bp.post("/courses/<slug>/invitations/list")
@facilitator_required
@takes_files(MAX_BYTES + 1_000_000)
def hand_in(me: Person, slug: str) -> ResponseReturnValue:
    """Keeps the list for the next page."""
    file, text = request.files.get("file"), request.form.get("text", "")
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2] if file else ""
    data = file.read() if file and name else text.encode("utf-8", "replace")
    return handed_in(me, slug, name, data)


@bp.get("/people/<upload>")
@facilitator_required
def show(me: Person, upload: str) -> str:
    """Shows whom the list names, or how far their invitations are."""
    with current_services().read(me.tenant) as work:
        row, course = _own(work, me, upload)
        if row.asked_at is not None:
            return render_template("people_lists/progress.html", course=course, upload=row)
        return _preview(work, row, course)


@bp.post("/people/<upload>")
@facilitator_required
def decide(me: Person, upload: str) -> ResponseReturnValue:
    """Reads again with what was corrected, invites, or drops the list."""
    services, wish = current_services(), request.form.get("do")
    try:
        with services.write(me.tenant) as work:
            row, course = _own(work, me, upload)
            slug = course.slug
            if row.asked_at is None and wish == "invite":
                people = read_people(row.data, corrections_of(row.said)).people
                move = request.form.get("move") == "yes"
                listed.ask(work, course, row, people, move=move)
                audit.record(work, "invite", me.id, course=slug, listed=len(people))
            elif row.asked_at is None and wish != "drop":
                uploads.correct(work.session, row, corrected(row.said, request.form))
            elif wish == "drop" and row.asked_at is None:
                uploads.drop(work.session, row)
            work.commit()
    except Invalid as wrong:
        with services.read(me.tenant) as work:
            return _preview(work, *_own(work, me, upload), wrong=wrong), 422
    if wish == "drop":
        flash(gettext("Nobody was invited."))
        return redirect(url_for("invitations.listed", slug=slug), 303)
    if wish == "invite":
        listed.advance(services.units, me.tenant, upload)  # of most lists, that is all of it
        services.bell.ring()
    return redirect(url_for("people_lists.show", upload=upload), 303)


def handed_in(me: Person, slug: str, name: str, data: bytes) -> Response | tuple[str, int]:
    """Keeps a list and leads to its page; a file in which nobody is found is told at once."""
    reading = read_people(data)
    if not data.strip() or (reading.refused and not reading.columns):
        reason = reading.refused if data.strip() and reading.refused else NothingHandedIn()
        wrong = Invalid(reason, field="file" if name else "text")
        return _new(me, slug, wrong, "" if name else data.decode()), 422
    with current_services().write(me.tenant) as work:
        course = own_course(work.session, me, slug)
        row = uploads.hand_in(work, me.id, "people", course, name, data)
        work.commit()
        return redirect(url_for("people_lists.show", upload=row.id), 303)


def corrected(said: Mapping[str, Any], form: forms.Form) -> dict[str, Any]:
    """What was said so far, and what this form says otherwise than the page showed."""
    now = dict(said)
    for name in ("sheet", "encoding", "delimiter"):
        value = form.get(name, "")
        if name in form and value != form.get(f"was-{name}") and "\0" not in value:
            now[name] = value if name != "delimiter" or value in DELIMITERS else ""
    if now != said:
        return now | {"columns": {}}
    columns = dict(said.get("columns", {}))
    for name, value in form.items():
        number = name.removeprefix("column-")
        is_column = number != name and number.isdecimal() and len(number) < 4
        is_other = value in get_args(PersonField) and value != form.get(f"was-column-{number}")
        if is_column and is_other:
            columns[number] = value
    return now | {"columns": columns}


def corrections_of(said: Mapping[str, Any]) -> PeopleCorrections:
    """What was said, as the reader takes it."""
    return PeopleCorrections(
        columns={int(number): one for number, one in said.get("columns", {}).items()},
        sheet=said.get("sheet", ""),
        encoding=said.get("encoding", ""),
        delimiter=said.get("delimiter", ""),
    )


def _own(work: Work, me: Person, upload: str) -> tuple[Upload, Course]:
    row = uploads.upload_of(work.session, me.id, "people", upload)
    slug = work.session.get_one(Course, (me.tenant, row.course)).slug
    return row, own_course(work.session, me, slug)


def _new(me: Person, slug: str, wrong: Invalid | None = None, text: str = "") -> str:
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        return render_template("people_lists/new.html", course=course, wrong=wrong, text=text)


def _preview(work: Work, row: Upload, course: Course, wrong: Invalid | None = None) -> str:
    reading: PeopleReading = read_people(row.data, corrections_of(row.said))
    guests = listed.sort_out(work, course, reading.people)
    page = nearest(request.args.get("page", 1, type=int), len(guests))
    return render_template(
        "people_lists/preview.html",
        course=course,
        upload=row,
        reading=reading,
        shown=guests[before(page) : before(page) + A_PAGE],
        counts=listed.counted(guests),
        numbers=paging.numbers(page, pages_of(len(guests))),
        page=page,
        left_out=reading.left_out[:MOST_SAID],
        more=max(0, len(reading.left_out) - MOST_SAID),
        wrong=wrong,
        said={},
        field_names=_fields(),
        encodings=encodings(),
        delimiters=delimiters(),
        sheets=[(name, name) for name in reading.sheets],
    )


def _fields() -> list[tuple[PersonField, str]]:
    return [
        ("", gettext("not used")),
        ("email", gettext("the email address")),
        ("name", gettext("the whole name")),
        ("first", gettext("the first name")),
        ("last", gettext("the last name")),
        ("group", gettext("the group (becomes a cohort)")),
        ("territory", gettext("the territory (a cohort where no group is said)")),
    ]
