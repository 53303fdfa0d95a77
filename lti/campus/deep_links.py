"""Links placed in the course, and the parsing of Deep Linking responses into them (Deep Linking
2.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lti.campus.profiles.profile import Choosing, Placement
from lti.campus.refusals import PlatformRefused
from lti.wire import names
from lti.wire.urls import is_web_address

TYPES = ("ltiResourceLink",)
HEIGHT = 700
"""The height of the tool's frame in pixels, unless the link or the tool specifies one."""


@dataclass(frozen=True)
class Link:
    """A resource link in the course. ``grade`` is the line item that came with it, as the tool sent
    it; ``grades``: whether its teacher accepts any; ``own_id``: whether its id is its own."""

    id: str
    client_id: str
    url: str
    title: str
    text: str = ""
    custom: Mapping[str, str] = field(default_factory=dict)
    grade: Mapping[str, Any] | None = None
    height: int = HEIGHT
    number: int = 0
    own_id: bool = True
    grades: bool = True


def settings(
    choosing: Choosing, placement: Placement, return_url: str, data: str
) -> dict[str, Any]:
    """What the platform accepts there (Deep Linking 2.0, section 4.4.1)."""
    said = {"deep_link_return_url": return_url, **choosing.settings, **placement.settings}
    return {**said, "data": data} if choosing.data else said


@dataclass(frozen=True)
class Expected:
    """What a response must say; ``data`` is None where none was sent. ``multiple``: whether it may
    have several items."""

    client_id: str
    issuer: str
    deployment: str
    data: str | None
    subject: bool
    multiple: bool


def read_response(claims: Mapping[str, Any], asked: Expected) -> list[dict[str, Any]]:
    """The content items of a response whose signature has been verified (Deep Linking 2.0, section
    4.5). Raises ``PlatformRefused``."""
    audience = claims.get("aud")
    issuers = audience if isinstance(audience, list) else [audience]
    expected = {
        "iss": (claims.get("iss"), asked.client_id),
        "sub": (claims.get("sub") == asked.client_id or not asked.subject, True),
        "aud": (asked.issuer in issuers, True),
        "message_type": (claims.get(names.MESSAGE_TYPE), names.DEEP_LINKING_RESPONSE),
        "version": (claims.get(names.VERSION), names.LTI_VERSION),
        "deployment_id": (claims.get(names.DEPLOYMENT), asked.deployment),
        "data": (claims.get(names.DL_DATA), asked.data),
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
    if len(items) > 1 and not asked.multiple:
        raise PlatformRefused("invalid_request", "one content item at a time")
    return items


def read_item(
    item: Mapping[str, Any], number: int, client_id: str, home: str, placement: Placement
) -> Link:
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
    height, link = frame.get("height"), f"link-{number}"
    return Link(
        link,
        client_id,
        url,
        str(item.get("title") or link),
        str(item.get("text") or ""),
        {str(name): str(value) for name, value in custom.items()},
        dict(grade) or None,
        height if isinstance(height, int) and 0 < height < 10_000 else HEIGHT,
        number,
        placement.own_id,
    )
