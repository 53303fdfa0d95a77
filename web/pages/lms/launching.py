"""Launches from an LMS: our keys, login, launch, and the page that each launch leads to."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import structlog
from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

from engine.people import gate as counts
from engine.people.gate import TooMany
from engine.storage.work import Work
from engine.values.errors import NotFound, RelectureError
from engine.values.languages import Lang, language_of
from lti.courses import arrivals, contexts
from lti.courses.arrivals import Arrival, LaunchTarget
from lti.courses.people import LocaleDefaults
from lti.launch import login, states
from lti.launch.reasons import CookiesRefused, TargetForeign
from lti.launch.states import Login
from lti.launch.values import Launch, Message
from lti.platforms import lookups, registrations
from lti.platforms.registrations import Registration
from lti.wire.refusals import LaunchRefused
from lti.wire.secrets import new_secret
from lti.wire.urls import origin_of, with_query
from web.pages.lms import offers, targets
from web.pages.lms.reasons import OnlyFromLms
from web.site import gate, signing, visits
from web.site.context import current_services
from web.site.security import allow
from web.site.sessions import COOKIE, HELD, PREFIX
from web.site.visits import Opening
from web.words.lms_advice import advice
from web.words.reasons import words

bp = Blueprint("lms_launching", __name__, url_prefix="/lti")
TRIED, IN_WINDOW = "relecture_tried", "relecture_window"
"""Our own parameters of a login: it was made again to see whether a cookie comes back; it was made
again in a window of our own."""
PAGES: Mapping[Message, str] = {
    "deep-linking": "lms_choosing.choose",
    "submission-review": "lms_inside.review",
    "data-privacy": "lms_inside.privacy",
}
"""Messages that have a page of their own."""


@bp.get("/keys")
def keys() -> Response:
    """Our public keys (RFC 7517 section 5), which platforms fetch while we request a token from
    them."""
    services = current_services()
    return jsonify(services.lti.keys.key_set(services.clock.wall()))


@bp.route("/login", methods=["GET", "POST"])
def log_in() -> AnyResponse:
    """Third-party initiated login, by GET or POST.

    The platform is asked once we know that this browser keeps a cookie, as many platforms answer
    only once. If it keeps none, the platform may store our state instead; or else we offer a window
    of our own, where nearly every browser keeps one.
    """
    said = request.values.to_dict()
    try:
        if _cookie() is not None:
            return _ask(said)
        if TRIED not in said:
            return _try_cookie(said)
        if said.get("lti_storage_target") and IN_WINDOW not in said:
            return _ask(said)
        return _offer_window(said)
    except LaunchRefused as refused:
        meant = _registered(said)
        if meant is not None and not meant.enabled:  # so that its page says why launches fail
            registrations.note_refusal(current_services().units, meant, refused.reason)
        return _refusal(refused, meant)


def _try_cookie(said: Mapping[str, str]) -> AnyResponse:
    """Sets a cookie, and makes the login again to see whether it comes back."""
    _check_login(said)
    window = (IN_WINDOW,) if IN_WINDOW in said else ()
    page = redirect(_again(said, TRIED, *window), 303)
    return _recognise(page, new_secret())


def _ask(said: Mapping[str, str]) -> AnyResponse:
    """Sends the browser to the platform. If it keeps no cookie, the platform stores our state, on
    the way there."""
    services, known = current_services(), _cookie()
    begun = login.begin(
        services.units,
        said,
        redirect_uri=_launch_url(),
        own=targets.is_ours(services.settings.base_url),
        browser=visits.secret_of(known),
        crowded=_crowded,
    )
    if known is not None:
        return redirect(begun.url)
    allow(frame_ancestors=_frames_now(begun.registration))
    return _passing("keep.html", begun=begun, again=_window(said))


def _offer_window(said: Mapping[str, str]) -> AnyResponse:
    """A page that offers a window of our own. There, a browser that keeps no cookie keeps none
    anywhere. Raises ``LaunchRefused("cookies-refused")``."""
    registration = _check_login(said)
    if IN_WINDOW in said:
        raise LaunchRefused(CookiesRefused())
    allow(frame_ancestors=_frames_now(registration))
    return _passing("window.html", again=_window(said))


def _check_login(said: Mapping[str, str]) -> Registration:
    services = current_services()
    return login.check(services.units, said, targets.is_ours(services.settings.base_url))


def _window(said: Mapping[str, str]) -> str:
    """The same login, in a window of our own, where no frame of the platform is at hand."""
    params = {name: value for name, value in said.items() if name != "lti_storage_target"}
    return _again(params, IN_WINDOW)


def _again(said: Mapping[str, str], *ours: str) -> str:
    """The address that makes a login again, with these parameters of ours."""
    params = login.carried(said) | dict.fromkeys(ours, "1")
    return with_query(url_for("lms_launching.log_in"), **params)


def _crowded(registration: Registration) -> bool:
    """Counts a login, and says whether the connection has had very many. Raises ``TooMany`` if
    its visitor's network has."""
    services = current_services()
    gate.spend(services, counts.launches(gate.visitor()))
    try:
        gate.spend(services, counts.quiet_launches(registration.id))
    except TooMany:
        return True
    return False


@bp.post("/launch")
def launch() -> AnyResponse:
    """Handles the platform's post. If this browser keeps no cookie, fetches our state from where
    the platform stored it."""
    services, kept = current_services(), _kept_by_platform()
    own = None if kept else visits.secret_of(_cookie())

    def arrive(work: Work, begun: Login, taken: Launch) -> AnyResponse:
        return _enter(work, begun, taken, own)

    try:
        return services.lti.receiver.receive(request.form.to_dict(), kept or own, arrive)
    except RelectureError as refused:
        with services.db.across("lti-lookup") as door:
            began = states.find(door, request.form.get("state", ""))
        other_browser = refused.reason.code == "state-other-browser"
        if other_browser and began and began.storage and not kept:
            return _fetch(began, began.storage)
        return _refusal(refused, began.registration if began else None, began)


@bp.get("/to/<path:item>")
def only_from_lms(item: str) -> Response:
    """Shown when a target link is opened outside an LMS."""
    raise NotFound(OnlyFromLms())


def _enter(work: Work, begun: Login, taken: Launch, browser: str | None) -> AnyResponse:
    """Handles the arrival of the user, opens a visit, and redirects to the page that the launch is
    for. The cookie says whose visits open to this browser from now on: theirs, in every tab."""
    settings = current_services().settings
    target = targets.target_of(settings.base_url, taken.target, taken.custom)
    if target is None:
        raise LaunchRefused(TargetForeign(target=taken.target[:200]))
    said = language_of(taken.presentation.locale or "")
    locale = LocaleDefaults(said, settings.language, settings.time_zone, taken.zone)
    arrival = arrivals.arrive(work, taken, target, locale)
    if arrival is None:
        return _preview(work, begun, taken, target, locale.language)
    account = arrival.account
    session = {"_user_id": f"{taken.tenant}:{account.id}:{account.epoch}", "_fresh": True}
    hosts = begun.hosts | registrations.hosts(taken.service_urls)
    choice = taken.deep_linking.return_url if taken.deep_linking else None
    about = {
        "frames": _frames(begun.registration, hosts, taken.presentation.return_url, choice).split(),
        **_about(taken, arrival),
        "grades": contexts.takes_grades(taken, begun.registration),
        "product": taken.platform.product or begun.registration.product,
    }
    cookie = visits.cookie_of(browser, _mark(taken.tenant, account.id)) if browser else None
    opening = Opening(taken.registration, account.id, arrival.role, session, about, cookie)
    key = visits.begin(work, opening)
    page = redirect(f"{PREFIX}{key}{_page_for(taken, target, arrival)}", 303)
    return _recognise(page, cookie) if cookie else page


def _page_for(taken: Launch, target: LaunchTarget, arrival: Arrival) -> str:
    """The path of the page that this launch is for."""
    if taken.message in PAGES:
        return url_for(PAGES[taken.message])
    if arrival.course is None:
        return url_for("learner.home")
    if arrival.preview:
        return url_for("lms_inside.preview", module=target.module)
    if arrival.role == "facilitator":
        return url_for(
            "people.listed" if target.item == "path" else "facilitator.course",
            slug=arrival.course.slug,
        )
    if arrival.section is not None:
        return url_for("lms_inside.experience", course=arrival.course.id, section=arrival.section)
    return url_for("learner.path" if target.item == "path" else "learner.home")


def _preview(
    work: Work, begun: Login, taken: Launch, target: LaunchTarget, language: Lang
) -> AnyResponse:
    """What somebody sees who only looks on: a page, with no visit, and nothing is kept of them."""
    back = taken.presentation.return_url
    allow(frame_ancestors=_frames(begun.registration, begun.hosts, back))
    module = offers.module_of(work.library.newest(), target.module)
    with force_locale(language):
        return make_response(render_template("lms/preview.html", module=module, course=None))


def _about(taken: Launch, arrival: Arrival) -> dict[str, Any]:
    """What the pages of the visit need to know about its launch."""
    return {
        "message": taken.message,
        "deployment": taken.deployment,
        "return_url": taken.presentation.return_url,
        "course": arrival.course.slug if arrival.course else None,
        "deep_linking": asdict(taken.deep_linking) if taken.deep_linking else None,
        "for_user": taken.for_user.id if taken.for_user else None,
        "email": taken.user.email,
    }


def _fetch(begun: Login, storage: str) -> AnyResponse:
    """A page that fetches our state from the frame where the platform stored it, and posts the
    launch again."""
    allow(frame_ancestors=_frames(begun.registration, begun.hosts))
    return _passing(
        "fetch.html",
        storage=storage,
        platform=origin_of(begun.registration.login_url),
        posted={name: request.form.get(name, "") for name in ("state", "id_token")},
        said=advice("state-other-browser"),
    )


def _passing(template: str, **told: Any) -> AnyResponse:
    """An intermediate page of a login. In a separate window it needs access to the window that
    opened it, where the platform stores our state."""
    page = make_response(render_template(f"lms/{template}", **told))
    page.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return page


def _refusal(
    refused: RelectureError, registration: Registration | None, begun: Login | None = None
) -> AnyResponse:
    """A page that tells the user what to do, and a log line that tells the administrator why."""
    reference = secrets.token_hex(3)
    reason = refused.reason
    structlog.get_logger("lti").warning(
        "launch-refused",
        reference=reference,
        code=reason.code,
        registration=registration.id if registration else None,
        why=words(reason, language="en", zone="UTC"),
    )
    sender = origin_of(request.headers.get("Origin", "")) or origin_of(
        request.headers.get("Referer", "")
    )
    # It contains only text, so an LMS that is not connected yet may show it too.
    if begun is not None:
        frames = _frames(begun.registration, begun.hosts)
    else:
        frames = _frames_now(registration) if registration else sender or "'none'"
    allow(frame_ancestors=frames)
    said = advice(reason.code)
    return make_response(
        render_template("lms/refused.html", said=said, reference=reference, code=reason.code), 400
    )


def _registered(said: Mapping[str, str]) -> Registration | None:
    """The registration that a refused login refers to, if there is exactly one, enabled or not."""
    with current_services().db.across("lti-lookup") as door:
        return lookups.known(door, login.named(said))


def _frames(registration: Registration, hosts: frozenset[str], *back: str | None) -> str:
    """The origins that may frame pages for that LMS: its own, those its administrator entered,
    those its verified launches named (``hosts``, and ``back``, the addresses to return to)."""
    learned = [f"https://{host}" for host in hosts - registration.own_hosts]
    origins = (
        registration.issuer,
        registration.login_url,
        *registration.frames,
        *sorted(learned),
        *(url for url in back if url),
    )
    return " ".join(dict.fromkeys(origin for url in origins if (origin := origin_of(url))))


def _frames_now(registration: Registration) -> str:
    """The same, before anything from a launch has been read."""
    with current_services().read(registration.tenant) as work:
        return _frames(registration, registrations.known_hosts(work, registration))


def _cookie() -> str | None:
    return request.cookies.get(COOKIE)


def _kept_by_platform() -> str | None:
    """The secret that our own page fetched from the platform's storage. It is ignored if another
    page sent it: somebody could otherwise let others in as themselves."""
    ours = origin_of(current_services().settings.base_url) == origin_of(
        request.headers.get("Origin", "")
    )
    return (request.form.get("browser") or None) if ours else None


def _recognise(page: AnyResponse, cookie: str) -> AnyResponse:
    """Sets the cookie by which this browser is recognised when it returns."""
    page.set_cookie(COOKIE, cookie, **HELD)
    return page


def _mark(tenant: str, account: str) -> str:
    """Stands for a person in a cookie."""
    return signing.blind(current_services().settings.secret_key, f"visits:{tenant}:{account}")[:32]


def _launch_url() -> str:
    return f"{current_services().settings.base_url}/lti/launch"
