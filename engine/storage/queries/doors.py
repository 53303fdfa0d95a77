"""Lookups across organisations, through a named door: each statement finds the rows of one
organisation, which is not known beforehand."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from engine.storage.tables import LtiHealth, LtiHost, LtiPlatformKeys, LtiRegistration, LtiState

_REGISTRATION = and_(
    LtiRegistration.tenant == LtiState.tenant, LtiRegistration.id == LtiState.registration
)
_KEYS = and_(
    LtiPlatformKeys.tenant == LtiState.tenant, LtiPlatformKeys.registration == LtiState.registration
)
_HEALTH = and_(LtiHealth.tenant == LtiState.tenant, LtiHealth.registration == LtiState.registration)
_HOSTS = and_(LtiHost.tenant == LtiState.tenant, LtiHost.registration == LtiState.registration)

LOGIN = (
    select(
        LtiState.state,
        LtiState.nonce,
        LtiState.browser,
        LtiState.target,
        LtiState.storage,
        LtiState.expires_at,
        LtiState.used_at,
        LtiRegistration.tenant,
        LtiRegistration.id,
        LtiRegistration.name,
        LtiRegistration.product,
        LtiRegistration.issuer,
        LtiRegistration.client_id,
        LtiRegistration.login_url,
        LtiRegistration.token_url,
        LtiRegistration.keys_url,
        LtiRegistration.token_audience,
        LtiRegistration.audiences,
        LtiRegistration.scopes,
        LtiRegistration.frames,
        LtiRegistration.anonymous,
        LtiRegistration.enabled,
        LtiRegistration.claimed_at,
        LtiPlatformKeys.fetched_at,
        LtiHealth.launched_at,
        LtiHealth.failed_at,
        LtiHealth.skew,
        LtiHost.host,
    )
    .join(LtiRegistration, _REGISTRATION)
    .join(LtiPlatformKeys, _KEYS)
    .join(LtiHealth, _HEALTH)
    .outerjoin(LtiHost, _HOSTS)
    .where(LtiState.state == bindparam("state"))
)
"""A login in progress with its registration, when the registration's keys were fetched, and its
health. One row for each host that the registration's launches named (one row without a host if they
named none)."""
