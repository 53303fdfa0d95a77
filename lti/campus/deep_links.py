"""Links placed in the course, and the parsing of Deep Linking responses into them (Deep Linking
2.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lti.campus.clients import DEPLOYMENT
from lti.campus.refusals import PlatformRefused
from lti.wire import names
from lti.wire.urls import is_web_address

TYPES = ("ltiResourceLink",)
TARGETS = ("iframe", "window")
HEIGHT = 700
"""The height of the tool's frame in pixels, unless the link or the tool specifies one."""


@dataclass(frozen=True)
class Link:
    """A resource link in the course. ``grade`` is the line item that came with it, as the tool sent
    it."""

    id: str
    client_id: str
    url: str
    title: str
    text: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    grade: Mapping[str, Any] | None = None
    height: int = HEIGHT


def settings(return_url: str, data: str) -> dict[str, Any]:
    """What the platform accepts (Deep Linking 2.0, section 4.4.1): any number of links, with line
    items, in a frame or not."""
    return {
        "deep_link_return_url": return_url,
        "accept_types": list(TYPES),
        "accept_presentation_document_targets": list(TARGETS),
        "accept_multiple": True,
        "accept_lineitem": True,
        "auto_create": True,
        "data": data,
    }


def read_response(
    claims: Mapping[str, Any], *, client_id: str, issuer: str, data: str
) -> list[dict[str, Any]]:
    """The content items of a response whose signature has been verified (Deep Linking 2.0, section
    4.5). Raises ``PlatformRefused``."""
    audience = claims.get("aud")
    expected = {
        "iss": (claims.get("iss"), client_id),
        "aud": (issuer in (audience if isinstance(audience, list) else [audience]), True),
        "message_type": (claims.get(names.MESSAGE_TYPE), names.DEEP_LINKING_RESPONSE),
        "version": (claims.get(names.VERSION), names.LTI_VERSION),
        "deployment_id": (claims.get(names.DEPLOYMENT), DEPLOYMENT),
        "data": (claims.get(names.DL_DATA), data),
    }
    for name, (said, wanted) in expected.items():
        if said != wanted:
            raise PlatformRefused(
                "invalid_request", f"{name} of the deep linking response is wrong"
            )
    if not claims.get("nonce"):
        raise PlatformRefused("invalid_request", "nonce of the deep linking response is missing")
    items = claims.get(names.DL_ITEMS, [])
    if not isinstance(items, list) or not all(
        isinstance(item, dict) and item.get("type") in TYPES for item in items
    ):
        raise PlatformRefused("invalid_request", f"content items must be of {', '.join(TYPES)}")
    return items


def read_item(item: Mapping[str, Any], link: str, client_id: str, home: str) -> Link:
    """The link described by a content item (Deep Linking 2.0, section 4.3); without ``url`` it
    leads to the tool's home.

    Raises ``PlatformRefused``.
    """
    url = item.get("url") or home
    if not isinstance(url, str) or not is_web_address(url):
        raise PlatformRefused("invalid_request", "url of a content item must be a web address")
    frame, custom, grade = (
        part if isinstance(part := item.get(name), dict) else {}
        for name in ("iframe", "custom", "lineItem")
    )
    height = frame.get("height")
    return Link(
        link,
        client_id,
        url,
        str(item.get("title") or link),
        str(item.get("text") or ""),
        {str(name): str(value) for name, value in custom.items()},
        dict(grade) or None,
        height if isinstance(height, int) and 0 < height < 10_000 else HEIGHT,
    )
