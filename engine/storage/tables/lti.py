"""The tables of LTI: registrations with deployments, hosts, keys and health; states of logins;
invites; the tool's own keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.storage.tables.base import Base, TenantRow
from engine.storage.types import Line, new_id

_OF_REGISTRATION = ["tenant", "registration"], ["lti_registration.tenant", "lti_registration.id"]


class LtiRegistration(TenantRow, Base):
    """A platform that may launch us, under one client id. Issuer and client id identify it in its
    organisation; other organisations may have entered the same.

    ``audiences``: other recipients that a token may name beside us. ``token_audience``: the
    audience of our assertions, if it is not ``token_url``. ``anonymous``: whether launches without
    a user are accepted. ``scopes``: service scopes that were granted. ``frames``: origins that may
    frame us besides the issuer's and those that a launch names. ``claimed_at`` (wall time): since
    when it counts before others with the same issuer (``lti.platforms.lookups``).
    """

    __tablename__ = "lti_registration"
    __table_args__ = (
        Index(
            "uq__lti_registration__tenant_issuer_client_id",
            "tenant",
            "issuer",
            "client_id",
            unique=True,
        ),
        Index("ix__lti_registration__issuer_client_id", "issuer", "client_id"),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Line(200), default="")
    product: Mapped[str] = mapped_column(String(60), default="")
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    login_url: Mapped[str] = mapped_column(String(2000))
    token_url: Mapped[str] = mapped_column(String(2000))
    keys_url: Mapped[str] = mapped_column(String(2000))
    token_audience: Mapped[str | None] = mapped_column(String(2000))
    audiences: Mapped[list[str]] = mapped_column(default=list)
    scopes: Mapped[list[str]] = mapped_column(default=list)
    frames: Mapped[list[str]] = mapped_column(default=list)
    anonymous: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LtiDeployment(TenantRow, Base):
    """One deployment of the tool in a platform. ``state``: accepted, or seen (it has launched but
    is not accepted yet)."""

    __tablename__ = "lti_deployment"
    __table_args__ = (ForeignKeyConstraint(*_OF_REGISTRATION, ondelete="CASCADE"),)
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    deployment: Mapped[str] = mapped_column(String(255), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[datetime]


class LtiHost(TenantRow, Base):
    """A host of a platform's services, as named by a verified launch; the registration's own hosts
    are not repeated here."""

    __tablename__ = "lti_host"
    __table_args__ = (ForeignKeyConstraint(*_OF_REGISTRATION, ondelete="CASCADE"),)
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    seen_at: Mapped[datetime]


class LtiPlatformKeys(TenantRow, Base):
    """The platform's key set as last fetched. Wall time: a try began at ``tried_at`` and ended at
    ``settled_at``."""

    __tablename__ = "lti_platform_keys"
    __table_args__ = (ForeignKeyConstraint(*_OF_REGISTRATION, ondelete="CASCADE"),)
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    keys: Mapped[list[Any]] = mapped_column(default=list)
    fetched_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class LtiHealth(TenantRow, Base):
    """The health of a registration, for its administrator. ``error`` is a reason as JSON; ``skew``
    is in seconds, theirs minus ours."""

    __tablename__ = "lti_health"
    __table_args__ = (ForeignKeyConstraint(*_OF_REGISTRATION, ondelete="CASCADE"),)
    registration: Mapped[str] = mapped_column(String(32), primary_key=True)
    launched_at: Mapped[datetime | None]
    served_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[dict[str, Any] | None]
    skew: Mapped[int | None]


class LtiState(TenantRow, Base):
    """One login in progress, single use. State, nonce and browser are stored only as SHA-256; wall
    time throughout.

    ``storage``: the platform's frame that was asked to keep our state where the browser does not.
    """

    __tablename__ = "lti_state"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_REGISTRATION, ondelete="CASCADE"),
        Index("uq__lti_state__state", "state", unique=True),
        Index("ix__lti_state__expires_at", "expires_at"),
    )
    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    registration: Mapped[str] = mapped_column(String(32))
    nonce: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(Text)
    storage: Mapped[str | None] = mapped_column(String(255))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LtiInvite(TenantRow, Base):
    """A one-time link with which a platform may register itself, stored as its SHA-256. Wall
    time."""

    __tablename__ = "lti_invite"
    __table_args__ = (Index("uq__lti_invite__token", "token", unique=True),)
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LtiToolKey(Base):
    """One of the tool's own keys: public part as a JWK, private part encrypted. Global: all
    platforms read the same key set."""

    __tablename__ = "lti_tool_key"
    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    public: Mapped[dict[str, Any]]
    private: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
