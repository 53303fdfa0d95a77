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
from lti.courses import arrivals
from lti.courses.arrivals import Arrival, LaunchTarget
from lti.courses.people import LocaleDefaults
from lti.launch import login, states
from lti.launch.login import IN_WINDOW
from lti.launch.reasons import TargetForeign
from lti.launch.states import Login
from lti.launch.values import Launch, Message
from lti.platforms import lookups, registrations
from lti.platforms.registrations import Registration
from lti.wire.refusals import LaunchRefused
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
    """Third-party initiated login, by GET or POST. If the platform offers to store our state, a
    page asks it to."""
    services = current_services()
    said = request.values.to_dict()
    try:
        begun = login.begin(
            services.units,
            said,
            redirect_uri=_launch_url(),
            own=targets.is_ours(services.settings.base_url),
            browser=visits.secret_of(_cookie()),
            crowded=_crowded,
        )
    except LaunchRefused as refused:
        meant = _registered(said)
        if meant is not None and not meant.enabled:  # so that its page says why launches fail
            registrations.note_refusal(services.units, meant, refused.reason)
        return _refusal(refused, meant)
    page: AnyResponse = redirect(begun.url)
    if begun.storage:
        allow(frame_ancestors=_frames_now(begun.registration))
        page = _passing("keep.html", begun=begun)
    known = _cookie()
    same = known is not None and visits.secret_of(known) == begun.browser
    return _recognise(page, known if known and same else begun.browser)


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
    """Handles the platform's post. If cookies are blocked, fetches the state from the platform's
    storage, or offers to open a separate window."""
    services, kept = current_services(), _kept_by_platform()
    own = None if kept else visits.secret_of(_cookie())

    def arrive(work: Work, begun: Login, taken: Launch) -> AnyResponse:
        return _enter(work, begun, taken, own)

    try:
        return services.lti.receiver.receive(request.form.to_dict(), kept or own, arrive)
    except RelectureError as refused:
        with services.db.across("lti-lookup") as door:
            began = states.find(door, request.form.get("state", ""))
        if (
            refused.reason.code == "state-other-browser"
            and began
            and not kept
            and IN_WINDOW not in began.said
        ):
            return _another_way(began)
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
    locale = LocaleDefaults(said, settings.language, settings.time_zone)
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
            "facilitator.progress" if target.item == "path" else "facilitator.course",
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


def _another_way(begun: Login) -> AnyResponse:
    """The response when no cookie came back: asks the platform's storage for our state, or offers
    to open a separate window."""
    registration, said = begun.registration, begun.said
    allow(frame_ancestors=_frames(registration, begun.hosts))
    # A link: for a form, our policy would have to list every host that the platform's sign-in
    # passes through.
    params = {name: value for name, value in said.items() if name != "lti_storage_target"} | {
        IN_WINDOW: "1"
    }
    again = with_query(url_for("lms_launching.log_in"), **params)
    return _passing(
        "another_way.html",
        storage=said.get("lti_storage_target"),
        platform=origin_of(registration.login_url),
        posted={name: request.form.get(name, "") for name in ("state", "id_token")},
        again=again,
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
