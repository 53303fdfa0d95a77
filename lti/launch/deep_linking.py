"""Deep Linking 2.0: the teacher's choice as content items, checked against what the platform
accepts, and the signed response."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lti.launch.values import DeepLinkingSettings
from lti.platforms.registrations import Registration
from lti.platforms.tool_keys import ToolKeys
from lti.wire import names
from lti.wire.reasons import ContentItemRefused
from lti.wire.refusals import ServiceRefused

LINK = "ltiResourceLink"
LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Icon:
    """An image: its https address, and its width and height in pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class ItemGrade:
    """The line item to create with a link: the maximum score, what it measures (``tag``), and the
    id of our resource."""

    maximum: float
    label: str
    resource_id: str
    tag: str = ""


@dataclass(frozen=True)
class Item:
    """One item to place in the course: an LTI link to one of our pages (Deep Linking 2.0, section
    4.3).

    ``frame``: width and height in pixels for an iframe; ``window``: the name of a window that links
    share.
    """

    url: str
    title: str
    text: str = ""
    icon: Icon | None = None
    grade: ItemGrade | None = None
    custom: Mapping[str, str] = field(default_factory=dict)
    frame: tuple[int, int] | None = None
    window: str | None = None

    def titled(self, title: str) -> Item:
        """The same item under that title, its column too."""
        grade = replace(self.grade, label=title) if self.grade else None
        return replace(self, title=title, grade=grade)

    def as_json(self, settings: DeepLinkingSettings) -> dict[str, Any]:
        """The content item under the specification's names; includes a line item unless the
        platform says that it accepts none."""
        item: dict[str, Any] = {"type": LINK, "url": self.url, "title": self.title}
        if self.text:
            item["text"] = self.text
        if self.icon:
            item["icon"] = {
                "url": self.icon.url,
                "width": self.icon.width,
                "height": self.icon.height,
            }
        if self.custom:
            item["custom"] = dict(self.custom)
        if self.grade and settings.line_items is not False:
            line_item = {
                "scoreMaximum": self.grade.maximum,
                "label": self.grade.label,
                "resourceId": self.grade.resource_id,
            }
            item["lineItem"] = {**line_item, "tag": self.grade.tag} if self.grade.tag else line_item
        if self.frame and "iframe" in settings.targets:
            item["iframe"] = {"width": self.frame[0], "height": self.frame[1]}
        if self.window and "window" in settings.targets:
            item["window"] = {"targetName": self.window}
        return item


def accepted(items: Sequence[Item], settings: DeepLinkingSettings) -> list[dict[str, Any]]:
    """The content items as JSON, checked against ``accept_types`` and ``accept_multiple`` (Deep
    Linking 2.0, section 4.4.1).

    Raises ``ServiceRefused("content-item-refused")`` with the setting that forbids it. An empty
    list is a valid response: the teacher changed their mind.
    """
    if items and LINK not in settings.accept_types:
        raise ServiceRefused(ContentItemRefused(setting="accept_types"))
    if len(items) > 1 and not settings.multiple:
        raise ServiceRefused(ContentItemRefused(setting="accept_multiple"))
    return [item.as_json(settings) for item in items]


def response(
    keys: ToolKeys,
    registration: Registration,
    deployment: str,
    settings: DeepLinkingSettings,
    items: Sequence[Item],
    wall: datetime,
    message: str = "",
) -> str:
    """The signed response (Deep Linking 2.0, section 4.5; Security Framework 1.0, section 5.2.2): a
    JWT that the browser posts as ``JWT`` to ``settings.return_url``. ``data`` is returned
    unchanged; the platform shows ``message`` to the teacher.

    Raises ``ServiceRefused("content-item-refused")``.
    """
    claims = {
        "iss": registration.client_id,
        "sub": registration.client_id,  # asked for by Blackboard
        "aud": registration.issuer,
        "iat": int(wall.timestamp()),
        "exp": int((wall + LIFE).timestamp()),
        "nonce": secrets.token_urlsafe(24),
        names.DEPLOYMENT: deployment,
        names.MESSAGE_TYPE: names.DEEP_LINKING_RESPONSE,
        names.VERSION: names.LTI_VERSION,
        names.DL_ITEMS: accepted(items, settings),
    }
    if settings.data is not None:
        claims[names.DL_DATA] = settings.data
    if message:
        claims[names.DL_MESSAGE] = message
    return keys.sign(claims, wall)
