"""What a mailed link opens without signing in: the answer page of one touch, the end of the mails. Opening changes nothing."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.debrief.reveal import reveal
from engine.errors import Invalid, NotFound
from engine.journey import answering, pausing, playing
from engine.journey.joining import learner_of
from engine.journey.touches import planned_one, touch_of
from engine.storage.tables import Learner
from web import forms, i18n
from web.context import services
from web.links import Links

bp = Blueprint("links", __name__)
ONE_TAP_FIELDS = ("grade", "point", "option")
"""What a mail may have chosen beforehand for its first question; a button on the page still has to say so."""


@bp.get("/l/<token>")
def show(token: str) -> str:
    """The first question of the touch that is still to be answered, or what became of it."""
    chosen = {field: request.args[field] for field in ONE_TAP_FIELDS if field in request.args}
    return _page(token, written=chosen)


@bp.post("/l/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Keep an answer, then show what comes next: the reveal if this opened it, the next question, or the end."""
    the = services()
    tenant, learner_id, number = _links().read_answer(token, the.clock.wall())
    try:
        with the.db.write(tenant) as unit:
            _read_by(unit, learner_id)
            done = answering.answer(unit, the.library, learner_id, number, *forms.asking(request.form), request.form,
                                    the.clock.now(), the.rng)
            unit.commit()
    except Invalid as wrong:
        return _page(token, wrong=wrong, written=dict(request.form)), 422
    if done.revealed:
        return redirect(url_for("links.revealed", token=token, enrolment=done.revealed), 303)
    return redirect(url_for("links.show", token=token), 303)


@bp.get("/l/<token>/undo")
def undone(token: str) -> Response:
    """Where the page of an answer taken back is looked for again: at the touch."""
    _links().read_answer(token, services().clock.wall())
    return redirect(url_for("links.show", token=token), 303)


@bp.post("/l/<token>/undo")
def undo(token: str) -> str:
    """Take back a mis-tap: the question comes again, with what was answered, to be corrected."""
    the = services()
    tenant, learner_id, number = _links().read_answer(token, the.clock.wall())
    with the.db.write(tenant) as unit:
        _read_by(unit, learner_id)
        answered = answering.undo(unit, the.library, learner_id, number, *forms.asking(request.form), the.clock.now(), the.rng)
        unit.commit()
    return _page(token, written=forms.as_written(answered))


@bp.get("/l/<token>/reveal/<enrolment>")
def revealed(token: str, enrolment: str) -> str:
    """The reveal that an answer to this touch opened."""
    the = services()
    tenant, learner_id, number = _links().read_answer(token, the.clock.wall())
    with the.db.read(tenant) as unit:
        learner = _read_by(unit, learner_id)
        view = answering.touch_view(unit, the.library, learner_id, number, i18n.language())
        scene = playing.scene(unit, the.library, learner, enrolment)
        if scene.enrolment.revealed_at is None or enrolment not in {asked.enrolment for asked in view.asked}:
            raise NotFound("page-unknown")
        text = reveal(scene.module, scene.acts, answering.answers_of(unit, enrolment), i18n.language())
        return render_template("links/reveal.html", text=text, title=scene.module.text("cover.title", i18n.language()),
                               onward=url_for("links.show", token=token), more=bool(view.left),
                               sources=the.library.pack(scene.enrolment.pack, scene.enrolment.version).manifest.sources)


@bp.post("/l/<token>/<action>")
def slow_down(token: str, action: str) -> Response:
    """Later, lighter, or as it is: what the answer page offers beside answering."""
    the = services()
    tenant, learner_id, number = _links().read_answer(token, the.clock.wall())
    with the.db.write(tenant) as unit:
        learner, now = _read_by(unit, learner_id), the.clock.now()
        if touch_of(unit, learner_id, number).state == "open":
            match action:
                case "later":
                    pausing.snooze(unit, the.library, learner, forms.number(request.form, "days"), now, the.rng)
                case "lighter":
                    pausing.lighten(unit, the.library, learner, now, the.rng)
                case "as-it-is":
                    pausing.carry_on(unit, the.library, learner, now, the.rng)
                case _:
                    raise NotFound("page-unknown")
            unit.commit()
    return redirect(url_for("links.show", token=token), 303)


@bp.get("/u/<token>")
def unsubscribe_page(token: str) -> str:
    """A button that stops the mails."""
    the = services()
    tenant, learner_id = _links().read_unsubscribe(token, the.clock.wall())
    with the.db.read(tenant) as unit:
        learner = _read_by(unit, learner_id)
        return render_template("links/unsubscribe.html", done=learner.channel != "mail", token=token)


@bp.post("/u/<token>")
def unsubscribe(token: str) -> str:
    """Stop the mails: pressed by the reader, or posted by their mail program (RFC 8058). Once or many times, all the same."""
    the = services()
    tenant, learner_id = _links().read_unsubscribe(token, the.clock.wall())
    with the.db.write(tenant) as unit:
        pausing.to_inbox(unit, _read_by(unit, learner_id))
        unit.commit()
    return render_template("links/unsubscribe.html", done=True, token=token)


def _page(token: str, wrong: Invalid | None = None, written: dict[str, str] | None = None) -> str:
    the = services()
    tenant, learner_id, number = _links().read_answer(token, the.clock.wall())
    with the.db.read(tenant) as unit:
        learner = _read_by(unit, learner_id)
        view = answering.touch_view(unit, the.library, learner_id, number, i18n.language())
        return render_template("answer/touch.html", view=view, action=url_for("links.answer", token=token), signed=True,
                               wrong=wrong, written=written or {}, snoozes=pausing.SNOOZES, learner=learner,
                               now=the.clock.now(), next_touch=planned_one(unit, learner_id), may_come=False, token=token)


def _links() -> Links:
    the = services()
    return Links(the.settings.secret_key, the.settings.base_url)


def _read_by(unit: Session, learner_id: str) -> Learner:
    """The learner the link was sent to; the page is served in their language and time zone."""
    learner = learner_of(unit, learner_id)
    i18n.read_by(learner.account.language, learner.zone)
    return learner
