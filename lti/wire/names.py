"""The names that LTI gives to claims, scopes, message types and media types. Constants only."""

from __future__ import annotations

from typing import Final

CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE, VERSION, DEPLOYMENT = (
    CLAIM + "message_type",
    CLAIM + "version",
    CLAIM + "deployment_id",
)
TARGET, RESOURCE_LINK, CONTEXT, ROLES = (
    CLAIM + "target_link_uri",
    CLAIM + "resource_link",
    CLAIM + "context",
    CLAIM + "roles",
)
CUSTOM, PRESENTATION, PLATFORM = (
    CLAIM + "custom",
    CLAIM + "launch_presentation",
    CLAIM + "tool_platform",
)
FOR_USER = CLAIM + "for_user"
NOTICE, ORIGIN_CONTEXTS = CLAIM + "notice", CLAIM + "origin_contexts"
AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS: Final = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GROUPS: Final = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
NOTICES: Final = CLAIM + "platformnotificationservice"

DEEP_LINKING: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
DL_SETTINGS, DL_ITEMS, DL_DATA = (
    DEEP_LINKING + "deep_linking_settings",
    DEEP_LINKING + "content_items",
    DEEP_LINKING + "data",
)
DL_MESSAGE, DL_LOG, DL_ERROR = DEEP_LINKING + "msg", DEEP_LINKING + "log", DEEP_LINKING + "errormsg"

LTI_VERSION: Final = "1.3.0"
RESOURCE_LINK_REQUEST, DEEP_LINKING_REQUEST = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"
SUBMISSION_REVIEW_REQUEST, DATA_PRIVACY_REQUEST = (
    "LtiSubmissionReviewRequest",
    "DataPrivacyLaunchRequest",
)
CONTEXT_COPY_NOTICE: Final = "LtiContextCopyNotice"
DEEP_LINKING_RESPONSE: Final = "LtiDeepLinkingResponse"

SCOPE_LINE_ITEM: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
SCOPE_LINE_ITEM_READ: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
SCOPE_SCORE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
SCOPE_RESULT: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCOPE_ROSTER: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPE_GROUPS: Final = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
SCOPE_NOTICES: Final = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"

MEDIA_LINE_ITEM: Final = "application/vnd.ims.lis.v2.lineitem+json"
MEDIA_LINE_ITEMS: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
MEDIA_SCORE: Final = "application/vnd.ims.lis.v1.score+json"
MEDIA_RESULTS: Final = "application/vnd.ims.lis.v2.resultcontainer+json"
MEDIA_ROSTER: Final = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
MEDIA_GROUPS: Final = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
