"""People of a platform and their accounts here: created by their own launch alone, and matched by
registration and ``sub``, never by name or e-mail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from engine.journey.rhythms import ZONES, home_in
from engine.storage.queries import launches
from engine.storage.queries.running import change, rows
from engine.storage.tables import Account, LtiPerson
from engine.storage.types import new_id
from engine.storage.work import Work
from engine.values.languages import Lang
from engine.values.lines import one_line
from engine.values.roles import LEARNER
from lti.launch.values import User


@dataclass(frozen=True)
class LocaleDefaults:
    """The language and time zone for new people: those ``said`` and ``said_zone`` by the launch, or
    else the ``usual`` ones of the organisation, or of the installation. A name that is no zone to
    choose says nothing."""

    said: Lang | None
    usual: Lang
    usual_zone: str
    said_zone: str | None = None

    @property
    def language(self) -> Lang:
        """The language that the launch says, or else the usual one."""
        return self.said or self.usual

    @property
    def home(self) -> dict[str, str]:
        """The zone in which somebody new lives, and the country whose holidays they have off; they
        can change both when they join, and at any time after."""
        zone = self.said_zone if self.said_zone in ZONES else self.usual_zone
        return home_in(zone)


@dataclass(frozen=True)
class KnownAccount:
    """The parts of an account that concern a launch."""

    id: str
    epoch: int
    name: str
    language: str

    def renewed(self, user: User, locale: LocaleDefaults) -> KnownAccount:
        """The account updated with what the platform says of this user: their name, if given, and
        the language in which the platform shows its pages."""
        return replace(self, name=name_of(user) or self.name, language=locale.said or self.language)


def come(
    work: Work, registration: str, user: User, known: KnownAccount | None, locale: LocaleDefaults
) -> KnownAccount:
    """The account of a user who arrives by a launch: ``known``, updated, or created now. An
    anonymous user (no ``id``) gets a new account each time."""
    if known is None:
        return _newcomer(work, registration, user, locale)
    change(
        work.session,
        launches.SEE_PERSON,
        of_registration=registration,
        of_subject=user.id,
        wall=work.wall,
    )
    now = known.renewed(user, locale)
    if now != known:
        change(
            work.session,
            launches.RENEW_ACCOUNT,
            of_account=now.id,
            new_name=now.name,
            new_language=now.language,
        )
    return now


def _newcomer(work: Work, registration: str, user: User, locale: LocaleDefaults) -> KnownAccount:
    for house in rows(work.session, launches.HOUSE):
        usual = cast(Lang, house.language or locale.usual)
        locale = replace(locale, usual=usual, usual_zone=house.zone or locale.usual_zone)
    account, learner = _rows(user, locale, work.now)
    change(work.session, launches.ADD_ACCOUNT, **account)
    change(work.session, launches.ADD_LEARNER, **learner)
    if user.id:
        change(
            work.session,
            launches.ADD_PERSON,
            registration=registration,
            subject=user.id,
            account=account["id"],
            seen_at=work.wall,
        )
    return KnownAccount(account["id"], 0, account["name"], account["language"])


def recognise(work: Work, registration: str, users: Collection[User]) -> dict[str, Account]:
    """The accounts of those of these users who have launched, by subject; nobody else gets one. Two
    queries, however many users there are.

    Names are kept up to date. E-mail addresses sent by the platform are not used: here an address
    can sign people in, so only the person can give and confirm it.
    """
    named = {user.id: user for user in users}
    of_account = and_(LtiPerson.tenant == Account.tenant, LtiPerson.account == Account.id)
    found = {
        row[0]: row[1]
        for row in work.session.execute(
            select(LtiPerson.subject, Account)
            .join(LtiPerson, of_account)
            .where(LtiPerson.registration == registration, LtiPerson.subject.in_(named))
        )
    }
    for subject, account in found.items():
        account.name = name_of(named[subject]) or account.name
    work.session.flush()
    return found


def find(unit: Session, registration: str, subject: str) -> Account | None:
    """The account of that person, or None if they have not launched."""
    known = unit.get(LtiPerson, (unit.info["tenant"], registration, subject))
    return unit.scalars(select(Account).where(Account.id == known.account)).one() if known else None


def name_of(user: User) -> str:
    """A user's display name: as the platform gives it, else the parts of their name in order, else
    empty; on one line. At most 120 characters."""
    whole = user.name or " ".join(part for part in (user.given_name, user.family_name) if part)
    return one_line(whole)[:120]


def _rows(
    user: User, locale: LocaleDefaults, now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The initial values of a new account and its learner."""
    account = {
        "id": new_id(),
        "name": name_of(user),
        "roles": frozenset({LEARNER}),
        "language": locale.language,
        "created_at": now,
    }
    return account, {"id": account["id"], "channel": "inbox", **locale.home}
