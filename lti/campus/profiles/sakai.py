"""Sakai 25, from ``sakaiproject/sakai``, ``lti/lti-blis``: ``LTI13Servlet``, ``OIDCServlet``,
``SakaiLTIUtil``, ``LineItemUtil``."""

from __future__ import annotations

from datetime import timedelta

from lti.campus.profiles.profile import (
    INSTITUTION,
    LEARNER,
    OFFERING,
    SYSTEM,
    TEACHER,
    Choosing,
    Columns,
    Identity,
    Launching,
    Members,
    People,
    Placement,
    Profile,
    Refusal,
    Roles,
    Scores,
    Tokens,
)
from lti.wire.roles import MEMBERSHIP

ROLES: Roles = {
    "teacher": ("Instructor", TEACHER),
    "assistant": ("TeachingAssistant", f"{MEMBERSHIP}#Instructor#TeachingAssistant"),
    "learner": ("Learner", LEARNER),
    "mentor": ("Mentor", f"{MEMBERSHIP}#Mentor"),
    "administrator": (
        "Instructor",
        "Administrator",
        TEACHER,
        f"{MEMBERSHIP}#Administrator",
        f"{INSTITUTION}#Administrator",
        f"{SYSTEM}#Administrator",
    ),
}
"""Short and full forms together, one of them misspelt: the outbound role map of SakaiLTIUtil, the
same for launches and the roster."""

SAKAI = Profile(
    name="sakai",
    identity=Identity(
        clients="d9b6f7a2-6a18-4f0e-a1c3-{n:012}",  # own per tool: LTI13Servlet
        deployment="1",  # lti13.deployment_id
        subjects="{base}/user/{n}",  # an address: SakaiLTIUtil getSubject
        context={
            "id": "b2f8d1c4-1f70-4b9d-9a3c-5d0f8e7a6b21",
            "label": "TRY",
            "title": "A course to try things out",
            "type": [OFFERING],  # always: SakaiLTIUtil postLaunchJWT
        },
        links="content:{n}",  # SakaiLTIUtil
    ),
    launching=Launching(
        life=timedelta(hours=1),  # SakaiLTIUtil
        locales=("fr_FR", "fr_CA", "en_US"),  # Java's: postLaunchJWT
        locale_in_presentation=False,  # only at the top: postLaunchJWT
        locale_on_top=True,
        presentation=("return_url",),  # postLaunchJWT: and css_url
        platform={  # postLaunchJWT
            "guid": "guid-missing-42",
            "name": "Try",
            "product_family_code": "sakai",
            "version": "25",
        },
        custom_empty="object",  # postLaunchJWT
    ),
    people=People(launch=ROLES, roster=ROLES),
    choosing=Choosing(
        # the content-item flows of the LTI tool: one item unless the flow asks for more; the
        # editor takes no line item, other places do not say
        settings={
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "auto_create": True,
        },
        presentation=("return_url",),
        placements={
            "lessons": Placement(settings={"accept_multiple": True, "accept_lineitem": True}),
            "assignments": Placement(settings={"accept_multiple": False, "accept_lineitem": True}),
            "editor": Placement(
                "never", settings={"accept_multiple": False, "accept_lineitem": False}
            ),
        },
    ),
    columns=Columns(
        off="no-line-items",  # LTI13Servlet: all scopes always
        # LineItemUtil createLineItem: 200, resourceLinkId is ignored, and a column of the same
        # label is taken over, a teacher's own too
        posted="by-label",
        posted_status=200,
        at_first_score=True,  # LTI13Servlet, LineItemUtil: …/lineitem/<signed placement>
        # LineItemUtil getLineItems…: the filter of a link is called lti_link_id
        filters=frozenset({"resource_id", "tag", "lti_link_id"}),
        ids_encoded=True,  # the same
    ),
    scores=Scores(
        taken=200,
        not_gradable=Refusal(400, "User does not belong to site"),  # LTI13Servlet
        order="any",
        no_column=Refusal(404),
    ),
    members=Members(
        # LTI13Servlet handleNamesAndRoles
        page=None,
        unasked=None,
        filters=frozenset(),
        differences=False,
        context=("id", "title", "type"),
        empty_body=True,
    ),
    tokens=Tokens(
        # handleTokenPost: one scope that is not allowed, and all are refused
        unknown_scopes="refused",
        insufficient=400,  # LTI13Servlet: 400 for nearly everything
        over=403,  # never 401: LTI13Servlet
    ),
)
