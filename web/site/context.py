"""What a view may ask of the request it serves: the services, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, cast

from flask import current_app, g
from flask_login import LoginManager, current_user

from engine.storage.queries.people import READER
from engine.storage.queries.running import rows
from engine.storage.work import Work
from web.services import Services
from web.site.rights import Right, may

KEY = "relecture"


@dataclass(frozen=True)
class Person:
    """Who is signed in. ``joined``: they said yes to the trust contract.
    ``zone`` is None until they learn; ``epoch`` is that of their account
    when they signed in."""

    tenant: str
    id: str
    epoch: int
    name: str
    email: str | None
    language: str
    roles: frozenset[str]
    learns: bool
    joined: bool
    zone: str | None
    conformity: str | None = None

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """What the session keeps: tenant, account and epoch."""
        return f"{self.tenant}:{self.id}:{self.epoch}"

    def may(self, right: Right) -> bool:
        """Whether their roles allow it."""
        return may(self.roles, right)

    @property
    def facilitates(self) -> bool:
        """Whether the pages of facilitators are theirs; which courses they see there,
        ``own_courses`` says."""
        return self.may("facilitate")


def current_services() -> Services:
    """The services of the app that serves this request."""
    return cast(Services, current_app.extensions[KEY])


def person() -> Person | None:
    """Who is asking, or None for a visitor. Looked up once a request."""
    if "person" not in g:
        g.person = current_user._get_current_object() if current_user.is_authenticated else None
    return cast("Person | None", g.person)


def person_of(work: Work, account_id: str, epoch: int) -> Person | None:
    """The account as the pages know it; None if it is gone, or of another epoch."""
    for row in rows(work.session, READER, account=account_id):
        if row.epoch == epoch:
            return Person(
                work.tenant,
                row.id,
                row.epoch,
                row.name,
                row.email,
                row.language,
                row.roles,
                row.zone is not None,
                bool(row.joined),
                row.zone,
                row.conformity,
            )
    return None


def login_manager() -> LoginManager:
    """Flask-Login, reading a session as (tenant, account, epoch). Another epoch than the
    account's: signed out."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(_load)
    return manager


def _load(kept: str) -> Person | None:
    tenant, account_id, epoch = kept.rsplit(":", 2)
    visit = g.get("visit")
    with current_services().read(tenant) as work:
        found = person_of(work, account_id, int(epoch))
    # Inside an LMS somebody is what they are in the course they come from, and nothing more.
    return replace(found, roles=frozenset({visit.role})) if found and visit else found
