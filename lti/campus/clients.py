"""Tools as they registered themselves, and the platform's own configuration (Dynamic Registration
1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lti.campus.refusals import PlatformRefused
from lti.platforms.dynamic import PLATFORM, SCOPES, TOOL
from lti.wire import names
from lti.wire.urls import is_web_address

DEPLOYMENT = "deployment-1"
MESSAGES = (names.RESOURCE_LINK_REQUEST, names.DEEP_LINKING_REQUEST)
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")


@dataclass(frozen=True)
class Client:
    """A registered tool. ``targets`` holds its target link for each kind of message; ``claims`` are
    the personal data it asked for."""

    id: str
    name: str
    login_url: str
    redirect_uris: tuple[str, ...]
    keys_url: str
    home_url: str
    scopes: frozenset[str] = frozenset()
    targets: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    custom: Mapping[str, str] = field(default_factory=dict)


def configuration(base: str) -> dict[str, Any]:
    """The platform's configuration document (Dynamic Registration 1.0, section 3.4; OpenID Connect
    Discovery 1.0, section 3)."""
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": f"{base}/token",
        "jwks_uri": f"{base}/keys",
        "registration_endpoint": f"{base}/register",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", *SCOPES],
        "response_types_supported": ["id_token"],
        "response_modes_supported": ["form_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": list(CLAIMS),
        PLATFORM: {
            "product_family_code": "relecture",
            "version": "1",
            "variables": ["ResourceLink.id", "Context.id", "User.id"],
            "messages_supported": [{"type": message} for message in MESSAGES],
        },
    }


def read_registration(said: Any, client_id: str) -> Client:
    """The client described by a tool's registration request (Dynamic Registration 1.0, section
    3.5.2). Only what we offer is granted.

    Raises ``PlatformRefused``: invalid_redirect_uri, invalid_client_metadata (RFC 7591 section
    3.2.2).
    """
    tool = said.get(TOOL) if isinstance(said, dict) else None
    if not isinstance(tool, dict) or said.get("token_endpoint_auth_method") != "private_key_jwt":
        raise PlatformRefused(
            "invalid_client_metadata", "a tool configuration and private_key_jwt are needed"
        )
    redirects = said.get("redirect_uris")
    if not isinstance(redirects, list) or not redirects or not all(map(_is_address, redirects)):
        raise PlatformRefused("invalid_redirect_uri", "redirect_uris must be web addresses")
    addresses = said.get("initiate_login_uri"), said.get("jwks_uri"), tool.get("target_link_uri")
    if not all(map(_is_address, addresses)):
        raise PlatformRefused(
            "invalid_client_metadata",
            "initiate_login_uri, jwks_uri and target_link_uri must be web addresses",
        )
    login, keys, home = map(str, addresses)
    listed = [
        one
        for one in _list(tool, "messages")
        if isinstance(one, dict) and one.get("type") in MESSAGES
    ]
    custom = tool.get("custom_parameters")
    return Client(
        client_id,
        str(said.get("client_name") or client_id),
        login,
        tuple(redirects),
        keys,
        home,
        scopes=frozenset(str(said.get("scope", "")).split()) & set(SCOPES),
        targets={one["type"]: str(one.get("target_link_uri") or home) for one in listed},
        claims=tuple(claim for claim in _list(tool, "claims") if claim in CLAIMS),
        custom={str(name): str(value) for name, value in custom.items()}
        if isinstance(custom, dict)
        else {},
    )


def answer(said: Mapping[str, Any], client: Client) -> dict[str, Any]:
    """The response to a registration (Dynamic Registration 1.0, section 3.6): the tool's request
    with client id, scopes and deployment."""
    return {
        **said,
        "client_id": client.id,
        "scope": " ".join(sorted(client.scopes)),
        TOOL: {**said[TOOL], "deployment_id": DEPLOYMENT},
    }


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and is_web_address(value)


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    return value if isinstance(value, list) else []
