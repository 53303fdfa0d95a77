"""The preview of a pack: plays its modules in a browser, from the current state of the folder. No
account, no database, no cookie.

The acts so far are in the address (``?kept.act=choice%3Dines&kept.act=…``), so that the author can
edit, reload, and still be at the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, g, render_template, request
from werkzeug.datastructures import MultiDict

from engine.debrief.compose import compose
from engine.debrief.reveal import reveal
from engine.debrief.values import Question
from engine.debrief.words import Story
from engine.forms.base import Said
from engine.packs.activities.base import ALONE, Acts
from engine.packs.arcs import Stage, arcs
from engine.packs.lint import report
from engine.packs.model import Module, Pack
from engine.packs.prompts.base import PromptKind
from engine.packs.read import read_folder
from engine.values.errors import Invalid
from engine.values.faults import Fault, Faults
from engine.values.languages import LANGUAGES
from web.pages.player import IMAGES, said
from web.pages.rehearsal import as_far_as_possible, next_act, samples, seen, wait, written
from web.site import app as pages
from web.site import errors, forms, language, security
from web.words.i18n import OWN_NAMES
from web.words.sentences import TERMS

bp = Blueprint("front", __name__)
"""Has the name of the site's front page blueprint, since the layout and the error pages link to
it."""
FOLDER = "relecture-pack"
ACT = "kept.act"
"""The parameter of what was done so far; no field has a dot in its name, and one is called act."""
ADDRESS = ("lang", ACT)
"""The parameters of a preview address, besides the form fields of its screen."""


@dataclass(frozen=True)
class Reading:
    """The folder at the time of this request: the pack (None if it cannot be read), every fault,
    and minutes by module and language."""

    pack: Pack | None
    faults: tuple[Fault, ...]
    minutes: Mapping[str, Mapping[str, float]]

    def playable(self, module: Module) -> bool:
        """Whether its activity leads from a start to an end."""
        return module.id in self.minutes


@dataclass(frozen=True)
class Asked:
    """One prompt after a play: each wording that this play can fill in, and the numbers of those it
    cannot."""

    prompt: PromptKind
    wordings: tuple[Question, ...]
    elsewhere: tuple[int, ...]


def create_app(folder: Path) -> Flask:
    """A WSGI app that plays the pack in ``folder``, for this machine alone."""
    app = Flask("web", root_path=str(Path(__file__).parents[1]))
    app.extensions[FOLDER] = folder
    pages.configure_templates(app)
    language.init(app)
    errors.init(app)
    app.before_request(_welcome)
    app.after_request(security.set_headers)
    app.context_processor(lambda: pages.in_every_page() | {"languages": {}, "own_names": OWN_NAMES})
    app.register_blueprint(bp)
    return app


def _welcome() -> None:
    """Runs before each request: nobody is signed in, and the language is that of the address or
    else the browser's. Responds 400 to any host name but this machine's: a site whose name is made
    to point here must not be able to read a draft."""
    g.person = None
    wished = request.args.get("lang")
    language.read_by(
        wished
        if wished in LANGUAGES
        else request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0],
        "UTC",
    )
    if request.host.partition(":")[0] not in ("127.0.0.1", "localhost"):
        abort(400)


@bp.get("/")
def index() -> str:
    """Shows the modules of the pack, and every fault."""
    return render_template("preview/index.html", reading=_read(), acts=())


@bp.get("/modules/<module_id>")
def play(module_id: str) -> str:
    """Shows one screen of a module; at the end, its whole debrief as filled in by this play."""
    reading, lang = _read(), language.current()
    module = _module(reading, module_id)
    if module is None:
        return render_template("preview/index.html", reading=reading, acts=())
    wished, brought, wrong = request.args.getlist(ACT), _brought(), None
    acts = as_far_as_possible(module, wished)
    cut = len(acts) != len(wished)
    if brought and not cut:
        try:
            acts = (*acts, next_act(module, acts, brought))
        except Invalid as refused:
            wrong = refused
    screen, waits = seen(module, acts), wait(module, acts)
    debrief = (
        {
            "asked": after(module, acts, lang),
            "reveal": reveal(module, acts, ALONE, samples(module), lang),
            "quotes": Story(module, acts, ALONE, lang).known({}),
        }
        if screen.finished
        else None
    )
    return render_template(
        "preview/play.html",
        reading=reading,
        module=module,
        acts=[written(act.said) for act in acts],
        cut=cut,
        wrong=wrong,
        written=brought if wrong else {},
        screen=screen,
        way=module.spec.activity.way(acts, ALONE),
        waits=waits,
        said=said(module, screen, lang) | (said(module, waits, lang) if waits else {}),
        debrief=debrief,
        arc=arcs().get(module.spec.debrief.arc),
        terms=TERMS["stage"],
        asking=TERMS["asking"],
        image=lambda name: f"/modules/{module_id}/{name}" if name in module.images else None,
    )


@bp.get("/modules/<module_id>/<name>")
def image(module_id: str, name: str) -> Response:
    """Serves an image of a module."""
    module = _module(_read(), module_id)
    if module is None or name not in module.images:
        abort(404)
    return Response(module.images[name], mimetype=IMAGES[name.rpartition(".")[2]])


def _brought() -> Said:
    """The form fields just submitted from the previous screen."""
    fresh = MultiDict((k, v) for k, v in request.args.items(multi=True) if k not in ADDRESS)
    return forms.said(fresh)


def after(module: Module, acts: Acts, lang: str) -> list[tuple[Stage, list[Asked]]]:
    """The debrief of this play, stage by stage in the order of the arc; an unknown arc or takeaway
    is ignored here and reported as a fault."""
    arc = arcs().get(module.spec.debrief.arc)
    known = [takeaway.id for takeaway in module.spec.takeaways]
    prompts = [p for p in module.spec.debrief.prompts if p.recalls is None or p.recalls in known]
    return [
        (stage, [_asked(module, p, acts, lang) for p in prompts if p.stage == stage.id])
        for stage in (arc.stages if arc else ())
    ]


def _asked(module: Module, prompt: PromptKind, acts: Acts, lang: str) -> Asked:
    turns, story = range(1, prompt.variants + 1), Story(module, acts, ALONE, lang)
    wordings = {
        q.variant: q for turn in turns for q in [compose(story, prompt, turn, samples(module))]
    }
    return Asked(
        prompt,
        tuple(wordings[n] for n in sorted(wordings)),
        tuple(n for n in turns if n not in wordings),
    )


def _read() -> Reading:
    try:
        return _judge(tuple(sorted(read_folder(current_app.extensions[FOLDER]).items())))
    except Faults as unreadable:
        return Reading(None, unreadable.faults, {})


@lru_cache(maxsize=2)
def _judge(contents: tuple[tuple[str, bytes], ...]) -> Reading:
    """Reads and checks these files. Cached until one of them changes, since checking a large pack
    takes a moment."""
    found = report(dict(contents))
    return Reading(found.pack, found.faults, found.minutes)


def _module(reading: Reading, module_id: str) -> Module | None:
    """The module, or None if faults prevent reading it. Responds 404 if a readable pack does not
    contain it."""
    if reading.pack is None:
        return None
    module = reading.pack.modules.get(module_id)
    if module is None:
        abort(404)
    return module if reading.playable(module) else None
