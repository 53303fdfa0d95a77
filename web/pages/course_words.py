"""What is said in a course: a short word of those who run it, and what its learners shared."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.courses import words
from engine.journey.course_words import FRESH
from engine.storage import audit
from engine.storage.tables import Course
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from lti.courses import placed
from web.site import forms, language, paging
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown
from web.words.sentences import TERMS

bp = Blueprint("course_words", __name__, url_prefix="/courses/<slug>/words")


@bp.get("")
@facilitator_required
def show(me: Person, slug: str) -> str:
    """Shows the word that waits for learners, and the sentences that learners shared."""
    return _page(me, slug)


@bp.post("/<action>")
@facilitator_required
def act(me: Person, slug: str, action: str) -> Response | tuple[str, int]:
    """Handles one button each for: say, take back, hide, show again."""
    try:
        with current_services().write(me.tenant) as work:
            _do(work, own_course(work.session, me, slug), me, action)
            audit.record(work, "words", me.id, course=slug, what=action)
            work.commit()
    except Invalid as wrong:
        return _page(me, slug, wrong), 422
    flash(_done(action))
    page = request.form.get("page", 1, type=int)
    return redirect(url_for("course_words.show", slug=slug, page=page if page > 1 else None), 303)


def _do(work: Work, course: Course, me: Person, action: str) -> None:
    match action:
        case "say":
            words.say(work, course, me.id, request.form.get("text", ""))
        case "take-back":
            words.take_back(work, course)
        case "hide":
            asking = forms.asking(0, request.form)
            words.hide(work, course, asking, request.form.get("why", ""))
        case "show-again":
            words.show_again(work, course, forms.asking(0, request.form))
        case _:
            raise NotFound(PageUnknown())


def _done(action: str) -> str:
    said: dict[str, str] = {
        "say": gettext("Kept. It goes with the next questions of each learner."),
        "take-back": gettext(
            "Taken back: nobody reads it here any more. A mail that left keeps it."
        ),
        "hide": gettext("Hidden. Whoever shared it is told."),
        "show-again": gettext("Others see it again."),
    }
    return said[action]


def _page(me: Person, slug: str, wrong: Invalid | None = None) -> str:
    page = request.args.get("page", 1, type=int)
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        seen = words.sentences(work, course, language.current(), page)
        word = words.word_in(work, course)
        return render_template(
            "facilitator/words.html",
            course=course,
            seen=seen,
            word=word,
            by=words.name_of(work, word) if word else "",
            days=FRESH.days,
            longest=words.LONGEST,
            stages=TERMS["stage"],
            numbers=paging.numbers(seen.page, seen.pages),
            wrong=wrong,
            written=request.form,
            in_lms=placed.is_in_platforms(work.session, course),
        )
