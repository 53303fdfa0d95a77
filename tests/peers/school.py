"""``lti1p3platform`` as a school's LMS: the library's logic, and at its served edge what it leaves
to whoever uses it.

Where the library departs from the specifications, the edge does what they say; each such place has
a comment.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask, Response, abort, redirect, request
from jinja2 import Environment, PackageLoader
from jwt.exceptions import InvalidTokenError
from lti1p3platform.exceptions import (
    LineItemNotFoundException,
    LtiDeepLinkingResponseException,
    LtiException,
    LtiServiceException,
    MissingRequiredClaim,
    PreflightRequestValidationException,
    UnsupportedGrantType,
)
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request, TRequest
from lti1p3platform.response import Response as Answer
from lti1p3platform.response import generate_next_link
from lti1p3platform.score import ActivityProgress, GradeProgress, UpdateScoreStatus
from lti1p3platform.service_connector import AssignmentsGradesService
from werkzeug.serving import make_server

from lti.wire import names
from tests.integration.lti.lms import LEARNER, TEACHER, rsa

CLIENT, DEPLOYMENT = "client-of-the-school", "deployment-of-the-school"
STUDENT, TUTOR = "student-7", "teacher-1"
PAGE = 2
"""How many line items or results stand on a page: few, so that paging is walked."""
TEMPLATES = Environment(
    loader=PackageLoader("lti1p3platform.framework", "templates"), autoescape=True
)
REFUSALS = (
    InvalidTokenError,
    LtiException,
    LtiDeepLinkingResponseException,
    MissingRequiredClaim,
    PreflightRequestValidationException,
    UnsupportedGrantType,
)


@dataclass(frozen=True)
class Tool:
    """The tool's addresses as the school's administrator typed them in."""

    login_url: str
    launch_url: str
    keys_url: str
    link: str
    choose: str


@dataclass
class School:
    """What the school keeps: its tool, what teachers placed, its gradebook, and how often it was
    asked for what."""

    tool: Tool
    base: str = ""
    placed: list[dict[str, Any]] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    scores: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return self.base

    def conf(self) -> Conf:
        """The library's configuration, new for each request: it keeps the first key set that it
        fetched for good, and the tool's keys rotate (Security Framework 1.0, section 6.4)."""
        return Conf(school=self)


class Conf(LTI1P3PlatformConfAbstract):
    """The one tool that the school has registered."""

    def init_platform_config(self, *, school: School) -> None:
        self.school = school
        key = rsa("school")
        self._registration = (
            Registration()
            .set_iss(school.issuer)
            .set_client_id(CLIENT)
            .set_deployment_id(DEPLOYMENT)
            .set_oidc_login_url(school.tool.login_url)
            .set_tool_key_set_url(school.tool.keys_url)
            .set_launch_url(school.tool.link)
            .set_deeplink_launch_url(school.tool.choose)
            .set_platform_public_key(key.as_pem(private=False).decode())
            .set_platform_private_key(key.as_pem(private=True).decode())
        )

    def get_registration_by_params(self, **_: Any) -> Registration:
        return self._registration

    def tool_validate_and_decode(self, jwt_token_string: str) -> dict[str, Any]:
        """The library looks at signature and expiry alone. Whose token it is, and that it is for
        this school, is seen here (Security Framework 1.0, sections 4.1.1 and 5.2.3; RFC 7523,
        section 3)."""
        claims = super().tool_validate_and_decode(jwt_token_string)
        answers = names.MESSAGE_TYPE in claims
        if claims.get("iss") != CLIENT or (
            not answers and (claims.get("sub") != CLIENT or not claims.get("jti"))
        ):
            raise LtiException("somebody else's token")
        if claims.get("aud") != (self.school.issuer if answers else f"{self.school.base}/token"):
            raise LtiException("a token for somebody else")
        if answers and (
            claims.get(names.DEPLOYMENT) != DEPLOYMENT or claims.get(names.VERSION) != "1.3.0"
        ):
            raise LtiException("an answer from another deployment")
        self.school.said = claims
        return claims


class Asked(Request):
    """A request as the library wants it. It adds 1 to ``page`` as it comes, so that numbers must
    come as numbers."""

    def build_metadata(self, request: Any) -> TRequest:
        query = {
            name: int(value) if name in ("page", "limit") else value
            for name, value in request.args.items()
        }
        return {
            "method": request.method,
            "form_data": request.form.to_dict(),
            "get_data": query,
            "headers": request.headers,
            "content_type": request.content_type,
            "path": request.path,
            "json": request.get_json(force=True, silent=True),
        }


class Login(OIDCLoginAbstract):
    """The way to the tool begins here; ``hint`` says which link was followed."""

    def set_lti_message_hint(self, *, hint: str) -> None:
        self._lti_message_hint = hint

    def get_redirect(self, url: str) -> Any:
        return redirect(url)


class Launch(LTIAdvantageMessageLaunchAbstract):
    """What the school says of who launches."""

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        """Checked first, as the library does not: the request is an OpenID Connect one, and the
        address that the token goes to is the registered one (Security Framework 1.0, section
        5.1.1.2; OpenID Connect Core 1.0, section 3.1.2.2)."""
        school: School = self._platform_config.school
        wanted = {
            "redirect_uri": school.tool.launch_url,
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
        }
        if any(preflight_response.get(name) != value for name, value in wanted.items()):
            raise PreflightRequestValidationException
        user, link = preflight_response["login_hint"], preflight_response["lti_message_hint"]
        self.set_user_data(
            user, [TEACHER if user == TUTOR else LEARNER], "Léa Martin", f"{user}@example.org"
        )
        self.set_launch_context_claim(
            "course-1", ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"], "Économie"
        )
        self.set_launch_presentation_claim("iframe", f"{school.base}/back")
        self.set_ags(f"{school.base}/items")
        self.set_nrps(f"{school.base}/members")
        if link == "choose":
            # The library's word for what goes back untouched is an object: the specification calls
            # it opaque.
            self.set_dl(
                f"{school.base}/placed",
                "À placer",
                accept_types={"ltiResourceLink", "link"},
                extra_data={"week": 3},
            )
        else:
            self.set_resource_link_claim(link, title="Semaine 3")

    def render_launch_form(self, launch_data: dict[str, Any], **_: Any) -> str:
        """The library's own page, with escaping switched on, which its own environment leaves
        off."""
        return TEMPLATES.get_template("launch.html").render(launch_data)


class Grades(AssignmentsGradesService):
    """The gradebook behind the library's service. ``scope``: the one that this very request
    needs; the library takes a token with any of them for everything (AGS 2.0, sections 3.2 to
    3.4)."""

    def __init__(self, school: School, scope: str, line_item: str | None = None) -> None:
        at = f"{school.base}/items"
        super().__init__(Asked(request), school.conf(), at, line_item and f"{at}/{line_item}")
        self.school, self.scope = school, scope

    @property
    def allowed_scopes(self) -> list[str]:
        return [self.scope]

    def find_lineitems(
        self,
        page: int = 1,
        limit: int | None = None,
        line_item_id: str | None = None,
        resource_link_id: str | None = None,
        resource_id: str | None = None,
        tag: str | None = None,
    ) -> Any:
        wanted = {"resourceLinkId": resource_link_id, "resourceId": resource_id, "tag": tag}
        return _page(
            [
                item
                for item in self.school.items.values()
                if all(value is None or item.get(name) == value for name, value in wanted.items())
            ],
            page,
            limit,
        )

    def find_lineitem(self, line_item_id: str) -> Any:
        if line_item_id not in self.school.items:
            raise LineItemNotFoundException
        return self.school.items[line_item_id]

    def create_lineitem(self, creation_data: Any) -> Any:
        number = str(len(self.school.items) + 1)
        return self.school.items.setdefault(
            number, {**creation_data, "id": f"{self.ags.lineitems_url}/{number}"}
        )

    def update_lineitem(self, update_data: Any) -> Any:
        raise LtiServiceException("this school's columns stay as they were made", 405)

    def delete_lineitem(self, line_item_id: str) -> None:
        raise LtiServiceException("this school's columns stay", 405)

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        self.find_lineitem(line_item_id)
        key = line_item_id, score["userId"]
        before = self.school.scores.get(key)
        if before and datetime.fromisoformat(score["timestamp"]) <= datetime.fromisoformat(
            before["timestamp"]
        ):
            return UpdateScoreStatus.OLD_TIMESTAMP
        self.school.scores[key] = score
        return UpdateScoreStatus.SUCCESS

    def get_results(
        self, line_item_id: str, page: int = 1, limit: int | None = None, user_id: str | None = None
    ) -> Any:
        at = self.find_lineitem(line_item_id)["id"]
        return _page(
            [
                {
                    "id": f"{at}/results/{user}",
                    "scoreOf": at,
                    "userId": user,
                    "comment": score.get("comment"),
                    "resultScore": score.get("scoreGiven"),
                    "resultMaximum": score.get("scoreMaximum", 1),
                }
                for (item, user), score in self.school.scores.items()
                if item == line_item_id and user_id in (None, user)
            ],
            page,
            limit,
        )


def _page(found: list[Any], page: int, limit: int | None) -> dict[str, Any]:
    size = min(limit or PAGE, PAGE)
    return {"content": found[(page - 1) * size : page * size], "has_next": len(found) > page * size}


def app_of(school: School) -> Flask:
    """The school's pages and services."""
    app = Flask("school")

    @app.before_request
    def count() -> None:
        school.asked.append(f"{request.method} {request.path}")

    @app.get("/open/<user>/<link>")
    def follow(user: str, link: str) -> Any:
        login = Login(Asked(request), school.conf())
        login.set_lti_message_hint(hint=link)
        if link == "choose":
            login.set_deeplinking_launch_url()
        return login.initiate_login(user)

    @app.get("/auth")
    def authenticate() -> Any:
        return Launch(Asked(request), school.conf()).lti_launch()

    @app.get("/jwks")
    def keys() -> Any:
        return school.conf().get_jwks()

    @app.post("/token")
    def token() -> Any:
        return school.conf().get_access_token(request.form.to_dict())

    @app.post("/placed")
    def placed() -> Any:
        school.placed = school.conf().validate_deeplinking_resp(request.form.to_dict())
        return {"placed": len(school.placed)}

    def refuse(wrong: Exception) -> tuple[dict[str, str], int]:
        """The library raises what the specification answers with 400 (RFC 6749, section 5.2)."""
        return {
            "error": "invalid_request",
            "error_description": f"{type(wrong).__name__} {wrong}",
        }, 400

    for kind in REFUSALS:
        app.register_error_handler(kind, refuse)
    _serve_grades(app, school)
    return app


def _serve_grades(app: Flask, school: School) -> None:
    @app.route("/items", methods=["GET", "POST"])
    def items() -> Response:
        service = Grades(school, names.SCOPE_LINE_ITEM)
        if request.method == "GET":
            return _answer(service, service.handle_get_lineitems)
        _typed(names.MEDIA_LINE_ITEM)
        return _answer(service, service.handle_create_lineitem)

    @app.post("/items/<item>/scores")
    def scores(item: str) -> Response:
        service = Grades(school, names.SCOPE_SCORE, item)
        _typed(names.MEDIA_SCORE)
        _check_score(request.get_json(force=True))
        return _answer(service, service.handle_update_score, line_item_id=item)

    @app.get("/items/<item>/results")
    def results(item: str) -> Response:
        service = Grades(school, names.SCOPE_RESULT, item)
        return _answer(service, service.handle_get_results, line_item_id=item)


def _answer(service: Grades, handle: Callable[..., Answer], **named: str) -> Response:
    """The library's answer as AGS 2.0 wants it (section 3.2): a list is a JSON array whose next
    page stands in a ``Link`` header, where the library wraps the list with its next page in an
    object; what holds nothing has no body, not ``null``."""
    answer = service.handle_resp(handle, **named)
    result = answer.result
    headers = {"Content-Type": answer.media_type}
    if isinstance(result, dict) and "content" in result:
        if result["has_next"]:
            headers["Link"] = generate_next_link(result["next"])
        result = result["content"]
    return Response(None if result is None else json.dumps(result), answer.code, headers)


def _typed(media: str) -> None:
    """The library takes JSON of any name; the specification gives each kind a media type (AGS
    2.0, sections 3.2 and 3.4)."""
    if request.content_type != media:
        abort(415)


def _check_score(score: Mapping[str, Any]) -> None:
    """What the library leaves to do (its ``handle_update_score`` says so), as AGS 2.0 asks in
    section 3.4."""
    try:
        ActivityProgress(score["activityProgress"])
        GradeProgress(score["gradingProgress"])
        stamped = datetime.fromisoformat(score["timestamp"])
    except (KeyError, ValueError):
        abort(400)
    given, maximum = score.get("scoreGiven"), score.get("scoreMaximum")
    if (
        stamped.tzinfo is None
        or not score.get("userId")
        or (given is not None and not (given >= 0 and maximum and maximum > 0))
    ):
        abort(400)


@contextmanager
def served(tool: Tool) -> Iterator[School]:
    """The school on a free port of 127.0.0.1, until the block is left."""
    school = School(tool)
    server = make_server("127.0.0.1", 0, app_of(school), threaded=True)
    school.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield school
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
