"""The health of connections, for the administrator who looks after them: from stored data, or
checked with the platform now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.storage.tables import (
    Course,
    LtiContext,
    LtiDeployment,
    LtiHealth,
    LtiLink,
    LtiRegistration,
    Membership,
)
from engine.values.errors import NotFound, RelectureError
from engine.values.reasons import Reason
from lti.platforms.dynamic import SCOPES
from lti.platforms.platform_keys import PlatformKeys
from lti.platforms.reasons import PlatformKeysNone, RegistrationUnknown
from lti.platforms.registrations import Registration, as_value
from lti.platforms.tokens import Tokens
from lti.wire.reasons import ServiceScopeMissing
from lti.wire.refusals import ServiceRefused

CLOCKS_AGREE = 15
"""Two clocks agree that are no more seconds apart."""

State = Literal["off", "waiting", "failing", "new", "well"]


@dataclass(frozen=True)
class Deployment:
    """A deployment of the tool in the platform, and when it was last accepted or first seen (wall
    time)."""

    id: str
    accepted: bool
    seen_at: datetime


@dataclass(frozen=True)
class ConnectionHealth:
    """A registration, its deployments, and its health. Wall time; ``skew`` is in seconds, the
    platform's clock minus ours."""

    registration: Registration
    deployments: tuple[Deployment, ...]
    launched_at: datetime | None
    served_at: datetime | None
    failed_at: datetime | None
    error: Reason | None
    skew: int | None

    @property
    def clock(self) -> int | None:
        """How far its clock is ahead of ours, in seconds: as its last launch says, also one that
        was refused for it."""
        if self.error is not None and self.error.code == "iat-future":
            return int(self.error.as_json()["params"]["seconds"])
        return self.skew

    @property
    def state(self) -> State:
        """The most important of: switched off, a deployment waiting to be accepted, the last event
        failed, nobody has come yet, well."""
        went_well = max((at for at in (self.launched_at, self.served_at) if at), default=None)
        if not self.registration.enabled:
            return "off"
        if not all(deployment.accepted for deployment in self.deployments):
            return "waiting"
        if self.failed_at and (went_well is None or self.failed_at > went_well):
            return "failing"
        return "well" if went_well else "new"


@dataclass(frozen=True)
class OpenedCourse:
    """A course that the platform has opened here, with its size."""

    slug: str
    title: str
    opened_at: datetime
    synced_at: datetime | None
    people: int
    links: int


@dataclass(frozen=True)
class Step:
    """One check: ``reason`` says what failed, None if it passed. ``keys`` is how many usable keys
    were found."""

    name: Literal["keys", "token"]
    reason: Reason | None = None
    keys: int | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


def connections(unit: Session) -> list[ConnectionHealth]:
    """Every registration of the organisation, by name. Three queries, however many registrations
    there are."""
    rows = unit.scalars(
        select(LtiRegistration).order_by(LtiRegistration.name, LtiRegistration.created_at)
    ).all()
    health = {row.registration: row for row in unit.scalars(select(LtiHealth))}
    deployments: dict[str, list[LtiDeployment]] = {}
    for row in unit.scalars(
        select(LtiDeployment).order_by(LtiDeployment.seen_at, LtiDeployment.deployment)
    ):
        deployments.setdefault(row.registration, []).append(row)
    return [_standing(row, health[row.id], deployments.get(row.id, [])) for row in rows]


def connection(unit: Session, registration: str) -> ConnectionHealth:
    """One registration of the organisation. Raises ``NotFound("registration-unknown")``."""
    found = next((one for one in connections(unit) if one.registration.id == registration), None)
    if found is None:
        raise NotFound(RegistrationUnknown())
    return found


def opened(unit: Session, registration: str) -> list[OpenedCourse]:
    """The courses that this platform has opened here, by title."""
    people = _counts(unit, select(Membership.course, func.count()).group_by(Membership.course))
    links = _counts(
        unit,
        select(LtiContext.course, func.count())
        .join(
            LtiLink,
            (
                (LtiLink.tenant == LtiContext.tenant)
                & (LtiLink.registration == LtiContext.registration)
                & (LtiLink.deployment == LtiContext.deployment)
                & (LtiLink.context == LtiContext.context)
            ),
        )
        .group_by(LtiContext.course),
    )
    rows = unit.execute(
        select(LtiContext, Course)
        .join(Course, (Course.tenant == LtiContext.tenant) & (Course.id == LtiContext.course))
        .where(LtiContext.registration == registration)
        .order_by(Course.title, Course.slug)
    ).all()
    return [
        OpenedCourse(
            course.slug,
            course.title,
            context.opened_at,
            context.synced_at,
            people.get(course.id, 0),
            links.get(course.id, 0),
        )
        for context, course in rows
    ]


def whose_clock(skew: int, others: Sequence[int]) -> Literal["theirs", "ours"] | None:
    """Whose clock is off, the platform's or ours, by how far ahead of ours (in seconds) the clocks
    of the other platforms are; None if neither is far off, or they do not tell."""
    if abs(skew) <= CLOCKS_AGREE:
        return None
    with_ours = sum(abs(other) <= CLOCKS_AGREE for other in others)
    with_theirs = sum(abs(other - skew) <= CLOCKS_AGREE for other in others)
    if with_ours == with_theirs:
        return None
    return "theirs" if with_ours > with_theirs else "ours"


def check(keys: PlatformKeys, tokens: Tokens, registration: Registration) -> tuple[Step, ...]:
    """Fetches the platform's keys and asks it for a token now, ignoring what is stored; returns the
    result of each step."""
    return _check_keys(keys, registration), _check_token(tokens, registration)


def _check_keys(keys: PlatformKeys, registration: Registration) -> Step:
    try:
        usable = keys.fetch(registration)
    except RelectureError as wrong:
        return Step("keys", wrong.reason)
    return Step("keys", None if usable else PlatformKeysNone(), usable)


def _check_token(tokens: Tokens, registration: Registration) -> Step:
    """Asks for the scopes that the platform is known to grant. If they are unknown, asks for all of
    ours or at least one of them, since some platforms refuse a whole request because of one
    disabled scope."""
    known = [scope for scope in SCOPES if scope in registration.scopes]
    if registration.scopes and not known:
        return Step("token", ServiceScopeMissing(scopes=" ".join(SCOPES)))
    tries = [known] if known else [list(SCOPES), *([scope] for scope in SCOPES)]
    refusals = []
    for scopes in tries:
        try:
            tokens.forget(registration, scopes)
            tokens.token(registration, scopes)
        except ServiceRefused as refused:
            refusals.append(refused.reason)
        except RelectureError as wrong:
            return Step("token", wrong.reason)
        else:
            return Step("token")
    return Step("token", refusals[0])


def _standing(
    row: LtiRegistration, health: LtiHealth, deployments: list[LtiDeployment]
) -> ConnectionHealth:
    return ConnectionHealth(
        as_value(row),
        tuple(
            Deployment(one.deployment, one.state == "accepted", one.seen_at) for one in deployments
        ),
        health.launched_at,
        health.served_at,
        health.failed_at,
        Reason.from_json(health.error) if health.error else None,
        health.skew,
    )


def _counts(unit: Session, query: Select[str, int]) -> dict[str, int]:
    return {row[0]: row[1] for row in unit.execute(query)}
