"""The player: shows one screen of an experience at a time and saves every act, even if the browser
sends it twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.lists import format_list
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.debrief.reveal import reveal
from engine.journey import playing, rereading, showing, tables, taking_back
from engine.journey.joining import held_learner, learner_of
from engine.journey.reasons import TableWentOn
from engine.journey.touches import open_one, planned_one
from engine.packs.activities.base import Screen
from engine.packs.activities.together import GATHERING
from engine.packs.model import Module
from engine.packs.texts import fill
from engine.storage.work import Work
from engine.values.errors import Conflict, Invalid, Refused
from engine.values.reasons import Reason
from web.site import drafts, forms, language, unkept
from web.site.context import Person, current_services
from web.site.guards import joined_required
from web.site.links import Links
from web.site.security import keep_for_a_day
from web.site.unkept import may_hold_words

bp = Blueprint("player", __name__)
IMAGES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}


@bp.post("/courses/<course>/<section>/begin")
@joined_required
def begin(me: Person, course: str, section: str) -> AnyResponse:
    """Begins the experience of a section, or resumes it; one for several asks first with whom."""
    services = current_services()
    with services.write(me.tenant) as work:
        learner = held_learner(work.session, me.id)
        if tables.ways(work, learner, course, section):
            return redirect(url_for("tables.ways", course=course, section=section), 303)
        enrolment = playing.begin(work, learner, course, section)
        work.commit()
        return redirect(url_for("player.show", enrolment=enrolment.id), 303)


@bp.get("/experience/<enrolment>")
@joined_required
def show(me: Person, enrolment: str) -> str:
    """Shows the learner's current screen."""
    return _page(me, enrolment, late=request.args.get("late"))


@bp.post("/experience/<enrolment>")
@joined_required
@may_hold_words
def act(me: Person, enrolment: str) -> AnyResponse | tuple[str, int]:
    """Stores the learner's act on a screen. If another tab, or a page they went back from, has
    already stored one, that one stands and the page says so; as it does if a table has gone on,
    and what was written for it is in its place again. What the form itself refuses is said on it,
    and nothing that was written is lost."""
    services = current_services()
    number, brought, late = forms.number(request.form, "number"), forms.said(request.form), None
    wrong: Invalid | None = None
    with services.write(me.tenant) as work:
        learner, step = held_learner(work.session, me.id), request.form.get("step", "")
        try:
            playing.act(work, learner, enrolment, number, brought, step)
        except Conflict as told:
            late = 2 if isinstance(told.reason, TableWentOn) else 1
        except Invalid as refused:
            if not refused.field:
                raise
            wrong = refused
        work.commit()
    if wrong:
        return _page(me, enrolment, wrong=wrong, written=brought), 422
    unkept.forget()
    return redirect(url_for("player.show", enrolment=enrolment, late=late, _anchor="now"), 303)


@bp.get("/experience/<enrolment>/back")
@joined_required
def taken_back(me: Person, enrolment: str) -> AnyResponse:
    """Redirects to the experience when the page of a choice taken back is requested again."""
    with current_services().read(me.tenant) as work:
        playing.scene(work, held_learner(work.session, me.id), enrolment)
    return redirect(url_for("player.show", enrolment=enrolment), 303)


@bp.post("/experience/<enrolment>/back")
@joined_required
def take_back(me: Person, enrolment: str) -> AnyResponse:
    """Takes back a choice made by mistake. If the story has gone on in another tab, the page says
    so."""
    services, late = current_services(), None
    with services.write(me.tenant) as work:
        learner = held_learner(work.session, me.id)
        playing.scene(work, learner, enrolment)  # somebody else's is not found, whatever is sent
        try:
            taking_back.take_back(work, learner, enrolment, forms.number(request.form, "act"))
        except Refused:
            late = 1
        work.commit()
    return redirect(url_for("player.show", enrolment=enrolment, late=late, _anchor="now"), 303)


@bp.get("/experience/<enrolment>/reveal")
@joined_required
def revealed(me: Person, enrolment: str) -> str:
    """Shows the reveal of an experience, once it is open. Where nothing more is asked before it, a
    learner who never answered chooses first: answer now, or read it now."""
    services, lang = current_services(), language.current()
    with services.read(me.tenant) as work:
        scene = playing.scene(work, held_learner(work.session, me.id), enrolment)
        if scene.enrolment.revealed_at is None:
            return _before_reveal(work, me, scene)
        stored = showing.given_to(work.session, enrolment)
        given = {one.prompt: one.content for one in stored}
        text = reveal(scene.module, scene.acts, scene.enrolment.seat, given, lang)
        takeaways = [scene.module.text(t.string, lang) for t in scene.module.spec.takeaways]
        return render_template(
            "learner/reveal.html",
            scene=scene,
            text=text,
            takeaways=takeaways,
            title=scene.module.text("cover.title", lang),
            open_touch=open_one(work, me.id),
            kept_drafts=drafts.of(enrolment, stored),
            sources=services.library.pack(
                scene.enrolment.pack, scene.enrolment.version
            ).manifest.sources,
        )


@bp.post("/experience/<enrolment>/reveal")
@joined_required
def read_now(me: Person, enrolment: str) -> AnyResponse:
    """Names the experience to a learner who chose to read it without answering first."""
    with current_services().write(me.tenant) as work:
        rereading.read_reveal(work, learner_of(work.session, me.id), enrolment)
        work.commit()
    return redirect(url_for("player.revealed", enrolment=enrolment), 303)


def _page(
    me: Person,
    enrolment: str,
    late: str | None = None,
    wrong: Invalid | None = None,
    written: Mapping[str, Any] | None = None,
) -> str:
    """The page of the current screen; with what was ``wrong`` about what was ``written``, in its
    place."""
    services = current_services()
    with services.read(me.tenant) as work:
        learner = held_learner(work.session, me.id)
        scene = playing.scene(work, learner, enrolment)
        last = taking_back.may_take_back(work, learner, scene)
        several, over = bool(scene.module.spec.activity.seats), scene.screen.finished
        words = said(scene.module, scene.screen, language.current())
        return render_template(
            "learner/gathering.html" if scene.screen.key == GATHERING else "learner/player.html",
            tag=tables.tag(work, me.id, enrolment) if several else "",
            tells=several and tables.tells(work, learner, enrolment),
            names_of=lambda seats: _names(words, scene.screen, seats),
            scene=scene,
            left=_left(scene.screen, work),
            way=scene.module.spec.activity.way(scene.acts, scene.enrolment.seat),
            last=last,
            last_words=_last_choice(scene, language.current()) if last else (),
            said=words,
            guest_link=_guest_link(work, me, scene),
            image=_image(scene),
            late=late,
            wrong=wrong,
            written=unkept.put_back(enrolment, str(scene.number)) if written is None else written,
            open_touch=open_one(work, me.id) if over else None,
            next_touch=planned_one(work.session, me.id) if over else None,
        )


def _left(screen: Screen, work: Work) -> int | None:
    """The whole seconds that are left of a step that lasts a while."""
    if screen.until is None or not screen.lasts:
        return None
    return max(0, int((screen.until - work.now).total_seconds()))


def _guest_link(work: Work, me: Person, scene: playing.Scene) -> str | None:
    """The address where somebody whom the learner met may answer, while they may."""
    if scene.screen.guest is None:
        return None
    links = Links.of(current_services().settings)
    return links.guest(me.tenant, me.id, scene.enrolment.id, work.wall)


def _before_reveal(work: Work, me: Person, scene: playing.Scene) -> str:
    offer = rereading.offers(work, learner_of(work.session, me.id)).get(scene.enrolment.id)
    if offer is None or not offer.readable:
        abort(404)
    return render_template(
        "learner/before_reveal.html",
        enrolment=scene.enrolment.id,
        title=scene.module.text("cover.title", language.current()),
        prompts=offer.prompts,
        open_touch=open_one(work, me.id),
    )


@bp.get("/packs/<pack>/<version>/<module>/<name>")
@joined_required
@keep_for_a_day
def image(me: Person, pack: str, version: str, module: str, name: str) -> Response:
    """Serves an image of an installed module."""
    data = current_services().library.module(pack, version, module).images.get(name)
    if data is None:
        abort(404)
    return Response(data, mimetype=IMAGES[name.rpartition(".")[2].lower()])


def _last_choice(scene: playing.Scene, lang: str) -> list[str | Reason]:
    """What the last act said, in words: Markdown, or a ``Reason``. What was left empty is not
    said."""
    before, last = scene.acts[:-1], scene.acts[-1]
    screen = scene.module.spec.activity.screen(before, last.seat, last.at)
    said = screen.form.words(last.said, scene.module.strings(lang), lang)
    return [fill(one, screen.values) if isinstance(one, str) else one for one in said if one]


def _image(scene: playing.Scene) -> Callable[[str], str | None]:
    """Returns a function that gives the address of an image of the module."""
    here = scene.enrolment
    return lambda name: (
        url_for("player.image", pack=here.pack, version=here.version, module=here.module, name=name)
        if name in scene.module.images
        else None
    )


def said(module: Module, screen: Screen, lang: str) -> dict[str, str]:
    """The Markdown of every string on the screen, and of the title on the cover, by string id, with
    placeholders filled."""
    ids = (*screen.strings(), "cover.title")
    words = {s: fill(module.text(s, lang), screen.values) for s in ids}
    return words | {g.label: _gauge(module.text(g.label, lang), g.value) for g in screen.gauges}


def _names(words: Mapping[str, str], screen: Screen, seats: Iterable[int]) -> str:
    """The names of these seats, as a list in a sentence."""
    return format_list([words[screen.seats[seat]] for seat in seats], locale=language.current())


def _gauge(text: str, value: int) -> str:
    """What a gauge says, its number standing out."""
    plain = "**" in text  # its author has already chosen what stands out
    return fill(text, {"value": str(value) if plain else f"**{value}**"})
