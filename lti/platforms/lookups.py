"""Which connection a login is for, where several have its issuer: the organisation whose claim is
older decides, and nobody else can make a login of it ambiguous.

Anybody may enter any issuer and client id by hand, so having entered them claims nothing. A
connection claims its issuer and client id by its first verified launch, or by Dynamic Registration,
which the issuer's own host answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from engine.storage.tables import LtiDeployment, LtiRegistration
from engine.storage.work import Units, Work
from lti.platforms.reasons import RegistrationAmbiguous, RegistrationDisabled, RegistrationUnknown
from lti.platforms.registrations import ACCEPTED, Registration, as_value, row_of
from lti.wire.reading import MAX_ID_CHARS, is_plain
from lti.wire.refusals import LaunchRefused


@dataclass(frozen=True)
class Named:
    """What a login says of the platform it comes from (LTI 1.3 core, sections 4.1.1 to 4.1.3); only
    the issuer is required."""

    issuer: str
    client_id: str | None = None
    deployment: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A connection that a login may be for. ``accepts``: whether it has accepted the deployment
    that the login names."""

    registration: Registration
    created_at: datetime
    accepts: bool = False

    @property
    def platform(self) -> tuple[str, str]:
        """Where it sends logins, and whose keys it believes."""
        return self.registration.login_url, self.registration.keys_url

    @property
    def rank(self) -> tuple[int, datetime, datetime, str]:
        """The lower, the better its claim: the oldest claim first, then what was never launched, as
        it was entered; last what is off besides."""
        its = self.registration
        if its.claimed_at is not None:
            return 0, its.claimed_at, self.created_at, its.id
        return 1 if its.enabled else 2, self.created_at, self.created_at, its.id


def of_best_claim(candidates: Sequence[Candidate]) -> list[Registration]:
    """Of connections that a login may be for, those of the one organisation that it is for.

    Where some have accepted its deployment, only these count: one client id may serve many
    organisations by deployments. But whoever enters a connection may accept any deployment, and
    sends its logins where they like; so where one has claimed what the login names, acceptance
    counts only with the addresses of its platform.
    """
    claimed = [one for one in candidates if one.rank[0] == 0]
    accepting = [one for one in candidates if one.accepts and _may_accept(one, claimed)]
    accepting = accepting or list(candidates)
    best = min(accepting, key=lambda one: one.rank, default=None)
    return [
        one.registration
        for one in accepting
        if best is not None and one.registration.tenant == best.registration.tenant
    ]


def _may_accept(one: Candidate, claimed: Sequence[Candidate]) -> bool:
    if one.rank[0] == 1 and claimed:
        return any(one.platform == other.platform for other in claimed)
    return one.rank[0] < 2


def find(door: Session, named: Named) -> Registration:
    """The connection that a login is for, of any organisation: the lookup that crosses
    organisations. Issuers and client ids are compared to the letter (Security Framework 1.0,
    section 5.1.3).

    Raises ``LaunchRefused``: registration-unknown, -disabled, or -ambiguous if one organisation has
    several of which none alone has launched.
    """
    if not _is_plain(named):
        raise LaunchRefused(RegistrationUnknown())
    issuer, client_id = named.issuer, named.client_id
    found = of_best_claim(_candidates(door, named))
    if not found:
        raise LaunchRefused(RegistrationUnknown(issuer=issuer, client_id=client_id))
    enabled = [one for one in found if one.enabled]
    if not enabled:
        raise LaunchRefused(RegistrationDisabled(issuer=issuer, client_id=client_id))
    claimed = [one for one in enabled if one.claimed_at is not None]
    if len(enabled) > 1 and len(claimed) != 1:
        raise LaunchRefused(RegistrationAmbiguous(issuer=issuer))
    return (claimed if len(claimed) == 1 else enabled)[0]


def known(door: Session, named: Named) -> Registration | None:
    """The only connection that a refused login can have been for, enabled or not; None if there is
    none, or more than one."""
    found = of_best_claim(_candidates(door, named)) if _is_plain(named) else []
    return found[0] if len(found) == 1 else None


def contested(door: Session) -> list[list[Candidate]]:
    """For each issuer that several organisations have, its connections, the best claim first."""
    several = (
        select(LtiRegistration.issuer)
        .group_by(LtiRegistration.issuer)
        .having(func.count(distinct(LtiRegistration.tenant)) > 1)
    )
    rows = door.scalars(select(LtiRegistration).where(LtiRegistration.issuer.in_(several)))
    found = [Candidate(as_value(row), row.created_at) for row in rows]
    found.sort(key=lambda one: (one.registration.issuer, one.rank))
    return [list(same) for _, same in groupby(found, lambda one: one.registration.issuer)]


def put_first(units: Units, registration: Registration) -> None:
    """Makes the claim of that connection the oldest of its issuer. Raises
    ``NotFound("registration-unknown")``."""
    with units.db.across("lti-lookup") as door:
        oldest = door.scalars(
            select(func.min(LtiRegistration.claimed_at)).where(
                LtiRegistration.issuer == registration.issuer,
                LtiRegistration.id != registration.id,
            )
        ).one()
    with units.write(registration.tenant) as work:
        row, since = row_of(work.session, registration.id), work.wall
        if oldest is not None:
            since = min(since, oldest - timedelta(seconds=1))
        row.claimed_at = min(since, row.claimed_at or since)
        work.commit()


def give_up(work: Work, registration: str) -> None:
    """Makes that connection claim nothing until its next verified launch. Raises
    ``NotFound("registration-unknown")``."""
    row_of(work.session, registration).claimed_at = None
    work.session.flush()


def _is_plain(named: Named) -> bool:
    return all(
        is_plain(said or "", MAX_ID_CHARS)
        for said in (named.issuer, named.client_id, named.deployment)
    )


def _candidates(door: Session, named: Named) -> list[Candidate]:
    accepted = and_(
        LtiDeployment.tenant == LtiRegistration.tenant,
        LtiDeployment.registration == LtiRegistration.id,
        LtiDeployment.deployment == (named.deployment or ""),
        LtiDeployment.state == ACCEPTED,
    )
    wanted = (
        select(LtiRegistration, LtiDeployment.deployment)
        .outerjoin(LtiDeployment, accepted)
        .where(LtiRegistration.issuer == named.issuer)
    )
    if named.client_id is not None:
        wanted = wanted.where(LtiRegistration.client_id == named.client_id)
    return [
        Candidate(as_value(row), row.created_at, deployment is not None)
        for row, deployment in door.execute(wanted)
    ]
