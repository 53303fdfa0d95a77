"""Assignment and Grade Services 2.0: finding or creating line items, posting scores in order,
reading results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import unquote, urlsplit, urlunsplit

from lti.platforms.registrations import Registration
from lti.services.call import Caller, Declined
from lti.wire import names
from lti.wire.http import Answer
from lti.wire.reading import MAX_ADDRESS, id_of, text_of
from lti.wire.reasons import (
    ColumnGone,
    ScoreNotLater,
    ScoreRefused,
    ServiceMalformed,
)
from lti.wire.refusals import ServiceRefused
from lti.wire.urls import with_query

Activity = Literal["Initialized", "Started", "InProgress", "Submitted", "Completed"]
Grading = Literal["FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"]

TICK = timedelta(seconds=1)
"""The smallest step between two timestamps: Moodle compares whole seconds."""
ABOUT_A_SCORE = frozenset({400, 404, 409, 410, 412, 422, 500})
"""Statuses that tell of one score, not of the connection: who may not be graded there, or no longer
is in the course (400 in Moodle, 422 in Canvas, 500 in Open edX)."""
GONE = frozenset({404, 410})
CANVAS = "https://canvas.instructure.com/lti/submission"
"""Canvas's own part of a score: without it each one is another attempt, and made today."""


@dataclass(frozen=True)
class LineItem:
    """A column of the gradebook (AGS 2.0, section 3.2). ``url`` is its id, None until it exists."""

    label: str
    maximum: float
    resource_id: str | None = None
    tag: str | None = None
    resource_link: str | None = None
    url: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The line item in the specification's JSON format (section 3.2.8)."""
        said = {
            "id": self.url,
            "label": self.label,
            "scoreMaximum": self.maximum,
            "resourceId": self.resource_id,
            "tag": self.tag,
            "resourceLinkId": self.resource_link,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class Attempt:
    """What a score is of, as Canvas counts: when it was ``finished_at``, and whether this is the
    ``first`` score of it or that one has grown."""

    finished_at: datetime
    first: bool


@dataclass(frozen=True)
class Score:
    """A user's score (AGS 2.0, section 3.4). ``given`` out of ``maximum`` points; None withdraws a
    grade."""

    user: str
    timestamp: datetime
    activity: Activity
    grading: Grading
    given: float | None = None
    maximum: float = 1
    comment: str | None = None
    attempt: Attempt | None = None

    def as_json(self) -> dict[str, Any]:
        """The score in the specification's JSON format (section 3.4.1); ``scoreMaximum`` is
        included only with ``scoreGiven``."""
        said: dict[str, Any] = {
            "userId": self.user,
            "timestamp": _stamp(self.timestamp),
            "activityProgress": self.activity,
            "gradingProgress": self.grading,
        }
        if self.given is not None:
            said |= {"scoreGiven": self.given, "scoreMaximum": self.maximum}
        if self.attempt is not None:
            said[CANVAS] = {
                "new_submission": self.attempt.first,
                "submitted_at": _stamp(self.attempt.finished_at),
            }
        return {**said, "comment": self.comment} if self.comment else said


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Result:
    """A user's result in the gradebook (AGS 2.0, section 3.3)."""

    user: str
    score: float | None
    maximum: float
    comment: str | None


def next_timestamp(last: datetime | None, now: datetime) -> datetime:
    """The timestamp of the next score of a user in a line item: now, in whole seconds, but always
    later than the last one, even if the clock went back. Platforms drop a score that is not
    newer (AGS 2.0, section 3.4.4)."""
    whole = now.replace(microsecond=0)
    return whole if last is None or whole > last else last.replace(microsecond=0) + TICK


def scores_url(line_item: str) -> str:
    """The scores address of a line item: ``…/lineitem?type_id=1`` →
    ``…/lineitem/scores?type_id=1``. The path is extended, the query stays (AGS 2.0, section
    3.4)."""
    return _below(line_item, "scores")


def results_url(line_item: str, user: str | None = None) -> str:
    """The address of a line item's results, for one user or for all (AGS 2.0, section 3.3)."""
    return with_query(_below(line_item, "results"), user_id=user)


def line_items(
    caller: Caller,
    registration: Registration,
    url: str,
    *,
    resource_id: str | None = None,
    tag: str | None = None,
    resource_link: str | None = None,
) -> Iterator[LineItem]:
    """The line items of a context, streamed; filtered by the platform (AGS 2.0, section 3.2.9) and
    again by us, since not every platform filters. Raises ``ServiceRefused`` and
    ``FetchRefused``."""
    asked = with_query(url, resource_id=resource_id, tag=tag, resource_link_id=resource_link)
    for answer in caller.pages(
        registration, asked, [_to_read(registration)], accept=names.MEDIA_LINE_ITEMS
    ):
        for said in _listed(answer, "line items"):
            item = _line_item(said)
            if (
                (resource_id is None or unquote(item.resource_id or "") == resource_id)
                and (tag is None or item.tag == tag)
                and (resource_link is None or item.resource_link == resource_link)
            ):
                yield item


def _to_read(registration: Registration) -> str:
    """The scope with which line items are read: a platform that makes all columns itself may grant
    no other."""
    granted = registration.scopes
    only = names.SCOPE_LINE_ITEM not in granted and names.SCOPE_LINE_ITEM_READ in granted
    return names.SCOPE_LINE_ITEM_READ if only else names.SCOPE_LINE_ITEM


def find(caller: Caller, registration: Registration, url: str, wanted: LineItem) -> LineItem | None:
    """The line item that belongs to the wanted resource link, or else to the wanted resource of
    ours, unless it is another link's; None if there is neither. Columns that a platform made itself
    may know only the one or the other. Raises ``ServiceRefused`` and ``FetchRefused``."""
    link, resource = wanted.resource_link, wanted.resource_id
    if link is not None:
        found = list(line_items(caller, registration, url, resource_link=link))
        same = [one for one in found if one.resource_id == resource]
        if found:
            return (same or found)[0]
    if resource is None:
        return None
    found = list(line_items(caller, registration, url, resource_id=resource))
    return next((one for one in found if link is None or one.resource_link is None), None)


def find_or_create(
    caller: Caller, registration: Registration, url: str, wanted: LineItem
) -> LineItem:
    """That line item, created if there is none (AGS 2.0, sections 3.2.4 and 3.2.5). Raises
    ``ServiceRefused`` and ``FetchRefused``."""
    return find(caller, registration, url, wanted) or _created(caller, registration, url, wanted)


def _created(caller: Caller, registration: Registration, url: str, wanted: LineItem) -> LineItem:
    answer = caller.call(
        registration,
        "POST",
        url,
        [names.SCOPE_LINE_ITEM],
        accept=names.MEDIA_LINE_ITEM,
        body=wanted.as_json(),
        content_type=names.MEDIA_LINE_ITEM,
    )
    return _line_item(answer.json())


def post_score(
    caller: Caller, registration: Registration, line_item: str, score: Score, last: datetime | None
) -> None:
    """Posts a score. ``last`` is the timestamp of this user's previous score in this line item.

    Raises ``ServiceRefused`` (score-not-later if the timestamp is not later, as section 3.4.4 of
    AGS 2.0 requires; score-refused if the platform refuses this score and nothing else;
    column-gone if there is no such line item any more) and ``FetchRefused``.
    """
    if last is not None and score.timestamp - last < TICK:
        raise ServiceRefused(ScoreNotLater(last=last, timestamp=score.timestamp))
    try:
        caller.call(
            registration,
            "POST",
            scores_url(line_item),
            [names.SCOPE_SCORE],
            accept="application/json",
            body=score.as_json(),
            content_type=names.MEDIA_SCORE,
            matters=ABOUT_A_SCORE,
        )
    except Declined as declined:
        answered = declined.answered
        if answered.status in GONE and _is_gone(caller, registration, line_item):
            raise ServiceRefused(ColumnGone()) from declined
        told = ScoreRefused(status=answered.status, said=answered.said)
        raise ServiceRefused(told, lasting=declined.lasting) from declined


def _is_gone(caller: Caller, registration: Registration, line_item: str) -> bool:
    """Whether the platform says that it has no such line item; False if it does not let us ask.
    Raises ``ServiceRefused`` and ``FetchRefused`` if it may say so another time."""
    scopes = [_to_read(registration)]
    try:
        caller.call(
            registration, "GET", line_item, scopes, accept=names.MEDIA_LINE_ITEM, matters=GONE
        )
    except Declined:
        return True
    except ServiceRefused as refused:
        if not refused.lasting:
            raise
    return False


def results(
    caller: Caller, registration: Registration, line_item: str, user: str | None = None
) -> Iterator[Result]:
    """The results in the gradebook, streamed. Raises ``ServiceRefused`` and ``FetchRefused``."""
    for answer in caller.pages(
        registration, results_url(line_item, user), [names.SCOPE_RESULT], accept=names.MEDIA_RESULTS
    ):
        for said in _listed(answer, "results"):
            who = id_of(said, "userId")
            if who is not None:
                yield Result(
                    who,
                    _number(said.get("resultScore")),
                    _number(said.get("resultMaximum")) or 1.0,
                    text_of(said, "comment"),
                )


def _below(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def _listed(answer: Answer, service: str) -> Sequence[dict[str, Any]]:
    said = answer.json()
    if not isinstance(said, list):
        raise ServiceRefused(ServiceMalformed(service=service))
    return [one for one in said if isinstance(one, dict)]


def _line_item(said: Any) -> LineItem:
    """Parses a line item from a platform; its id is its address. Raises
    ``ServiceRefused("service-malformed")``."""
    url = text_of(said, "id") if isinstance(said, dict) else None
    if url is None or len(url) > MAX_ADDRESS:
        raise ServiceRefused(ServiceMalformed(service="line items"))
    return LineItem(
        text_of(said, "label") or "",
        _number(said.get("scoreMaximum")) or 0.0,
        id_of(said, "resourceId"),
        text_of(said, "tag"),
        id_of(said, "resourceLinkId"),
        url,
    )


def _number(value: Any) -> float | None:
    """A number of points; None if it is not a number. Raises
    ``ServiceRefused("service-malformed")`` if it is absurdly large or not finite."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    if not abs(value) < 1e12:
        raise ServiceRefused(ServiceMalformed(service="results"))
    return float(value)
