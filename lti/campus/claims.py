"""What the platform says in an id_token, in the manner of one LMS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti.campus import deep_links, ids
from lti.campus.clients import Client
from lti.campus.deep_links import Link
from lti.campus.launches import Intent, target
from lti.campus.profiles.profile import Profile
from lti.campus.roster import Person
from lti.wire import names


@dataclass(frozen=True)
class Issue:
    """All that an id_token is made of. ``base`` is where the platform is, ``services`` where its
    services are; ``line_item`` is the address of the link's column."""

    profile: Profile
    base: str
    issuer: str
    services: str
    client: Client
    intent: Intent
    person: Person
    nonce: str
    line_item: str | None
    now: datetime


def claims(issue: Issue) -> dict[str, Any]:
    """The claims of the id_token (LTI 1.3 core, section 5.3; Deep Linking 2.0, section 4.4).
    Personal claims are included only if the tool asked for them at registration."""
    profile, intent = issue.profile, issue.intent
    said = {
        **_identity(issue),
        **profile.launching.extra,
        names.VERSION: names.LTI_VERSION,
        names.DEPLOYMENT: profile.identity.deployment,
        names.TARGET: target(issue.client, intent),
        names.ROLES: list(_roles(issue)),
        names.CONTEXT: dict(profile.identity.context),
    }
    return {**said, **(_resource_link(issue, intent.link) if intent.link else _choosing(issue))}


def _identity(issue: Issue) -> dict[str, Any]:
    """Who says it to whom, of whom, and for how long."""
    manners, client = issue.profile.launching, issue.client
    begun = issue.intent.at if manners.dated_at_click else issue.now
    shown = issue.person.personal(set(client.claims) - manners.never)
    if manners.blank_email and "email" not in shown:
        shown["email"] = ""
    return {
        "iss": issue.issuer,
        "aud": client.id,
        **({"azp": client.id} if manners.azp else {}),
        "sub": ids.subject(issue.profile, issue.base, issue.person),
        "nonce": issue.nonce,
        "iat": int(begun.timestamp()),
        "exp": int((begun + manners.life).timestamp()),
        **({"nbf": int(begun.timestamp())} if manners.not_before else {}),
        **shown,
        **({"locale": issue.intent.locale} if manners.locale_on_top else {}),
    }


def _roles(issue: Issue) -> tuple[str, ...]:
    roles = issue.profile.people.launch
    return roles["learner"] if issue.intent.switched else roles[issue.person.kind]


def _resource_link(issue: Issue, link: Link) -> dict[str, Any]:
    profile = issue.profile
    known = {
        "id": ids.link_id(profile, link),
        "title": link.title,
        "description": link.text,
    }
    return {
        names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST,
        names.RESOURCE_LINK: {name: known[name] for name in profile.launching.link_members},
        names.PLATFORM: dict(profile.launching.platform),
        **_presentation(issue, profile.launching.presentation),
        **_custom(issue),
        **services(issue),
    }


def _choosing(issue: Issue) -> dict[str, Any]:
    """What a Deep Linking request carries beside its settings differs most."""
    choosing, hint = issue.profile.choosing, issue.intent.hint
    said: dict[str, Any] = {
        names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST,
        names.DL_SETTINGS: deep_links.settings(
            choosing, issue.intent.placement, f"{issue.base}/deep-linking/{hint}", hint
        ),
    }
    if choosing.resource_link:
        said[names.RESOURCE_LINK] = {"id": choosing.resource_link}
    if "platform" in choosing.claims:
        said[names.PLATFORM] = dict(issue.profile.launching.platform)
    if "presentation" in choosing.claims:
        said |= _presentation(issue, choosing.presentation)
    if "custom" in choosing.claims:
        said |= _custom(issue)
    given = services(issue)
    wanted = {"grades": names.AGS, "roster": names.NRPS}
    return said | {
        claim: given[claim]
        for name, claim in wanted.items()
        if name in choosing.claims and claim in given
    }


def _presentation(issue: Issue, members: tuple[str, ...]) -> dict[str, Any]:
    manners = issue.profile.launching
    known = {
        "document_target": "iframe" if manners.always_iframe else issue.intent.target,
        "return_url": f"{issue.base}/back",
    }
    said = {name: known[name] for name in members}
    if manners.locale_in_presentation:
        said["locale"] = issue.intent.locale
    return {names.PRESENTATION: said}


def _custom(issue: Issue) -> dict[str, Any]:
    said = custom(issue.profile, issue.base, issue.client, issue.intent.link, issue.person)
    how = issue.profile.launching.custom_empty
    if said or how == "object":
        return {names.CUSTOM: said}
    return {names.CUSTOM: []} if how == "list" else {}


def services(issue: Issue) -> dict[str, Any]:
    """The service claims for the granted scopes (AGS 2.0, section 3.1; NRPS 2.0, section
    3.6.1.1)."""
    said: dict[str, Any] = {}
    client, granted = issue.client, issue.client.granted(issue.profile)
    grades = sorted(granted & set(issue.profile.columns.scopes))
    if grades:
        addresses = {"lineitems": f"{issue.services}/lineitems", "lineitem": issue.line_item}
        kept = {name: url for name, url in addresses.items() if url and client.grades}
        said[names.AGS] = {"scope": grades, **kept}
    if names.SCOPE_ROSTER in granted:
        said[names.NRPS] = {
            "context_memberships_url": f"{issue.services}/members",
            "service_versions": ["2.0"],
        }
    return said


def custom(
    profile: Profile, base: str, client: Client, link: Link | None, person: Person
) -> dict[str, str]:
    """Custom parameters of tool and link, with those variables substituted that the LMS knows (LTI
    1.3 core, section 5.4.6.1)."""
    known: Mapping[str, str] = {
        "$ResourceLink.id": ids.link_id(profile, link) if link else "",
        "$Context.id": str(profile.identity.context["id"]),
        "$Context.id.history": "",
        "$User.id": ids.subject(profile, base, person),
    }
    return {
        name: known[value] if value in profile.launching.fills else value
        for name, value in {**client.custom, **(link.custom if link else {})}.items()
    }
