"""Canvas, hosted, from ``instructure/canvas-lms`` (``lib/lti``, ``app/controllers/lti``,
``doc/api``) and developerdocs.instructure.com."""

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
    Registering,
    Scores,
    Tokens,
)
from lti.wire.roles import MEMBERSHIP, TEST_USER

COURSE = "4dde05e8ca1973bcca9bffc13e1548820eee93a3"
USER = f"{SYSTEM}#User"

CANVAS = Profile(
    name="canvas",
    identity=Identity(
        # a developer key's global id, digits in a text: jwt_message.rb aud
        clients="1000000000{n:04}",
        # number and hash: context_external_tool.rb deployment_id
        deployment="12:9c1185a5c5e9fc54612808977ee8f548b2258d31",
        subjects="8b3f7a6e-2d15-4c0a-9e44-{n:012}",  # user.lti_id: jwt_message.rb
        # 40 hexadecimal digits: jwt_message.rb
        context={
            "id": COURSE,
            "label": "TRY",
            "title": "A course to try things out",
            "type": [OFFERING],
        },
        links="b5c9f4a1-77de-4f1e-8d2b-{n:012}",  # a stored Lti::ResourceLink
        # the id of the context: resource_link_request.rb; instructure/canvas-lms#1944
        shared=COURSE,
        # services are on the school's host, iss is not: doc/api/assignment_tools.md
        services_elsewhere=True,
    ),
    launching=Launching(
        login="POST",  # a form: lti_advantage_adapter.rb login_request
        # lti_advantage_adapter.rb login_request; instructure/canvas-lms#2201
        deployment_name="deployment_id",
        storage="post_message_forwarding",  # lti_advantage_adapter.rb login_request
        # authentication_controller.rb: fetched and deleted
        single_use=True,
        hint_life=timedelta(minutes=5),  # lti_advantage_adapter.rb login_request
        error="launch_no_longer_valid",  # authentication_controller.rb
        life=timedelta(hours=1),  # jwt_message.rb
        dated_at_click=True,  # lti_advantage_adapter.rb cache_payload
        locales=("fr", "fr-CA", "en-GB"),  # config/locales
        locale_on_top=True,  # jwt_message.rb: in both places
        always_iframe=True,  # jwt_message.rb: document_target
        platform={  # jwt_message.rb
            "guid": "07adb3e60637ff02d9ea11c7c74f1ca921699bd7.canvas.instructure.com",
            "name": "Try",
            "version": "cloud",
            "product_family_code": "canvas",
        },
        custom_empty="absent",  # jwt_message.rb: only where the key has any
        # variable_expander.rb: an unknown one stays
        fills=frozenset({"$ResourceLink.id", "$Context.id", "$User.id", "$Context.id.history"}),
        # jwt_message.rb
        extra={"https://purl.imsglobal.org/spec/lti/claim/lti11_legacy_user_id": "0" * 40},
    ),
    people=People(
        # substitutions_helper.rb LIS_V2_LTI_ADVANTAGE_ROLE_MAP: context roles beside those of the
        # whole account, so that who learns here and teaches elsewhere is an Instructor of the
        # institution (hypothesis/lms#4373); an administrator without an enrolment has no context
        # role
        launch={
            "teacher": (f"{INSTITUTION}#Instructor", TEACHER, USER),
            "assistant": (TEACHER, f"{MEMBERSHIP}/Instructor#TeachingAssistant", USER),
            "learner": (f"{INSTITUTION}#Instructor", LEARNER, USER),
            "mentor": (f"{MEMBERSHIP}#Mentor", USER),
            "administrator": (f"{INSTITUTION}#Administrator", USER),
            "test-user": (LEARNER, TEST_USER, USER),
        },
        # memberships_provider.rb: enrolments alone
        roster={
            "teacher": (TEACHER,),
            "assistant": (TEACHER, f"{MEMBERSHIP}/Instructor#TeachingAssistant"),
            "learner": (LEARNER,),
            "mentor": (f"{MEMBERSHIP}#Mentor",),
        },
        switches=False,  # Student View is a person of its own: substitutions_helper.rb
    ),
    choosing=Choosing(
        # deep_linking_request.rb: no accept_lineitem, title, text or data
        settings={
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_media_types": "application/vnd.ims.lti.v1.ltilink",
            "auto_create": False,
        },
        data=False,
        # resource links alone carry grades: include_assignment_and_grade_service_claims?
        claims=frozenset({"presentation", "platform", "custom", "roster"}),
        placements={  # deep_linking_request.rb
            "assignment_selection": Placement("always", settings={"accept_multiple": False}),
            "link_selection": Placement("never", own_id=False, settings={"accept_multiple": True}),
        },
        # course navigation: resource_link_request.rb; instructure/canvas-lms#1944
        by_hand=Placement("never", own_id=False),
    ),
    columns=Columns(
        # line_items_controller.rb verify_valid_resource_link: 404 or 412, else an assignment that
        # everybody sees
        posted="assignment",
    ),
    scores=Scores(
        taken=200,  # scores_controller.rb
        # scores_controller.rb; a test student too in versions before include_fake_student
        gradable=frozenset({"learner"}),
        not_gradable=Refusal(422, "User not found in course or is not a student"),
        order="not-earlier",  # scores_controller.rb: a timestamp before the last one
        not_later=Refusal(400, "Provided timestamp of score is before last updated timestamp"),
        no_column=Refusal(404),  # an empty body: scores_controller.rb
        # each a submission unless new_submission is false: doc/api/score.md; #1799
        attempts=Refusal(
            422, "The maximum number of allowed attempts has been reached for this submission"
        ),
        comments_added=True,  # doc/api/score.md
    ),
    members=Members(
        page=50,  # names_and_roles_controller.rb, whatever is asked for
        unasked=50,
    ),
    tokens=Tokens(
        # client_credentials_provider.rb: to the letter; instructure/canvas-lms#1925
        audience="token-address",
        insufficient=401,  # gradebook_services.rb: "Insufficient permissions"
        refusals="canvas",
    ),
    registering=Registering(
        bearer_for_configuration=True,  # doc/api/registration.md
        # a bare host, which the token endpoint does not take: dynamic_registration_controller.rb
        authorization_server="{host}",
        deployment_answered=False,  # doc/api/registration.md
        enabled_at_once=False,  # an administrator switches the key on: doc/api/registration.md
    ),
)
