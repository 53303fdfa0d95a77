"""What a view can find out about the request it serves: the services, and who is asking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, cast

from flask import current_app, g
from flask_login import LoginManager, current_user

from engine.people import accounts
from engine.storage.tables import Account
from web.services import Services

KEY = "relecture"


@dataclass(frozen=True)
class Person:
    """The person who is signed in. ``zone`` is None unless they are a learner; ``epoch`` is that of
    their account when they signed in."""

    tenant: str
    id: str
    epoch: int
    name: str
    email: str | None
    language: str
    role: str
    learns: bool
    zone: str | None

    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    def get_id(self) -> str:
        """The id stored in the session: tenant, account and epoch."""
        return f"{self.tenant}:{self.id}:{self.epoch}"

    @property
    def facilitates(self) -> bool:
        """Whether they may use the facilitators' pages; ``own_courses`` decides which courses they
        see there."""
        return self.role in ("facilitator", "administrator")


def current_services() -> Services:
    """The services of the app that serves this request."""
    return cast(Services, current_app.extensions[KEY])


def person() -> Person | None:
    """The person who is asking, or None for a visitor. Looked up once per request."""
    if "person" not in g:
        g.person = current_user._get_current_object() if current_user.is_authenticated else None
    return cast("Person | None", g.person)


def as_person(account: Account, learner_zone: str | None) -> Person:
    """The account as a ``Person`` for the pages."""
    return Person(
        account.tenant,
        account.id,
        account.epoch,
        account.name,
        account.email,
        account.language,
        account.role,
        learner_zone is not None,
        learner_zone,
    )


def login_manager() -> LoginManager:
    """A Flask-Login manager that reads a session as (tenant, account, epoch). A session whose epoch
    is not the account's is signed out."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(_load)
    return manager


def _load(kept: str) -> Person | None:
    tenant, account_id, epoch = kept.rsplit(":", 2)
    visit = g.get("visit")
    with current_services().read(tenant) as work:
        account = accounts.still_signed_in(work.session, account_id, int(epoch))
        found = (
            as_person(account, accounts.learner_zone(work.session, account_id)) if account else None
        )
    # Inside an LMS, people have the role of the course they come from, and no other.
    return replace(found, role=visit.role) if found and visit else found
