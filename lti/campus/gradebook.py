"""The gradebook as a value: columns (line items) and their marks, under the rules of AGS 2.0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from lti.campus.refusals import PlatformRefused
from lti.wire.reading import text_of

ACTIVITY = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")


@dataclass(frozen=True)
class Column:
    """A line item (AGS 2.0, section 3.2), visible only to the tool that owns it."""

    number: int
    client_id: str
    label: str
    maximum: float
    resource_id: str | None = None
    tag: str | None = None
    link: str | None = None

    def url(self, base: str) -> str:
        """Its id: an address with a query of its own, as on some real platforms."""
        return f"{base}/lineitems/{self.number}/lineitem?type_id={self.number}"

    def as_json(self, base: str) -> dict[str, Any]:
        """The line item in the specification's JSON format (section 3.2.8)."""
        said = {
            "id": self.url(base),
            "label": self.label,
            "scoreMaximum": self.maximum,
            "resourceId": self.resource_id,
            "tag": self.tag,
            "resourceLinkId": self.link,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class Mark:
    """The last score accepted for a user (AGS 2.0, section 3.4)."""

    timestamp: datetime
    activity: str
    grading: str
    given: float | None
    maximum: float
    comment: str | None


@dataclass(frozen=True)
class Gradebook:
    """Columns by number, and marks by column number and user."""

    columns: Mapping[int, Column] = field(default_factory=dict)
    marks: Mapping[tuple[int, str], Mark] = field(default_factory=dict)
    last: int = 0

    def of(self, client_id: str, **wanted: str | None) -> tuple[Column, ...]:
        """The columns of that tool, filtered (AGS 2.0, section 3.2.9) by ``resource_id``,
        ``tag`` and ``link``."""
        return tuple(
            column
            for column in self.columns.values()
            if column.client_id == client_id
            and all(
                value is None or getattr(column, name) == value for name, value in wanted.items()
            )
        )


def read_column(said: Any, number: int, client_id: str, links: Mapping[str, Any]) -> Column:
    """The column described by a line item that a tool sent (AGS 2.0, section 3.2.8). Raises
    ``PlatformRefused``."""
    if not isinstance(said, dict) or not text_of(said, "label"):
        raise PlatformRefused("invalid_request", "a line item needs a label")
    maximum, link = _number(said, "scoreMaximum"), text_of(said, "resourceLinkId")
    if maximum is None or maximum <= 0:
        raise PlatformRefused("invalid_request", "scoreMaximum must be a number above 0")
    if link is not None and link not in links:
        raise PlatformRefused("invalid_request", f"there is no resource link {link}")
    return Column(
        number,
        client_id,
        said["label"],
        maximum,
        text_of(said, "resourceId"),
        text_of(said, "tag"),
        link,
    )


def added(
    book: Gradebook, said: Any, client_id: str, links: Mapping[str, Any]
) -> tuple[Gradebook, Column]:
    """The gradebook with one more column, and that column. Raises ``PlatformRefused``."""
    column = read_column(said, book.last + 1, client_id, links)
    return replace(
        book, columns={**book.columns, column.number: column}, last=column.number
    ), column


def changed(book: Gradebook, column: Column) -> Gradebook:
    """The gradebook with this column replacing the one with the same number (AGS 2.0, section
    3.2.6)."""
    return replace(book, columns={**book.columns, column.number: column})


def removed(book: Gradebook, number: int) -> Gradebook:
    """The gradebook without that column and its marks (AGS 2.0, section 3.2.7)."""
    return replace(
        book,
        columns={key: column for key, column in book.columns.items() if key != number},
        marks={key: mark for key, mark in book.marks.items() if key[0] != number},
    )


def scored(book: Gradebook, column: Column, said: Any, is_member: bool) -> Gradebook:
    """The gradebook with this score (AGS 2.0, section 3.4), whose timestamp must be later than that
    of the previous one (section 3.4.4).

    Raises ``PlatformRefused``: 404 if the user is not a member, 409 if the timestamp is not later.
    """
    user = text_of(said, "userId") if isinstance(said, dict) else None
    if user is None:
        raise PlatformRefused("invalid_request", "a score needs a userId")
    if not is_member:
        raise PlatformRefused("not_found", f"{user} is no member of this course", 404)
    mark, before = _mark(said), book.marks.get((column.number, user))
    if before is not None and mark.timestamp <= before.timestamp:
        raise PlatformRefused(
            "conflict", "the timestamp is not later than that of the score before", 409
        )
    return replace(book, marks={**book.marks, (column.number, user): mark})


def results(
    book: Gradebook, column: Column, base: str, user: str | None = None
) -> list[dict[str, Any]]:
    """The results of everybody, or of that user (AGS 2.0, section 3.3): only fully graded scores
    count."""
    return [
        _result(column, who, mark, base)
        for (number, who), mark in book.marks.items()
        if number == column.number and user in (None, who)
    ]


def _result(column: Column, user: str, mark: Mark, base: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": f"{base}/lineitems/{column.number}/lineitem/results/{user}",
        "userId": user,
        "scoreOf": column.url(base),
        "resultMaximum": column.maximum,
    }
    if mark.given is not None and mark.grading == "FullyGraded":
        said["resultScore"] = mark.given * column.maximum / mark.maximum
    return {**said, "comment": mark.comment} if mark.comment else said


def _mark(said: dict[str, Any]) -> Mark:
    if said.get("activityProgress") not in ACTIVITY or said.get("gradingProgress") not in GRADING:
        raise PlatformRefused(
            "invalid_request", "activityProgress and gradingProgress must be names of AGS 2.0"
        )
    given, maximum = _number(said, "scoreGiven"), _number(said, "scoreMaximum")
    if given is not None and (given < 0 or not maximum or maximum <= 0):
        raise PlatformRefused(
            "invalid_request", "scoreGiven is 0 or more, beside a scoreMaximum above 0"
        )
    return Mark(
        _timestamp(said),
        said["activityProgress"],
        said["gradingProgress"],
        given,
        maximum or 1.0,
        text_of(said, "comment"),
    )


def _timestamp(said: dict[str, Any]) -> datetime:
    """A timestamp in ISO 8601 with a time zone (AGS 2.0, section 3.4.4)."""
    try:
        stamp = datetime.fromisoformat(said.get("timestamp") or "")
    except (TypeError, ValueError):
        stamp = None
    if stamp is None or stamp.tzinfo is None:
        raise PlatformRefused("invalid_request", "timestamp must be ISO 8601 with a zone")
    return stamp


def _number(said: Mapping[str, Any], name: str) -> float | None:
    value = said.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
