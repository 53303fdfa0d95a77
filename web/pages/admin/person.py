"""One person: what they are here, their roles; everything kept about them as a file; merged with
another account of theirs, or erased, each asked first."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engine.journey import forgetting
from engine.journey.joining import learner_of
from engine.people import merge as merging
from engine.people import register
from engine.people.merging import Merge
from engine.people.reasons import MergeYourself
from engine.people.roles import set_roles
from engine.storage import audit
from engine.values.errors import Invalid, RelectureError
from engine.values.roles import ROLES, in_order
from web.pages.lms.reasons import EraseNameDiffers
from web.pages.reasons import LeaveNotConfirmed
from web.site import erasing, files, language
from web.site.context import Person, current_services
from web.site.guards import administrator_required

bp = Blueprint("admin_person", __name__, url_prefix="/admin/people")
ONE = "/<string(length=32):account>"


@bp.get(ONE)
@administrator_required
def show(me: Person, account: str) -> str:
    """Shows one person: roles, courses, counts of what they did; none of their words."""
    return _page(me, account)


@bp.post(f"{ONE}/roles")
@administrator_required
def roles(me: Person, account: str) -> Response | tuple[str, int]:
    """Gives and takes roles. The last administrator stays one."""
    wished = request.form.getlist("roles")
    try:
        with current_services().write(me.tenant) as work:
            before = register.somebody(work.session, account).account.roles
            set_roles(work, account, wished)
            audit.record(
                work,
                "roles",
                me.id,
                account,
                given=list(in_order(set(wished) - before)),
                taken=list(in_order(before - set(wished))),
            )
            work.commit()
    except Invalid as wrong:
        return _page(me, account, wrong), 422
    flash(gettext("Kept."))
    if account == me.id and "administrator" not in wished:
        return redirect(url_for("front.index"), 303)
    return redirect(url_for("admin_person.show", account=account), 303)


@bp.post(f"{ONE}/data.json")
@administrator_required
def export(me: Person, account: str) -> Response:
    """Everything that is kept about one person, to be handed to them: it holds their own words. It
    is written down who took it."""
    with current_services().write(me.tenant) as work:
        register.somebody(work.session, account)
        data = forgetting.export(work, learner_of(work.session, account), language.current())
        audit.record(work, "export", me.id, account)
        work.commit()
    return files.as_json(data, "relecture-person.json")


@bp.route(f"{ONE}/erase", methods=["GET", "POST"])
@administrator_required
def erase(me: Person, account: str) -> Response | tuple[str, int]:
    """Erases a person with all that they did, once confirmed by their address or name."""
    with current_services().read(me.tenant) as work:
        found = register.somebody(work.session, account)
    called = found.account.email or found.account.name or account[:8]
    if (wrong := _unsure(called)) is not None:
        told = wrong if request.method == "POST" else None
        page = render_template("admin/erase.html", one=found, called=called, wrong=told)
        return page, 422 if told else 200
    with current_services().write(me.tenant) as work:
        erased = forgetting.erase(work.session, learner_of(work.session, account))
        audit.record(work, "erase", me.id, account)
        work.commit()
    erasing.finish([erased])
    flash(gettext("Erased."))
    here = "front.index" if account == me.id else "admin_people.index"
    return redirect(url_for(here), 303)


@bp.get(f"{ONE}/merge")
@administrator_required
def merge(me: Person, account: str) -> str:
    """Finds the other account of the same person, then shows what merging it into this one would
    do."""
    return _merge_page(me, account)


@bp.post(f"{ONE}/merge")
@administrator_required
def do_merge(me: Person, account: str) -> Response | tuple[str, int]:
    """Merges, once confirmed."""
    other = request.form.get("other", "")
    try:
        if request.form.get("sure") != "yes":
            raise Invalid(LeaveNotConfirmed(), field="sure")
        with current_services().write(me.tenant) as work:
            _not_mine(me, other)
            done = merging.merge(work, account, other)
            audit.record(work, "merge", me.id, account, gone=other, dropped=len(done.dropped))
            work.commit()
    except Invalid as wrong:
        return _merge_page(me, account, wrong), 422
    flash(gettext("Merged. There is one account now."))
    return redirect(url_for("admin_person.show", account=account), 303)


def _not_mine(me: Person, other: str) -> None:
    if other == me.id:
        raise Invalid(MergeYourself(), field="other")


def _page(me: Person, account: str, wrong: Invalid | None = None) -> str:
    with current_services().read(me.tenant) as work:
        found = register.somebody(work.session, account)
    return render_template(
        "admin/person.html",
        one=found,
        roles=ROLES,
        in_order=in_order,
        wished=request.form.getlist("roles") if wrong else found.account.roles,
        wrong=wrong,
        myself=account == me.id,
    )


def _merge_page(me: Person, account: str, wrong: Invalid | None = None) -> str:
    words, other = request.args.get("q", ""), request.values.get("other", "")
    shown: Merge | None = None
    with current_services().read(me.tenant) as work:
        one = register.somebody(work.session, account)
        if other:
            try:
                _not_mine(me, other)
                shown = merging.plan(work.session, account, other)
            except RelectureError as refused:
                wrong = wrong or Invalid(refused.reason, field="other")
        second = register.somebody(work.session, other) if shown else None
        found = register.search(work.session, words).shown if words and not shown else ()
        courses = register.titles_of(work.session, shown.courses) if shown else {}
    return render_template(
        "admin/merge.html",
        one=one,
        second=second,
        plan=shown,
        titles=_titles(shown),
        courses=courses,
        q=words,
        found=[person for person in found if person.id not in (account, me.id)],
        wrong=wrong,
    )


def _titles(plan: Merge | None) -> dict[str, str]:
    """The titles of the experiences that were lived twice."""
    newest = {
        f"{pack.id}/{module.id}": module.text("cover.title", language.current())
        for pack in (current_services().library.newest() if plan and plan.dropped else ())
        for module in pack.modules.values()
    }
    return {one.module: newest.get(one.module, one.module) for one in plan.kept} if plan else {}


def _unsure(called: str) -> Invalid | None:
    if request.method != "POST" or request.form.get("sure") != "yes":
        return Invalid(LeaveNotConfirmed(), field="sure")
    if " ".join(request.form.get("called", "").split()) != " ".join(called.split()):
        return Invalid(EraseNameDiffers(name=called), field="called")
    return None
