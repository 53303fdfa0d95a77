"""Registrations as values, with their deployments and hosts, and the health recorded for each.
Which one a login is for is in ``lookups``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.storage.queries import launches
from engine.storage.queries.running import change, insert_all, lock, rows
from engine.storage.tables import (
    LtiDeployment,
    LtiHealth,
    LtiHost,
    LtiPlatformKeys,
    LtiRegistration,
    LtiVisit,
)
from engine.storage.work import Units, Work
from engine.values.errors import NotFound
from engine.values.reasons import Reason
from lti.platforms.reasons import (
    DeploymentUnknown,
    RegistrationDisabled,
    RegistrationTaken,
    RegistrationUnknown,
)
from lti.wire.reading import MAX_ID_CHARS
from lti.wire.refusals import LaunchRefused, RegistrationRefused
from lti.wire.urls import host_of

NEWS = timedelta(minutes=1)
"""How often successful launches are recorded."""
ACCEPTED, SEEN = "accepted", "seen"
"""The states of a deployment: its launches are taken, or wait until an administrator accepts it."""
EDITED = (
    "name",
    "issuer",
    "client_id",
    "login_url",
    "token_url",
    "keys_url",
    "token_audience",
    "anonymous",
)
"""The fields of a registration that an administrator can change, except for its lists."""


@dataclass(frozen=True)
class Registration:
    """A platform as registered with us, under one client id. See ``LtiRegistration`` for what each
    field means."""

    tenant: str
    id: str
    issuer: str
    client_id: str
    login_url: str
    token_url: str
    keys_url: str
    token_audience: str | None = None
    audiences: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    anonymous: bool = False
    frames: tuple[str, ...] = ()
    enabled: bool = True
    name: str = ""
    product: str = ""
    claimed_at: datetime | None = None

    @property
    def title(self) -> str:
        """The name its administrator gave it, or else its host."""
        return self.name or host_of(self.issuer)

    @property
    def is_canvas(self) -> bool:
        """Whether it is a Canvas, which counts attempts by a field of its own."""
        return self.product.lower() == "canvas" or self.issuer == "https://canvas.instructure.com"

    @cached_property
    def own_hosts(self) -> frozenset[str]:
        """The hosts that the registration itself names."""
        return hosts((self.issuer, self.login_url, self.token_url, self.keys_url))


def hosts(urls: Iterable[str | None]) -> frozenset[str]:
    """The hosts of these addresses, skipping missing hosts and those too long to be one."""
    return frozenset(host for url in urls if url and 0 < len(host := host_of(url)) <= MAX_ID_CHARS)


def add(work: Work, registration: Registration) -> Registration:
    """Stores a new registration under a new id. Raises
    ``RegistrationRefused("registration-taken")`` if the organisation already has this issuer with
    this client id. Whether another has is not told."""
    row = LtiRegistration(
        tenant=registration.tenant,
        name=registration.name,
        product=registration.product,
        issuer=registration.issuer,
        client_id=registration.client_id,
        login_url=registration.login_url,
        token_url=registration.token_url,
        keys_url=registration.keys_url,
        token_audience=registration.token_audience,
        audiences=list(registration.audiences),
        scopes=list(registration.scopes),
        anonymous=registration.anonymous,
        frames=list(registration.frames),
        enabled=registration.enabled,
        claimed_at=registration.claimed_at,
        created_at=work.wall,
    )
    work.session.add(row)
    _flush_named_once(work.session, registration)
    work.session.add_all((LtiHealth(registration=row.id), LtiPlatformKeys(registration=row.id)))
    work.session.flush()
    return replace(registration, id=row.id)


def _flush_named_once(session: Session, registration: Registration) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        raise RegistrationRefused(
            RegistrationTaken(issuer=registration.issuer, client_id=registration.client_id)
        ) from taken


def get(work: Work, registration: str) -> Registration:
    """A registration of the organisation. Raises ``NotFound("registration-unknown")``."""
    return as_value(row_of(work.session, registration))


def by_id(door: Session, registration: str) -> Registration | None:
    """The registration with that id, of any organisation, or None: for platforms that post to an
    address containing it."""
    row = door.scalars(
        select(LtiRegistration).where(LtiRegistration.id == registration)
    ).one_or_none()
    return as_value(row) if row is not None else None


def edit(work: Work, changed: Registration) -> None:
    """Stores an administrator's changes, except for whether it is enabled (see ``switch``). Raises
    ``NotFound("registration-unknown")`` and ``RegistrationRefused("registration-taken")``.

    If the issuer or the key address changed, everything learned from the old one is deleted: its
    keys, and the hosts named by launches signed with them. Another issuer or client id must be
    claimed anew.
    """
    session, row = work.session, row_of(work.session, changed.id)
    elsewhere = (row.issuer, row.keys_url) != (changed.issuer, changed.keys_url)
    if (row.issuer, row.client_id) != (changed.issuer, changed.client_id):
        row.claimed_at = None
    for field in EDITED:
        setattr(row, field, getattr(changed, field))
    row.audiences, row.scopes, row.frames = (
        list(changed.audiences),
        list(changed.scopes),
        list(changed.frames),
    )
    _flush_named_once(session, changed)
    if elsewhere:
        session.execute(delete(LtiHost).where(LtiHost.registration == changed.id))
        kept = session.get_one(LtiPlatformKeys, (changed.tenant, changed.id))
        kept.keys, kept.fetched_at, kept.tried_at, kept.settled_at = [], None, None, None
        session.flush()


def switch(work: Work, registration: str, on: bool) -> None:
    """Enables or disables launches; disabling ends its open visits at once.

    Raises ``NotFound("registration-unknown")``.
    """
    row_of(work.session, registration).enabled = on
    if not on:
        work.session.execute(
            update(LtiVisit)
            .where(LtiVisit.registration == registration, LtiVisit.expires_at > work.wall)
            .values(expires_at=work.wall)
        )
    work.session.flush()


def remove(work: Work, registration: str) -> None:
    """Deletes a registration with everything that depends on it: deployments, links, scores, who is
    who on the platform. People and courses stay. Raises ``NotFound("registration-unknown")``."""
    work.session.delete(row_of(work.session, registration))
    work.session.flush()


def accept_deployment(work: Work, registration: str, deployment: str) -> None:
    """Accepts launches of this deployment from now on."""
    work.session.merge(
        LtiDeployment(
            tenant=work.tenant,
            registration=registration,
            deployment=deployment,
            state=ACCEPTED,
            seen_at=work.wall,
        )
    )
    work.session.flush()


def withdraw_deployment(work: Work, registration: str, deployment: str) -> None:
    """Makes launches of this deployment wait to be accepted again, and ends its visits. Does
    nothing if there is no such deployment."""
    session = work.session
    session.execute(
        update(LtiDeployment)
        .where(LtiDeployment.registration == registration, LtiDeployment.deployment == deployment)
        .values(state=SEEN)
    )
    for visit in session.scalars(select(LtiVisit).where(LtiVisit.registration == registration)):
        if visit.about.get("deployment") == deployment:
            session.delete(visit)
    session.flush()


def hold(work: Work, registration: str) -> None:
    """Locks the registration until this unit ends, so that units which create people and courses
    from one platform run one at a time and each finds what the others created."""
    lock(work.session, launches.HOLD, of_registration=registration)


def admit(work: Work, registration: Registration, deployment: str) -> None:
    """Checks that the registration is still enabled, and that a verified token's deployment has
    been accepted (LTI 1.3 core, section 5.3.3).

    Raises ``LaunchRefused("registration-disabled" | "deployment-unknown")``.
    """
    found = rows(
        work.session, launches.ADMITS, of_registration=registration.id, of_deployment=deployment
    )
    if not found or not found[0].enabled:
        raise LaunchRefused(
            RegistrationDisabled(issuer=registration.issuer, client_id=registration.client_id)
        )
    if found[0].state != ACCEPTED:
        raise LaunchRefused(DeploymentUnknown(deployment=deployment))


def learn_hosts(
    work: Work, registration: Registration, urls: Iterable[str | None], known: frozenset[str]
) -> None:
    """Stores the service hosts that a verified launch named, except those already ``known``;
    hosted platforms share an issuer but not a host. The registration must be held."""
    if new := hosts(urls) - known:
        new -= known_hosts(work, registration)  # another launch may have stored them meanwhile
        insert_all(
            work.session,
            launches.ADD_HOSTS,
            [
                {"registration": registration.id, "host": host, "seen_at": work.wall}
                for host in sorted(new)
            ],
        )


def known_hosts(work: Work, registration: Registration) -> frozenset[str]:
    """The hosts where services of this registration may be: its own, and those that its verified
    launches named."""
    learned = work.session.scalars(
        select(LtiHost.host).where(LtiHost.registration == registration.id)
    ).all()
    return registration.own_hosts.union(learned)


@dataclass(frozen=True)
class LaunchHealth:
    """When a launch last succeeded, when something last failed (wall time), and the platform's
    clock minus ours in seconds; None if never."""

    launched_at: datetime | None = None
    failed_at: datetime | None = None
    skew: int | None = None

    def says_enough(self, wall: datetime, skew: int) -> bool:
        """Whether another successful launch need not be recorded: one was within the last minute,
        nothing has failed since, and the skew is the same."""
        launched, failed = self.launched_at, self.failed_at
        return (
            launched is not None
            and timedelta(0) <= wall - launched < NEWS
            and (failed is None or failed < launched)
            and self.skew == skew
        )


def note_launch(work: Work, registration: Registration, before: LaunchHealth, skew: int) -> None:
    """Records a successful launch in the health, at most once a minute; the first one claims the
    issuer and client id for this registration. ``skew`` is in seconds, the platform's clock minus
    ours."""
    if registration.claimed_at is None:
        change(work.session, launches.CLAIM, of_registration=registration.id, wall=work.wall)
    if before.says_enough(work.wall, skew):
        return
    change(
        work.session,
        launches.WENT_WELL,
        of_registration=registration.id,
        wall=work.wall,
        new_skew=skew,
    )


def note_service(work: Work, registration: Registration) -> None:
    """Records a successful service call in the health."""
    work.session.get_one(LtiHealth, (work.tenant, registration.id)).served_at = work.wall
    work.session.flush()


def note_failure(work: Work, registration: Registration, reason: Reason) -> None:
    """Records in the health that a launch or service call failed, and why."""
    health = work.session.get_one(LtiHealth, (work.tenant, registration.id))
    health.failed_at, health.error = work.wall, reason.as_json()
    work.session.flush()


def note_refusal(
    units: Units, registration: Registration, reason: Reason, deployment: str | None = None
) -> None:
    """Records in the health that a launch or a notice was refused, and why. If the ``deployment``
    was refused for being unknown, stores it as seen, for the administrator to accept.

    Opens a unit of its own: the one that was refused is rolled back, and this must survive.
    """
    with units.write(registration.tenant) as work:
        note_failure(work, registration, reason)
        if isinstance(reason, DeploymentUnknown) and deployment is not None:
            _see_deployment(work, registration, deployment)
        work.commit()


def _see_deployment(work: Work, registration: Registration, deployment: str) -> None:
    hold(work, registration.id)
    key = work.tenant, registration.id, deployment
    if work.session.get(LtiDeployment, key) is None:
        work.session.add(
            LtiDeployment(
                registration=registration.id, deployment=deployment, state=SEEN, seen_at=work.wall
            )
        )
        work.session.flush()


def row_of(session: Session, registration: str) -> LtiRegistration:
    """The row of a registration, in its organisation. Raises ``NotFound``."""
    row = session.get(LtiRegistration, (session.info["tenant"], registration))
    if row is None:
        raise NotFound(RegistrationUnknown())
    return row


def as_value(row: LtiRegistration | Row[Any]) -> Registration:
    """The row as a value."""
    return Registration(
        tenant=row.tenant,
        id=row.id,
        name=row.name,
        product=row.product,
        issuer=row.issuer,
        client_id=row.client_id,
        login_url=row.login_url,
        token_url=row.token_url,
        keys_url=row.keys_url,
        token_audience=row.token_audience,
        audiences=tuple(row.audiences),
        scopes=tuple(row.scopes),
        anonymous=row.anonymous,
        frames=tuple(row.frames),
        enabled=row.enabled,
        claimed_at=row.claimed_at,
    )
