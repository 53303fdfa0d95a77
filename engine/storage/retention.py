"""What is not kept for ever: how long each kind of row is kept, and the job that deletes it.

What a learner did, answered and remembers is kept until they erase it: no rule names an act, an
answer, an experience or a memory, and no rule touches the rows that make up their path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    inspect,
    select,
    true,
    tuple_,
)

from engine.storage.audit import DELETED_AFTER_DAYS
from engine.storage.queries.journeys import ITS_ANSWER, ITS_ENROLMENT, ITS_TOUCH
from engine.storage.queries.running import TENANT, change
from engine.storage.tables import (
    AddressClaim,
    Announcement,
    AuditEntry,
    Delivery,
    Enrolment,
    Invitation,
    LtiInvite,
    LtiNotice,
    LtiState,
    LtiVisit,
    Outbox,
    Tenant,
    Touch,
    Upload,
)
from engine.storage.work import Units

BATCH = 500
"""How many rows are deleted in one transaction, so that nobody waits long for it."""
LONGEST = timedelta(minutes=1)
"""After this long (wall time) the rest is left to the next hour."""


@dataclass(frozen=True, eq=False)
class Rule:
    """Rows of ``table`` for which ``where`` holds are deleted ``days`` after the time in the column
    ``since``. ``what`` says for the manual what they are and when their days begin. ``learning``:
    ``since`` is in learning time, otherwise in wall time. An organisation may have those with a
    ``key`` deleted sooner, after ``least`` days at the least."""

    table: type[Any]
    since: str
    days: int
    what: str
    where: ColumnElement[bool]
    learning: bool = False
    key: str = ""
    least: int = 0

    @property
    def over(self) -> ColumnElement[bool]:
        """The condition for rows to be deleted; ``before`` is the moment before which they are old
        enough."""
        return and_(getattr(self.table, self.since) < bindparam("before"), self.where)


_ASKED_FOR_NOTHING = and_(
    Touch.state.in_(("missed", "snoozed", "answered")),
    ~exists().where(ITS_TOUCH, ITS_ANSWER),
    ~exists().where(ITS_TOUCH, ITS_ENROLMENT, Enrolment.closed_at.is_(None)),
)

RULES = (
    Rule(
        Delivery,
        "next_at",
        90,
        "messages that were sent or taken back, after that",
        Delivery.state.in_(("sent", "withdrawn")),
        key="sent-mails",
        least=14,
    ),
    Rule(
        Delivery,
        "next_at",
        400,
        "messages that were refused for good, after the last try",
        Delivery.state == "parked",
        key="refused-mails",
        least=30,
    ),
    Rule(
        Touch,
        "closed_at",
        400,
        "touches of which nothing was answered and whose debriefs are over, after they closed",
        _ASKED_FOR_NOTHING,
        learning=True,
        key="touches",
        least=100,
    ),
    Rule(
        Outbox,
        "next_at",
        30,
        "news of experiences, after every gradebook was told",
        Outbox.state == "done",
    ),
    Rule(
        Invitation,
        "asked_at",
        90,
        "invitations to a course, after the last time that somebody asked for them",
        true(),
        key="invitations",
        least=14,
    ),
    Rule(
        Announcement,
        "next_at",
        400,
        "what learners were told by mail beside their questions, after that",
        Announcement.state != "waiting",
        key="announcements",
        least=100,
    ),
    Rule(Upload, "made_at", 1, "files handed in and not kept, after that", true()),
    Rule(AddressClaim, "asked_at", 30, "addresses that nobody confirmed", true()),
    Rule(LtiNotice, "received_at", 90, "notices of an LMS, after they were acted upon", true()),
    Rule(LtiInvite, "expires_at", 30, "invitations of an LMS, after their last day", true()),
    Rule(
        LtiState,
        "expires_at",
        0,
        "logins from an LMS that nobody completed, after their ten minutes",
        LtiState.used_at.is_(None),
    ),
    Rule(
        LtiState,
        "expires_at",
        1,
        "logins from an LMS that were completed, after that",
        LtiState.used_at.is_not(None),
    ),
    Rule(
        AuditEntry,
        "at",
        DELETED_AFTER_DAYS,
        "the audit log: who did what to whose data, after they did it",
        true(),
    ),
    Rule(LtiVisit, "expires_at", 2, "visits from an LMS, after they ended", true()),
)
"""Every rule; ``docs/operating.md`` lists them in a table. A completed login and a visit outlive
their end so that a page can say that they are over."""

SHORTER = tuple(rule for rule in RULES if rule.key)
"""The rules whose days an organisation may shorten."""


def tenants_of(rule: Rule) -> Select[str]:
    """The organisations that have rows to delete: asked at the worker's door."""
    return select(rule.table.tenant).where(rule.over).distinct().order_by(rule.table.tenant)


def deletion_of(rule: Rule) -> Delete:
    """Deletes at most ``most`` of these rows, in one organisation."""
    keys, its = inspect(rule.table).primary_key, rule.table.tenant == TENANT
    some = select(*keys).where(its, rule.over).limit(bindparam("most"))
    return delete(rule.table).where(its, tuple_(*keys).in_(some))


STATEMENTS: Mapping[Rule, tuple[Select[str], Delete]] = {
    rule: (tenants_of(rule), deletion_of(rule)) for rule in RULES
}


def forget_old(units: Units) -> int:
    """Deletes what has been kept long enough, in short transactions; returns how many rows were
    deleted. A rule that fails is logged and does not hold up the others."""
    until = units.clock.wall() + LONGEST
    with units.db.across("worker-claim") as door:
        own = select(Tenant.id, Tenant.retention).where(Tenant.retention.is_not(None))
        said = {row.id: row.retention for row in door.execute(own)}
    return sum(_follow(units, rule, said, until) for rule in RULES)


def days_of(rule: Rule, own: Mapping[str, Any] | None) -> int:
    """How many days the rows of a rule are kept in an organisation (``Tenant.retention``): never
    longer than everywhere, and never less than makes sense."""
    said = (own or {}).get(rule.key) if rule.key else None
    return min(max(said, rule.least), rule.days) if isinstance(said, int) else rule.days


def _follow(
    units: Units, rule: Rule, said: Mapping[str, Mapping[str, Any]], until: datetime
) -> int:
    """Deletes by one rule; ``said`` holds the periods of the organisations that keep less long."""
    try:
        now = units.clock.now() if rule.learning else units.clock.wall()
        with units.db.across("worker-claim") as door:
            usual = {"before": now - timedelta(days=rule.days)}
            tenants = set(door.scalars(STATEMENTS[rule][0], usual))
        sooner = {tenant: days_of(rule, own) for tenant, own in said.items() if rule.key}
        return sum(
            _forget(units, rule, one, now - timedelta(days=sooner.get(one, rule.days)), until)
            for one in sorted(tenants | {*sooner})
        )
    except Exception:
        structlog.get_logger("retention").exception("not-forgotten", table=rule.table.__tablename__)
        return 0


def _forget(units: Units, rule: Rule, tenant: str, before: datetime, until: datetime) -> int:
    """Deletes those of one organisation, a batch at a time."""
    total, params = 0, {"before": before, "most": BATCH}
    with units.statements(tenant) as line:
        while units.clock.wall() < until:
            gone = change(line, STATEMENTS[rule][1], **params)
            line.commit()
            total += gone
            if gone < BATCH:
                break
    return total


def as_markdown() -> str:
    """The rules as a table."""
    rows = [f"| `{r.table.__tablename__}` | {r.what} | {_days(r.days)} |" for r in RULES]
    return "\n".join(["| Table | What | Kept |", "|---|---|---|", *rows]) + "\n"


def _days(days: int) -> str:
    return {0: "1 hour at most", 1: "1 day"}.get(days, f"{days} days")
