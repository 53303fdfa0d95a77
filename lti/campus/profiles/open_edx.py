"""Open edX, from ``openedx/xblock-lti-consumer`` 11.4 (``lti_consumer/…``): one block of a course,
which is one client, one deployment and one resource link. Grades are declarative, as at first."""

from __future__ import annotations

from datetime import timedelta

from lti.campus.profiles.profile import (
    INSTITUTION,
    LEARNER,
    READ_LINE_ITEMS,
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
    Registering,
    Scores,
    Tokens,
)
from lti.wire import names
from lti.wire.roles import MEMBERSHIP

RUN = "course-v1:Town+TRY+2027"
BLOCK = "block-v1:Town+TRY+2027+type@lti_consumer+block@5f2a9c"
NONE = (f"{SYSTEM}#None", f"{INSTITUTION}#None")
FIRST_LAUNCH = Placement("first-launch", own_id=False)

OPEN_EDX = Profile(
    name="open-edx",
    identity=Identity(
        clients="0d2c7a51-5e0b-4f7d-8a21-{n:012}",  # plugin/models.py Lti1p3Passport
        deployment="1",  # models.py _get_lti_1p3_consumer
        subjects="c3a1f0d2-94b6-4b1c-8c7e-{n:012}",  # the external id: plugin/views.py
        context={  # lti_1p3/consumer.py set_context_claim
            "id": RUN,
            "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
            "title": "A course to try things out",
            "label": RUN,
        },
        # plugin/views.py launch_gate_endpoint: all items of a block have the block's id
        shared=BLOCK,
    ),
    launching=Launching(
        login="GET",  # lti_1p3/consumer.py prepare_preflight_url
        storage=None,  # prepare_preflight_url
        # launch_gate_endpoint: read from the cache, not deleted
        single_use=False,
        refused_on_page=True,  # _validate_preflight_response, launch_gate_endpoint
        life=timedelta(hours=1),  # key_handlers.py encode_and_sign
        azp=True,  # consumer.py get_lti_launch_message
        locales=(),  # consumer.py set_launch_presentation_claim: never one
        locale_in_presentation=False,
        # launch_gate_endpoint calls set_resource_link_claim with the id alone
        link_members=("id",),
        platform={  # consumer.py get_lti_launch_message: no product, no version
            "guid": "c1b2a3d4-0000-5000-8000-000000000001",
            "name": "Try",
        },
        custom_empty="absent",  # consumer.py
        fills=frozenset({"$ResourceLink.id", "$Context.id", "$User.id"}),
        never=frozenset({"given_name", "family_name"}),  # consumer.py set_user_data
    ),
    people=People(
        # lti_1p3/constants.py LTI_1P3_ROLE_MAP; docs/decisions/0008
        launch={
            "teacher": (f"{MEMBERSHIP}#Administrator", *NONE, TEACHER),
            "assistant": (LEARNER, f"{MEMBERSHIP}/Instructor#TeachingAssistant", *NONE),
            "learner": (LEARNER, *NONE),
            "administrator": (
                f"{SYSTEM}#Administrator",
                f"{INSTITUTION}#Administrator",
                f"{INSTITUTION}#Staff",
                f"{INSTITUTION}#Faculty",
                f"{INSTITUTION}#Instructor",
                f"{MEMBERSHIP}#Administrator",
                TEACHER,
            ),
        },
        # serializers.py LtiNrpsContextMemberBasicSerializer.get_roles: without the Nones
        roster={
            "teacher": (TEACHER, f"{MEMBERSHIP}#Administrator"),
            "assistant": (f"{MEMBERSHIP}/Instructor#TeachingAssistant", LEARNER),
            "learner": (LEARNER,),
            "administrator": (f"{MEMBERSHIP}#Administrator", TEACHER),
        },
    ),
    choosing=Choosing(
        settings={  # lti_1p3/deep_linking.py
            "accept_types": ["ltiResourceLink", "link", "html", "image"],
            "accept_presentation_document_targets": ["iframe", "window", "embed"],
            "accept_multiple": True,
            "auto_create": True,
            "title": "",
            "text": "",
        },
        data=False,  # deep_linking.py
        # consumer.py LtiAdvantageConsumer.generate_launch_request: include_extra_claims=False
        claims=frozenset(),
        resource_link=BLOCK,  # generate_launch_request
        # models.py _setup_lti_1p3_ags: the column is there at the first launch; nothing reads
        # attributes["lineItem"]
        placements={"": FIRST_LAUNCH},
        by_hand=FIRST_LAUNCH,
        authors=frozenset({"teacher", "administrator"}),  # launch_gate_endpoint
        replaces=True,  # plugin/views.py deep_linking_response_endpoint deletes first
    ),
    columns=Columns(
        # lti_1p3/ags.py, declarative
        scopes=(READ_LINE_ITEMS, names.SCOPE_RESULT, names.SCOPE_SCORE),
        # LtiAgsLineItemSerializer: a whole maximum, a usage key
        posted="own-link",
        media_refused=415,  # LtiAgsLineItemViewset
    ),
    scores=Scores(
        taken=201,  # LtiAgsLineItemViewset
        not_gradable=Refusal(500),  # signals.py: get_user_from_external_user_id raises
        not_later=Refusal(400, "Score timestamp can only be updated to a later point in time"),
        zero_published=False,  # signals.py; openedx/xblock-lti-consumer#695
        unfinished_keeps=True,  # publish_grade_on_score_update: FullyGraded alone
    ),
    members=Members(
        # LtiNrpsContextMembershipViewSet.list
        page=None,
        unasked=None,
        filters=frozenset(),
        differences=False,  # openedx/xblock-lti-consumer#674
        context=("id",),  # serializers.py
        most=1000,  # 403 above_response_limit; the site's limit may be another
    ),
    tokens=Tokens(
        audience="unchecked",  # lti_1p3/consumer.py access_token
        # _check_if_scope_is_valid: unknown ones are dropped, all known ones are granted
        unknown_scopes="dropped",
        kind="bearer",  # access_token
        insufficient=403,  # extensions/rest_framework/permissions.py
    ),
    registering=Registering(dynamic=False),  # entered by hand in Studio
)
