"""Verified claims, normalised once into a ``Launch``; each LTI rule that a message can break has
its own refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.values.lines import one_line
from lti.launch.reasons import (
    DeepLinkingReturnMissing,
    DeepLinkingTypesMissing,
    DeploymentMissing,
    DeploymentTooLong,
    MessageTypeWrong,
    ResourceLinkMissing,
    RolesMissing,
    SubmissionReviewIncomplete,
    TargetMismatch,
    TargetMissing,
    VersionWrong,
)
from lti.launch.values import (
    Context,
    DeepLinkingSettings,
    GradeService,
    GroupService,
    Launch,
    Message,
    NoticeService,
    Platform,
    Presentation,
    ResourceLink,
    RosterService,
    User,
)
from lti.platforms.registrations import Registration
from lti.wire import names
from lti.wire.reading import MAX_ADDRESS, id_of, text_of
from lti.wire.reasons import ClaimMalformed
from lti.wire.refusals import LaunchRefused
from lti.wire.urls import is_web_address, same_address

MESSAGES: Mapping[str, Message] = {
    names.RESOURCE_LINK_REQUEST: "resource-link",
    names.DEEP_LINKING_REQUEST: "deep-linking",
    names.SUBMISSION_REVIEW_REQUEST: "submission-review",
    names.DATA_PRIVACY_REQUEST: "data-privacy",
}
MAX_ID = 255
ZONE = "person_timezone"
"""The custom parameter in which a platform that knows ``$Person.address.timezone`` gives it."""

Claims = Mapping[str, Any]


def read_launch(claims: Claims, registration: Registration, target: str) -> Launch:
    """Builds a ``Launch`` from claims that ``verify`` returned. ``target`` is the target link of
    the login, one of our pages.

    Unknown claims are ignored and optional ones may be absent (LTI 1.3 core, section 5.1). Raises
    ``LaunchRefused``.
    """
    message = message_of(claims)
    return Launch(
        tenant=registration.tenant,
        registration=registration.id,
        deployment=deployment_of(claims),
        message=message,
        target=target_of(claims, target),
        user=user_of(claims),
        roles=roles_of(claims),
        context=context_of(claims),
        resource_link=resource_link_of(claims, message),
        platform=platform_of(claims),
        presentation=presentation_of(claims),
        custom=custom_of(claims),
        for_user=for_user_of(claims, message),
        grades=grades_of(claims, message),
        roster=roster_of(claims),
        zone=zone_of(claims),
        groups=groups_of(claims),
        notices=notices_of(claims),
        deep_linking=deep_linking_of(claims, message),
    )


def message_of(claims: Claims) -> Message:
    """The kind of message; the version must be exactly 1.3.0 (LTI 1.3 core, sections 5.3.1 and
    5.3.2). Raises ``LaunchRefused``."""
    if claims.get(names.VERSION) != names.LTI_VERSION:
        raise LaunchRefused(VersionWrong(version=str(claims.get(names.VERSION))[:20]))
    said = claims.get(names.MESSAGE_TYPE)
    if not isinstance(said, str) or said not in MESSAGES:
        raise LaunchRefused(MessageTypeWrong(message=str(said)[:60]))
    return MESSAGES[said]


def deployment_of(claims: Claims) -> str:
    """The deployment's id, 1 to 255 ASCII characters (LTI 1.3 core, section 5.3.3). Raises
    ``LaunchRefused``."""
    deployment = id_of(claims, names.DEPLOYMENT)
    if deployment is None:
        raise LaunchRefused(DeploymentMissing())
    if len(deployment) > MAX_ID:
        raise LaunchRefused(DeploymentTooLong(length=len(deployment)))
    return deployment


def target_of(claims: Claims, target: str) -> str:
    """The target link, which must be the one that the login named (LTI 1.3 core, section 5.3.4),
    though perhaps encoded otherwise. Raises ``LaunchRefused``."""
    said = text_of(claims, names.TARGET)
    if said is None:
        raise LaunchRefused(TargetMissing())
    if not same_address(said, target):
        raise LaunchRefused(TargetMismatch(target=said[:200], login=target[:200]))
    return target


def user_of(claims: Claims) -> User:
    """The user who launched; only ``sub`` is required (LTI 1.3 core, section 5.3.6). Any of the
    personal data may be absent."""
    return User(
        id_of(claims, "sub"),
        *(text_of(claims, name) for name in ("name", "given_name", "family_name", "email")),
    )


def roles_of(claims: Claims) -> tuple[str, ...]:
    """The roles: the list is required but may be empty (LTI 1.3 core, section 5.3.7). Raises
    ``LaunchRefused("roles-missing")``."""
    roles = claims.get(names.ROLES)
    if not isinstance(roles, list):
        raise LaunchRefused(RolesMissing())
    return tuple(role for role in roles if isinstance(role, str))


def context_of(claims: Claims) -> Context | None:
    """The course (LTI 1.3 core, section 5.4.1), which must have an id. Raises
    ``LaunchRefused("claim-malformed")``."""
    said = _claim(claims, names.CONTEXT)
    if not said:
        return None
    return Context(
        _id(said, names.CONTEXT), _line(said, "label"), _line(said, "title"), _texts(said, "type")
    )


def resource_link_of(claims: Claims, message: Message) -> ResourceLink | None:
    """The resource link; a resource-link launch must give its id (LTI 1.3 core, section 5.3.5;
    Submission Review 1.0, section 4.1).

    Raises ``LaunchRefused("resource-link-missing")``.
    """
    said = _claim(claims, names.RESOURCE_LINK)
    link = id_of(said, "id")
    if link is not None and len(link) <= MAX_ID:
        return ResourceLink(link, _line(said, "title"), text_of(said, "description"))
    if said or message in ("resource-link", "submission-review"):
        raise LaunchRefused(ResourceLinkMissing())
    return None


def platform_of(claims: Claims) -> Platform:
    """How the platform describes itself (LTI 1.3 core, section 5.4.2). Older versions of Moodle
    write ``family_code``."""
    said = _claim(claims, names.PLATFORM)
    product = _line(said, "product_family_code") or _line(said, "family_code")
    return Platform(_line(said, "guid"), _line(said, "name"), product, _line(said, "version"))


def presentation_of(claims: Claims) -> Presentation:
    """How the launch is shown (LTI 1.3 core, section 5.4.4). A ``return_url`` that is not a web
    address is dropped, since it becomes a link. Some platforms name the locale as OpenID Connect
    does instead (Core 1.0, section 5.1)."""
    said = _claim(claims, names.PRESENTATION)
    locale = text_of(said, "locale") or text_of(claims, "locale")
    return Presentation(text_of(said, "document_target"), _web_address(said, "return_url"), locale)


def custom_of(claims: Claims) -> dict[str, str]:
    """The custom parameters, all as text (LTI 1.3 core, section 5.4.6); numbers and booleans are
    converted, other types dropped, and so is a variable that the platform did not fill in."""
    said = _claim(claims, names.CUSTOM)
    return {
        name: str(value)
        for name, value in said.items()
        if isinstance(value, str | int | float) and not str(value).startswith("$")
    }


def zone_of(claims: Claims) -> str | None:
    """The time zone of whoever launches, as the platform names it: in the standard claim (OpenID
    Connect Core 1.0, section 5.1), or in a custom parameter filled in from their profile there
    (LTI 1.3 core, appendix B.1)."""
    said = text_of(claims, "zoneinfo") or custom_of(claims).get(ZONE)
    return said.strip() or None if said else None


def for_user_of(claims: Claims, message: Message) -> User | None:
    """The user the message is about (Submission Review 1.0, section 4.2).

    Raises ``LaunchRefused("submission-review-incomplete")``.
    """
    said = _claim(claims, names.FOR_USER)
    user = id_of(said, "user_id")
    if user is None:
        if message == "submission-review":
            raise LaunchRefused(SubmissionReviewIncomplete(claim=names.FOR_USER))
        return None
    return User(
        user, *(text_of(said, name) for name in ("name", "given_name", "family_name", "email"))
    )


def grades_of(claims: Claims, message: Message) -> GradeService | None:
    """The grade service (AGS 2.0, section 3.1). A submission review must include its line item
    (Submission Review 1.0, section 4.1)."""
    said = _claim(claims, names.AGS)
    service = GradeService(
        _texts(said, "scope"), _web_address(said, "lineitems"), _web_address(said, "lineitem")
    )
    if message == "submission-review" and not service.line_item:
        raise LaunchRefused(SubmissionReviewIncomplete(claim=names.AGS))
    return service if service.line_items or service.line_item else None


def roster_of(claims: Claims) -> RosterService | None:
    """The roster service (NRPS 2.0, section 3.6.1.1)."""
    url = _web_address(_claim(claims, names.NRPS), "context_memberships_url")
    return RosterService(url) if url else None


def groups_of(claims: Claims) -> GroupService | None:
    """The group service (Course Groups 1.0, section 3.1)."""
    said = _claim(claims, names.GROUPS)
    url = _web_address(said, "context_groups_url")
    return (
        GroupService(url, _web_address(said, "context_group_sets_url"), _texts(said, "scope"))
        if url
        else None
    )


def notices_of(claims: Claims) -> NoticeService | None:
    """The notice service, with the notices that can be subscribed to (Platform Notification Service
    1.0)."""
    said = _claim(claims, names.NOTICES)
    url = _web_address(said, "platform_notification_service_url")
    return (
        NoticeService(url, _texts(said, "scope"), _texts(said, "notice_types_supported"))
        if url
        else None
    )


def deep_linking_of(claims: Claims, message: Message) -> DeepLinkingSettings | None:
    """The settings of a deep linking request (Deep Linking 2.0, section 4.4.1), where the return
    address and the accepted types are required. Raises ``LaunchRefused``
    (deep-linking-return-missing, deep-linking-types-missing)."""
    if message != "deep-linking":
        return None
    said = _claim(claims, names.DL_SETTINGS)
    return_url, types = _web_address(said, "deep_link_return_url"), _texts(said, "accept_types")
    if not return_url:
        raise LaunchRefused(DeepLinkingReturnMissing())
    if not types:
        raise LaunchRefused(DeepLinkingTypesMissing())
    return DeepLinkingSettings(
        return_url,
        types,
        targets=_texts(said, "accept_presentation_document_targets"),
        media_types=text_of(said, "accept_media_types"),
        multiple=_flag(said, "accept_multiple") is True,
        line_items=_flag(said, "accept_lineitem"),
        auto_create=_flag(said, "auto_create") is True,
        title=_line(said, "title"),
        text=text_of(said, "text"),
        data=said.get("data"),
    )


def _claim(claims: Claims, name: str) -> Claims:
    """A claim that must be an object; empty if absent or null, or an empty list, as platforms
    written in PHP send an empty object. Raises ``LaunchRefused("claim-malformed")``."""
    said = claims.get(name)
    if said is None or said == []:
        return {}
    if not isinstance(said, dict):
        raise LaunchRefused(ClaimMalformed(claim=name))
    return said


def _id(said: Claims, claim: str) -> str:
    found = id_of(said, "id")
    if found is None or len(found) > MAX_ID:
        raise LaunchRefused(ClaimMalformed(claim=claim))
    return found


def _flag(said: Claims, name: str) -> bool | None:
    """Yes or no, which older versions of Moodle write as text; None if it is not there."""
    value = said.get(name)
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


def _line(said: Claims, name: str) -> str | None:
    """A title or a name, on one line."""
    return one_line(text_of(said, name) or "") or None


def _texts(said: Claims, name: str) -> tuple[str, ...]:
    """A list of texts; a single text counts as a list of one, and anything else in the list is
    dropped."""
    value = said.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _web_address(said: Claims, name: str) -> str | None:
    value = text_of(said, name)
    return (
        value
        if value and len(value) <= MAX_ADDRESS and value.isprintable() and is_web_address(value)
        else None
    )
