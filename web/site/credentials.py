"""Sign-in: counts tries, checks passwords, mails links and uses them up. Called by pages; displays
nothing itself.

Nobody can find out who has an account: answers, and the time they take, are the same for a
stranger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from engine.people import accounts, throttle
from engine.people.accounts import normalise_email
from engine.people.reasons import LinkUsed
from engine.people.throttle import Limit
from engine.storage.tables import Account
from engine.values.errors import NotFound
from web.services import Services
from web.site import signing
from web.site.context import Person, person_of

LINK_LASTS = timedelta(minutes=30)
CHOICE_LASTS = timedelta(minutes=10)

Purpose = Literal["magic", "reset", "choose"]
Key = tuple[str, str, int]
"""Tenant, account, epoch: invalid once the account's epoch grows."""


def check_password(services: Services, email: str, password: str, address: str) -> list[Account]:
    """The accounts that this address and password open; empty if they do not match. Raises
    ``Invalid`` (not an address) and ``TooMany``."""
    email = normalise_email(email)
    _count(
        services,
        ("password", email, throttle.PASSWORD_BY_EMAIL),
        ("password-from", address, throttle.PASSWORD_BY_ADDRESS),
    )
    with services.db.across("sign-in") as door:
        found = accounts.verify(door, email, password)
    if found:
        with services.db.shared(write=True) as unit:
            throttle.forgive(unit, _blind(services, "password", email))
            throttle.give_back(unit, _blind(services, "password-from", address))
    return found


def may_mail(services: Services, email: str, address: str) -> str:
    """Counts a mail to this address, and returns the address as it is stored. Raises ``Invalid``
    (not an address) and ``TooMany``."""
    email = normalise_email(email)
    _count(
        services,
        ("mail", email, throttle.MAIL_BY_EMAIL),
        ("mail-from", address, throttle.MAIL_BY_ADDRESS),
    )
    return email


def token(
    services: Services, purpose: Purpose, people: Sequence[Account], lasts: timedelta = LINK_LASTS
) -> str:
    """A signed token for these accounts: single-use for links, since using one ends its epoch."""
    return signing.sign(
        services.settings.secret_key,
        purpose,
        [(a.tenant, a.id, a.epoch) for a in people],
        services.clock.wall() + lasts,
    )


def keys(services: Services, purpose: Purpose, text: str) -> list[Key]:
    """The accounts that a valid token is for; changes nothing. Raises ``Expired``,
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
    return [_in_tenant(services, key, password) for key in good]


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


def _in_tenant(services: Services, key: Key, password: str | None) -> Account:
    tenant, account_id, epoch = key
    with services.write(tenant) as work:
        account = (
            accounts.use_link(work.session, account_id, epoch)
            if password is None
            else accounts.set_password(work.session, account_id, epoch, password)
        )
        work.commit()
        return account


def _alive(services: Services, tenant: str, account_id: str, epoch: int) -> bool:
    with services.read(tenant) as work:
        return accounts.still_signed_in(work.session, account_id, epoch) is not None


def _count(services: Services, *tries: tuple[str, str, Limit]) -> None:
    wall: datetime = services.clock.wall()
    for kind, name, limit in tries:
        with services.db.shared(write=True) as unit:
            throttle.spend(unit, _blind(services, kind, name), limit, wall)


def _blind(services: Services, kind: str, name: str) -> str:
    return signing.blind(services.settings.secret_key, f"{kind}:{name}")
