"""Pages that exist only in a visit from an LMS: the cover of a placed experience, a learner's work
under review, data privacy."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.courses import progress
from engine.journey import home
from engine.journey.joining import learner_of
from engine.journey.reasons import LearnerUnknown, PlacementUnknown
from engine.storage.tables import Account
from engine.values.errors import Invalid, NotFound
from lti.courses import members
from lti.courses import people as lms_people
from lti.courses import privacy as lms_privacy
from web.pages.lms import offers
from web.pages.reasons import LeaveNotConfirmed
from web.site import auditing, erasing, files, language, sessions
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, learner_required, own_course
from web.site.reasons import PageUnknown
from web.site.visits import Visit

bp = Blueprint("lms_inside", __name__, url_prefix="/lms")


def visit_of() -> Visit:
    """The visit of this request. Raises ``NotFound("page-unknown")`` outside an LMS."""
    visit = sessions.current()
    if visit is None:
        raise NotFound(PageUnknown())
    return visit


@bp.get("/experience/<course>/<section>")
@learner_required
def experience(me: Person, course: str, section: str) -> str | Response:
    """Shows the cover of an experience placed in the LMS, to begin or resume it; new learners read
    the trust contract first.

    The LMS decides when its link is shown, and the outline when the experience opens: a teacher who
    shows a link sooner lets people read from which day it opens, as on their home page.
    """
    visit_of()
    services = current_services()
    with services.read(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        if learner.contract_at is None:
            session["after_joining"] = request.path
            return redirect(url_for("learner.contract"), 303)
        every = home.experiences(work, learner, language.current())
    found = next((one for one in every if (one.course, one.section) == (course, section)), None)
    if found is None:
        raise NotFound(PlacementUnknown())
    if found.enrolment:
        return redirect(url_for("player.show", enrolment=found.enrolment), 303)
    return render_template("lms/experience.html", one=found)


@bp.get("/preview")
@facilitator_required
def preview(me: Person) -> str:
    """Shows what a learner would see first, to somebody who runs the course and launched as a
    learner. Nothing is kept of it."""
    visit = visit_of()
    module = offers.module_of(current_services().library.newest(), request.args.get("module"))
    pack = request.args.get("module", "").partition("/")[0]
    course = visit.about["course"]
    return render_template("lms/preview.html", module=module, pack=pack, course=course)


@bp.post("/learn")
@facilitator_required
def learn(me: Person) -> Response:
    """Makes a learner of somebody who ran the course and learns in it now."""
    visit = visit_of()
    with current_services().write(me.tenant) as work:
        course = own_course(work.session, me, str(visit.about["course"]))
        members.learn_now(work.session, course, me.id)
        work.commit()
    sessions.end(visit)
    return make_response(render_template("lms/learns.html", back=sessions.back(visit)))


@bp.post("/quit")
def quit_visit() -> Response:
    """Ends this visit on the server, takes back the cookie that opens others in this browser, and
    says how to come back: the computer may be somebody else's in a minute."""
    visit = visit_of()
    back = sessions.back(visit) if visit.about["return_url"] else None
    sessions.end(visit)
    page = make_response(render_template("lms/left.html", back=back))
    page.headers["Clear-Site-Data"] = '"cache"'
    sessions.forget_browser(page)
    return page


@bp.get("/review")
@facilitator_required
def review(me: Person) -> str:
    """Shows one learner's progress as counts and states; never a word that they wrote (Submission
    Review)."""
    visit = visit_of()
    with current_services().read(me.tenant) as work:
        who = lms_people.find(work.session, visit.registration, str(visit.about["for_user"]))
        course = own_course(work.session, me, str(visit.about["course"]))
        one = progress.of_learner(work, course, who.id) if who else None
    return render_template("lms/review.html", one=one, course=course)


@bp.get("/privacy")
def privacy() -> str:
    """Shows what is stored about the person that a data-privacy launch names, to download or
    erase."""
    return _privacy_page()


@bp.post("/privacy/export")
def privacy_export() -> Response:
    """Exports what this platform brought of that person, and their progress, but not their own
    words."""
    services, visit = current_services(), _privacy_visit()
    with services.read(visit.tenant) as work:
        courses, who = (
            lms_privacy.courses_of(work.session, visit.registration),
            _subject(work.session, visit),
        )
        [data] = lms_privacy.export_people(
            work, visit.registration, courses, [who.id], language.current()
        )
    auditing.note(visit.tenant, "export", visit.account, who.id)
    return files.as_json(data, "relecture.json")


@bp.post("/privacy/erase")
def privacy_erase() -> Response | tuple[str, int]:
    """Erases that person, once the box is ticked."""
    services, visit = current_services(), _privacy_visit()
    if request.form.get("sure") != "yes":
        return _privacy_page(Invalid(LeaveNotConfirmed(), field="sure")), 422
    with services.read(visit.tenant) as work:
        who = _subject(work.session, visit)
    erased = lms_privacy.erase_person(
        services.units,
        visit.tenant,
        visit.registration,
        who.id,
    )
    auditing.note(visit.tenant, "erase", visit.account, who.id)
    erasing.finish([erased])
    return redirect(url_for("lms_inside.privacy"), 303)


def _privacy_visit() -> Visit:
    visit = visit_of()
    if visit.about["message"] != "data-privacy":
        raise NotFound(PageUnknown())
    return visit


def _subject(unit: Session, visit: Visit) -> Account:
    found = lms_people.find(unit, visit.registration, str(visit.about["for_user"]))
    if found is None:
        raise NotFound(LearnerUnknown())
    return found


def _privacy_page(wrong: Invalid | None = None) -> str:
    visit = _privacy_visit()
    with current_services().read(visit.tenant) as work:
        who = lms_people.find(work.session, visit.registration, str(visit.about["for_user"]))
    return render_template(
        "lms/privacy.html", who=who, for_user=visit.about["for_user"], wrong=wrong
    )
