"""The addresses that a link in an LMS can have, and the page of ours that each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import parse_qs, urlencode, urlsplit

from lti.courses.arrivals import LaunchTarget
from lti.courses.contexts import HISTORY
from lti.launch.claims import ZONE
from lti.launch.login import OwnRoute
from lti.platforms.dynamic import Tool
from lti.wire import names
from lti.wire.urls import origin_of

PATHS: Mapping[str, str] = {
    "": "course",
    "/": "course",
    "/lti/to/course": "course",
    "/lti/to/path": "path",
    "/lti/to/plan": "plan",
    "/lti/to/experience": "experience",
    "/lti/to/choose": "choose",
    "/lti/to/review": "review",
    "/lti/to/privacy": "privacy",
}
"""Every path that a launch may end on, and the kind of page it opens."""


def target_of(base_url: str, target: str, custom: Mapping[str, str]) -> LaunchTarget | None:
    """The page that a target link opens, None if it is not one of ours. The module of an experience
    is in the link's query, or in a custom parameter if a platform uses one address for all
    links."""
    parts = urlsplit(target)
    item = PATHS.get(parts.path)
    if item is None or origin_of(target) != origin_of(base_url) or parts.fragment:
        return None
    module = custom.get("module") or parse_qs(parts.query).get("module", [""])[0]
    if item in ("course", "experience") and module:
        return LaunchTarget("experience", module[:121])
    said = custom.get("item", item) if item == "course" else item
    return LaunchTarget(said if said in PATHS.values() and said != "experience" else "course")


def is_ours(base_url: str) -> OwnRoute:
    """Returns a function that tells the protocol whether a launch may end on an address."""
    return partial(_is_ours, base_url)


def _is_ours(base_url: str, target: str) -> bool:
    try:
        return target_of(base_url, target, {}) is not None
    except ValueError:
        return False


def address(base_url: str, target: LaunchTarget) -> str:
    """The target link that opens this page."""
    query = f"?{urlencode({'module': target.module})}" if target.module else ""
    return f"{base_url}/lti/to/{target.item}{query}"


def tool(base_url: str) -> Tool:
    """Our description for platforms: asks for as little personal data as possible, and only for a
    name to greet people by."""
    at = {item: f"{base_url}/lti/to/{item}" for item in ("course", "choose", "review", "privacy")}
    return Tool(
        login_url=f"{base_url}/lti/login",
        launch_url=f"{base_url}/lti/launch",
        keys_url=f"{base_url}/lti/keys",
        home_url=at["course"],
        logo_url=f"{base_url}/static/favicon.svg",
        names={"": "Relecture"},
        descriptions={
            "": "Short experiences in building alliances, slipped into your course and debriefed "
            "over the weeks after.",
            "fr": "De courtes expériences pour apprendre à faire alliance, glissées dans votre "
            "cours, puis relues au fil des semaines.",
        },
        launches={
            names.RESOURCE_LINK_REQUEST: at["course"],
            names.DEEP_LINKING_REQUEST: at["choose"],
            names.SUBMISSION_REVIEW_REQUEST: at["review"],
            names.DATA_PRIVACY_REQUEST: at["privacy"],
        },
        claims=("iss", "sub", "name", "given_name", "family_name", "email"),
        custom={HISTORY: "$Context.id.history", ZONE: "$Person.address.timezone"},
    )
