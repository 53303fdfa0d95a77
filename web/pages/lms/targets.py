"""The addresses that a link in an LMS can have: which page of ours each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import parse_qs, urlencode, urlsplit

from lti.courses.arrivals import LaunchTarget
from lti.courses.contexts import HISTORY
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
"""Every path that a launch may end on, and what it opens."""


def target_of(base_url: str, target: str, custom: Mapping[str, str]) -> LaunchTarget | None:
    """What a target link opens, None when it is no page of ours. The module of an experience
    stands in its query, or in a custom parameter where a platform keeps one address for all
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
    """Whether an address is one that a launch may end on, asked by the protocol."""
    return partial(_is_ours, base_url)


def _is_ours(base_url: str, target: str) -> bool:
    try:
        return target_of(base_url, target, {}) is not None
    except ValueError:
        return False


def address(base_url: str, target: LaunchTarget) -> str:
    """The target link that opens this."""
    query = f"?{urlencode({'module': target.module})}" if target.module else ""
    return f"{base_url}/lti/to/{target.item}{query}"


def tool(base_url: str) -> Tool:
    """Who we are, to platforms that ask: the least is asked of people, and only for a name to
    greet them by."""
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
        custom={HISTORY: "$Context.id.history"},
    )
