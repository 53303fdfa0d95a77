"""The demo's own pages: entering as a person, moving time forward, reading a person's mails. Only
present in demo mode."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from engine.courses.members import enrol
from engine.journey.touches import open_one, planned_one
from engine.people.accounts import account_by_email, add_account
from engine.spacing.days import local_day, zone_of
from engine.storage.tables import Account, Course, Learner, Placement
from engine.values.errors import NotFound
from web import worker
from web.demo.clock import DemoClock
from web.demo.mailbox import mail_of, mails_of
from web.demo.people import COMPANION, FACILITATOR, LEARNER, address
from web.demo.running import bent
from web.demo.seed import TENANT
from web.demo.tables import GAME
from web.pages.account import sign_person_in
from web.pages.front import home_of
from web.services import Services
from web.site import language
from web.site.context import Person, current_services, person
from web.site.credentials import who
from web.site.reasons import PageUnknown
from web.site.security import loosen

bp = Blueprint("demo", __name__)
PERSONAS = {"learner": LEARNER, "companion": COMPANION, "facilitator": FACILITATOR}
WAKING = time(8, 0)
TRIES = 5
"""How many times « to my next question » moves to the planned touch, which may change then."""


@dataclass(frozen=True)
class Banner:
    """What every page shows of the demo: learning time, and whether it is running."""

    clock: DemoClock

    @property
    def now(self) -> datetime:
        """Learning time."""
        return self.clock.now()

    @property
    def running(self) -> bool:
        """Whether time is running; checked when a page shows it, since a question or an answer may
        have come since the last beat."""
        return not self.clock.waits()


@bp.app_context_processor
def banner() -> dict[str, Any]:
    """The ``demo`` variable of every template."""
    return {"demo": Banner(bent(current_services()))}


@bp.post("/demo/enter/<persona>")
def enter(persona: str) -> Response:
    """Signs in as one of the people a visitor can be, switching that person to the visitor's
    language."""
    if persona not in PERSONAS:
        raise NotFound(PageUnknown())
    with current_services().write(TENANT) as work:
        account = account_by_email(work.session, address(PERSONAS[persona])) or _invited_again(
            work.session, persona
        )
        account.language = language.current()
        work.commit()
    somebody = who(current_services(), (TENANT, account.id, account.epoch))
    sign_person_in(somebody)
    return redirect(url_for(home_of(somebody)), 303)


@bp.get("/demo/two")
def two() -> str:
    """Shows how one person sees a table from two seats: two windows, each with a session of its
    own, since cookies are kept apart for the two names of this machine."""
    here = urlsplit(request.host_url)
    other = "127.0.0.1" if here.hostname == "localhost" else "localhost"
    there = f"{here.scheme}://{other}:{here.port or 80}{url_for('demo.second')}"
    with current_services().read(TENANT) as work:
        placed = work.session.scalars(select(Placement).where(Placement.module == GAME)).first()
        title = (
            work.library.module(placed.pack, placed.version, GAME).text(
                "cover.title", language.current()
            )
            if placed
            else None
        )
    return render_template("demo/two.html", there=there, game=title)


@bp.get("/demo/second")
def second() -> str:
    """The second window, before somebody enters it."""
    return render_template("demo/second.html", name=COMPANION.title())


def _invited_again(unit: Session, persona: str) -> Account:
    """The learner, invited again after having been forgotten. Raises ``NotFound`` for anybody else,
    or if there is no course."""
    services, course = (
        current_services(),
        unit.scalars(select(Course).order_by(Course.slug)).first(),
    )
    if persona != "learner" or course is None:
        raise NotFound(PageUnknown())
    now = services.clock.now()
    account = add_account(
        unit, address(LEARNER), LEARNER.title(), "learner", language.current(), now
    )
    enrol(unit, course, account, now)
    return account


@bp.post("/demo/next-day")
def next_day() -> Response:
    """Moves to the next morning in the visitor's time zone, but no further than a question that
    falls due before, or the moment when something may be announced."""
    services, me = current_services(), _me()
    zone = zone_of(me.zone or services.settings.time_zone)
    morning = datetime.combine(
        local_day(services.clock.now(), zone) + timedelta(days=1), WAKING, zone
    )
    with services.read(me.tenant) as work:
        planned, learner = (
            planned_one(work.session, me.id),
            work.session.get(Learner, (me.tenant, me.id)),
        )
        stops = [morning, *([planned.due_at] if planned else [])]
        if learner and learner.announce_at and learner.announce_at > work.now:
            stops.append(learner.announce_at)
    _move_to(services, min(stops))
    return redirect(url_for(home_of(me)), 303)


@bp.post("/demo/next-question")
def next_prompt() -> Response:
    """Moves to the moment when the visitor's next question falls due, and opens it."""
    services, me = current_services(), _me()
    for _again in range(TRIES):
        with services.read(me.tenant) as work:
            opened, planned = open_one(work, me.id), planned_one(work.session, me.id)
        if opened is not None:
            return redirect(url_for("answer.show", number=opened.number), 303)
        if planned is None:
            break
        _move_to(services, planned.due_at)
    flash(
        _(
            "No question is planned for you at the moment. Live an experience: the first "
            "comes the day after."
        ),
        "note",
    )
    return redirect(url_for(home_of(me)), 303)


@bp.get("/demo/mailbox")
def mailbox() -> str:
    """Lists this person's mails, latest first."""
    return render_template(
        "demo/mailbox.html", mails=mails_of(current_services().settings.maildir, _me().email)
    )


@bp.get("/demo/mail/<mail_id>")
@loosen(style_src="'self' 'unsafe-inline'")
def mail(mail_id: str) -> str:
    """Shows one mail as its reader sees it, in a sandbox that runs no scripts; its styles are
    inline, as in every mail."""
    return render_template(
        "demo/mail.html", mail=mail_of(current_services().settings.maildir, _me().email, mail_id)
    )


def _move_to(services: Services, when: datetime) -> None:
    """Moves learning time, does everything due by then, and stops time if that asks the visitor
    something."""
    bent(services).jump_to(when)
    worker.tick(services)
    bent(services).beat()


def _me() -> Person:
    me = person()
    if me is None or me.tenant != TENANT:
        raise NotFound(PageUnknown())
    return me
