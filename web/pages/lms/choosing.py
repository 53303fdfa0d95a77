"""Deep Linking: the teacher chooses content for their course, and the signed response returns it to
the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext, ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.courses import slotting
from engine.courses.outlines import outline_of, paste_sections
from engine.curriculum.outline import Outline
from engine.curriculum.pasted import PastedFaults, pasted
from engine.packs.base import Format, Theme
from engine.packs.model import Pack
from engine.slotting.values import Conflicts, Plan
from engine.storage.tables import Course
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from engine.values.languages import Lang
from engine.values.reasons import Reason
from lti.courses import placed
from lti.courses.contexts import COUNTS, UNGRADED
from lti.courses.reasons import ChoiceCounts
from lti.launch import deep_linking
from lti.launch.deep_linking import Item
from lti.launch.values import DeepLinkingSettings
from lti.platforms import registrations
from lti.wire.urls import origin_of
from web.pages.lms import offers
from web.pages.lms.offers import MAX_POINTS, USUAL_POINTS, Filters, Terms
from web.pages.lms.reasons import (
    ChoiceNoLinks,
    ChoiceNothing,
    ChoiceOneOnly,
    ChoicePlanEmpty,
    ChoicePoints,
    ChoiceUnknown,
)
from web.site import forms, language, sessions
from web.site.context import Person, current_services, person
from web.site.guards import own_course
from web.site.reasons import PageUnknown
from web.site.security import allow
from web.site.visits import Visit

bp = Blueprint("lms_choosing", __name__, url_prefix="/lms/choose")
FIELDS = ("theme", "format", "minutes", "language", "item", "counts", "points", "target")
"""The fields the form may have; all of them are kept in the address, so that a new search loses
nothing."""
PAGES: tuple[Literal["course", "path"], ...] = ("course", "path")


@bp.get("")
def choose() -> str:
    """Shows the available experiences that match the teacher's filters, and how well each fits
    their course."""
    return _page(*_teacher(), request.args)


@bp.post("")
def place() -> str | tuple[str, int]:
    """Sends back the teacher's choice; shows an error if nothing was chosen."""
    visit, me = _teacher()
    try:
        items = _chosen(visit, me, request.form)
    except Invalid as wrong:
        return _page(visit, me, request.form, wrong), 422
    return _answer(visit, items)


@bp.post("/nothing")
def nothing() -> str:
    """Returns to the platform without placing anything."""
    return _answer(_teacher()[0], [])


@bp.post("/outline")
def outline() -> Response | tuple[str, int]:
    """Accepts a pasted list of sections as the outline of the course; then shows what fits."""
    visit, me = _teacher()
    written, services = request.form.get("sections", ""), current_services()
    try:
        with services.write(me.tenant) as work:
            paste_sections(
                work.session,
                _course(work.session, visit, me),
                forms.pasted(request.form),
                services.clock.now(),
            )
            work.commit()
    except Invalid as wrong:
        return _page(visit, me, request.args, wrong, written), 422
    return redirect(url_for("lms_choosing.choose", **_kept(request.args)), 303)


@bp.get("/plan")
def plan() -> str:
    """Shows the plan for the whole course. Nothing is placed yet."""
    return _plan_page(*_teacher(), request.args)


@bp.post("/plan")
def place_plan() -> str | tuple[str, int]:
    """Stores the plan, and sends back a link for each of its experiences, in the order of the
    course."""
    visit, me = _teacher()
    try:
        items = _planned(visit, me, request.form)
    except Invalid as wrong:
        return _plan_page(visit, me, request.form, wrong), 422
    except Conflicts:
        return _plan_page(visit, me, request.form), 409
    return _answer(visit, items)


def _teacher() -> tuple[Visit, Person]:
    """The visit of a Deep Linking request, and the person who makes it. Refuses learners; outside
    such a visit, the page does not exist."""
    visit, me = sessions.current(), person()
    if visit is None or me is None or visit.about["message"] != "deep-linking":
        raise NotFound(PageUnknown())
    if visit.role != "facilitator":
        abort(make_response(render_template("lms/choose_refused.html"), 403))
    return visit, me


def _course(unit: Session, visit: Visit, me: Person) -> Course:
    """The course of the visit. Raises ``NotFound("course-unknown")`` if the platform named none."""
    return own_course(unit, me, str(visit.about["course"]))


def _page(
    visit: Visit,
    me: Person,
    said: forms.Form,
    wrong: Invalid | None = None,
    written: str | None = None,
) -> str:
    settings, packs = (
        offers.settings_of(visit.about["deep_linking"]),
        current_services().library.newest(),
    )
    shown, suggestions = None, {}
    with current_services().read(me.tenant) as work:
        if visit.about["course"] is not None:
            course = _course(work.session, visit, me)
            shown = outline_of(course)
            suggestions = slotting.suggest_sections(work, course) if shown.sections else {}
    every = offers.shelf(packs, language.current(), suggestions)
    chosen, filters = said.getlist("item"), _filters(said)
    return render_template(
        "lms/choose.html",
        settings=settings,
        takes_links=offers.takes_links(settings),
        every=every,
        filters=filters,
        ticked=[one for one in every if one.key in chosen],
        found=[one for one in every if filters.let(one) and one.key not in chosen],
        outline=shown,
        names=_names(packs, shown),
        written=written if written is not None else pasted(shown) if shown else "",
        maturity=request.form.get("maturity")
        or ((shown and shown.audience.maturity) or forms.UNSAID),
        spoken=request.form.get("spoken") or (shown.language if shown else language.current()),
        **_form(visit, said, wrong),
    )


def _plan_page(visit: Visit, me: Person, said: forms.Form, wrong: Invalid | None = None) -> str:
    packs, made = current_services().library.newest(), Plan((), ())
    conflicts: tuple[Reason, ...] = ()
    with current_services().read(me.tenant) as work:
        course = _course(work.session, visit, me)
        try:
            made = slotting.draft_plan(work, course, slotting.Wishes()).plan
        except Conflicts as conflict:
            conflicts = conflict.reasons
    return render_template(
        "lms/choose_plan.html",
        plan=made,
        conflicts=conflicts,
        names=_names(packs, outline_of(course)),
        **_form(visit, said, wrong),
    )


def _form(visit: Visit, said: forms.Form, wrong: Invalid | None) -> dict[str, Any]:
    """The field values for both pages: as submitted, or else the defaults."""
    settings = offers.settings_of(visit.about["deep_linking"])
    targets = offers.targets_of(settings)
    return {
        "wrong": wrong,
        "chosen": said.getlist("item"),
        "multiple": settings.multiple,
        "graded": _can_be_graded(visit, settings),
        "counts": said.get("counts", "both"),
        "points": said.get("points", str(USUAL_POINTS)),
        "most_points": MAX_POINTS,
        "kept": _kept(said),
        "targets": targets,
        "product": str(visit.about.get("product") or "").lower(),
        "target": said.get("target", targets[0] if targets else "iframe"),
        "faults": wrong.reasons if isinstance(wrong, PastedFaults) else (),
    }


def _kept(said: forms.Form) -> dict[str, Any]:
    """The form's fields as parameters for an address."""
    return {name: said.getlist(name) for name in FIELDS if name in said}


def _filters(said: forms.Form) -> Filters:
    """The filters in the form; unknown values are ignored."""
    minutes = said.get("minutes", "")
    known: dict[str, Any] = {
        name: value
        for name, kind in (("theme", Theme), ("format", Format), ("language", Lang))
        if (value := said.get(name)) in get_args(kind)
    }
    return Filters(
        minutes=int(minutes)
        if minutes.isascii() and minutes.isdigit() and len(minutes) < 4
        else None,
        **known,
    )


def _terms(visit: Visit, said: forms.Form) -> Terms:
    """The placement options for the chosen items. Raises ``Invalid`` for values that the form does
    not offer."""
    settings = offers.settings_of(visit.about["deep_linking"])
    target, counts, points = said.get("target"), said.get("counts", "both"), USUAL_POINTS
    if counts not in (*COUNTS, UNGRADED):
        raise Invalid(ChoiceCounts(), field="counts")
    graded = _can_be_graded(visit, settings)
    if graded and counts != UNGRADED:
        points = forms.number(said, "points")
    if not 1 <= points <= MAX_POINTS:
        raise Invalid(ChoicePoints(most=MAX_POINTS), field="points")
    return Terms(
        counts if graded else None,
        points,
        "window" if target == "window" else "iframe",
    )


def _can_be_graded(visit: Visit, settings: DeepLinkingSettings) -> bool:
    """Whether the platform takes grades for what is placed now; that it does not say so is no
    refusal."""
    return settings.line_items is not False and visit.about.get("grades", True)


def _chosen(visit: Visit, me: Person, said: forms.Form) -> list[Item]:
    """The ticked choices as content items: experiences in the order of the course, then the two
    pages. Raises ``Invalid``."""
    services, base = current_services(), current_services().settings.base_url
    chosen, terms = list(dict.fromkeys(said.getlist("item"))), _terms(visit, said)
    if not chosen:
        raise Invalid(ChoiceNothing(), field="item")
    packs = services.library.newest()
    known = {f"{pack.id}/{module}" for pack in packs for module in pack.modules}
    if any(one not in PAGES and one not in known for one in chosen):
        raise Invalid(ChoiceUnknown(), field="item")
    _check_number(visit, len(chosen))
    with services.read(me.tenant) as work:
        course = _course(work.session, visit, me) if visit.about["course"] is not None else None
        sections = _sections(work, course, [one for one in chosen if one in known])
    spoken = course.language if course else language.current()
    weeks = _weeks(outline_of(course)) if course else {}
    found = [_experience(packs, key, section, spoken, terms, weeks) for key, section in sections]
    return found + [
        offers.page_of(base, page, *_words_of(page, spoken), terms)
        for page in PAGES
        if page in chosen
    ]


def _sections(
    work: Work, course: Course | None, keys: Sequence[str]
) -> list[tuple[str, str | None]]:
    """Each experience with its section, in the order of the course; those without one come last."""
    if course is None or not keys:
        return [(key, None) for key in keys]
    found = slotting.suggest_sections(work, course, keys)
    order = {section.id: place for place, section in enumerate(outline_of(course).sections)}
    seats = [(key, found[key].section) for key in keys]
    return sorted(seats, key=lambda seat: order.get(seat[1] or "", len(order)))


def _planned(visit: Visit, me: Person, said: forms.Form) -> list[Item]:
    """Slots the course, and returns a link for each placement. Raises ``Invalid``, in which case
    nothing has changed, and ``Conflicts``."""
    services, terms = current_services(), _terms(visit, said)
    made = slotting.slot(
        services.units,
        me.tenant,
        lambda unit: _course(unit, visit, me),
        slotting.Wishes(),
        agree=lambda plan: _check_plan(visit, plan),
    )
    with services.read(me.tenant) as work:
        course = _course(work.session, visit, me)
    packs, weeks = services.library.newest(), _weeks(outline_of(course))
    return [
        _experience(packs, one.module, one.section, course.language, terms, weeks)
        for one in made.placements
    ]


def _check_plan(visit: Visit, plan: Plan) -> None:
    """Checks that there is something to place, and that the platform accepts it."""
    if not plan.placements:
        raise Invalid(ChoicePlanEmpty(), field="plan")
    _check_number(visit, len(plan.placements))


def _check_number(visit: Visit, count: int) -> None:
    """Checks that there are no more items than the platform accepts at once (Deep Linking 2.0,
    section 4.4.1)."""
    settings = offers.settings_of(visit.about["deep_linking"])
    if count and not offers.takes_links(settings):
        raise Invalid(ChoiceNoLinks(), field="item")
    if count > 1 and not settings.multiple:
        raise Invalid(ChoiceOneOnly(), field="item")


def _experience(
    packs: Sequence[Pack],
    key: str,
    section: str | None,
    spoken: str,
    terms: Terms,
    weeks: Mapping[str, int | None],
) -> Item:
    """The link to an experience. Its title carries its week, since some platforms put all links in
    one place."""
    pack_id, _, module = key.partition("/")
    pack = next(pack for pack in packs if pack.id == pack_id)
    item = offers.item_of(
        current_services().settings.base_url, pack, pack.modules[module], spoken, section, terms
    )
    week = weeks.get(section or "")
    if week is None:
        return item
    with force_locale(spoken):
        return item.titled(gettext("Week %(week)s · %(title)s", week=week, title=item.title))


def _weeks(outline: Outline) -> dict[str, int | None]:
    return {section.id: section.week for section in outline.sections}


def _words_of(page: str, spoken: str) -> tuple[str, str]:
    """The title and text of one of our pages, as learners read them in the course."""
    with force_locale(spoken):
        if page == "path":
            return gettext("My thread"), gettext(
                "What you lived and wrote, read again as one path."
            )
        return gettext("All experiences of the course"), gettext(
            "Each in its turn, and the questions that follow."
        )


def _answer(visit: Visit, items: Sequence[Item]) -> str:
    """A page that posts the signed response to the platform, automatically where possible."""
    services, settings = current_services(), offers.settings_of(visit.about["deep_linking"])
    with services.read(visit.tenant) as work:
        registration = registrations.get(work, visit.registration)
    said = (
        ngettext("%(num)s link is in your course.", "%(num)s links are in your course.", len(items))
        if items
        else gettext("Nothing was placed.")
    )
    signed = deep_linking.response(
        services.lti.keys,
        registration,
        str(visit.about["deployment"]),
        settings,
        items,
        services.clock.wall(),
        said,
    )
    if items:
        _note(visit, items)
    allow(form_action=origin_of(settings.return_url))
    return render_template(
        "lms/choose_answer.html", url=settings.return_url, signed=signed, count=len(items)
    )


def _note(visit: Visit, items: Sequence[Item]) -> None:
    """Notes the links that are placed now, in the course of the visit."""
    me = person()
    if me is None or visit.about["course"] is None:
        return
    with current_services().write(me.tenant) as work:
        course = _course(work.session, visit, me)
        deployment = str(visit.about["deployment"])
        placed.note_placed(work, visit.registration, deployment, course, items)
        work.commit()


def _names(packs: Sequence[Pack], course: Outline | None) -> dict[str, str]:
    """Titles to show instead of the ids that reasons contain."""
    covers = {
        f"{pack.id}/{module.id}": module.text("cover.title", language.current())
        for pack in packs
        for module in pack.modules.values()
    }
    return covers | {section.id: section.title for section in (course.sections if course else ())}
