"""The pages for a browser: the course with its tools and links, the frame that a tool opens in,
roster, gradebook, storage."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request

from lti.campus import launches, roster, tokens
from lti.campus.campus import Campus
from lti.campus.clients import Client
from lti.campus.deep_links import HEIGHT, Link, read_response
from lti.campus.launches import STORAGE
from lti.campus.refusals import PlatformRefused
from lti.wire.urls import is_web_address, origin_of, with_query

SHOWN = 50
"""The number of members on a page of the roster."""
LOCALES = ("fr-FR", "en-GB")


def blueprint(campus: Campus, tool: str) -> Blueprint:
    """The pages of that campus."""
    made = Blueprint("pages", __name__)
    made.register_error_handler(PlatformRefused, _refused)
    _add_course(made, campus, tool)
    _add_launches(made, campus)
    _add_lists(made, campus)
    return made


def _add_course(made: Blueprint, campus: Campus, tool: str) -> None:
    """Adds the course: its tools, and the links placed in it."""

    @made.get("/")
    def course() -> Response:
        return _page(
            "course.html",
            campus=campus,
            tool=tool,
            course=launches.COURSE,
            locales=LOCALES,
            people=campus.roster.present[:20],
        )

    @made.post("/tools")
    def register_tool() -> Response:
        link = _address("link")
        frame = with_query(
            link,
            openid_configuration=f"{campus.base}/.well-known/openid-configuration",
            registration_token=campus.invite(),
        )
        return _page(
            "stage.html",
            loose=policy(frame_src=f"'self' {origin_of(link)}"),
            title="A tool registers itself",
            frame=frame,
            origin=origin_of(link),
            height=HEIGHT,
            storage=None,
        )

    @made.post("/links")
    def add_link() -> Response:
        client, url = campus.client(request.form.get("client", "")), _address("url")
        campus.place(client, [{"url": url, "title": request.form.get("title", "")}])
        return _back("/")

    @made.get("/back")
    def back() -> Response:
        return _page(
            "back.html", message=request.args.get("lti_msg") or request.args.get("lti_errormsg")
        )


def _add_launches(made: Blueprint, campus: Campus) -> None:
    """Adds the way into a tool, and back with the links it placed."""

    @made.get("/links/<link>/open")
    def open_link(link: str) -> Response:
        placed = campus.links.get(link)
        if placed is None:
            raise PlatformRefused("not_found", "no such link", 404)
        return _stage(campus, campus.client(placed.client_id), placed)

    @made.get("/tools/<client>/place")
    def place(client: str) -> Response:
        return _stage(campus, campus.client(client), None)

    @made.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Response:
        params = request.values.to_dict()
        client = launches.recipient(params, campus.clients)
        fields = {"state": params.get("state", ""), **_outcome(campus, client, params)}
        return _page(
            "post.html",
            loose=policy(form_action=origin_of(params["redirect_uri"])),
            action=params["redirect_uri"],
            fields=fields,
        )

    @made.post("/deep-linking/<hint>")
    def placed(hint: str) -> Response:
        intent = campus.intents.get(hint)
        if intent is None or intent.link is not None:
            raise PlatformRefused("not_found", "no such deep linking request", 404)
        client = campus.client(intent.client_id)
        claims = tokens.read_signed(
            request.form.get("JWT", ""), campus.keys_of(client), campus.wall()
        )
        items = read_response(claims, client_id=client.id, issuer=campus.base, data=hint)
        return _page("placed.html", links=campus.place(client, items, hint), claims=claims)


def _outcome(campus: Campus, client: Client, params: dict[str, str]) -> dict[str, str]:
    """What is posted to the tool: an id_token, or an error instead (OpenID Connect Core 1.0,
    section 3.1.2.6)."""
    try:
        intent = launches.check_request(params, client, campus.intents)
        person = campus.roster.find(intent.user)
        if person is None:
            raise PlatformRefused("login_required", f"{intent.user} left the course")
        campus.use_nonce(params["nonce"])
    except PlatformRefused as refused:
        return {"error": refused.code, "error_description": refused.why}
    claims = launches.claims(
        campus.base,
        client,
        intent,
        person,
        params["nonce"],
        campus.line_item_of(intent.link),
        campus.wall(),
    )
    return {"id_token": tokens.sign(claims, campus.key)}


def _stage(campus: Campus, client: Client, link: Link | None) -> Response:
    """The page that opens a tool in a frame, with a second frame that stores data for it unless
    ``storage=off``."""
    user, locale = request.args.get("user", "teacher-1"), request.args.get("locale", LOCALES[0])
    storage = request.args.get("storage") != "off"
    framed = campus.intend(client, user, link, locale, "iframe")
    alone = campus.intend(client, user, link, locale, "window")
    framable = {"'self'", origin_of(client.login_url), *map(origin_of, client.redirect_uris)}
    return _page(
        "stage.html",
        loose=policy(frame_src=" ".join(sorted(framable))),
        title=link.title if link else f"Place links of {client.name}",
        user=user,
        origin=origin_of(client.login_url),
        frame=launches.login_url(campus.base, client, framed, storage),
        height=link.height if link else HEIGHT,
        alone=launches.login_url(campus.base, client, alone, False),
        storage=STORAGE if storage else None,
    )


def _add_lists(made: Blueprint, campus: Campus) -> None:
    """Adds members and grades, and the frame that stores data for tools."""

    @made.get("/roster")
    def members() -> Response:
        start = request.args.get("start", "0")
        first = int(start) if start.isdecimal() and len(start) < 10 else 0
        people = campus.roster.present
        return _page(
            "roster.html",
            campus=campus,
            people=people[first : first + SHOWN],
            total=len(people),
            start=first,
            step=SHOWN,
        )

    @made.post("/roster")
    def change() -> Response:
        count = request.form.get("join", "0")
        with campus.lock:
            if count.isdecimal() and 0 < int(count) <= 10_000:
                campus.roster = roster.joined(campus.roster, int(count))
            campus.roster = roster.left(campus.roster, request.form.get("leave", ""))
        return _back("/roster")

    @made.get("/gradebook")
    def grades() -> Response:
        book = campus.book
        return _page(
            "gradebook.html",
            book=book,
            campus=campus,
            users=sorted({user for _, user in book.marks}),
        )

    @made.get("/storage")
    def storage() -> Response:
        origins = sorted(
            {origin_of(url) for client in campus.clients.values() for url in client.redirect_uris}
        )
        return _page("storage.html", origins=" ".join(origins))


def policy(**directives: str) -> str:
    """The content security policy of a page, with these directives set
    (``frame_src="'self'"``)."""
    said = {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        **{name.replace("_", "-"): value for name, value in directives.items()},
    }
    return "; ".join(f"{name} {value}" for name, value in said.items())


def _page(template: str, loose: str | None = None, **values: Any) -> Response:
    """A page; ``loose`` is a content security policy of its own, if it needs one."""
    response = make_response(render_template(template, **values))
    if loose:
        response.headers["Content-Security-Policy"] = loose
    return response


def _address(field: str) -> str:
    said = request.form.get(field, "")
    if not is_web_address(said):
        raise PlatformRefused("invalid_request", f"{field} must be a web address")
    return said


def _back(path: str) -> Response:
    return make_response(redirect(path, 303))


def _refused(refused: PlatformRefused) -> Response:
    response = _page("refused.html", refused=refused)
    response.status_code = refused.status
    return response
