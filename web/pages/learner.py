"""A learner's own pages: the trust contract, home, the path, settings, leaving."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import get_locale, gettext, ngettext
from flask_login import logout_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from engine.courses.hosts import hosts_of
from engine.journey import (
    forgetting,
    joining,
    pausing,
    refused,
    rereading,
    rhythms,
    starting,
    zones,
)
from engine.journey import home as homes
from engine.journey.addresses import addresses_of, set_address
from engine.journey.joining import learner_of
from engine.journey.touches import open_one, planned_one, reasons_of
from engine.spacing.days import zone_of
from engine.spacing.values import HARSHEST
from engine.storage import audit
from engine.storage.tables import Learner
from engine.storage.work import Work
from engine.values.errors import Invalid, NotFound
from web.pages.reasons import DONE, LeaveNotConfirmed
from web.pages.zones import named
from web.site import erasing, files, forms, language, sessions
from web.site.context import Person, current_services
from web.site.guards import joined_required, learner_required
from web.site.reasons import PageUnknown
from web.site.security import own_path
from web.words import i18n
from web.words.reasons import words

bp = Blueprint("learner", __name__)
TOUCH_MINUTES, WEEK_MINUTES, GAPS = (1, 1.5, 2, 3), (2, 3, 4, 6), (2, 3, 4, 7, 14, 30)
"""The options of the rhythm page within the cap: minutes per touch, minutes per seven days, days
between touches."""


@bp.get("/contract")
@learner_required
def contract(me: Person) -> str:
    """Shows the trust contract, before anything starts (and later, to read again)."""
    services = current_services()
    with services.read(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        return render_template(
            "learner/contract.html",
            learner=learner,
            rhythm=rhythms.offered(work.session, learner),
            hosts=hosts_of(work.session, learner.id, me.email),
            offer=None,
            action=url_for("learner.accept"),
            zones=named(dict.fromkeys((*zones.FRENCH, learner.zone))),
        )


@bp.post("/contract")
@learner_required
def accept(me: Person) -> AnyResponse:
    """Accepts the contract with the rhythm that it offers, unless the learner asks to change that
    first, and goes on to the first experience that is open. A learner who returns after stopping is
    asked questions again, at their previous rhythm."""
    change, enrolment = "change" in request.form, None
    with current_services().write(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        is_new = learner.contract_at is None
        starting.join(work, learner, request.form.get("zone") if is_new else None)
        if is_new and not change and "after_joining" not in session:
            enrolment = starting.begin_first(work, learner)
        work.commit()
    if change:
        return redirect(url_for("learner.rhythm", first=1), 303)
    return redirect(own_path(session.pop("after_joining", None)) or onward(enrolment), 303)


def onward(enrolment: str | None) -> str:
    """The address of an experience that was just begun; the learner's home if there is none."""
    if enrolment is None:
        return url_for("learner.home")
    return url_for("player.show", enrolment=enrolment)


@bp.get("/home")
@joined_required
def home(me: Person) -> str:
    """Shows what is waiting, what can be begun, and what comes next."""
    services = current_services()
    with services.read(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        found = homes.home(work, learner, language.current())
        return render_template(
            "learner/home.html",
            home=found,
            learner=learner,
            today=_today(learner.zone),
            hosts=hosts_of(work.session, learner.id, me.email),
            opens=starting.first_day(found.experiences),
            comes_back=refused.refusal_of(work.session, me.id),
        )


@bp.get("/rhythm")
@joined_required
def rhythm(me: Person) -> str:
    """Shows the form for channel and rhythm, with sensible defaults."""
    return _rhythm_page(me)


@bp.post("/rhythm")
@joined_required
def set_rhythm(me: Person) -> AnyResponse | tuple[str, int]:
    """Stores the channel and rhythm."""
    services, enrolment = current_services(), None
    first = "first" in request.form
    try:
        wish = forms.preferences(request.form)
        with services.write(me.tenant) as work:
            learner = learner_of(work.session, me.id)
            joining.set_preferences(work, learner, wish)
            for channel, given in forms.addresses(request.form, services.channels).items():
                set_address(work.session, learner, channel, given)
            if first and "after_joining" not in session:
                enrolment = starting.begin_first(work, learner)
            work.commit()
    except Invalid as wrong:
        return _rhythm_page(me, wrong, request.form), 422
    if not first:
        flash(gettext("Kept. What was planned follows your new rhythm."))
        return redirect(url_for("learner.settings"), 303)
    return redirect(own_path(session.pop("after_joining", None)) or onward(enrolment), 303)


@bp.get("/settings")
@joined_required
def settings(me: Person) -> str:
    """Shows everything that a learner can slow down, change or stop."""
    return _settings_page(me)


@bp.post("/settings/<action>")
@joined_required
def slow_down(me: Person, action: str) -> AnyResponse | tuple[str, int]:
    """Handles one button each for: lighter, as it is, pause, resume, inbox only, stop."""
    try:
        with current_services().write(me.tenant) as work:
            _do(work, learner_of(work.session, me.id), action)
            work.commit()
    except Invalid as wrong:
        return _settings_page(me, wrong, request.form.get("until", "")), 422
    flash(words(DONE[action]))
    return redirect(url_for("learner.contract" if action == "stop" else "learner.settings"), 303)


@bp.get("/path")
@joined_required
def path(me: Person) -> str:
    """Shows the learner's path for reading again."""
    return render_template("learner/path.html", reasons_of=reasons_of, **_path(me))


@bp.get("/path.html")
@learner_required
def path_html(me: Person) -> Response:
    """The whole path as one HTML file to keep."""
    style = Path(current_app.static_folder or "", "style.css").read_text(encoding="utf-8")
    own = Markup(style)  # noqa: S704 -- our own stylesheet: no author or learner wrote in it
    page = render_template(
        "learner/path_file.html", style=own, today=current_services().clock.now(), **_path(me)
    )
    return Response(
        page,
        headers={"Content-Disposition": 'attachment; filename="relecture.html"'},
        mimetype="text/html",
    )


@bp.get("/path.json")
@learner_required
def path_json(me: Person) -> Response:
    """Everything that is stored about the learner, as JSON."""
    with current_services().write(me.tenant) as work:
        data = forgetting.export(work, learner_of(work.session, me.id), language.current())
        audit.record(work, "export", me.id, me.id)
        work.commit()
    return files.as_json(data, "relecture.json")


@bp.get("/leave")
@learner_required
def leave(_me: Person) -> str:
    """Shows how to download everything, and then be erased."""
    return render_template("learner/leave.html", wrong=None)


@bp.post("/leave")
@learner_required
def forget(me: Person) -> AnyResponse | tuple[str, int]:
    """Erases everything about this person. The page requires a box to be ticked, since this cannot
    be undone."""
    if request.form.get("sure") != "yes":
        return render_template(
            "learner/leave.html", wrong=Invalid(LeaveNotConfirmed(), field="sure")
        ), 422
    services = current_services()
    with services.write(me.tenant) as work:
        erased = forgetting.erase(work.session, learner_of(work.session, me.id))
        audit.record(work, "erase", me.id, me.id)
        work.commit()
    erasing.finish([erased])
    logout_user()
    g.pop("person", None)
    visit, said = sessions.current(), gettext("Everything that Relecture kept about you is erased.")
    if visit is None:
        flash(said)
        return redirect(url_for("front.index"), 303)
    back = sessions.back(visit, said) if visit.about["return_url"] else None
    return render_template("lms/forgotten.html", said=said, back=back), 200


def _do(work: Work, learner: Learner, action: str) -> None:
    match action:
        case "lighter":
            pausing.lighten(work, learner)
        case "as-it-is":
            pausing.carry_on(work, learner)
        case "pause":
            pausing.pause(work, learner, forms.day(request.form, "until"))
        case "resume":
            pausing.resume(work, learner)
        case "inbox-only":
            pausing.to_inbox(work.session, learner)
        case "mail-again":
            refused.write_again(work, learner)
        case "stop":
            pausing.stop(work, learner)
        case _:
            raise NotFound(PageUnknown())


def _settings_page(me: Person, wrong: Invalid | None = None, written: str = "") -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        return render_template(
            "learner/settings.html",
            learner=learner,
            today=_today(learner.zone),
            wrong=wrong,
            written=written,
        )


def _path(me: Person) -> dict[str, Any]:
    services = current_services()
    with services.read(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        read = rereading.path(work, learner, language.current())
        one_waits = (
            open_one(work, me.id) is not None
        )  # it must be answered first; nothing more is asked meanwhile
        return {
            "path": read,
            "hosts": hosts_of(work.session, learner.id, me.email),
            "next_touch": planned_one(work.session, me.id),
            "offers": rereading.offers(work, learner),
            "one_waits": one_waits,
        }


def _rhythm_page(
    me: Person, wrong: Invalid | None = None, written: forms.Form | None = None
) -> str:
    services = current_services()
    with services.read(me.tenant) as work:
        learner = learner_of(work.session, me.id)
        near = zones.zones_first(learner.country or rhythms.country_of(learner.zone))
        return render_template(
            "learner/rhythm.html",
            learner=learner,
            wish=joining.preferences_of(learner),
            addresses=addresses_of(work.session, learner.id),
            wrong=wrong,
            written=written,
            first="first" in request.args or "first" in request.form,
            days=[(n, get_locale().days["stand-alone"]["wide"][n - 1]) for n in range(1, 8)],
            cap=HARSHEST,
            touch_minutes=_offered(TOUCH_MINUTES, HARSHEST.touch_minutes, learner.touch_minutes),
            week_minutes=_offered(WEEK_MINUTES, HARSHEST.week_minutes, learner.week_minutes),
            gaps=[
                (n, ngettext("%(num)s day", "%(num)s days", n))
                for n in sorted({*GAPS, learner.gap_days})
                if n >= HARSHEST.gap_days
            ],
            countries=_countries(),
            near=named(near),
            zones=[(zone, zone) for zone in sorted(rhythms.ZONES.difference(near))],
            plain_number="{:g}".format,
        )


def _offered(minutes: Iterable[float], most: float, own: float) -> list[tuple[float, str]]:
    return [(n, i18n.in_minutes(n)) for n in sorted({*minutes, own}) if n <= most]


def _countries() -> list[tuple[str, str]]:
    names = get_locale().territories
    return [
        ("", gettext("none")),
        *sorted(((c, names[c]) for c in rhythms.COUNTRIES), key=lambda pair: pair[1]),
    ]


def _today(zone: str) -> str:
    return current_services().clock.now().astimezone(zone_of(zone)).date().isoformat()
