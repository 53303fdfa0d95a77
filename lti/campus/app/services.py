"""The services that tools call: configuration, registration, keys, tokens, members, line items,
scores, results. JSON in, JSON out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from lti.campus import clients, gradebook, launches, tokens
from lti.campus.campus import Campus
from lti.campus.clients import Client
from lti.campus.refusals import PlatformRefused
from lti.campus.roster import MAX_PAGE, selected
from lti.wire import names
from lti.wire.urls import with_query


def blueprint(campus: Campus) -> Blueprint:
    """The services of that campus."""
    made = Blueprint("services", __name__)
    made.register_error_handler(PlatformRefused, _refused)
    _add_identity(made, campus)
    made.add_url_rule("/members", view_func=lambda: _members(campus), endpoint="members")
    _add_grades(made, campus)
    return made


def _add_identity(made: Blueprint, campus: Campus) -> None:
    """Adds the services for identity: the platform's configuration and keys, registration, and
    access tokens."""

    @made.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        return _json(clients.configuration(campus.base))

    @made.get("/keys")
    def keys() -> Response:
        return _json(tokens.key_set(campus.key))

    @made.post("/register")
    def register() -> Response:
        said: Any = request.get_json(force=True, silent=True)
        client = campus.register(
            request.headers.get("Authorization", "").removeprefix("Bearer "), said
        )
        return _json(clients.answer(said, client), status=201)

    @made.post("/token")
    def token() -> Response:
        form = request.form.to_dict()
        client = tokens.client_of(form, campus.clients)
        access = tokens.granted(
            form, client, campus.keys_of(client), f"{campus.base}/token", campus.wall()
        )
        return _json(
            {
                "access_token": campus.give(access),
                "token_type": "Bearer",
                "scope": " ".join(sorted(access.scopes)),
                "expires_in": int(tokens.LIFE.total_seconds()),
            }
        )


def _members(campus: Campus) -> Response:
    """A page of the roster (NRPS 2.0): by role, by resource link, or what changed since; the
    ``Link`` header gives the next page."""
    client = _allowed(campus, names.SCOPE_ROSTER)
    role, rlid, since = request.args.get("role"), request.args.get("rlid"), _whole("since")
    link = campus.links.get(rlid) if rlid else None
    if rlid and (link is None or link.client_id != client.id):
        raise PlatformRefused("not_found", "no such resource link", 404)
    roster = campus.roster
    people = selected(roster, role, since)
    start, limit = _whole("start") or 0, min(_whole("limit") or MAX_PAGE, MAX_PAGE)
    here = f"{campus.base}/members"
    told = [person.as_member(client.claims) for person in people[start : start + limit]]
    if link is not None:
        for said, person in zip(told, people[start : start + limit], strict=True):
            custom = launches.custom(client, link, person)
            said["message"] = [
                {names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST, names.CUSTOM: custom}
            ]
    answer = _json({"id": here, "context": launches.COURSE, "members": told}, names.MEDIA_ROSTER)
    if start + limit < len(people):
        answer.headers.add(
            "Link",
            _link(
                with_query(
                    here,
                    role=role,
                    rlid=rlid,
                    since=request.args.get("since"),
                    limit=str(limit),
                    start=str(start + limit),
                ),
                "next",
            ),
        )
    answer.headers.add(
        "Link",
        _link(with_query(here, role=role, rlid=rlid, since=str(roster.revision)), "differences"),
    )
    return answer


def _add_grades(made: Blueprint, campus: Campus) -> None:
    """Adds the grade services (AGS 2.0). A tool sees only its own line items."""

    @made.get("/lineitems")
    def line_items() -> Response:
        client = _allowed(campus, names.SCOPE_LINE_ITEM)
        found = campus.book.of(
            client.id,
            resource_id=request.args.get("resource_id"),
            tag=request.args.get("tag"),
            link=request.args.get("resource_link_id"),
        )
        start, limit = _whole("start") or 0, min(_whole("limit") or MAX_PAGE, MAX_PAGE)
        answer = _json(
            [column.as_json(campus.base) for column in found[start : start + limit]],
            names.MEDIA_LINE_ITEMS,
        )
        if start + limit < len(found):
            following = with_query(request.url, start=str(start + limit), limit=str(limit))
            answer.headers.add("Link", _link(following, "next"))
        return answer

    @made.post("/lineitems")
    def make() -> Response:
        client, said = (
            _allowed(campus, names.SCOPE_LINE_ITEM),
            request.get_json(force=True, silent=True),
        )
        with campus.lock:
            campus.book, column = gradebook.added(campus.book, said, client.id, campus.links)
        return _json(column.as_json(campus.base), names.MEDIA_LINE_ITEM, 201)

    @made.route("/lineitems/<int:number>/lineitem", methods=["GET", "PUT", "DELETE"])
    def line_item(number: int) -> Response:
        client, said = (
            _allowed(campus, names.SCOPE_LINE_ITEM),
            request.get_json(force=True, silent=True),
        )
        with campus.lock:
            column = campus.line_item(client, number)
            if request.method == "DELETE":
                campus.book = gradebook.removed(campus.book, number)
                return Response(status=204)
            if request.method == "PUT":
                column = gradebook.read_column(said, number, client.id, campus.links)
                campus.book = gradebook.changed(campus.book, column)
        return _json(column.as_json(campus.base), names.MEDIA_LINE_ITEM)

    @made.post("/lineitems/<int:number>/lineitem/scores")
    def score(number: int) -> Response:
        client, said = (
            _allowed(campus, names.SCOPE_SCORE),
            request.get_json(force=True, silent=True),
        )
        member = isinstance(said, dict) and campus.roster.find(str(said.get("userId"))) is not None
        with campus.lock:
            campus.book = gradebook.scored(
                campus.book, campus.line_item(client, number), said, member
            )
        return Response(status=204)

    @made.get("/lineitems/<int:number>/lineitem/results")
    def results(number: int) -> Response:
        column = campus.line_item(_allowed(campus, names.SCOPE_RESULT), number)
        return _json(
            gradebook.results(campus.book, column, campus.base, request.args.get("user_id")),
            names.MEDIA_RESULTS,
        )


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


def _link(url: str, relation: str) -> str:
    return f'<{url}>; rel="{relation}"'


def _json(
    said: dict[str, Any] | Sequence[Any], media: str = "application/json", status: int = 200
) -> Response:
    return Response(json.dumps(said), status, content_type=media)


def _refused(refused: PlatformRefused) -> Response:
    """An error in OAuth's format (RFC 6749 section 5.2, RFC 6750 section 3)."""
    return _json({"error": refused.code, "error_description": refused.why}, status=refused.status)
