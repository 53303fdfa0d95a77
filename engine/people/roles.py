"""Roles are given and taken. What each may do, the pages say."""

from __future__ import annotations

from collections.abc import Collection

from engine.journey.forgetting import check_another_runs_it
from engine.people.accounts import account_of
from engine.people.reasons import RolesUnknown
from engine.storage.tables import Account
from engine.storage.work import Work
from engine.values.errors import Invalid
from engine.values.roles import ADMINISTRATOR, ROLES


def set_roles(work: Work, account_id: str, roles: Collection[str]) -> Account:
    """Gives somebody these roles, and no others; what they did and learned stays theirs.

    Raises ``NotFound("account-unknown")``, ``Invalid("roles-unknown")`` for none or for one that
    there is not, and ``Refused("last-administrator")``.
    """
    account = account_of(work.session, account_id)
    if not roles or not set(roles) <= set(ROLES):
        raise Invalid(RolesUnknown(), field="roles")
    if ADMINISTRATOR not in roles:
        check_another_runs_it(work.session, account)
    account.roles = frozenset(roles)
    work.session.flush()
    return account
