"""The gradebook as a value: columns (line items) and their marks, under the rules of AGS 2.0."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from lti.campus.profiles.profile import DEFAULT, Scores
from lti.campus.refusals import PlatformRefused, refused
from lti.wire.reading import text_of

ACTIVITY = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
SUBMISSION = "https://canvas.instructure.com/lti/submission"
"""Canvas's extension of a score: ``doc/api/score.md``."""


@dataclass(frozen=True)
class Column:
    """A line item (AGS 2.0, section 3.2), visible only to the tool that owns it. ``link`` is the id
    of its resource link. ``made``: by the tool's call, with a link, or by the LMS of its own.
    ``attempts``: how many submissions it takes of each learner."""

    number: int
    client_id: str
    label: str
    maximum: float
    resource_id: str | None = None
    tag: str | None = None
    link: str | None = None
    made: Literal["posted", "chosen", "own"] = "posted"
    attempts: int | None = None

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
    """The last score accepted for a user (AGS 2.0, section 3.4). ``published``: the grade in the
    column's points, None if there is none; ``attempts``: how many submissions it took;
    ``comments``: those that stand in the gradebook."""

    timestamp: datetime
    activity: str
    grading: str
    given: float | None
    maximum: float
    comment: str | None
    published: float | None = None
    attempts: int = 1
    comments: tuple[str, ...] = ()
    submitted: datetime | None = None


@dataclass(frozen=True)
class Gradebook:
    """Columns by number, and marks by column number and user (a member's id here)."""

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


def read_column(said: Any, number: int, client_id: str, links: Container[str]) -> Column:
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
    book: Gradebook, said: Any, client_id: str, links: Container[str]
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


def scored(
    book: Gradebook,
    column: Column,
    said: Any,
    is_member: bool,
    manners: Scores = DEFAULT.scores,
    user: str | None = None,
) -> Gradebook:
    """The gradebook with this score (AGS 2.0, section 3.4), whose timestamp must be later than that
    of the previous one (section 3.4.4). ``user``: who it is for, if their id here is another one.

    Raises ``PlatformRefused``: 404 if the user is not a member, 409 if the timestamp is not later,
    or what that LMS says instead.
    """
    named = text_of(said, "userId") if isinstance(said, dict) else None
    if named is None:
        raise PlatformRefused("invalid_request", "a score needs a userId")
    if not is_member:
        raise refused(manners.not_gradable, user=named)
    user = user or named
    mark, before = _mark(said), book.marks.get((column.number, user))
    if before is not None and not _in_order(mark, before, manners):
        raise refused(manners.not_later)
    mark = _counted(said, mark, before, column, manners)
    return replace(book, marks={**book.marks, (column.number, user): mark})


def _in_order(mark: Mark, before: Mark, manners: Scores) -> bool:
    now, last = mark.timestamp, before.timestamp
    if manners.order == "later-second":
        now, last = now.replace(microsecond=0), last.replace(microsecond=0)
    return manners.order == "any" or now > last or (manners.order == "not-earlier" and now == last)


def _counted(
    said: Mapping[str, Any], mark: Mark, before: Mark | None, column: Column, manners: Scores
) -> Mark:
    """The mark with its grade, submissions and comments. Raises ``PlatformRefused`` if it would be
    a submission too many."""
    grade = _grade(mark, column, manners)
    if before is not None and grade is None and _keeps(mark, manners):
        grade = before.published
    new = before is None or (manners.attempts is not None and _is_submission(said))
    attempts = (before.attempts if before else 0) + new
    most = column.attempts
    if manners.attempts and new and most is not None and attempts > most:
        raise refused(manners.attempts)
    kept = before.comments if before and manners.comments_added else ()
    comments = (*kept, mark.comment) if mark.comment else kept
    when = _submitted(said) or (mark.timestamp if new else before and before.submitted)
    return replace(
        mark, published=grade, attempts=attempts, comments=comments, submitted=when or None
    )


def _grade(mark: Mark, column: Column, manners: Scores) -> float | None:
    """The grade in the column's points; only a fully graded score has one."""
    if mark.given is None or mark.grading != "FullyGraded":
        return None
    if not mark.given and not manners.zero_published:
        return None
    grade = mark.given * column.maximum / mark.maximum
    return min(grade, column.maximum) if manners.capped else grade


def _keeps(mark: Mark, manners: Scores) -> bool:
    """Whether a score without a grade leaves the one before it standing."""
    zero = mark.grading == "FullyGraded" and mark.given == 0
    return not manners.zero_published if zero else manners.unfinished_keeps


def _is_submission(said: Mapping[str, Any]) -> bool:
    own = said.get(SUBMISSION)
    return not (isinstance(own, dict) and own.get("new_submission") is False)


def _submitted(said: Mapping[str, Any]) -> datetime | None:
    """When it was submitted, by the specification (AGS 2.0, section 3.4.10) or Canvas's name."""
    for part, name in (
        (said.get("submission"), "submittedAt"),
        (said.get(SUBMISSION), "submitted_at"),
    ):
        if isinstance(part, dict) and part.get(name):
            return _timestamp(part, name)
    return None


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
    if mark.published is not None:
        said["resultScore"] = mark.published
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


def _timestamp(said: Mapping[str, Any], name: str = "timestamp") -> datetime:
    """A timestamp in ISO 8601 with a time zone (AGS 2.0, section 3.4.4)."""
    try:
        stamp = datetime.fromisoformat(said.get(name) or "")
    except (TypeError, ValueError):
        stamp = None
    if stamp is None or stamp.tzinfo is None:
        raise PlatformRefused("invalid_request", f"{name} must be ISO 8601 with a zone")
    return stamp


def _number(said: Mapping[str, Any], name: str) -> float | None:
    value = said.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
