"""A launch from the platform's side: starting the login, checking the authentication request,
issuing the claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lti.campus import deep_links
from lti.campus.clients import DEPLOYMENT, Client
from lti.campus.deep_links import Link
from lti.campus.refusals import PlatformRefused
from lti.campus.roster import Person
from lti.wire import names
from lti.wire.urls import with_query

COURSE = {
    "id": "course-1",
    "label": "TRY",
    "title": "A course to try things out",
    "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
}
STORAGE = "relecture_storage"
"""The name of the frame that stores data for the tool (LTI Client Side postMessages 1.0; Platform
Storage)."""
LIFE = timedelta(minutes=5)
ASKED = {
    "scope": "openid",
    "response_type": "id_token",
    "response_mode": "form_post",
    "prompt": "none",
}


@dataclass(frozen=True)
class Intent:
    """A member's intention to open the tool. ``hint`` travels through the login and back; without
    ``link`` it is for Deep Linking."""

    hint: str
    client_id: str
    user: str
    link: Link | None
    locale: str
    target: str = "iframe"


def login_url(base: str, client: Client, intent: Intent, storage: bool) -> str:
    """The address that starts a login (Security Framework 1.0, section 5.1.1.1; LTI 1.3 core,
    section 4.1)."""
    return with_query(
        client.login_url,
        iss=base,
        client_id=client.id,
        login_hint=intent.user,
        lti_message_hint=intent.hint,
        target_link_uri=target(client, intent),
        lti_deployment_id=DEPLOYMENT,
        lti_storage_target=STORAGE if storage else None,
    )


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
    if intent is None or intent.client_id != client.id or intent.user != params.get("login_hint"):
        raise PlatformRefused(
            "login_required",
            "login_hint and lti_message_hint do not belong to a launch of this tool",
        )
    return intent


def claims(
    base: str,
    client: Client,
    intent: Intent,
    person: Person,
    nonce: str,
    line_item: str | None,
    now: datetime,
) -> dict[str, Any]:
    """The claims of the id_token (LTI 1.3 core, section 5.3; Deep Linking 2.0, section 4.4).
    Personal claims are included only if the tool asked for them at registration."""
    said: dict[str, Any] = {
        "iss": base,
        "aud": client.id,
        "sub": person.id,
        "nonce": nonce,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        **person.personal(client.claims),
        names.VERSION: names.LTI_VERSION,
        names.DEPLOYMENT: DEPLOYMENT,
        names.TARGET: target(client, intent),
        names.ROLES: person.roles,
        names.CONTEXT: COURSE,
        names.PLATFORM: {
            "guid": "relecture-platform",
            "name": "Relecture's own platform",
            "product_family_code": "relecture",
        },
        names.PRESENTATION: {
            "document_target": intent.target,
            "locale": intent.locale,
            "return_url": f"{base}/back",
        },
        names.CUSTOM: custom(client, intent.link, person),
        **services(base, client, line_item),
    }
    if intent.link is None:
        return {
            **said,
            names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST,
            names.DL_SETTINGS: deep_links.settings(
                f"{base}/deep-linking/{intent.hint}", intent.hint
            ),
        }
    link = {"id": intent.link.id, "title": intent.link.title, "description": intent.link.text}
    return {**said, names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST, names.RESOURCE_LINK: link}


def services(base: str, client: Client, line_item: str | None) -> dict[str, Any]:
    """The service claims for the granted scopes (AGS 2.0, section 3.1; NRPS 2.0, section
    3.6.1.1)."""
    said: dict[str, Any] = {}
    grades = sorted(client.scopes & {names.SCOPE_LINE_ITEM, names.SCOPE_SCORE, names.SCOPE_RESULT})
    if grades:
        said[names.AGS] = {
            "scope": grades,
            "lineitems": f"{base}/lineitems",
            **({"lineitem": line_item} if line_item else {}),
        }
    if names.SCOPE_ROSTER in client.scopes:
        said[names.NRPS] = {
            "context_memberships_url": f"{base}/members",
            "service_versions": ["2.0"],
        }
    return said


def custom(client: Client, link: Link | None, person: Person) -> dict[str, str]:
    """Custom parameters of tool and link, with variables substituted (LTI 1.3 core, section
    5.4.6.1)."""
    known = {
        "$ResourceLink.id": link.id if link else "",
        "$Context.id": str(COURSE["id"]),
        "$User.id": person.id,
    }
    return {
        name: known.get(value, value)
        for name, value in {**client.custom, **(link.custom if link else {})}.items()
    }
