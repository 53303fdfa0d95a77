"""Pages that mailed links open without signing in: answering one touch, and stopping the mails.
Opening a link changes nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.debrief.reveal import reveal
from engine.journey import (
    answering,
    course_words,
    pausing,
    playing,
    refused,
    sharing,
    showing,
)
from engine.journey.addresses import MAIL
from engine.journey.answering import Asking
from engine.journey.joining import learner_of
from engine.journey.reasons import PromptUnknown
from engine.journey.sharing import WordBack
from engine.journey.showing import AskedPrompt, TouchView
from engine.journey.touches import open_one, planned_one
from engine.storage.tables import Learner
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from web.site import answered, drafts, forms, language, tapped, unkept
from web.site.context import current_services
from web.site.links import AnswerLink, Links
from web.site.reasons import LinkEnded, PageUnknown
from web.site.signing import Expired
from web.site.unkept import may_hold_words

bp = Blueprint("links", __name__)


@bp.get("/l/<token>")
def show(token: str) -> str:
    """Shows the first unanswered question of the touch, or what became of the touch."""
    return _page(token)


@bp.post("/l/<token>")
@may_hold_words
def answer(token: str) -> ResponseReturnValue:
    """Stores an answer, then shows what comes next: the reveal if this answer opened it, the next
    question, or the end."""
    services = current_services()
    link = _link(token)
    try:
        with services.write(link.tenant) as work:
            learner = _learner_of(work.session, link)
            asking = forms.asking(link.touch, request.form)
            knows = partial(answered.knows, link, asking)
            done = answering.answer(work, learner.id, asking, forms.said(request.form), knows)
            refused.arrived(work.session, learner.id)
            work.commit()
    except Invalid as wrong:
        return _page(token, wrong=wrong, written=dict(forms.said(request.form))), 422
    unkept.forget()
    answered.remember(link, asking, done.content)
    if done.revealed:
        return redirect(url_for("links.revealed", token=token, enrolment=done.revealed), 303)
    if done.leech:
        enrolment, prompt = asking.enrolment, asking.prompt
        onward = url_for("links.again", token=token, enrolment=enrolment, prompt=prompt)
        return redirect(onward, 303)
    return redirect(url_for("links.show", token=token), 303)


@bp.get("/l/<token>/again/<enrolment>/<prompt>")
def again(token: str, enrolment: str, prompt: str) -> ResponseReturnValue:
    """Shows once more what a recall that failed too often was about, to the browser that
    answered."""
    link, lang = _link(token), language.current()
    with current_services().read(link.tenant) as work:
        learner = _learner_of(work.session, link)
        view = showing.touch_view(work, learner.id, link.touch, lang)
        asked = view.given(enrolment, prompt)
        onward = url_for("links.show", token=token)
        if asked is None:
            raise NotFound(PromptUnknown())
        if not _is_known(link, asked):
            return redirect(onward, 303)
        return render_template("answer/again.html", asked=asked, onward=onward, signed=True)


@bp.get("/l/<token>/undo")
def undone(token: str) -> Response:
    """Redirects to the touch when the page of a withdrawn answer is requested again."""
    _link(token)
    return redirect(url_for("links.show", token=token), 303)


@bp.post("/l/<token>/undo")
def undo(token: str) -> str:
    """Takes back an answer given by mistake in this browser: the question is shown again, with that
    answer, to be corrected."""
    link = _link(token)
    with current_services().write(link.tenant) as work:
        learner = _learner_of(work.session, link)
        asking = forms.asking(link.touch, request.form)
        before = answering.undo(work, learner.id, asking, partial(answered.knows, link, asking))
        work.commit()
    return _page(token, written=forms.as_written(before))


@bp.post("/l/<token>/shared")
def shared(token: str) -> Response:
    """Shares an answer that this browser gave with its course, or takes it back."""
    link = _link(token)
    with current_services().write(link.tenant) as work:
        learner = _learner_of(work.session, link)
        asking = forms.asking(link.touch, request.form)
        knows = partial(answered.knows, link, asking)
        do = sharing.share if request.form.get("do") == "share" else sharing.take_back
        do(work, learner.id, asking, knows)
        work.commit()
    return redirect(url_for("links.show", token=token), 303)


@bp.get("/l/<token>/reveal/<enrolment>")
def revealed(token: str, enrolment: str) -> ResponseReturnValue:
    """Shows the reveal that an answer to this touch opened, to the browser that answered: it quotes
    what the learner did and said. Any other is told that the question was answered."""
    services, link = current_services(), _link(token)
    with services.read(link.tenant) as work:
        learner = _learner_of(work.session, link)
        view = showing.touch_view(work, learner.id, link.touch, language.current())
        scene = playing.scene(work, learner, enrolment)
        of_it = [asked for asked in view.asked if asked.enrolment == enrolment]
        if scene.enrolment.revealed_at is None or not of_it:
            raise NotFound(PageUnknown())
        if not any(_is_known(link, asked) for asked in of_it):
            return redirect(url_for("links.show", token=token), 303)
        text = reveal(
            scene.module,
            scene.acts,
            scene.enrolment.seat,
            showing.answers_of(work.session, enrolment),
            language.current(),
        )
        return render_template(
            "links/reveal.html",
            text=text,
            title=scene.module.text("cover.title", language.current()),
            onward=url_for("links.show", token=token),
            drafts=drafts.owner(link.tenant, link.learner),
            kept_drafts=drafts.of(enrolment, showing.given_to(work.session, enrolment)),
            more=bool(view.left),
            sources=services.library.pack(
                scene.enrolment.pack, scene.enrolment.version
            ).manifest.sources,
        )


@bp.post("/l/<token>/<action>")
def slow_down(token: str, action: str) -> Response:
    """Handles what the answer page offers besides answering: later, lighter, as it is, or stop."""
    link = _link(token)
    with current_services().write(link.tenant) as work:
        learner = _learner_of(work.session, link)
        touch = open_one(work, learner.id)
        if touch is not None and touch.number == link.touch:
            match action:
                case "later":
                    pausing.snooze(work, learner, forms.number(request.form, "days"))
                case "lighter":
                    pausing.lighten(work, learner)
                case "as-it-is":
                    pausing.carry_on(work, learner)
                case "stop" if touch.kind == "lighten":  # what this mail offers, and no other
                    pausing.stop(work, learner)
                case _:
                    raise NotFound(PageUnknown())
            work.commit()
    return redirect(url_for("links.show", token=token), 303)


@bp.get("/u/<token>")
def unsubscribe_page(token: str) -> ResponseReturnValue:
    """Shows a button that stops the mails."""
    services = current_services()
    tenant, learner_id = _links().read_unsubscribe(token, services.clock.wall())
    with services.read(tenant) as work:
        try:
            learner = _read_by(work.session, learner_id)
        except NotFound:
            return render_template("links/forgotten.html"), 404
        return render_template(
            "links/unsubscribe.html", done=learner.channel != "mail", token=token
        )


@bp.post("/u/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stops the mails, whether the reader pressed the button or their mail program posted this (RFC
    8058). Repeating it changes nothing, nor does it for who was erased: they get no mails."""
    services = current_services()
    tenant, learner_id = _links().read_unsubscribe(token, services.clock.wall())
    with services.write(tenant) as work:
        try:
            learner = _read_by(work.session, learner_id)
        except NotFound:
            return render_template("links/forgotten.html"), 404
        pausing.to_inbox(work.session, learner)
        work.commit()
    return render_template("links/unsubscribe.html", done=True, token=token)


def _page(token: str, wrong: Invalid | None = None, written: dict[str, Any] | None = None) -> str:
    services, link = current_services(), _link(token)
    with services.read(link.tenant) as work:
        learner = _learner_of(work.session, link)
        view = showing.touch_view(work, learner.id, link.touch, language.current())
        given = [asked for asked in view.asked if asked.answer is not None]
        late = showing.late(work, learner, view)
        back = unkept.put_back_into(late or view.left) if written is None else {}
        if written is None:
            written = back or tapped.filled_in(learner.id, late or view.left, request.args)
        return render_template(
            "answer/touch.html",
            view=view,
            late=late,
            after_all="now" in request.args or bool(back or wrong),
            newer=_newer(work, learner, link),
            others=() if view.left else _others(work, link, view),
            floor=sharing.floor_of(work.session),
            sharing=url_for("links.shared", token=token),
            course_words=course_words.words_of(work, learner.id, link.touch),
            action=url_for("links.answer", token=token),
            signed=True,
            known=bool(given) and _is_known(link, given[-1]),
            wrong=wrong,
            written=written,
            put_back=bool(back),
            drafts=drafts.owner(link.tenant, link.learner),
            draft_of=drafts.question,
            snoozes=pausing.SNOOZES,
            learner=learner,
            now=services.clock.now(),
            next_touch=planned_one(work.session, learner.id),
            may_come=False,
            token=token,
        )


def _newer(work: Work, learner: Learner, link: AnswerLink) -> str | None:
    """The address of the touch that is open now, for who got it by mail like this one."""
    touch = open_one(work, learner.id)
    if touch is None or touch.number == link.touch or learner.channel != MAIL:
        return None
    return _links().answer(replace(link, touch=touch.number), work.wall)


def _others(work: Work, link: AnswerLink, view: TouchView) -> list[WordBack]:
    """What the answers that this browser knows give back."""
    given = sharing.word_back(work, link.learner, view)
    return [one for one in given if _is_known(link, one.asked)]


def _is_known(link: AnswerLink, asked: AskedPrompt) -> bool:
    """Whether the question is answered, and this browser may know how."""
    its = Asking(link.touch, asked.enrolment, asked.prompt, asked.occurrence)
    return asked.answer is not None and answered.knows(link, its, asked.answer)


def _links() -> Links:
    services = current_services()
    return Links.of(services.settings)


def _link(token: str) -> AnswerLink:
    return _links().read_answer(token, current_services().clock.wall())


def _learner_of(unit: Session, link: AnswerLink) -> Learner:
    """The learner to whom a link to answer was sent. Raises ``Expired("link-ended")`` if they have
    set a new password since."""
    learner = _read_by(unit, link.learner)
    if learner.account.link_epoch != link.epoch:
        raise Expired(LinkEnded())
    return learner


def _read_by(unit: Session, learner_id: str) -> Learner:
    """The learner to whom the link was sent; the page is served in their language and time zone."""
    learner = learner_of(unit, learner_id)
    language.read_by(learner.account.language, learner.zone)
    return learner
