"""The way into a tool: the frame that it opens in, the login, the id_token, and back with the links
it placed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from lti.campus import launches, tokens
from lti.campus.app.answers import page, policy
from lti.campus.campus import Campus
from lti.campus.clients import Client
from lti.campus.deep_links import HEIGHT, Expected, Link, read_response
from lti.campus.launches import Intent
from lti.campus.profiles.profile import Placement
from lti.campus.refusals import PlatformRefused
from lti.wire.urls import origin_of, with_query


def add(made: Blueprint, campus: Campus) -> None:
    """Adds those pages."""
    _add_stages(made, campus)
    _add_answers(made, campus)


def _add_stages(made: Blueprint, campus: Campus) -> None:
    """Adds the pages that open a tool in a frame, and begin its login."""

    @made.get("/links/<link>/open")
    def open_link(link: str) -> Response:
        placed = campus.links.get(link)
        if placed is None:
            raise PlatformRefused("not_found", "no such link", 404)
        return _stage(campus, campus.client(placed.client_id), placed)

    @made.get("/tools/<client>/place")
    def place(client: str) -> Response:
        return _stage(campus, campus.client(client), None)

    @made.get("/login/<hint>")
    def log_in(hint: str) -> Response:
        """A login by POST begins on a page of our own that posts itself."""
        intent = campus.intents.get(hint)
        if intent is None:
            raise PlatformRefused("not_found", "no such launch", 404)
        client = campus.client(intent.client_id)
        return page(
            "post.html",
            loose=policy(form_action=origin_of(client.login_url)),
            action=client.login_url,
            fields=campus.login_fields(client, intent, request.args.get("storage") != "off"),
        )


def _add_answers(made: Blueprint, campus: Campus) -> None:
    """Adds what answers the tool's requests."""

    @made.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Response:
        params = request.values.to_dict()
        client = launches.recipient(params, campus.clients)
        fields = {"state": params.get("state", ""), **_outcome(campus, client, params)}
        return page(
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
        client, profile = campus.client(intent.client_id), campus.profile
        claims = tokens.read_signed(
            request.form.get("JWT", ""), campus.keys_of(client), campus.wall()
        )
        said = {**profile.choosing.settings, **intent.placement.settings}
        expected = Expected(
            client.id,
            campus.issuer,
            profile.identity.deployment,
            hint if profile.choosing.data else None,
            profile.choosing.needs_subject,
            bool(said.get("accept_multiple")),
        )
        links = campus.place(client, read_response(claims, expected), hint, intent.placement)
        return page("placed.html", links=links, claims=claims)


def _outcome(campus: Campus, client: Client, params: dict[str, str]) -> dict[str, str]:
    """What is posted to the tool: an id_token, or an error instead (OpenID Connect Core 1.0,
    section 3.1.2.6)."""
    try:
        claims = campus.issue(client, params)
    except PlatformRefused as refused:
        if campus.profile.launching.refused_on_page:
            raise
        return {"error": refused.code, "error_description": refused.why}
    return {"id_token": tokens.sign(claims, campus.key)}


def _stage(campus: Campus, client: Client, link: Link | None) -> Response:
    """The page that opens a tool in a frame, with a second frame that stores data for it unless
    ``storage=off``, or this LMS has none."""
    user, manners = request.args.get("user", "teacher-1"), campus.profile.launching
    storage = manners.storage if request.args.get("storage") != "off" else None
    framed, alone = (_intent(campus, client, user, link, way) for way in ("iframe", "window"))
    framable = {"'self'", origin_of(client.login_url), *map(origin_of, client.redirect_uris)}
    return page(
        "stage.html",
        loose=policy(frame_src=" ".join(sorted(framable))),
        title=link.title if link else f"Place links of {client.name}",
        user=user,
        origin=origin_of(client.login_url),
        frame=_login(campus, client, framed, storage is not None),
        height=link.height if link else HEIGHT,
        alone=_login(campus, client, alone, False),
        storage=storage,
    )


def _intent(campus: Campus, client: Client, user: str, link: Link | None, way: str) -> Intent:
    """What the page's query asks for. Raises ``PlatformRefused``."""
    profile, locales = campus.profile, campus.profile.launching.locales
    switched = request.args.get("switched") == "on"
    if switched and not profile.people.switches:
        raise PlatformRefused("not_found", "nobody can switch roles here", 404)
    return campus.intend(
        client,
        user,
        link,
        request.args.get("locale", locales[0] if locales else ""),
        target=way,
        placement=_placement(campus),
        switched=switched,
    )


def _placement(campus: Campus) -> Placement:
    known = campus.profile.choosing.placements
    name = request.args.get("placement", next(iter(known)))
    if name not in known:
        raise PlatformRefused("not_found", "no such placement", 404)
    return known[name]


def _login(campus: Campus, client: Client, intent: Intent, storage: bool) -> str:
    """The address where the login begins: the tool's, or a page of our own that posts to it."""
    if campus.profile.launching.login == "POST":
        return f"{campus.base}/login/{intent.hint}{'' if storage else '?storage=off'}"
    return with_query(client.login_url, **campus.login_fields(client, intent, storage))
