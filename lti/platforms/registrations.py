"""Registrations as values: looked up from a login, with their deployments and hosts, and the health
recorded for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.storage.database import Database
from engine.storage.tables import (
    LtiDeployment,
    LtiHealth,
    LtiHost,
    LtiPlatformKeys,
    LtiRegistration,
    LtiVisit,
)
from engine.values.errors import NotFound
from engine.values.reasons import Reason
from lti.platforms.reasons import (
    DeploymentUnknown,
    RegistrationAmbiguous,
    RegistrationDisabled,
    RegistrationTaken,
    RegistrationUnknown,
)
from lti.wire.reading import MOST_ID, is_plain
from lti.wire.refusals import LaunchRefused, RegistrationRefused
from lti.wire.urls import host_of


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

    @property
    def title(self) -> str:
        """The name its administrator gave it, or else its host."""
        return self.name or host_of(self.issuer)

    @property
    def own_hosts(self) -> frozenset[str]:
        """The hosts that the registration itself names."""
        return hosts((self.issuer, self.login_url, self.token_url, self.keys_url))


def hosts(urls: Iterable[str | None]) -> frozenset[str]:
    """The hosts of these addresses, skipping missing hosts and those too long to be one."""
    return frozenset(host for url in urls if url and 0 < len(host := host_of(url)) <= MOST_ID)


def add(db: Database, registration: Registration, now: datetime) -> Registration:
    """Stores a new registration under a new id. Raises
    ``RegistrationRefused("registration-taken")`` if any organisation already has this issuer with
    this client id: a token must never fit two registrations."""
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
        created_at=now,
    )
    with db.write(registration.tenant) as session:
        session.add(row)
        try:
            session.flush()
        except IntegrityError as taken:
            raise RegistrationRefused(
                RegistrationTaken(issuer=row.issuer, client_id=row.client_id)
            ) from taken
        session.add_all((LtiHealth(registration=row.id), LtiPlatformKeys(registration=row.id)))
        session.commit()
        return replace(registration, id=row.id)


def get(db: Database, tenant: str, registration: str) -> Registration:
    """A registration of that organisation. Raises ``NotFound("registration-unknown")``."""
    with db.read(tenant) as session:
        return as_value(_row(session, tenant, registration))


def by_id(db: Database, registration: str) -> Registration | None:
    """The registration with that id, of any organisation, or None: for platforms that post to an
    address containing it."""
    with db.across("lti-lookup") as session:
        row = session.scalars(
            select(LtiRegistration).where(LtiRegistration.id == registration)
        ).one_or_none()
        return as_value(row) if row is not None else None


def find(db: Database, issuer: str, client_id: str | None) -> Registration:
    """The registration that a login refers to, of any organisation: the lookup that crosses
    organisations (LTI 1.3 core, section 4.1.3).

    ``client_id`` is optional in a login; without it, the issuer must have exactly one enabled
    registration. Raises ``LaunchRefused`` (registration-unknown, -ambiguous, -disabled).
    """
    if not is_plain(issuer, MOST_ID) or not is_plain(client_id or "", MOST_ID):
        raise LaunchRefused(RegistrationUnknown())
    found = _named(db, issuer, client_id)
    if not found:
        raise LaunchRefused(RegistrationUnknown(issuer=issuer, client_id=client_id))
    enabled = [registration for registration in found if registration.enabled]
    if not enabled:
        raise LaunchRefused(RegistrationDisabled(issuer=issuer, client_id=client_id))
    if len(enabled) > 1:
        raise LaunchRefused(RegistrationAmbiguous(issuer=issuer))
    return enabled[0]


def known(db: Database, issuer: str, client_id: str | None) -> Registration | None:
    """The only registration with that issuer and client id, enabled or not; None if there is none,
    or more than one."""
    plain = is_plain(issuer, MOST_ID) and is_plain(client_id or "", MOST_ID)
    found = _named(db, issuer, client_id) if plain else []
    return found[0] if len(found) == 1 else None


def _named(db: Database, issuer: str, client_id: str | None) -> list[Registration]:
    with db.across("lti-lookup") as session:
        wanted = select(LtiRegistration).where(LtiRegistration.issuer == issuer)
        if client_id is not None:
            wanted = wanted.where(LtiRegistration.client_id == client_id)
        return [as_value(row) for row in session.scalars(wanted)]


def edit(db: Database, changed: Registration) -> None:
    """Stores an administrator's changes, except for whether it is enabled (see ``switch``). Raises
    ``NotFound("registration-unknown")`` and ``RegistrationRefused("registration-taken")``.

    If the issuer or the key address changed, everything learned from the old one is deleted: its
    keys, and the hosts named by launches signed with them.
    """
    with db.write(changed.tenant) as session:
        row = _row(session, changed.tenant, changed.id)
        elsewhere = (row.issuer, row.keys_url) != (changed.issuer, changed.keys_url)
        for field in (
            "name",
            "issuer",
            "client_id",
            "login_url",
            "token_url",
            "keys_url",
            "token_audience",
            "anonymous",
        ):
            setattr(row, field, getattr(changed, field))
        row.audiences, row.scopes, row.frames = (
            list(changed.audiences),
            list(changed.scopes),
            list(changed.frames),
        )
        try:
            session.flush()
        except IntegrityError as taken:
            raise RegistrationRefused(
                RegistrationTaken(issuer=changed.issuer, client_id=changed.client_id)
            ) from taken
        if elsewhere:
            session.execute(delete(LtiHost).where(LtiHost.registration == changed.id))
            kept = session.get_one(LtiPlatformKeys, (changed.tenant, changed.id))
            kept.keys, kept.fetched_at, kept.tried_at, kept.settled_at = [], None, None, None
        session.commit()


def switch(db: Database, tenant: str, registration: str, on: bool, wall: datetime) -> None:
    """Enables or disables launches; disabling ends its open visits at once.

    Raises ``NotFound("registration-unknown")``.
    """
    with db.write(tenant) as session:
        _row(session, tenant, registration).enabled = on
        if not on:
            session.execute(
                update(LtiVisit)
                .where(LtiVisit.registration == registration, LtiVisit.expires_at > wall)
                .values(expires_at=wall)
            )
        session.commit()


def remove(db: Database, tenant: str, registration: str) -> None:
    """Deletes a registration with everything that depends on it: deployments, links, scores, who is
    who on the platform. People and courses stay. Raises ``NotFound("registration-unknown")``."""
    with db.write(tenant) as session:
        session.delete(_row(session, tenant, registration))
        session.commit()


def accept_deployment(
    db: Database, registration: Registration, deployment: str, now: datetime
) -> None:
    """Accepts launches of this deployment from now on."""
    with db.write(registration.tenant) as session:
        session.merge(
            LtiDeployment(
                tenant=registration.tenant,
                registration=registration.id,
                deployment=deployment,
                state="accepted",
                seen_at=now,
            )
        )
        session.commit()


def withdraw_deployment(db: Database, registration: Registration, deployment: str) -> None:
    """Makes launches of this deployment wait to be accepted again, and ends its visits. Does
    nothing if there is no such deployment."""
    with db.write(registration.tenant) as session:
        session.execute(
            update(LtiDeployment)
            .where(
                LtiDeployment.registration == registration.id,
                LtiDeployment.deployment == deployment,
            )
            .values(state="seen")
        )
        for visit in session.scalars(
            select(LtiVisit).where(LtiVisit.registration == registration.id)
        ):
            if visit.about.get("deployment") == deployment:
                session.delete(visit)
        session.commit()


def check_deployment(
    db: Database, registration: Registration, deployment: str, now: datetime
) -> None:
    """Checks that a verified token's deployment has been accepted (LTI 1.3 core, section 5.3.3).

    Raises ``LaunchRefused("deployment-unknown")``; the deployment is then stored as seen, for the
    administrator to accept.
    """
    key = registration.tenant, registration.id, deployment
    with db.read(registration.tenant) as session:
        row = session.get(LtiDeployment, key)
    if row is not None and row.state == "accepted":
        return
    if row is None:
        _add_once(
            db,
            LtiDeployment(
                tenant=registration.tenant,
                registration=registration.id,
                deployment=deployment,
                state="seen",
                seen_at=now,
            ),
        )
    raise LaunchRefused(DeploymentUnknown(deployment=deployment))


def learn_hosts(
    db: Database, registration: Registration, urls: Iterable[str | None], now: datetime
) -> None:
    """Stores the service hosts that a verified launch named; hosted platforms share an issuer but
    not a host."""
    new = hosts(urls) - registration.own_hosts
    for host in new - known_hosts(db, registration) if new else ():
        _add_once(
            db,
            LtiHost(
                tenant=registration.tenant, registration=registration.id, host=host, seen_at=now
            ),
        )


def known_hosts(db: Database, registration: Registration) -> frozenset[str]:
    """The hosts where services of this registration may be: its own, and those that its verified
    launches named."""
    with db.read(registration.tenant) as session:
        learned = session.scalars(
            select(LtiHost.host).where(LtiHost.registration == registration.id)
        ).all()
    return registration.own_hosts.union(learned)


def hold(unit: Session, registration: str) -> None:
    """Locks the registration until this unit ends, so that units which create people and courses
    from one platform run one at a time and each finds what the others created. SQLite, which has a
    single writer anyway, ignores the lock clause."""
    unit.execute(
        select(LtiRegistration.id)
        .where(LtiRegistration.id == registration)
        .with_for_update(key_share=True)
    )


def note_launch(session: Session, registration: Registration, now: datetime, skew: int) -> None:
    """Records a successful launch in the health, in the launch's own transaction. ``skew`` is in
    seconds, the platform's clock minus ours."""
    session.execute(
        update(LtiHealth)
        .where(LtiHealth.tenant == registration.tenant, LtiHealth.registration == registration.id)
        .values(launched_at=now, skew=skew)
        .execution_options(synchronize_session=False)
    )


def note_service(db: Database, registration: Registration, now: datetime) -> None:
    """Records a successful service call in the health."""
    with db.write(registration.tenant) as session:
        session.get_one(LtiHealth, (registration.tenant, registration.id)).served_at = now
        session.commit()


def note_failure(db: Database, registration: Registration, now: datetime, reason: Reason) -> None:
    """Records in the health that a launch or service call failed, and why."""
    with db.write(registration.tenant) as session:
        health = session.get_one(LtiHealth, (registration.tenant, registration.id))
        health.failed_at, health.error = now, reason.as_json()
        session.commit()


def _row(session: Session, tenant: str, registration: str) -> LtiRegistration:
    row = session.get(LtiRegistration, (tenant, registration))
    if row is None:
        raise NotFound(RegistrationUnknown())
    return row


def _add_once(db: Database, row: LtiDeployment | LtiHost) -> None:
    """Stores a row that another process may have stored meanwhile; nothing changes then."""
    with db.write(row.tenant) as session:
        session.add(row)
        try:
            session.commit()
        except IntegrityError:
            session.rollback()


def as_value(row: LtiRegistration) -> Registration:
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
    )
