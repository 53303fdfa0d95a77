"""What is read of somebody on every page."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from engine.storage.queries.running import TENANT
from engine.storage.tables import Account, Learner

_LEARNS = and_(Learner.tenant == TENANT, Learner.id == Account.id)
READER = (
    select(
        Account.id,
        Account.epoch,
        Account.name,
        Account.email,
        Account.language,
        Account.role,
        Learner.zone,
        Learner.contract_at.is_not(None).label("joined"),
    )
    .outerjoin(Learner, _LEARNS)
    .where(Account.tenant == TENANT, Account.id == bindparam("account"))
)
"""Somebody with what pages need of their learning side; ``zone`` is null when they have none."""
