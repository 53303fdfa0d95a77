"""A facilitator lives an experience of a course as a learner would, and sees what is asked
afterwards. Nothing is kept: the acts so far are in the address."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from engine.courses.slotting import placements_of
from engine.debrief.reveal import reveal
from engine.debrief.words import Story
from engine.packs.activities.base import ALONE
from engine.packs.arcs import arcs
from engine.packs.model import Module
from engine.values.errors import Invalid, NotFound
from web.pages.player import IMAGES, said
from web.pages.preview import AT, after, as_far_as_possible, next_act, samples, written
from web.site import forms, language
from web.site.context import Person, current_services
from web.site.guards import facilitator_required, own_course
from web.site.reasons import PageUnknown
from web.site.security import keep_for_a_day
from web.words.sentences import TERMS

bp = Blueprint("trying", __name__)


@bp.get("/courses/<slug>/try/<section>")
@facilitator_required
def play(me: Person, slug: str, section: str) -> str:
    """One screen of the experience placed in that section; at its end, its whole debrief."""
    module, lang = _module(me, slug, section), language.current()
    acts, wrong = as_far_as_possible(module, request.args.getlist("act")), None
    fresh = MultiDict((k, v) for k, v in request.args.items(multi=True) if k != "act")
    brought = forms.said(fresh)
    if brought:
        try:
            acts = (*acts, next_act(module, acts, brought))
        except Invalid as refused:
            wrong = refused
    screen = module.spec.activity.screen(acts, ALONE, AT)
    debrief = None
    if screen.finished:
        debrief = {
            "asked": after(module, acts, lang),
            "reveal": reveal(module, acts, ALONE, samples(module), lang),
            "quotes": Story(module, acts, ALONE, lang).known({}),
        }
    return render_template(
        "facilitator/trying.html",
        slug=slug,
        section=section,
        module=module,
        acts=[written(act) for act in acts],
        wrong=wrong,
        written=brought if wrong else {},
        screen=screen,
        said=said(module, screen, lang),
        debrief=debrief,
        arc=arcs().get(module.spec.debrief.arc),
        terms=TERMS["stage"],
        asking=TERMS["asking"],
        image=lambda name: (
            url_for("trying.image", slug=slug, section=section, name=name)
            if name in module.images
            else None
        ),
    )


@bp.get("/courses/<slug>/try/<section>/<name>")
@keep_for_a_day
@facilitator_required
def image(me: Person, slug: str, section: str, name: str) -> Response:
    """Serves an image of the experience."""
    module = _module(me, slug, section)
    if name not in module.images:
        abort(404)
    return Response(module.images[name], mimetype=IMAGES[name.rpartition(".")[2]])


def _module(me: Person, slug: str, section: str) -> Module:
    """The module placed in that section. Raises ``NotFound``."""
    with current_services().read(me.tenant) as work:
        for row in placements_of(work.session, own_course(work.session, me, slug)):
            if row.section == section:
                return work.library.module(row.pack, row.version, row.module)
    raise NotFound(PageUnknown())
