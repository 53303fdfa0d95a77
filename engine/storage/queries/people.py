"""What is read of somebody on every page."""

from __future__ import annotations

from sqlalchemy import ColumnElement, String, and_, bindparam, select, type_coerce

from engine.storage.queries.running import TENANT
from engine.storage.tables import Account, Learner, Tenant

_LEARNS = and_(Learner.tenant == TENANT, Learner.id == Account.id)
READER = (
    select(
        Account.id,
        Account.epoch,
        Account.name,
        Account.email,
        Account.language,
        Account.roles,
        Learner.zone,
        Learner.contract_at.is_not(None).label("joined"),
        Tenant.conformity,
    )
    .join(Tenant, Tenant.id == Account.tenant)
    .outerjoin(Learner, _LEARNS)
    .where(Account.tenant == TENANT, Account.id == bindparam("account"))
)
"""Somebody with what pages need of their learning side; ``zone`` is null when they have none."""


def has_role(role: str) -> ColumnElement[bool]:
    """The condition for an account to have that role, perhaps among others."""
    return type_coerce(Account.roles, String).contains(role)
