"""A course from what somebody has: a file or a pasted text is handed in, one page shows how it was
read and takes corrections, and nothing is kept before « keep »."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.courses import creating, slotting, uploads
from engine.courses.outlines import outline_of
from engine.curriculum.archives import distilled
from engine.curriculum.outline import Outline
from engine.curriculum.read import Hints, read
from engine.curriculum.reading import Reading
from engine.slotting.values import Conflicts
from engine.storage.tables import Course
from engine.values.errors import Invalid, NotFound, Refused
from engine.values.reasons import Reason
from web.pages.outline_form import (
    corrected,
    corrections_of,
    for_whom,
    is_read_otherwise,
    lists,
)
from web.pages.reasons import NothingHandedIn
from web.site import forms, language, sessions
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown
from web.site.security import takes_files

bp = Blueprint("outlines", __name__)
MAX_BYTES = 32_000_000
PREVIEW = 3.0
"""So many seconds a preview is improved at most; what is kept is planned at leisure."""
MOST_SAID = 60
"""Of what was left out, so many sentences are shown."""


@dataclass(frozen=True)
class Preview:
    """Where experiences would go in an outline that nobody has kept: titles of modules by section,
    and by module why it has no place."""

    placed: Mapping[str, tuple[str, int]]
    left_out: tuple[tuple[str, tuple[Reason, ...]], ...]
    conflicts: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Seen:
    """An upload as its page shows it. ``outline`` is None where none was found; ``before`` is that
    of the course which is there already."""

    id: str
    said: Mapping[str, Any]
    reading: Reading
    outline: Outline | None
    course: Course | None
    standing: slotting.CurrentPlan | None


@bp.get("/courses/new")
@facilitator_required
def new(me: Person) -> str:
    """The page that takes a file or a pasted text."""
    _only_outside_an_lms()
    return render_template("outlines/new.html", course=None, wrong=None, text="")


@bp.post("/courses/new")
@facilitator_required
@takes_files(MAX_BYTES)
def hand_in(me: Person) -> ResponseReturnValue:
    """Keeps what was handed in for the next page."""
    _only_outside_an_lms()
    return _handed_in(me, None)


@bp.get("/courses/<slug>/outline/new")
@facilitator_required
def renew(me: Person, slug: str) -> str:
    """The same page, for a new outline of a course that is there."""
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
    return render_template("outlines/new.html", course=course, wrong=None, text="")


@bp.post("/courses/<slug>/outline/new")
@facilitator_required
@takes_files(MAX_BYTES)
def hand_in_for(me: Person, slug: str) -> ResponseReturnValue:
    """Keeps the new outline of a course for the next page."""
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
    return _handed_in(me, course)


@bp.get("/outlines/<upload>")
@facilitator_required
def show(me: Person, upload: str) -> str:
    """Shows how it was read, what was left out and why, and where experiences would go."""
    return _page(_seen(me, upload))


@bp.post("/outlines/<upload>")
@facilitator_required
def decide(me: Person, upload: str) -> ResponseReturnValue:
    """Reads again with what was corrected, keeps the course, or drops the file."""
    if request.form.get("do") == "drop":
        return _drop(me, upload)
    seen = _seen(me, upload)
    try:
        said = corrected(seen.said, request.form)
    except Invalid as wrong:
        return _page(seen, wrong), 422
    again = request.form.get("do") != "keep" or is_read_otherwise(seen.said, said)
    with current_services().write(me.tenant) as work:
        uploads.correct(work.session, _own(work.session, me, upload), said)
        work.commit()
    if again:
        if request.form.get("do") == "keep":
            flash(gettext("Read again with your corrections. Look once more, then keep it."))
        return redirect(url_for("outlines.show", upload=upload), 303)
    try:
        return _keep(me, _seen(me, upload))
    except Invalid as wrong:
        return _page(_seen(me, upload), wrong), 422


def _only_outside_an_lms() -> None:
    """Inside an LMS the course is there already."""
    if sessions.current() is not None:
        raise NotFound(PageUnknown())


def _handed_in(me: Person, course: Course | None) -> ResponseReturnValue:
    file, text = request.files.get("file"), request.form.get("text", "")
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2] if file else ""
    data = file.read() if file and name else text.encode("utf-8", "replace")
    try:
        if not data.strip():
            raise Invalid(NothingHandedIn(), field="file")
        reading = read(data, name, hints=_hints())
        if reading.refused and not reading.columns and not reading.faults:
            raise Invalid(reading.refused, field="file" if name else "text")
    except Invalid as wrong:
        page = render_template("outlines/new.html", course=course, wrong=wrong, text=text)
        return page, 422
    with current_services().write(me.tenant) as work:
        made = uploads.hand_in(work, me.id, "outline", course, name, distilled(data))
        work.commit()
    return redirect(url_for("outlines.show", upload=made.id), 303)


def _own(unit: Any, me: Person, upload: str) -> Any:
    return uploads.upload_of(unit, me.id, "outline", upload)


def _seen(me: Person, upload: str) -> Seen:
    course, before, standing = None, None, None
    with current_services().read(me.tenant) as work:
        row = _own(work.session, me, upload)
        data, name, said = row.data, row.name, row.said
        if row.course is not None:
            slug = work.session.get_one(Course, (me.tenant, row.course)).slug
            course = own_course(work.session, me, slug)
            before, standing = outline_of(course), slotting.standing_of(work.session, course)
    reading = read(data, name, corrections_of(said), _hints())
    outline = reading.outline
    if outline is not None and before is not None:
        outline = creating.in_place_of(before, outline)
    if outline is not None:
        outline = for_whom(outline, said)
    return Seen(upload, said, reading, outline, course, standing)


def _hints() -> Hints:
    services = current_services()
    return Hints(services.settings.language, services.clock.now().date())


def _page(seen: Seen, wrong: Invalid | None = None) -> str:
    reading = seen.reading
    fields = {column.field for column in reading.columns}
    return render_template(
        "outlines/reading.html",
        seen=seen,
        reading=reading,
        outline=seen.outline,
        outline_weeks=seen.outline.weeks() if seen.outline else (),
        preview=_preview(seen),
        names={one.id: one.title for one in seen.outline.sections} if seen.outline else {},
        sheets=[(name, name) for name in reading.sheets],
        **lists(),
        left_out=reading.left_out[:MOST_SAID],
        more=max(0, len(reading.left_out) - MOST_SAID),
        fields=fields,
        dated=bool(fields & {"starts", "ends", "week"}),
        wrong=wrong,
        unsaid=forms.UNSAID,
        said=dict(request.form) if wrong else {},
    )


def _preview(seen: Seen) -> Preview | None:
    packs = current_services().library.newest()
    if seen.outline is None or not packs:
        return None
    names = {
        f"{pack.id}/{module.id}": module.text("cover.title", language.current())
        for pack in packs
        for module in pack.modules.values()
    }
    try:
        plan = slotting.preview_plan(packs, seen.outline, seen.standing, PREVIEW)
    except Conflicts as conflicts:
        return Preview({}, (), conflicts.reasons)
    except Refused as late:
        return Preview({}, (), (late.reason,))
    return Preview(
        {one.section: (names[one.module], one.minutes) for one in plan.placements},
        tuple((names[out.module], out.reasons) for out in plan.left_out),
    )


def _keep(me: Person, seen: Seen) -> Response:
    services, outline = current_services(), seen.outline
    if outline is None:
        return redirect(url_for("outlines.show", upload=seen.id), 303)
    with services.write(me.tenant) as work:
        row = _own(work.session, me, seen.id)
        if seen.course is None:
            course = creating.create_course(work, outline, me.id)
        else:
            course = own_course(work.session, me, seen.course.slug)
            creating.replace_outline(work, course, outline)
        uploads.drop(work.session, row)
        slug = course.slug
        work.commit()
    flash(gettext("The course is kept."))
    _place(me, slug)
    return redirect(url_for("facilitator.course", slug=slug), 303)


def _place(me: Person, slug: str) -> None:
    """Sets experiences into the course, as the preview showed. If they cannot be, the course stays
    as it is, and its page offers to place again."""
    services = current_services()
    if not services.library.newest():
        flash(gettext("No experience is installed yet: whoever runs this site does that."), "note")
        return
    try:
        slotting.slot(
            services.units, me.tenant, lambda unit: own_course(unit, me, slug), slotting.Wishes()
        )
    except (Conflicts, Refused):
        flash(gettext("The experiences could not be placed. Change the limits below."), "wrong")


def _drop(me: Person, upload: str) -> Response:
    with current_services().write(me.tenant) as work:
        row = _own(work.session, me, upload)
        course = work.session.get(Course, (me.tenant, row.course)) if row.course else None
        slug = course.slug if course else None
        uploads.drop(work.session, row)
        work.commit()
    flash(gettext("Nothing was kept."))
    there = url_for("facilitator.course", slug=slug) if slug else url_for("facilitator.courses")
    return redirect(there, 303)
