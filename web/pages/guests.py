"""The page on which somebody without an account, whom a learner met, answers one question. Opening
it changes nothing; what was answered is not shown again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.journey import guests
from engine.journey.joining import held_learner, learner_of
from engine.values.errors import Invalid, Refused
from web.pages.player import said
from web.site import forms, language
from web.site.context import current_services
from web.site.links import Links
from web.site.unkept import may_hold_words

bp = Blueprint("guests", __name__)


@bp.get("/w/<token>")
def show(token: str) -> str:
    """Shows the question, or that nothing is asked any more."""
    return _page(token)


@bp.post("/w/<token>")
@may_hold_words
def answer(token: str) -> ResponseReturnValue:
    """Keeps the answer. What comes too late changes nothing, and the page says so."""
    tenant, learner, enrolment = _read(token)
    brought, late = forms.said(request.form), None
    try:
        with current_services().write(tenant) as work:
            guests.answer(work, held_learner(work.session, learner), enrolment, brought)
            work.commit()
    except Refused:
        late = 1
    except Invalid as wrong:
        if not wrong.field:
            raise
        return _page(token, wrong, dict(brought)), 422
    return redirect(url_for("guests.show", token=token, late=late), 303)


def _page(token: str, wrong: Invalid | None = None, written: dict[str, Any] | None = None) -> str:
    tenant, learner_id, enrolment = _read(token)
    with current_services().read(tenant) as work:
        learner = learner_of(work.session, learner_id)
        language.read_by(learner.account.language, learner.zone)
        here = guests.asked(work, learner, enrolment)
        return render_template(
            "links/guest.html",
            screen=here.screen,
            said=said(here.scene.module, here.screen, language.current()),
            token=token,
            late=request.args.get("late"),
            wrong=wrong,
            written=written or {},
        )


def _read(token: str) -> tuple[str, str, str]:
    services = current_services()
    return Links.of(services.settings).read_guest(token, services.clock.wall())
