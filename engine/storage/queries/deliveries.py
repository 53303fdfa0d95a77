"""Claims inside one organisation: due rows are claimed so that no two workers hold the same row.

Each claim is one statement: a materialised CTE locks the rows that no other worker is claiming, and
then they are marked. PostgreSQL skips rows that another worker is claiming; SQLite allows one
writer at a time and drops the lock clause. Because a claim is bound to one tenant, it touches one
shard of a distributed PostgreSQL, which refuses a lock across all shards.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from engine.storage.queries.running import TENANT
from engine.storage.tables import (
    Account,
    Address,
    Delivery,
    Learner,
    LtiContext,
    LtiRegistration,
    Outbox,
    SendingPace,
    Touch,
)

CLAIMABLE = tuple(literal_column(f"'{state}'", String) for state in ("waiting", "sending"))
"""``sending`` with an expired lease belongs to a worker that died: any worker may claim it. Written
out in statements, for which there are indexes of these states alone."""

_WALL: BindParameter[datetime] = bindparam("wall")
_LIMIT: BindParameter[int] = bindparam("most")


def held_channels(wall: datetime | BindParameter[datetime]) -> Select[str]:
    """The channels that send nothing for now, because their servers asked for it."""
    return select(SendingPace.channel).where(SendingPace.held_until > wall)


PACE = select(SendingPace.holds, SendingPace.held_until).where(
    SendingPace.channel == bindparam("channel")
)
"""How a channel's server wants to be sent to; all organisations share it."""

DELIVERY_DUE = and_(
    Delivery.state.in_(CLAIMABLE),
    Delivery.next_at <= _WALL,
    or_(Delivery.lease_until.is_(None), Delivery.lease_until <= _WALL),
    Delivery.channel.not_in(held_channels(_WALL)),
)
"""Whether a delivery is due for a try: in one organisation, or at the worker's door in any."""
NEWS_DUE = and_(
    Outbox.state.in_(CLAIMABLE),
    or_(Outbox.next_at.is_(None), Outbox.next_at <= _WALL),
    or_(Outbox.lease_until.is_(None), Outbox.lease_until <= _WALL),
)
"""Likewise, whether an experience has news to deliver."""

_KEY = Delivery.tenant, Delivery.learner, Delivery.touch, Delivery.channel
_DUE = (
    select(*_KEY)
    .where(Delivery.tenant == TENANT, DELIVERY_DUE)
    .order_by(Delivery.next_at)
    .limit(_LIMIT)
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED")
)
CLAIM = (
    update(Delivery)
    .where(Delivery.tenant == TENANT, tuple_(*_KEY).in_(select(_DUE)))
    .values(state="sending", owner=bindparam("by"), lease_until=bindparam("until"))
    .returning(Delivery.learner, Delivery.touch, Delivery.channel)
)

_ONE = and_(
    Delivery.tenant == TENANT,
    Delivery.learner == bindparam("of_learner"),
    Delivery.touch == bindparam("of_touch"),
    Delivery.channel == bindparam("of_channel"),
    Delivery.state == "sending",
    Delivery.owner == bindparam("by"),
)
"""A delivery that its worker holds."""

BEGIN = update(Delivery).where(_ONE).values(attempts=Delivery.attempts + 1)
"""Begins an attempt. It is counted first, so that a delivery that kills its worker is not retried
for ever."""

HELD = (
    select(
        Delivery.attempts,
        Delivery.lease_until,
        Delivery.error,
        Touch.state,
        Touch.expires_at,
        Account.email,
        Address.value.label("address"),
        *(column for column in Learner.__table__.c if column.name not in ("tenant", "id")),
    )
    .join(Learner, and_(Learner.tenant == Delivery.tenant, Learner.id == Delivery.learner))
    .join(Account, and_(Account.tenant == Delivery.tenant, Account.id == Delivery.learner))
    .join(
        Touch,
        and_(
            Touch.tenant == Delivery.tenant,
            Touch.learner == Delivery.learner,
            Touch.number == Delivery.touch,
        ),
    )
    .outerjoin(
        Address,
        and_(
            Address.tenant == Delivery.tenant,
            Address.account == Delivery.learner,
            Address.channel == Delivery.channel,
        ),
    )
    .where(_ONE, Learner.tenant == TENANT, Touch.tenant == TENANT, Account.tenant == TENANT)
)
"""The delivery, where it goes, and when its learner wishes to be reached."""

SETTLE = (
    update(Delivery)
    .where(_ONE)
    .values(
        state=bindparam("new_state"),
        owner=None,
        lease_until=None,
        error=bindparam("new_error"),
        next_at=bindparam("new_next_at"),
        sent_at=bindparam("new_sent_at"),
        attempts=Delivery.attempts - bindparam("untried"),
    )
)
RELEASE = (
    update(Delivery)
    .where(
        Delivery.tenant == TENANT,
        Delivery.state == "sending",
        Delivery.owner == bindparam("by"),
    )
    .values(state="waiting", owner=None, lease_until=None)
)
"""Releases the deliveries that a worker claimed but did not start."""

_NEWS = Outbox.tenant, Outbox.enrolment
_NEWS_DUE = (
    select(*_NEWS)
    .where(Outbox.tenant == TENANT, NEWS_DUE)
    .order_by(Outbox.next_at.nulls_first())
    .limit(_LIMIT)
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED")
)
CLAIM_NEWS = (
    update(Outbox)
    .where(Outbox.tenant == TENANT, tuple_(*_NEWS).in_(select(_NEWS_DUE)))
    .values(
        state="sending",
        owner=bindparam("by"),
        lease_until=bindparam("until"),
        attempts=Outbox.attempts + 1,
    )
    .returning(Outbox.enrolment, Outbox.version, Outbox.attempts)
)
"""News that arrives while a worker reads the row waits until that lease is released or expires, so
that two workers never handle one experience at once."""

_CONTEXT = LtiContext.tenant, LtiContext.registration, LtiContext.deployment, LtiContext.context
_ENABLED = and_(
    LtiRegistration.tenant == LtiContext.tenant,
    LtiRegistration.id == LtiContext.registration,
    LtiRegistration.tenant == TENANT,
    LtiRegistration.enabled,
)
_CONTEXTS_DUE = (
    select(*_CONTEXT)
    .join(LtiRegistration, _ENABLED)
    .where(LtiContext.tenant == TENANT, LtiContext.sync_at <= _WALL)
    .order_by(LtiContext.sync_at)
    .limit(_LIMIT)
    .with_for_update(skip_locked=True, of=LtiContext)
    .cte("due")
    .prefix_with("MATERIALIZED")
)
CLAIM_CONTEXTS = (
    update(LtiContext)
    .where(LtiContext.tenant == TENANT, tuple_(*_CONTEXT).in_(select(_CONTEXTS_DUE)))
    .values(sync_at=bindparam("again"))
    .returning(LtiContext.registration, LtiContext.deployment, LtiContext.context)
)
FORGET_SLEEPING = (
    update(LtiContext)
    .where(
        LtiContext.tenant == TENANT,
        LtiContext.sync_at <= _WALL,
        LtiContext.opened_at < bindparam("awake_since"),
    )
    .values(sync_at=None)
)
"""Stops synchronising courses that nobody has opened for a long time, until somebody opens them."""
