"""Accounts: creating, finding and verifying them, and setting passwords. Says who someone is, never
what they may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.journey.refused import forget, refusal_of
from engine.journey.rhythms import home_in
from engine.people.reasons import (
    AccountUnknown,
    EmailMalformed,
    EmailTaken,
    LinkUsed,
    PasswordTooLong,
    PasswordTooShort,
)
from engine.spacing.values import Rhythm
from engine.storage.database import writes
from engine.storage.tables import Account, AddressClaim, Learner, Tenant
from engine.values.addresses import is_mailable
from engine.values.errors import Invalid, NotFound
from engine.values.lines import one_line

MIN_PASSWORD, MAX_PASSWORD = 12, 200
CHECKS = 2
"""How many password hashes are checked at each sign-in."""
USUAL_ZONE = Rhythm().zone
"""The time zone (IANA name) of people who have not chosen one, unless the installation's settings
say otherwise."""

HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """The argon2id hash of a new password. Raises ``Invalid("password-too-short" |
    "password-too-long", …)``."""
    if len(password) < MIN_PASSWORD:
        raise Invalid(PasswordTooShort(least=MIN_PASSWORD))
    if len(password) > MAX_PASSWORD:
        raise Invalid(PasswordTooLong(most=MAX_PASSWORD))
    return HASHER.hash(password)


def account_by_email(unit: Session, email: str) -> Account | None:
    """The account with that address in this organisation, or None."""
    return unit.scalars(
        select(Account).where(Account.email == normalise_email(email))
    ).one_or_none()


def account_of(unit: Session, account_id: str) -> Account:
    """The account with that id in this organisation. Raises ``NotFound("account-unknown")``."""
    found = unit.scalars(select(Account).where(Account.id == account_id)).one_or_none()
    if found is None:
        raise NotFound(AccountUnknown())
    return found


def normalise_email(email: str) -> str:
    """An address as it is stored and compared: in lower case, and acceptable to every mail server
    (``is_mailable``).

    It must therefore be ASCII: an internationalised domain is written in its ASCII form
    (``xn--…``), and accents before the @ are refused here, where the owner can give another
    address, rather than when the first mail is sent. Nothing is converted: the ASCII form of a
    domain depends on the standard (IDNA 2003, 2008), and the wrong one belongs to somebody else.

    Raises ``Invalid("email-malformed")``.
    """
    address = email.strip().lower()
    if not is_mailable(address) or "." not in address.rpartition("@")[2]:
        raise Invalid(EmailMalformed())
    return address


def is_address(email: str) -> bool:
    """Whether ``normalise_email`` accepts it."""
    try:
        normalise_email(email)
    except Invalid:
        return False
    return True


def add_account(
    unit: Session,
    email: str | None,
    name: str,
    role: str,
    language: str,
    now: datetime,
    zone: str = USUAL_ZONE,
) -> Account:
    """Creates an account and its learner row, in time zone ``zone`` until its owner chooses
    another; the trust contract is offered at first sign-in. Raises ``Invalid("email-taken")``."""
    if email is not None and account_by_email(unit, email) is not None:
        raise Invalid(EmailTaken(email=normalise_email(email)))
    account = Account(
        email=normalise_email(email) if email else None,
        name=one_line(name),
        roles=frozenset({role}),
        language=language,
        created_at=now,
    )
    try:
        with unit.begin_nested():
            unit.add(account)
    except IntegrityError as refused:  # perhaps somebody took it at this very moment
        if email is None or account_by_email(unit, email) is None:
            raise
        raise Invalid(EmailTaken(email=normalise_email(email))) from refused
    unit.add(Learner(id=account.id, channel="mail" if account.email else "inbox", **home_in(zone)))
    unit.flush()
    return account


def get_or_create_organisation(unit: Session, tenant: str, name: str, now: datetime) -> Tenant:
    """Returns the organisation with that id, creating it if it does not exist. ``unit`` is a shared
    session, or the organisation's own."""
    found = unit.get(Tenant, tenant)
    if found is None:
        found = Tenant(id=tenant, name=one_line(name), created_at=now)
        unit.add(found)
        unit.flush()
    return found


def create_with_password(
    unit: Session,
    *,
    email: str,
    name: str,
    role: str,
    language: str,
    now: datetime,
    password: str,
    zone: str = USUAL_ZONE,
) -> Account:
    """Creates an account with a password in the tenant of ``unit``. Raises ``Invalid`` if address
    or password is not acceptable."""
    password_hash = hashed(password)
    account = add_account(unit, email, name, role, language, now, zone)
    account.password_hash = password_hash
    unit.flush()
    return account


def with_email(door: Session, email: str) -> Sequence[Account]:
    """Every account with that address, in any organisation. ``door`` is a session through the
    sign-in door."""
    return door.scalars(
        select(Account).where(Account.email == email).order_by(Account.tenant)
    ).all()


def verify(door: Session, email: str, password: str) -> list[Account]:
    """The accounts that this address and password unlock.

    Always makes the same number of checks, so that the time tells neither whether an address has an
    account nor in how many organisations. Who has more than ``CHECKS`` different passwords signs in
    to the others by a mailed link; a new password is the same for all of an address's accounts.
    """
    found = with_email(door, email)
    known = list(dict.fromkeys(one.password_hash for one in found if one.password_hash))
    checked = (*known, *[_hash_of_nobody()] * CHECKS)[:CHECKS]
    right = [
        password_hash for password_hash in checked if password_matches(password_hash, password)
    ]
    return [account for account in found if account.password_hash in right]


def password_matches(password_hash: str, password: str) -> bool:
    """Whether this is the hash of that password."""
    try:
        return HASHER.verify(password_hash, password[:MAX_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    """A hash to check passwords of unknown addresses against. Computed at the first sign-in, known
    address or not, since computing it takes as long as checking."""
    return HASHER.hash("no account has this password")


def still_signed_in(unit: Session, account_id: str, epoch: int) -> Account | None:
    """The account, or None if it no longer exists or its sessions and links of that epoch are no
    longer valid.

    A unit that writes locks the row until it ends, so that if two browsers use the same link, the
    second finds it used.
    """
    wanted = select(Account).where(Account.id == account_id)
    account = unit.scalars(wanted.with_for_update() if writes(unit) else wanted).first()
    return account if account and account.epoch == epoch else None


def use_link(unit: Session, account_id: str, epoch: int) -> Account:
    """Uses up a mailed link, which invalidates every link and session of that epoch. Raises
    ``NotFound("link-used")``."""
    account = still_signed_in(unit, account_id, epoch)
    if account is None:
        raise NotFound(LinkUsed())
    account.epoch += 1
    unit.flush()
    return account


def set_password(unit: Session, account_id: str, epoch: int, password_hash: str) -> Account:
    """Sets a new password through a mailed link, and ends every link to answer that was mailed
    before. Raises ``NotFound("link-used")``."""
    account = use_link(unit, account_id, epoch)
    account.password_hash = password_hash
    account.link_epoch += 1
    unit.flush()
    return account


def add_address(unit: Session, account_id: str, email: str) -> Account:
    """Gives an account without an address, or whose mails come back, the one that its owner
    confirmed; questions are mailed there too from now on.

    Raises ``NotFound("link-used")`` (the account has an address, or no longer exists) and
    ``Invalid("email-taken")``: an address never merges two people.
    """
    account = unit.scalars(select(Account).where(Account.id == account_id)).first()
    if account is None or (account.email is not None and not refusal_of(unit, account_id)):
        raise NotFound(LinkUsed())
    if account_by_email(unit, email) is not None:
        raise Invalid(EmailTaken(email=email))
    account.email = email
    forget(unit, account_id)
    unit.execute(delete(AddressClaim).where(AddressClaim.account == account_id))
    for learner in unit.scalars(select(Learner).where(Learner.id == account_id)):
        learner.channel, learner.announce_at = "mail", account.created_at  # at once
    unit.flush()
    return account


def choose_language(unit: Session, account_id: str, language: str) -> None:
    """Stores the language in which a person reads."""
    account = unit.scalars(select(Account).where(Account.id == account_id)).one()
    account.language = language
    unit.flush()


def organisations(door: Session, tenants: Iterable[str]) -> dict[str, str]:
    """Names of organisations by id."""
    rows = door.scalars(select(Tenant).where(Tenant.id.in_(list(tenants)))).all()
    return {row.id: row.name for row in rows}
