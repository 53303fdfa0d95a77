"""Which format? A small form, two or three kinds of experience with their reasons, and one of each
to live at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from engine.packs.base import Aim
from engine.packs.formats import MEANS, Suggestion, Wanted, example, suggest
from engine.packs.model import Module
from engine.storage.tables import Course
from web.site.context import Person, current_services
from web.site.guards import courses_or_packs_required, own_courses
from web.words.sentences import TERMS

bp = Blueprint("formats", __name__, url_prefix="/formats")
AIMS: tuple[Aim, ...] = get_args(Aim)
USUAL = Wanted("balance", 20, 12, "room", 2)
"""What the form holds at first."""
BOUNDS = {"minutes": (1, 600), "people": (1, 1_000), "maturity": (1, 4)}


@dataclass(frozen=True)
class Shown:
    """A kind, and where the ``module`` that shows it can be lived at once: nowhere (None) for who
    leads no course."""

    suggestion: Suggestion
    module: Module | None
    address: str | None


@bp.get("")
@courses_or_packs_required
def show(me: Person) -> str:
    """Shows the form, and what is advised for what was filled in."""
    wanted = _wanted() if request.args else None
    return render_template(
        "facilitator/formats.html",
        wanted=wanted or USUAL,
        shown=_shown(me, wanted) if wanted else (),
        aims=_terms("aims", AIMS),
        means=_terms("means", MEANS),
        kinds=dict(_terms("kind", TERMS["kind"])),
        bounds=BOUNDS,
    )


def _terms(vocabulary: str, ids: Iterable[str]) -> list[tuple[str, str]]:
    """Ids with their words."""
    return [(id, gettext(TERMS[vocabulary][id])) for id in ids]


def _wanted() -> Wanted:
    """What the address asks for; the usual, where it says nothing that can be."""
    aim, means = request.args.get("aim"), request.args.get("means")
    return Wanted(
        aim if aim in AIMS else USUAL.aim,
        _number("minutes", USUAL.minutes),
        _number("people", USUAL.people),
        means if means in MEANS else USUAL.means,
        _number("maturity", USUAL.maturity),
    )


def _number(name: str, usual: int) -> int:
    text, (least, most) = request.args.get(name, ""), BOUNDS[name]
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return usual
    return max(least, min(most, int(text)))


def _shown(me: Person, wanted: Wanted) -> list[Shown]:
    services = current_services()
    course = None
    if me.facilitates:
        with services.read(me.tenant) as work:
            course = next(iter(own_courses(work.session, me)), None)
    packs = services.library.newest()
    found = []
    for one in suggest(wanted):
        known = example(one.kind, wanted, packs)
        pack, module = (known[0].id, known[1]) if known else ("", None)
        found.append(Shown(one, module, _address(course, pack, module)))
    return found


def _address(course: Course | None, pack: str, module: Module | None) -> str | None:
    if course is None or module is None:
        return None
    return url_for("trying.begin", slug=course.slug, pack=pack, module=module.id)
