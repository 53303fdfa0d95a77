"""A launch from the platform's side: starting the login, checking the authentication request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lti.campus.clients import Client
from lti.campus.deep_links import Link
from lti.campus.profiles.profile import DEFAULT, Launching, Placement
from lti.campus.refusals import PlatformRefused
from lti.wire import names

ASKED = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
}


@dataclass(frozen=True)
class Intent:
    """A member's intention to open the tool, since ``at``. ``hint`` travels through the login and
    back; without ``link`` it is for Deep Linking, from that ``placement``. ``switched``: in a
    learner's place."""

    hint: str
    client_id: str
    user: str
    link: Link | None
    locale: str
    at: datetime
    target: str = "iframe"
    placement: Placement = DEFAULT.choosing.by_hand
    switched: bool = False
    used: bool = False


@dataclass(frozen=True)
class Names:
    """What a login names: the issuer, the deployment, and the member as the tool knows them."""

    issuer: str
    deployment: str
    subject: str


def login_fields(
    manners: Launching, said: Names, client: Client, intent: Intent, storage: bool
) -> dict[str, str]:
    """What starts a login (Security Framework 1.0, section 5.1.1.1; LTI 1.3 core, section 4.1)."""
    fields = {
        "iss": said.issuer,
        "client_id": client.id,
        "login_hint": said.subject,
        "lti_message_hint": intent.hint,
        "target_link_uri": target(client, intent),
        manners.deployment_name: said.deployment,
    }
    if storage and manners.storage:
        fields["lti_storage_target"] = manners.storage
    return fields


def target(client: Client, intent: Intent) -> str:
    """The target link of a launch."""
    return (
        intent.link.url
        if intent.link
        else client.targets.get(names.DEEP_LINKING_REQUEST, client.home_url)
    )


def recipient(params: Mapping[str, str], clients: Mapping[str, Client]) -> Client:
    """The client that sent the request, provided it registered that redirect address: only then may
    a response go there (Security Framework 1.0, section 5.1.1.3; RFC 6749 section 4.1.2.1). Raises
    ``PlatformRefused``."""
    client = clients.get(params.get("client_id", ""))
    if client is None:
        raise PlatformRefused("unauthorized_client", "client_id is no client of this platform")
    if params.get("redirect_uri") not in client.redirect_uris:
        raise PlatformRefused(
            "invalid_request", "redirect_uri is not one that the client registered"
        )
    return client


def check_request(
    params: Mapping[str, str], client: Client, intents: Mapping[str, Intent]
) -> Intent:
    """The intent that an authentication request belongs to (Security Framework 1.0, section
    5.1.1.2).

    Raises ``PlatformRefused``, to be posted to the redirect address (OpenID Connect Core 1.0,
    section 3.1.2.6).
    """
    for name, wanted in ASKED.items():
        if wanted not in params.get(name, "").split():
            raise PlatformRefused("invalid_request", f"{name} must be {wanted}")
    for name in ("state", "nonce"):
        if not params.get(name):
            raise PlatformRefused("invalid_request", f"{name} is missing")
    intent = intents.get(params.get("lti_message_hint", ""))
    if intent is None or intent.client_id != client.id:
        raise PlatformRefused(
            "login_required",
            "login_hint and lti_message_hint do not belong to a launch of this tool",
        )
    return intent


def check_fresh(intent: Intent, manners: Launching, now: datetime) -> None:
    """Checks that a launch is neither over nor used, where that matters. Raises
    ``PlatformRefused``."""
    over = manners.hint_life is not None and now >= intent.at + manners.hint_life
    if over or (intent.used and manners.single_use):
        raise PlatformRefused(
            manners.error, "The launch has either expired or already been consumed"
        )
