"""Touches as their learner sees them: the inbox, one question per page, snoozing, opening early,
undoing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.journey import answering, coming, course_words, home, pausing, sharing, showing
from engine.journey.joining import learner_of
from engine.journey.reasons import PromptUnknown
from engine.journey.record import read_record
from engine.values.errors import Invalid, NotFound
from web.site import drafts, forms, language, tapped, unkept
from web.site.context import Person, current_services
from web.site.guards import joined_required
from web.site.security import keep_when_going_back
from web.site.unkept import may_hold_words

bp = Blueprint("answer", __name__)


@bp.get("/inbox")
@joined_required
def inbox(me: Person) -> str:
    """Shows every touch that has been opened, the open one first; and when the next one is due."""
    services = current_services()
    with services.read(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        record = read_record(work, learner)
        received = home.inbox(work, learner, language.current())
        return render_template(
            "learner/inbox.html",
            received=received,
            learner=learner,
            next_touch=record.planned,
            may_come=coming.may_come(work, record),
        )


@bp.get("/touch/<int:number>")
@joined_required
@keep_when_going_back
def show(me: Person, number: int) -> str:
    """Shows the first unanswered question of a touch, or what became of the touch."""
    return _page(me, number)


@bp.post("/touch/<int:number>")
@joined_required
@may_hold_words
def answer(me: Person, number: int) -> Response | tuple[str, int]:
    """Stores an answer, then shows what comes next: the reveal if this answer opened it, the next
    question, or the end."""
    services = current_services()
    try:
        with services.write(me.tenant) as work:
            done = answering.answer(
                work, me.id, forms.asking(number, request.form), forms.said(request.form)
            )
            work.commit()
    except Invalid as wrong:
        return _page(me, number, wrong=wrong, written=dict(forms.said(request.form))), 422
    unkept.forget()
    if done.revealed:
        return redirect(url_for("player.revealed", enrolment=done.revealed), 303)
    if done.leech:
        enrolment, prompt = request.form["enrolment"], request.form["prompt"]
        onward = url_for("answer.again", number=number, enrolment=enrolment, prompt=prompt)
        return redirect(onward, 303)
    return redirect(url_for("answer.show", number=number), 303)


@bp.get("/touch/<int:number>/again/<enrolment>/<prompt>")
@joined_required
def again(me: Person, number: int, enrolment: str, prompt: str) -> str:
    """Shows once more what a recall that failed too often was about."""
    with current_services().read(me.tenant) as work:
        asked = showing.touch_view(work, me.id, number, language.current()).given(enrolment, prompt)
        if asked is None:
            raise NotFound(PromptUnknown())
        onward = url_for("answer.show", number=number)
        return render_template("answer/again.html", asked=asked, onward=onward, signed=False)


@bp.get("/touch/<int:number>/undo")
@joined_required
def undone(me: Person, number: int) -> Response:
    """Redirects to the touch when the page of a withdrawn answer is requested again."""
    return redirect(url_for("answer.show", number=number), 303)


@bp.post("/touch/<int:number>/undo")
@joined_required
def undo(me: Person, number: int) -> str:
    """Takes back an answer given by mistake: the question is shown again, with that answer, to be
    corrected."""
    services = current_services()
    with services.write(me.tenant) as work:
        answered = answering.undo(work, me.id, forms.asking(number, request.form))
        work.commit()
    return _page(me, number, written=forms.as_written(answered))


@bp.post("/touch/early")
@joined_required
def early(me: Person) -> Response:
    """Opens the planned touch now, or a prompt chosen on the path."""
    services = current_services()
    with services.write(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        enrolment, prompt = request.form.get("enrolment"), request.form.get("prompt")
        if enrolment and prompt:
            touch = coming.open_chosen(work, learner, enrolment, prompt)
        else:
            touch = coming.open_early(work, learner)
        work.commit()
        return redirect(url_for("answer.show", number=touch.number), 303)


@bp.post("/touch/snooze")
@joined_required
def snooze(me: Person) -> Response:
    """Postpones the open touch by some days."""
    services = current_services()
    with services.write(me.tenant) as work:
        pausing.snooze(work, learner_of(work.session, me.id), forms.number(request.form, "days"))
        work.commit()
    return redirect(url_for("answer.inbox"), 303)


def _page(
    me: Person, number: int, wrong: Invalid | None = None, written: dict[str, Any] | None = None
) -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        view = showing.touch_view(work, me.id, number, language.current())
        learner = learner_of(work.session, me.id)
        record = read_record(work, learner)
        late = showing.late(work, learner, view)
        newer = record.open.number if record.open and record.open.number != number else None
        back = unkept.put_back_into(late or view.left) if written is None else {}
        if written is None:
            written = back or tapped.filled_in(me.id, late or view.left, request.args)
        return render_template(
            "answer/touch.html",
            view=view,
            late=late,
            after_all="now" in request.args or bool(back or wrong),
            newer=url_for("answer.show", number=newer) if newer else None,
            others=() if view.left else sharing.word_back(work, me.id, view),
            floor=sharing.floor_of(work.session),
            sharing=url_for("sharing.of_touch", number=number),
            course_words=course_words.words_of(work, me.id, number),
            action=url_for("answer.answer", number=number),
            signed=False,
            known=True,
            wrong=wrong,
            written=written,
            put_back=bool(back),
            draft_of=drafts.question,
            snoozes=pausing.SNOOZES,
            learner=learner,
            now=work.now,
            next_touch=record.planned,
            may_come=coming.may_come(work, record),
        )
