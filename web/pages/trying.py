"""A course tried by whoever runs it: an experience and its whole debrief, day by day, as a learner
lives them, with the mail of each question. Not a row is written, nor a word in an address: what was
chosen and said so far is in the page, which sends it along with the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from engine.courses.slotting import placements_of
from engine.debrief.reveal import reveal
from engine.debrief.words import Story
from engine.forms.base import Said
from engine.journey.sharing import TICK
from engine.journey.showing import AskedPrompt, ShownTouch, TouchView
from engine.packs.activities.base import ALONE, Acts, Screen
from engine.packs.arcs import arcs
from engine.packs.model import Module, Pack
from engine.packs.prompts.base import Answer, PromptKind
from engine.packs.reasons import ModuleUnknown
from engine.spacing.reasons import StageReached
from engine.storage.tables import Course
from engine.values.errors import Invalid, NotFound
from web.mails.letters import Addressed, Letters
from web.pages.player import IMAGES, said
from web.pages.rehearsal import (
    as_far_as_possible,
    brought,
    next_act,
    samples,
    seen,
    wait,
    written,
)
from web.site import forms, language
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown
from web.site.security import allow, keep_when_going_back
from web.words.sentences import TERMS

bp = Blueprint("trying", __name__, url_prefix="/courses/<slug>/try/<pack>/<module>")
ACT, ANSWER, AT_STOP, GO = "kept.act", "kept.answer", "kept.at", "kept.go"
"""The names under which a page sends along what was chosen, what was answered, how far along the
road it is, and what to do next; no field of a pack has a dot in its name."""
Page = str | tuple[str, int]
OPEN_FOR = timedelta(days=7)
"""How long the mails say that a question can be answered."""


@dataclass(frozen=True)
class Stop:
    """One stop of the road after an experience: a question, or (``prompt`` None) the reveal.
    ``day`` counts from the end of the experience."""

    day: int
    stage: str
    prompt: PromptKind | None = None


@dataclass(frozen=True)
class Tried:
    """How far somebody has come. ``at`` is the number of the stop (0: the experience itself)."""

    acts: Acts
    answers: Mapping[str, Answer] = field(default_factory=dict)
    at: int = 0

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the page sends along, as names and values of hidden fields."""
        given = [f"{prompt}?{written(answer)}" for prompt, answer in self.answers.items()]
        return [
            *((ACT, written(act.said)) for act in self.acts),
            *((ANSWER, one) for one in given),
            (AT_STOP, str(self.at)),
        ]


@bp.get("")
@facilitator_required
def begin(me: Person, slug: str, pack: str, module: str) -> Page:
    """Shows the first screen of an experience."""
    return _page(_found(me, slug, pack, module), MultiDict())


@bp.post("")
@facilitator_required
@keep_when_going_back
def go_on(me: Person, slug: str, pack: str, module: str) -> Page:
    """Shows what follows the choice or the answer that is sent, or the mail of a question."""
    return _page(_found(me, slug, pack, module), request.form)


@bp.get("/<name>")
@facilitator_required
def image(me: Person, slug: str, pack: str, module: str, name: str) -> Response:
    """Serves an image of the experience."""
    here = _found(me, slug, pack, module)
    data = here.module.images.get(name)
    if data is None:
        raise NotFound(PageUnknown())
    return Response(data, mimetype=IMAGES[name.rpartition(".")[2].lower()])


@dataclass(frozen=True)
class _Here:
    """What is tried: an experience in the version that learners of the course would begin."""

    course: Course
    pack: Pack
    module: Module

    @property
    def address(self) -> str:
        """Where it is tried."""
        return url_for(
            "trying.begin", slug=self.course.slug, pack=self.pack.id, module=self.module.id
        )


def _found(me: Person, slug: str, pack: str, module: str) -> _Here:
    """The experience as it is placed in the course, else as the newest installed pack has it.
    Raises ``NotFound``."""
    with current_services().read(me.tenant) as work:
        course = own_course(work.session, me, slug)
        found = _placed(work.session, course, pack, module) or _newest(pack)
    if found is None or module not in found.modules:
        raise NotFound(ModuleUnknown(module=f"{pack}/{module}"))
    return _Here(course, found, found.modules[module])


def _placed(unit: Session, course: Course, pack: str, module: str) -> Pack | None:
    for row in placements_of(unit, course):
        if (row.pack, row.module) == (pack, module):
            return current_services().library.pack(row.pack, row.version)
    return None


def _newest(pack: str) -> Pack | None:
    return next((one for one in current_services().library.newest() if one.id == pack), None)


def road(module: Module) -> tuple[Stop, ...]:
    """Every stop of the debrief, in the order of its arc; the reveal follows its stage."""
    arc, stops = arcs()[module.spec.debrief.arc], list[Stop]()
    for stage in arc.stages:
        prompts = (p for p in module.spec.debrief.prompts if p.stage == stage.id)
        stops += [Stop(stage.day, stage.id, prompt) for prompt in prompts]
        if stage.id == arc.reveal_after:
            stops.append(Stop(stage.day, stage.id))
    return tuple(stops)


def _read(here: _Here, form: forms.Form, stops: tuple[Stop, ...]) -> Tried:
    """What the page sent along, as far as it can still have happened."""
    acts = as_far_as_possible(here.module, form.getlist(ACT))
    answers: dict[str, Answer] = {}
    for one in form.getlist(ANSWER):
        name, _, fields = one.partition("?")
        prompt = here.module.spec.prompt(name)
        if prompt is not None:
            answers[name] = prompt.form().parse(brought(fields))
    at = form.get(AT_STOP, "0")
    place = min(int(at), len(stops) + 1) if at.isascii() and at.isdigit() and len(at) < 4 else 0
    return Tried(acts, answers, place)


def _fresh(form: forms.Form, screen: Screen) -> Said:
    """The fields that the reader has just filled in, without what the page sent along: a question
    says beside its own fields which one it is."""
    asks = (TICK, "enrolment", "prompt", "occurrence") if screen.finished else ()
    ours = (ACT, ANSWER, AT_STOP, GO, "csrf_token", *asks)
    return forms.said(MultiDict((k, v) for k, v in form.items(multi=True) if k not in ours))


def _page(here: _Here, form: forms.Form) -> Page:
    stops = road(here.module)
    tried, wrong = _read(here, form, stops), None
    screen = _screen(here, tried)
    fresh = _fresh(form, screen)
    try:
        if form.get(GO) == "on":
            tried = replace(tried, at=tried.at + 1)
        elif fresh and not screen.finished:
            tried = replace(tried, acts=(*tried.acts, next_act(here.module, tried.acts, fresh)))
        elif fresh and 0 < tried.at <= len(stops):
            tried = _answered(tried, stops[tried.at - 1], fresh)
    except Invalid as refused:
        wrong = refused
    screen = _screen(here, tried)
    if not screen.finished or tried.at == 0:
        return _story(here, tried, screen, stops, wrong), 422 if wrong else 200
    if tried.at > len(stops):
        back = replace(tried, at=tried.at - 1).carried
        return render_template("trying/end.html", here=here, back=back)
    stop = stops[tried.at - 1]
    if stop.prompt is None:
        return _reveal(here, tried, stop)
    asked = _asked(here, tried, stop, stop.prompt)
    if form.get(GO) == "mail":
        return _mail(here, tried, asked)
    return _question(here, tried, stop, asked, wrong, fresh), 422 if wrong else 200


def _screen(here: _Here, tried: Tried) -> Screen:
    return seen(here.module, tried.acts)


def _answered(tried: Tried, stop: Stop, fresh: Said) -> Tried:
    if stop.prompt is None:
        return tried
    content = stop.prompt.form().parse(fresh)
    return replace(tried, answers={**tried.answers, stop.prompt.id: content}, at=tried.at + 1)


def _story(
    here: _Here, tried: Tried, screen: Screen, stops: tuple[Stop, ...], wrong: Invalid | None
) -> str:
    waits, lang = wait(here.module, tried.acts), language.current()
    return render_template(
        "trying/play.html",
        waits=waits,
        here=here,
        tried=replace(tried, at=0),
        back=replace(tried, acts=tried.acts[:-1], answers={}, at=0).carried if tried.acts else None,
        screen=screen,
        way=here.module.spec.activity.way(tried.acts, ALONE),
        said=said(here.module, screen, lang) | (said(here.module, waits, lang) if waits else {}),
        image=lambda name: f"{here.address}/{name}" if name in here.module.images else None,
        wrong=wrong,
        written=_fresh(request.form, screen) if wrong else {},
        first=stops[0],
    )


def _asked(here: _Here, tried: Tried, stop: Stop, prompt: PromptKind) -> AskedPrompt:
    """The question as it is asked the first time. Brackets stand for what was not answered."""
    story = Story(here.module, tried.acts, ALONE, language.current())
    why = (StageReached(stage=stop.stage, day=stop.day),)
    before = {**samples(here.module), **tried.answers}
    return AskedPrompt("", prompt.id, 1, story, prompt, before, prompt.minutes, why, None)


def _question(
    here: _Here, tried: Tried, stop: Stop, asked: AskedPrompt, wrong: Invalid | None, fresh: Said
) -> str:
    own = tried.answers.get(asked.prompt)
    return render_template(
        "trying/question.html",
        here=here,
        tried=tried,
        stop=stop,
        stage=gettext(str(TERMS["stage"].get(stop.stage, stop.stage))),
        asked=asked,
        back=replace(tried, at=tried.at - 1).carried,
        wrong=wrong,
        written=fresh if wrong else forms.as_written(own) if own else {},
    )


def _reveal(here: _Here, tried: Tried, stop: Stop) -> str:
    lang, given = language.current(), {**samples(here.module), **tried.answers}
    return render_template(
        "trying/reveal.html",
        here=here,
        tried=tried,
        stop=stop,
        back=replace(tried, at=tried.at - 1).carried,
        text=reveal(here.module, tried.acts, ALONE, given, lang),
        takeaways=[here.module.text(t.string, lang) for t in here.module.spec.takeaways],
    )


def _mail(here: _Here, tried: Tried, asked: AskedPrompt) -> str:
    """The mail of a question, as it would be sent; its links lead nowhere."""
    services, lang = current_services(), language.current()
    allow(style_src="'self' 'unsafe-inline'")  # a mail has its styles inline
    until = services.clock.now() + OPEN_FOR
    touch = ShownTouch(1, "prompts", "open", until, asked.minutes)
    site, zone = services.settings.base_url, services.settings.time_zone
    whom = Addressed("", lang, zone, f"{site}/l/…", f"{site}/u/…")
    message = Letters(services.settings).of_view(TouchView(touch, (asked,)), whom)
    sender = services.settings.mail_from
    return render_template("trying/mail.html", here=here, tried=tried, mail=message, sender=sender)
