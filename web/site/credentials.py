"""Sign-in: counts tries, checks passwords, and uses up the links that were mailed. Called by pages;
displays nothing itself.

Nobody can find out who has an account: answers, and the time they take, are the same for a
stranger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from engine.people import accounts
from engine.people import gate as counts
from engine.people.accounts import normalise_email
from engine.people.reasons import LinkUsed
from engine.storage.tables import Account
from engine.values.errors import NotFound
from web.services import Services
from web.site import gate, signing
from web.site.context import Person, person_of

CHOICE_LASTS = timedelta(minutes=10)

CHOOSE = "choose"
Key = tuple[str, str, int]
"""Tenant, account, epoch: invalid once the account's epoch grows."""


def check_password(services: Services, email: str, password: str) -> list[Account]:
    """The accounts that this address and password open; empty if they do not match. Raises
    ``Invalid`` (not an address) and ``TooMany``. Call during a request."""
    email = normalise_email(email)
    way = gate.spend(services, counts.password_tries(gate.visitor(email), email))
    with services.db.across("sign-in") as door:
        found = accounts.verify(door, email, password)
    if found:
        gate.give_back(services, way)
    return found


def may_mail(services: Services, email: str) -> str:
    """Counts a mail to this address, and returns the address as it is stored. Raises ``Invalid``
    (not an address) and ``TooMany``. Call during a request."""
    email = normalise_email(email)
    gate.spend(services, counts.mails(gate.visitor(email), email))
    return email


def choice(services: Services, people: Sequence[Account]) -> str:
    """A signed token to choose one of these accounts, which all signed in."""
    return signing.sign(
        services.settings.secret_key,
        CHOOSE,
        [(a.tenant, a.id, a.epoch) for a in people],
        services.clock.wall() + CHOICE_LASTS,
    )


def keys(services: Services, purpose: str, text: str) -> list[Key]:
    """The accounts that a valid token of that purpose is for; changes nothing. Raises ``Expired``,
    ``NotFound("link-unknown" | "link-used")``."""
    read = signing.read(services.settings.secret_key, purpose, text, services.clock.wall())
    good = [
        (tenant, account, epoch)
        for tenant, account, epoch in read
        if _alive(services, tenant, account, epoch)
    ]
    if not good:
        raise NotFound(LinkUsed())
    return good


def spend_links(services: Services, good: Sequence[Key]) -> list[Account]:
    """Uses up a sign-in link for every organisation it opens."""
    return [_in_tenant(services, key, None) for key in good]


def set_passwords(services: Services, good: Sequence[Key], password: str) -> list[Account]:
    """Sets a new password in every organisation that the link opens. Raises ``Invalid``, and the
    link then stays valid."""
    fresh = accounts.hashed(password)
    return [_in_tenant(services, key, fresh) for key in good]


def who(services: Services, key: Key) -> Person:
    """The person of a key. Raises ``NotFound("link-used")``."""
    tenant, account_id, epoch = key
    with services.read(tenant) as work:
        found = person_of(work, account_id, epoch)
    if found is None:
        raise NotFound(LinkUsed())
    return found


def organisations(services: Services, good: Sequence[Key]) -> list[tuple[str, str]]:
    """The id and name of each organisation that a token opens, in the token's order."""
    with services.db.across("sign-in") as door:
        names = accounts.organisations(door, [tenant for tenant, _, _ in good])
    return [(tenant, names[tenant]) for tenant, _, _ in good]


def _in_tenant(services: Services, key: Key, password_hash: str | None) -> Account:
    tenant, account_id, epoch = key
    with services.write(tenant) as work:
        account = (
            accounts.use_link(work.session, account_id, epoch)
            if password_hash is None
            else accounts.set_password(work.session, account_id, epoch, password_hash)
        )
        work.commit()
        return account


def _alive(services: Services, tenant: str, account_id: str, epoch: int) -> bool:
    with services.read(tenant) as work:
        return accounts.still_signed_in(work.session, account_id, epoch) is not None
