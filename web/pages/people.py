"""The people of a course: searched, filtered and sorted, downloaded, and what is done with those
who are ticked: reminded, moved to a cohort, taken out of the course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from engine.courses import announcements, cohorts, removing
from engine.courses import progress as people
from engine.courses.outlines import outline_of
from engine.courses.progress import Progress, Wish
from engine.courses.reasons import CohortUnknown, NobodySelected
from engine.delivery import announcing
from engine.people import invitations
from engine.people.accounts import is_address
from engine.storage import audit
from engine.storage.queries import journeys
from engine.storage.queries.running import rows
from engine.storage.tables import Cohort, Course
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from lti.courses import placed
from web.pages import reminding
from web.pages.invitations import said_of
from web.site import lists, paging
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown

bp = Blueprint("people", __name__, url_prefix="/courses")
LONG_ENOUGH = timedelta(seconds=5)
"""So long (wall time) people are taken out of a course in one request; the rest is asked again."""
FILTERS = {"q": "words", "state": "state", "cohort": "cohort", "section": "section"} | {
    "lived": "lived",
    "sort": "order",
}
"""The fields of the page's address, and what they wish for."""


@bp.get("/<slug>/people")
@facilitator_required
def listed(me: Person, slug: str) -> str:
    """Shows a page of the people of a course as counts and states; never a word that a learner
    wrote."""
    return _page(me, slug)


@bp.get("/<slug>/people.csv")
@facilitator_required
def as_csv(me: Person, slug: str) -> ResponseReturnValue:
    """The people whom the filters find, as a file of comma-separated values."""
    return lists.as_csv(_table(me, slug), f"{slug}.csv")


@bp.get("/<slug>/people.xlsx")
@facilitator_required
def as_xlsx(me: Person, slug: str) -> ResponseReturnValue:
    """The people whom the filters find, as an Excel workbook."""
    return lists.as_xlsx(_table(me, slug), f"{slug}.xlsx")


@bp.post("/<slug>/people")
@facilitator_required
def act(me: Person, slug: str) -> ResponseReturnValue:
    """Does what the pressed button says with the people who are ticked."""
    deeds = {"remind": _remind, "move": _move, "remove": _ask_before_removing}
    deed = deeds.get(request.form.get("do", ""))
    if deed is None:
        raise NotFound(PageUnknown())
    try:
        return deed(me, slug)
    except Invalid as wrong:
        return _page(me, slug, wrong), 422


@bp.post("/<slug>/people/removed")
@facilitator_required
def remove(me: Person, slug: str) -> ResponseReturnValue:
    """Takes the people out of the course who were shown before, one by one. If the list has
    changed in the meantime, it is asked again."""
    services, done = current_services(), 0
    with services.read(me.tenant) as work:
        course, chosen = _chosen(work, me, slug)
    if str(len(chosen)) != request.form.get("count"):
        return _ask_before_removing(me, slug)
    until = services.clock.wall() + LONG_ENOUGH
    for one in chosen:
        if services.clock.wall() >= until:
            break
        with services.write(me.tenant) as work:
            if _taken_out(work, course, one):
                audit.record(work, "leave-course", me.id, one.account or None, course=slug)
                done += 1
            work.commit()
    flash(
        ngettext("One person is out of the course.", "%(num)s people are out of the course.", done)
    )
    if done < len(chosen):
        left = len(chosen) - done
        flash(
            ngettext(
                "One person is left: do it again.", "%(num)s people are left: do it again.", left
            ),
            "note",
        )
    return _back(slug)


def _taken_out(work: Work, course: Course, one: Progress) -> bool:
    if one.account:
        return removing.take_out(work, course, one.account)
    return removing.take_back(work, course, one.email)


def _remind(me: Person, slug: str) -> ResponseReturnValue:
    """Invites those again who have not come, and reminds the others of what waits for them; says
    how many get nothing, and why."""
    services, until = current_services(), current_services().clock.wall() + LONG_ENOUGH
    with services.write(me.tenant) as work:
        course, chosen = _chosen(work, me, slug)
        _check_not_in_an_lms(work, course)
        announces, about = announcements.of_course(work, course).on, course.id
        emails = [one.email for one in chosen if one.state in UNCOME and is_address(one.email)]
        invited = invitations.invite(work, course, emails, me.id) if emails else None
        audit.record(work, "invite", me.id, course=slug, reminded=len(chosen))
        work.commit()
    came = [one for one in chosen if one.state not in UNCOME]
    known = [_why_not(one) if announces else "silent" for one in came]
    why = Counter(filter(None, known))
    left = [one for one, reason in zip(came, known, strict=True) if reason is None]
    done = 0
    while left and services.clock.wall() < until:
        refusal = _reminded(me, about, left.pop().account)
        done, why = done + (refusal is None), why + Counter(filter(None, [refusal]))
    why["no-address"] += sum(one.state in UNCOME for one in chosen) - len(emails)
    said = [*(said_of(invited) if invited else ()), *reminding.done(done)]
    flash(" ".join(said))
    for sentence in (*reminding.not_done(why), *reminding.left(len(left))):
        flash(sentence, "note")
    return _back(slug)


UNCOME = ("invited", "joined")


def _why_not(one: Progress) -> str | None:
    """Why nobody who looks like that is reminded; None if more has to be known."""
    if one.refused:
        return "refused"
    return {"stopped": "resting", "paused": "resting", "quiet": "missed", "done": "nothing"}.get(
        one.state
    )


def _reminded(me: Person, course: str, learner: str) -> str | None:
    """Reminds one learner, in a unit of work of its own; says why not."""
    with current_services().write(me.tenant) as work:
        held = rows(work.session, journeys.LEARNER_IF_FREE, learner=learner)
        refusal = announcing.remind(work, course, held[0]) if held else "busy"
        work.commit()
    return refusal


def _move(me: Person, slug: str) -> ResponseReturnValue:
    """Puts the learners among them into a cohort, a new one if it is given a name."""
    with current_services().write(me.tenant) as work:
        course, chosen = _chosen(work, me, slug)
        cohort = _cohort(work, course)
        moved = cohorts.move(work.session, course, cohort, [one.account for one in chosen])
        them = [one.account for one in chosen if one.account]
        audit.record_each(work, "move", me.id, them, course=slug)
        name = cohort.name
        work.commit()
    flash(
        ngettext(
            "One person is in “%(name)s” now.",
            "%(num)s people are in “%(name)s” now.",
            moved,
            name=name,
        )
    )
    if others := len(chosen) - moved:
        flash(
            ngettext(
                "One person is only invited: whoever has come can be in a cohort.",
                "%(num)s people are only invited: whoever has come can be in a cohort.",
                others,
            ),
            "note",
        )
    return _back(slug)


def _cohort(work: Work, course: Course) -> Cohort:
    if request.form.get("called", "").strip() or not request.form.get("into"):
        return cohorts.create(work.session, course, request.form.get("called", ""))
    try:
        return cohorts.own(work.session, course, request.form["into"])
    except NotFound as gone:
        raise Invalid(CohortUnknown(), field="into") from gone


def _ask_before_removing(me: Person, slug: str) -> str:
    """Says who would be taken out, and what becomes of what they did."""
    with current_services().read(me.tenant) as work:
        course, chosen = _chosen(work, me, slug)
        accounts = [one.account for one in chosen if one.account]
        return render_template(
            "desk/remove.html",
            course=course,
            chosen=chosen,
            all=request.form.get("all"),
            who=request.form.getlist("who"),
            wish=_given(request.form),
            open=removing.open_debriefs(work, course, accounts),
            in_lms=False,
        )


def _chosen(work: Work, me: Person, slug: str) -> tuple[Course, list[Progress]]:
    """The people who are ticked, or all whom the filters find. Raises
    ``Invalid("nobody-selected")``."""
    course = own_course(work.session, me, slug)
    if request.form.get("do") != "move":
        _check_not_in_an_lms(work, course)
    if request.form.get("all"):
        chosen = list(people.found(work, course, _wish(request.form)))
    else:
        ticked = set(request.form.getlist("who"))
        chosen = [one for one in people.found(work, course, Wish()) if one.key in ticked]
    if not chosen:
        raise Invalid(NobodySelected(), field="who")
    return course, chosen


def _check_not_in_an_lms(work: Work, course: Course) -> None:
    """An LMS itself says who is in its course, and no invitation leads there."""
    if placed.is_in_platforms(work.session, course):
        raise NotFound(PageUnknown())


def _page(me: Person, slug: str, wrong: Invalid | None = None) -> str:
    asked = request.form if wrong else request.args
    wish, page = _wish(asked), asked.get("page", 1, type=int)
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        seen = people.progress(work, course, wish, page)
        return render_template(
            "desk/people.html",
            course=course,
            seen=seen,
            wish=wish,
            state_names=lists.state_names(),
            given=_given(asked),
            wrong=wrong,
            written=request.form.get("called", ""),
            cohorts=cohorts.cohorts_of(work.session, course),
            sections=_sections(course),
            in_lms=placed.is_in_platforms(work.session, course),
            turnout=placed.turnout(work.session, course),
            numbers=paging.numbers(seen.page, seen.pages),
        )


def _sections(course: Course) -> list[tuple[str, str]]:
    return [(section.id, section.title) for section in outline_of(course).sections]


def _wish(asked: MultiDict[str, str]) -> Wish:
    """What the page's filters, or a form that carries them, ask for."""
    given = _given(asked)
    return Wish(**{FILTERS[name]: value for name, value in given.items()})


def _given(asked: MultiDict[str, str]) -> dict[str, str]:
    """The filters that say something."""
    return {name: asked[name][:200] for name in FILTERS if asked.get(name)}


def _back(slug: str) -> ResponseReturnValue:
    """To the list as it was filtered."""
    filters: dict[str, Any] = {**_given(request.form)}
    return redirect(url_for("people.listed", slug=slug, **filters), 303)


def _table(me: Person, slug: str) -> Iterable[list[lists.Cell]]:
    with current_services().write(me.tenant) as work:
        course = own_course(work.session, me, slug)
        found = people.found(work, course, _wish(request.args))
        audit.record(work, "export", me.id, course=slug, people=len(found))
        work.commit()
    return [lists.headings(), *map(lists.row, found)]
