"""The pages for a browser: the course with its tools and links, roster, gradebook, storage."""

from __future__ import annotations

from typing import Any, cast, get_args

from flask import Blueprint, Response, request

from lti.campus import roster
from lti.campus.app import opening
from lti.campus.app.answers import back, page, policy, refused
from lti.campus.campus import Campus
from lti.campus.deep_links import HEIGHT, Link
from lti.campus.profiles.profile import Kind
from lti.campus.refusals import PlatformRefused
from lti.platforms.dynamic import TOOL
from lti.wire import names
from lti.wire.urls import is_web_address, origin_of, with_query

SHOWN = 50
"""The number of members on a page of the roster."""
ADDRESSES = {
    "login": "/lti/login",
    "launch": "/lti/launch",
    "keys": "/lti/keys",
    "home": "/lti/to/course",
    "choose": "/lti/to/choose",
}
"""What a tool that is entered by hand is asked for, and where Relecture has it."""


def blueprint(campus: Campus, tool: str) -> Blueprint:
    """The pages of that campus."""
    made = Blueprint("pages", __name__)
    made.register_error_handler(PlatformRefused, refused)
    _add_course(made, campus, tool)
    _add_tools(made, campus)
    opening.add(made, campus)
    _add_lists(made, campus)
    _add_grades(made, campus)
    return made


def _add_course(made: Blueprint, campus: Campus, tool: str) -> None:
    """Adds the course: its tools, and the links placed in it."""

    @made.get("/")
    def course() -> Response:
        return page(
            "course.html",
            campus=campus,
            tool=tool,
            addresses=ADDRESSES,
            course=campus.profile.identity.context,
            locales=campus.profile.launching.locales,
            placements=list(campus.profile.choosing.placements),
            people=campus.roster.present[:20],
        )

    @made.post("/links")
    def add_link() -> Response:
        client, url = campus.client(request.form.get("client", "")), _address("url")
        campus.place(client, [{"url": url, "title": request.form.get("title", "")}])
        return back("/")

    @made.get("/back")
    def came_back() -> Response:
        return page(
            "back.html", message=request.args.get("lti_msg") or request.args.get("lti_errormsg")
        )


def _add_tools(made: Blueprint, campus: Campus) -> None:
    """Adds the ways in which tools are registered, and what administrators decide about them."""

    @made.post("/tools")
    def register_tool() -> Response:
        link = _address("link")
        frame = with_query(
            link,
            openid_configuration=f"{campus.base}/.well-known/openid-configuration",
            registration_token=campus.invite(),
        )
        return page(
            "stage.html",
            loose=policy(frame_src=f"'self' {origin_of(link)}"),
            title="A tool registers itself",
            frame=frame,
            origin=origin_of(link),
            height=HEIGHT,
            storage=None,
        )

    @made.post("/tools/by-hand")
    def enter_tool() -> Response:
        at = {name: _address(name) for name in ADDRESSES}
        campus.enter(described(request.form.get("name", ""), **at))
        return back("/")

    @made.post("/tools/<client>")
    def decide(client: str) -> Response:
        if "enabled" in request.form:
            campus.enable(campus.client(client))
        if "grades" in request.form:
            campus.switch_grades(campus.client(client), request.form["grades"] == "on")
        return back("/")


def described(
    name: str, *, login: str, launch: str, keys: str, home: str, choose: str
) -> dict[str, Any]:
    """A tool that somebody enters by hand, as if it had registered itself."""
    return {
        "client_name": name,
        "token_endpoint_auth_method": "private_key_jwt",
        "initiate_login_uri": login,
        "redirect_uris": [launch],
        "jwks_uri": keys,
        TOOL: {
            "target_link_uri": home,
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "messages": [
                {"type": names.RESOURCE_LINK_REQUEST},
                {"type": names.DEEP_LINKING_REQUEST, "target_link_uri": choose},
            ],
        },
    }


def _add_lists(made: Blueprint, campus: Campus) -> None:
    """Adds members, and the frame that stores data for tools."""

    @made.get("/roster")
    def members() -> Response:
        start = request.args.get("start", "0")
        first = int(start) if start.isdecimal() and len(start) < 10 else 0
        people = campus.roster.present
        return page(
            "roster.html",
            campus=campus,
            people=people[first : first + SHOWN],
            kinds=list(campus.profile.people.launch),
            total=len(people),
            start=first,
            step=SHOWN,
        )

    @made.post("/roster")
    def change() -> Response:
        count, kind = request.form.get("join", "0"), request.form.get("kind", "learner")
        with campus.lock:
            if count.isdecimal() and 0 < int(count) <= 10_000 and kind in get_args(Kind):
                campus.roster = roster.joined(campus.roster, int(count), cast(Kind, kind))
            campus.roster = roster.left(campus.roster, request.form.get("leave", ""))
        return back("/roster")

    @made.get("/storage")
    def storage() -> Response:
        origins = sorted(
            {origin_of(url) for client in campus.clients.values() for url in client.redirect_uris}
        )
        return page("storage.html", origins=" ".join(origins))


def _add_grades(made: Blueprint, campus: Campus) -> None:
    """Adds the gradebook, and what a teacher does with its columns."""

    @made.get("/gradebook")
    def grades() -> Response:
        book = campus.book
        return page(
            "gradebook.html",
            book=book,
            campus=campus,
            users=sorted({user for _, user in book.marks}),
        )

    @made.post("/gradebook")
    def drop() -> Response:
        number = request.form.get("drop", "")
        if number.isdecimal() and len(number) < 10:
            campus.drop_column(int(number))
        return back("/gradebook")

    @made.post("/links/<link>/grades")
    def accept(link: str) -> Response:
        campus.accept_grades(_link(campus, link), request.form.get("grades") == "on")
        return back("/")


def _link(campus: Campus, link: str) -> Link:
    placed = campus.links.get(link)
    if placed is None:
        raise PlatformRefused("not_found", "no such link", 404)
    return placed


def _address(field: str) -> str:
    said = request.form.get(field, "")
    if not is_web_address(said):
        raise PlatformRefused("invalid_request", f"{field} must be a web address")
    return said
