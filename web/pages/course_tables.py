"""The tables of a course, for whoever runs it: opened for a cohort, and begun with those who are
there. Nobody's words are here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.courses import cohorts, tables
from engine.debrief.room import room_card
from engine.values.errors import NotFound
from lti.courses import placed
from web.pages.player import said
from web.site import language
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown

bp = Blueprint("course_tables", __name__, url_prefix="/courses")


@bp.get("/<slug>/tables")
@facilitator_required
def listed(me: Person, slug: str) -> str:
    """Shows the tables of a course, and how many seats are taken at each."""
    with current_services().read(me.tenant) as work:
        course, lang = own_course(work.session, me, slug), language.current()
        return render_template(
            "desk/tables.html",
            course=course,
            cohorts=cohorts.cohorts_of(work.session, course),
            several=tables.several(work, course, lang),
            tables=tables.tables_of(work, course, lang),
            in_lms=placed.is_in_platforms(work.session, course),
        )


@bp.get("/<slug>/tables/<section>/sheets")
@facilitator_required
def sheets(me: Person, slug: str, section: str) -> str:
    """Shows what each seat of an experience is given where it is lived in a room: a sheet a seat,
    to print."""
    with current_services().read(me.tenant) as work:
        course, lang = own_course(work.session, me, slug), language.current()
        module, found = tables.sheets(work, course, section)
        return render_template(
            "desk/sheets.html",
            course=course,
            title=module.text("cover.title", lang),
            card=room_card(module, lang),
            sheets=[
                (module.text(one.name, lang), one.screen, said(module, one.screen, lang))
                for one in found
            ],
        )


@bp.post("/<slug>/tables")
@facilitator_required
def change(me: Person, slug: str) -> ResponseReturnValue:
    """Opens a table for a cohort, or begins one: the pressed button says which."""
    form = request.form
    with current_services().write(me.tenant) as work:
        course = own_course(work.session, me, slug)
        match form.get("do"):
            case "open":
                tables.open_table(
                    work,
                    course,
                    form.get("section", ""),
                    form.get("cohort", ""),
                    form.get("pace", ""),
                )
                done = gettext("The table is open: its cohort finds it when they begin.")
            case "begin":
                tables.begin(work, course, form.get("table", ""))
                done = gettext("The table has begun. Recorded voices play the free seats.")
            case _:
                raise NotFound(PageUnknown())
        work.commit()
    flash(done)
    return redirect(url_for("course_tables.listed", slug=slug), 303)
