"""A change of a course's plan: shown section by section before it is kept, and undone after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from engine.courses import plans, replanning
from engine.courses.outlines import outline_of
from engine.courses.reasons import PlanStale
from engine.courses.replanning import Proposal
from engine.courses.slotting import Wishes
from engine.storage.tables import Course
from engine.values.errors import Conflict, NotFound
from web.site import language, signing
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.signing import Expired

bp = Blueprint("replanning", __name__, url_prefix="/courses/<slug>/slot")
PURPOSE, SHOWN_FOR = "plan", timedelta(days=1)
"""What a proposed plan is signed for, and how long (wall time) it may lie on a page."""


def propose(me: Person, slug: str, wishes: Wishes) -> Response | str:
    """Shows what these wishes change, to be kept or dropped. What moves nothing is kept at once.
    Raises as ``replanning.propose`` does."""
    services = current_services()
    made = replanning.propose(
        services.units, me.tenant, lambda unit: own_course(unit, me, slug), wishes
    )
    with services.read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        signed = _signed(course, made)
        if made.difference.sections:
            return render_template(
                "facilitator/change.html",
                course=course,
                made=made,
                change=made.difference,
                names=_names(course),
                signed=signed,
            )
    return _keep(me, slug, signed)


@bp.post("/keep")
@facilitator_required
def keep(me: Person, slug: str) -> Response:
    """Keeps a plan as it was shown. Refused if the course has changed since."""
    return _keep(me, slug, request.form.get("plan", ""))


@bp.post("/undo")
@facilitator_required
def undo(me: Person, slug: str) -> Response:
    """Puts back the plan, pins, bans and minutes that the last change replaced."""
    with current_services().write(me.tenant) as work:
        plans.undo(work, own_course(work.session, me, slug))
        work.commit()
    flash(gettext("Undone: everything is placed as it was before."))
    return redirect(url_for("facilitator.course", slug=slug), 303)


def _keep(me: Person, slug: str, signed: str) -> Response:
    with current_services().write(me.tenant) as work:
        course = own_course(work.session, me, slug)
        replanning.keep(work, course, _read(course, signed))
        left_out = len(course.left_out)
        work.commit()
    flash(" ".join(_told(left_out)))
    return redirect(url_for("facilitator.course", slug=slug), 303)


def _told(left_out: int) -> Iterator[str]:
    yield gettext("Placed again. Whatever could stay where it was has stayed.")
    if left_out:
        yield ngettext(
            "One experience is left out; the list below says why.",
            "%(num)s experiences are left out; the list below says why.",
            left_out,
        )


def _signed(course: Course, made: Proposal) -> str:
    services = current_services()
    until = services.clock.wall() + SHOWN_FOR
    return signing.sign(services.settings.secret_key, PURPOSE, [course.id, made.data], until)


def _read(course: Course, signed: str) -> Mapping[str, Any]:
    """The plan that was shown. Raises ``Conflict("plan-stale")`` for one of another course, or of
    long ago."""
    services = current_services()
    try:
        of, data = signing.read(
            services.settings.secret_key, PURPOSE, signed, services.clock.wall()
        )
    except (Expired, NotFound) as wrong:
        raise Conflict(PlanStale()) from wrong
    if of != course.id:
        raise Conflict(PlanStale())
    return cast(Mapping[str, Any], data)


def _names(course: Course) -> dict[str, str]:
    """Titles to show instead of the ids of sections and experiences."""
    sections = {section.id: section.title for section in outline_of(course).sections}
    return sections | {
        f"{pack.id}/{module.id}": module.text("cover.title", language.current())
        for pack in current_services().library.newest()
        for module in pack.modules.values()
    }
