"""Line items as LMSs make, list and tell them, each in its manner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import quote

from lti.campus import gradebook
from lti.campus.deep_links import Link
from lti.campus.gradebook import Column, Gradebook
from lti.campus.ids import link_id
from lti.campus.profiles.profile import Columns, Placement, Profile
from lti.campus.refusals import PlatformRefused

POINTS = 100
"""The points of a column that no tool described."""
FILTERS = {
    "resource_id": "resource_id",
    "tag": "tag",
    "resource_link_id": "link",
    "lti_link_id": "link",
}
"""The filters of a query, and what they compare."""


def placed(book: Gradebook, profile: Profile, link: Link, placement: Placement) -> Gradebook:
    """The gradebook after that link was placed. Raises ``PlatformRefused``."""
    if placement.column == "sent" and link.grade is not None:
        return made_for(book, profile, link, "chosen")
    return made_for(book, profile, link, "own") if placement.column == "always" else book


def made_for(
    book: Gradebook, profile: Profile, link: Link, made: Literal["chosen", "own"]
) -> Gradebook:
    """The gradebook with a column for that link: as the tool described it, or of the LMS's own.
    Raises ``PlatformRefused``."""
    wire = link_id(profile, link)
    said = (link.grade if made == "chosen" or link.grade else None) or {}
    said = {"label": link.title, "scoreMaximum": POINTS, **said, "resourceLinkId": wire}
    book, column = gradebook.added(book, said, link.client_id, {wire})
    return gradebook.changed(book, replace(column, made=made))


def without(book: Gradebook, profile: Profile, link: Link) -> Gradebook:
    """The gradebook without the columns that hang on that link."""
    for column in book.of(link.client_id, link=link_id(profile, link)):
        book = gradebook.removed(book, column.number)
    return book


def posted(
    book: Gradebook, profile: Profile, said: Any, client_id: str, links: Collection[Link]
) -> tuple[Gradebook, Column]:
    """The gradebook after a tool posted a line item, and the column that it got. Raises
    ``PlatformRefused``."""
    manners = profile.columns
    wire = said.get("resourceLinkId") if isinstance(said, dict) else None
    ours = {link_id(profile, link) for link in links if link.client_id == client_id}
    if manners.posted == "assignment" and wire is not None:
        _check_assignment(profile, wire, ours)
    if manners.posted == "own-link":
        _check_own(said, wire)
        ours.add(str(wire))
    if manners.posted in ("no-link", "by-label") and isinstance(said, dict):
        said = {name: value for name, value in said.items() if name != "resourceLinkId"}
    if manners.posted == "by-label":
        same = (one for one in book.of(client_id) if one.label == said.get("label"))
        known = next(same, None)
        if known is not None:
            return book, known
    return gradebook.added(book, said, client_id, ours)


def _check_assignment(profile: Profile, wire: str, ours: Collection[str]) -> None:
    """Canvas takes the id of an assignment's link alone (instructure/canvas-lms#1944)."""
    if wire == profile.identity.shared:
        raise PlatformRefused("not_found", "The specified resource does not exist.", 404)
    if wire not in ours:
        raise PlatformRefused("invalid_request", "", 412)


def _check_own(said: Any, wire: Any) -> None:
    """Open edX wants whole points, and the key of a block (LtiAgsLineItemSerializer)."""
    if not isinstance(said, dict) or not (wire or said.get("resourceId")):
        raise PlatformRefused("invalid_request", "resourceId or resourceLinkId is needed")
    if wire is not None and not str(wire).startswith("block-v1:"):
        raise PlatformRefused("invalid_request", "Invalid usage key")
    if said.get("scoreMaximum") != int(said.get("scoreMaximum") or 0):
        raise PlatformRefused("invalid_request", "A valid integer is required.")


def listed(
    book: Gradebook, manners: Columns, client_id: str, asked: Mapping[str, str]
) -> list[Column]:
    """The columns of that tool that a query finds, with those filters of it that work (AGS 2.0,
    section 3.2.9)."""
    wanted = {name: asked[name] for name in manners.filters if name in asked}
    found = book.of(client_id, **{FILTERS[name]: value for name, value in wanted.items()})
    hides = manners.own_hidden and not {"resource_id", "tag"}.isdisjoint(wanted)
    return [column for column in found if not (hides and column.made == "own")]


def told(column: Column, manners: Columns, base: str) -> dict[str, Any]:
    """A column as the LMS tells it."""
    said = column.as_json(base)
    if manners.own_hidden and column.made == "own":
        said = {**{name: said[name] for name in said if name != "resourceId"}, "tag": ""}
    if manners.own_unnamed and column.made != "posted":
        said = {name: said[name] for name in said if name not in ("resourceId", "tag")}
    if manners.ids_encoded:
        for name in {"resourceId", "tag"} & said.keys():
            said[name] = quote(said[name], safe="")
        said = {
            name: value
            for name, value in said.items()
            if name not in ("resourceId", "tag") or len(value) > 1
        }
    return said
