"""The services that tools call: configuration, registration, keys, tokens, members, line items,
scores, results. JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from lti.campus import claims, clients, columns, gradebook, members, tokens
from lti.campus.campus import Campus
from lti.campus.clients import Client
from lti.campus.gradebook import Column
from lti.campus.members import Asked, Page
from lti.campus.profiles.profile import READ_LINE_ITEMS
from lti.campus.refusals import PlatformRefused
from lti.wire import names
from lti.wire.urls import with_query

MAX_PAGE = 100
"""The maximum number of line items on a page."""


def blueprint(campus: Campus) -> Blueprint:
    """The services of that campus."""
    made = Blueprint("services", __name__)
    made.register_error_handler(PlatformRefused, lambda refused: _refused(campus, refused))
    _add_identity(made, campus)
    _add_tokens(made, campus)
    made.add_url_rule("/members", view_func=lambda: _members(campus), endpoint="members")
    _add_line_items(made, campus)
    _add_line_item(made, campus)
    _add_scores(made, campus)
    return made


def _add_identity(made: Blueprint, campus: Campus) -> None:
    """Adds the platform's configuration and keys, and registration."""

    @made.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        if campus.profile.registering.bearer_for_configuration:
            campus.check_invite(_bearer())
        return _json(
            clients.configuration(campus.profile, campus.base, campus.issuer, campus.token_url)
        )

    @made.get("/keys")
    def keys() -> Response:
        return _json(tokens.key_set(campus.key))

    @made.post("/register")
    def register() -> Response:
        said: Any = request.get_json(force=True, silent=True)
        client = campus.register(_bearer(), said)
        answered = campus.profile.registering.deployment_answered
        deployment = campus.profile.identity.deployment if answered else None
        return _json(clients.answer(said, client, deployment), status=201)


def _add_tokens(made: Blueprint, campus: Campus) -> None:
    """Adds access tokens."""

    @made.post("/token")
    def token() -> Response:
        form, manners = request.form.to_dict(), campus.profile.tokens
        client = tokens.client_of(form, campus.clients)
        audience = campus.token_audience or campus.token_url
        access = tokens.granted(
            form,
            client,
            campus.keys_of(client),
            None if manners.audience == "unchecked" else audience,
            campus.profile,
            campus.wall(),
        )
        return _json(
            {
                "access_token": campus.give(access),
                "token_type": manners.kind,
                "scope": " ".join(sorted(access.scopes)),
                "expires_in": int(tokens.LIFE.total_seconds()),
            }
        )


def _members(campus: Campus) -> Response:
    """A page of the roster (NRPS 2.0): by role, by resource link, or what changed since; the
    ``Link`` header gives the next page."""
    client, manners = _allowed(campus, names.SCOPE_ROSTER), campus.profile.members
    asked = Asked(
        request.args.get("role"),
        request.args.get("rlid") if "rlid" in manners.filters else None,
        _whole("since") if manners.differences else None,
        _whole("start") or 0,
        _whole("limit"),
    )
    found = members.page_of(campus.profile, campus.roster, campus.launched, asked)
    if manners.empty_body and not found.people:
        return Response(status=200)
    told = _told(campus, client, asked.link, found)
    here = f"{campus.services}/members"
    course = campus.profile.identity.context
    context = {name: course[name] for name in manners.context}
    answer = _json({"id": here, "context": context, "members": told}, names.MEDIA_ROSTER)
    kept = {"role": None if manners.next_forgets_role else asked.role, "rlid": asked.link}
    if found.following is not None:
        since = request.args.get("since")
        paged = {"since": since, "limit": str(found.size), "start": str(found.following)}
        answer.headers.add("Link", _link(with_query(here, **kept, **paged), "next"))
    if manners.differences:
        url = with_query(here, **kept, since=str(campus.roster.revision))
        answer.headers.add("Link", _link(url, "differences"))
    return answer


def _told(campus: Campus, client: Client, wire: str | None, found: Page) -> list[dict[str, Any]]:
    """The members of a page; with the custom parameters that each would get, where a link is asked
    for. Raises ``PlatformRefused`` for a link that is not the tool's."""
    profile, base = campus.profile, campus.base
    told = [members.told(profile, base, client, person) for person in found.people]
    if not wire:
        return told
    link = campus.link_of(client, wire)
    for said, person in zip(told, found.people, strict=True):
        custom = claims.custom(profile, base, client, link, person)
        message = {names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST, names.CUSTOM: custom}
        said["message"] = [message] if profile.members.message_is_list else message
    return told


def _add_line_items(made: Blueprint, campus: Campus) -> None:
    """Adds the list of line items (AGS 2.0, section 3.2). A tool sees only its own."""

    @made.get("/lineitems")
    def line_items() -> Response:
        client = _allowed(campus, names.SCOPE_LINE_ITEM, READ_LINE_ITEMS)
        manners = campus.profile.columns
        found = columns.listed(campus.book, manners, client.id, request.args)
        start, limit = _whole("start") or 0, min(_whole("limit") or MAX_PAGE, MAX_PAGE)
        said = [_item(campus, column) for column in found[start : start + limit]]
        answer = _json(said, names.MEDIA_LINE_ITEMS)
        if start + limit < len(found):
            following = with_query(request.url, start=str(start + limit), limit=str(limit))
            answer.headers.add("Link", _link(following, "next", manners.quotes))
        return answer

    @made.post("/lineitems")
    def make() -> Response:
        client = _allowed(campus, names.SCOPE_LINE_ITEM)
        _check_media(campus, names.MEDIA_LINE_ITEM)
        said = request.get_json(force=True, silent=True)
        with campus.lock:
            campus.book, column = columns.posted(
                campus.book, campus.profile, said, client.id, campus.links.values()
            )
        status = campus.profile.columns.posted_status
        return _json(_item(campus, column), names.MEDIA_LINE_ITEM, status)


def _add_line_item(made: Blueprint, campus: Campus) -> None:
    """Adds each line item (AGS 2.0, sections 3.2.5 to 3.2.7)."""

    @made.route("/lineitems/<int:number>/lineitem", methods=["GET", "PUT", "DELETE"])
    def line_item(number: int) -> Response:
        reading = [READ_LINE_ITEMS] if request.method == "GET" else []
        client = _allowed(campus, names.SCOPE_LINE_ITEM, *reading)
        said = request.get_json(force=True, silent=True)
        with campus.lock:
            column = campus.line_item(client, number)
            if request.method == "DELETE":
                campus.book = gradebook.removed(campus.book, number)
                return Response(status=204)
            if request.method == "PUT":
                known = {column.link} if column.link else set(campus.links)
                column = gradebook.read_column(said, number, client.id, known)
                campus.book = gradebook.changed(campus.book, column)
        return _json(_item(campus, column), names.MEDIA_LINE_ITEM)


def _item(campus: Campus, column: Column) -> dict[str, Any]:
    return columns.told(column, campus.profile.columns, campus.services)


def _add_scores(made: Blueprint, campus: Campus) -> None:
    """Adds scores and results (AGS 2.0, sections 3.3 and 3.4)."""

    @made.post("/lineitems/<int:number>/lineitem/scores")
    def score(number: int) -> Response:
        client = _allowed(campus, names.SCOPE_SCORE)
        _check_media(campus, names.MEDIA_SCORE)
        campus.score(client, number, request.get_json(force=True, silent=True))
        return Response(status=campus.profile.scores.taken)

    @made.get("/lineitems/<int:number>/lineitem/results")
    def results(number: int) -> Response:
        column = campus.line_item(_allowed(campus, names.SCOPE_RESULT), number)
        return _json(campus.results(column, request.args.get("user_id")), names.MEDIA_RESULTS)


def _check_media(campus: Campus, wanted: str) -> None:
    """Checks the content type to the letter, where the LMS does. Raises ``PlatformRefused``."""
    status, said = campus.profile.columns.media_refused, request.headers.get("Content-Type", "")
    if status is not None and said != wanted:
        raise PlatformRefused("invalid_request", f"No handler found for {said}", status)


def _bearer() -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _allowed(campus: Campus, *scopes: str) -> Client:
    return campus.allowed(request.headers.get("Authorization", ""), scopes)


def _whole(name: str) -> int | None:
    """A whole number, 0 or more, from the query; None if it is not given. Raises
    ``PlatformRefused``."""
    said = request.args.get(name)
    if said is None:
        return None
    if not (said.isdecimal() and len(said) < 10):
        raise PlatformRefused("invalid_request", f"{name} must be a whole number")
    return int(said)


def _link(url: str, relation: str, quotes: str = '""') -> str:
    """A ``Link`` header. Its typographic quotation marks, if it has any, go out as UTF-8."""
    said = f"<{url}>; rel={quotes[0]}{relation}{quotes[1]}"
    return said.encode().decode("latin-1")


def _json(
    said: dict[str, Any] | Sequence[Any], media: str = "application/json", status: int = 200
) -> Response:
    return Response(json.dumps(said), status, content_type=media)


def _refused(campus: Campus, refused: PlatformRefused) -> Response:
    """An error, in OAuth's format (RFC 6749 section 5.2, RFC 6750 section 3) or as that LMS has
    it."""
    manners, why = campus.profile, refused.why
    if request.path == "/register" and manners.registering.refused_as_text:
        return Response(why, refused.status, content_type="text/plain")
    if not why:
        return Response(status=refused.status)
    said: dict[str, Any] = {"error": refused.code, "error_description": why}
    if request.path not in ("/register", "/token"):
        if manners.tokens.refusals == "moodle":
            said = {"status": refused.status, "reason": why}
        elif manners.tokens.refusals == "canvas":
            said = {"errors": [{"message": why}]}
    return _json(said, status=refused.status)
