"""Tools as they registered themselves, and the platform's own configuration (Dynamic Registration
1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lti.campus.profiles.profile import GRADE_SCOPES, READ_LINE_ITEMS, Profile
from lti.campus.refusals import PlatformRefused
from lti.platforms.dynamic import PLATFORM, SCOPES, TOOL
from lti.wire import names
from lti.wire.urls import host_of, is_web_address

DEPLOYMENT = "deployment-1"
"""The deployment, unless a profile names another."""
MESSAGES = (names.RESOURCE_LINK_REQUEST, names.DEEP_LINKING_REQUEST)
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")


@dataclass(frozen=True)
class Client:
    """A registered tool. ``targets`` holds its target link for each kind of message; ``claims`` are
    the personal data it asked for. ``enabled``: whether it may be used yet; ``grades``: whether an
    administrator lets it have any."""

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
    enabled: bool = True
    grades: bool = True

    def granted(self, profile: Profile) -> frozenset[str]:
        """The scopes that it may have now."""
        off = not self.grades and profile.columns.off == "no-claim"
        return self.scopes - GRADE_SCOPES if off else self.scopes


def configuration(profile: Profile, base: str, issuer: str, token_url: str) -> dict[str, Any]:
    """The platform's configuration document (Dynamic Registration 1.0, section 3.4; OpenID Connect
    Discovery 1.0, section 3)."""
    server = profile.registering.authorization_server
    return {
        "issuer": issuer,
        **({"authorization_server": server.format(host=host_of(base))} if server else {}),
        "authorization_endpoint": f"{base}/authorize",
        "token_endpoint": token_url,
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
            "product_family_code": profile.launching.platform.get("product_family_code", ""),
            "version": profile.launching.platform.get("version", "1"),
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
        scopes=frozenset(str(said.get("scope", "")).split()) & {*SCOPES, READ_LINE_ITEMS},
        targets={one["type"]: str(one.get("target_link_uri") or home) for one in listed},
        claims=tuple(claim for claim in _list(tool, "claims") if claim in CLAIMS),
        custom={str(name): str(value) for name, value in custom.items()}
        if isinstance(custom, dict)
        else {},
    )


def answer(said: Mapping[str, Any], client: Client, deployment: str | None) -> dict[str, Any]:
    """The response to a registration (Dynamic Registration 1.0, section 3.6): the tool's request
    with client id, scopes and, unless it has none yet, deployment."""
    deployed = {"deployment_id": deployment} if deployment else {}
    return {
        **said,
        "client_id": client.id,
        "scope": " ".join(sorted(client.scopes)),
        TOOL: {**said[TOOL], **deployed},
    }


def check_domain(said: Any) -> None:
    """Checks that ``domain`` is the target link's host with its port, as Moodle does
    (``registration_helper.php``, ``domain_targetlinkuri_mismatch``). Raises ``PlatformRefused``."""
    tool = said.get(TOOL) if isinstance(said, dict) else None
    if not isinstance(tool, dict):
        return
    target = urlsplit(str(tool.get("target_link_uri", ""))).netloc.removeprefix("www.")
    if str(tool.get("domain", "")).removeprefix("www.") != target:
        raise PlatformRefused("domain_targetlinkuri_mismatch", "domain_targetlinkuri_mismatch")


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and is_web_address(value)


def _list(said: Mapping[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    return value if isinstance(value, list) else []
