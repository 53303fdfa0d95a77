"""Moodle 4, from ``moodle/moodle``: ``mod/lti`` (since 4.5 also under ``ltix/``), and as seen in a
Moodle 4.5.6 that runs."""

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

MOODLE = Profile(
    name="moodle",
    identity=Identity(
        # 15 characters by chance: mod/lti/classes/local/ltiopenid/registration_helper.php
        clients="kTq7YxBv2mPz{n:03}",
        # the id of the tool's type, as text: locallib.php lti_build_request
        deployment="3",
        # the row id of the user, as text: locallib.php lti_build_request
        subjects="{n}",
        # a number (Moodle 4.5.6), type in its short form: locallib.php lti_build_request
        context={
            "id": 7,
            "label": "TRY",
            "title": "A course to try things out",
            "type": ["CourseSection"],
        },
        links="{n}",  # the row id of the activity: locallib.php lti_build_request
    ),
    launching=Launching(
        login="POST",  # a form: locallib.php lti_build_login_request
        storage=None,  # no lti_storage_target: lti_build_login_request
        # mod/lti/auth.php reads $SESSION->{launchid} and unsets it
        single_use=True,
        error="invalid_request",  # mod/lti/auth.php
        life=timedelta(seconds=60),  # exp = iat + 60: locallib.php lti_sign_jwt
        locales=("fr", "fr_ca", "en"),  # current_language(): small letters, underscore
        platform={  # locallib.php lti_build_standard_message, lti_get_jwt_claim_mapping
            "guid": "5f4dcc3b5aa765d61d8327deb882cf99",
            "name": "TRY",
            "description": "A Moodle to try things out",
            "version": "2024100700",
            "product_family_code": "moodle",
        },
        custom_empty="list",  # PHP's empty array (Moodle 4.5.6)
        # locallib.php lti_parse_custom_parameter, lti_get_capabilities
        fills=frozenset({"$ResourceLink.id", "$Context.id", "$User.id", "$Context.id.history"}),
        # locallib.php lti_build_standard_message; basic outcomes: lti_get_jwt_claim_mapping
        extra={"https://purl.imsglobal.org/spec/lti/claim/ext": {"lms": "moodle-2"}},
    ),
    people=People(
        # locallib.php lti_get_ims_role: mod/lti:manage makes an Instructor, which non-editing
        # teachers have too (mod/lti/db/access.php); a site administrator has no context role;
        # whoever observes is a Learner like all others; no test user anywhere
        launch={
            "teacher": (TEACHER,),
            "assistant": (TEACHER,),
            "learner": (LEARNER,),
            "mentor": (LEARNER,),
            "administrator": (f"{SYSTEM}#Administrator", f"{INSTITUTION}#Administrator"),
        },
        # service/memberships contextmemberships.php: without an activity, course:manageactivities
        # makes an Instructor, which non-editing teachers do not have; short forms
        roster={
            "teacher": ("Instructor",),
            "assistant": ("Learner",),
            "learner": ("Learner",),
            "mentor": ("Learner",),
        },
        switches=True,  # lti_get_ims_role asks is_role_switched: Learner, with the own sub
    ),
    choosing=Choosing(
        # locallib.php lti_build_content_item_selection_request: no accept_lineitem, no data
        settings={
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["frame", "iframe", "window"],
            "accept_copy_advice": False,
            "accept_multiple": True,
            "accept_unsigned": False,
            "auto_create": False,
            "can_confirm": False,
            "title": "Relecture",
            "text": "",
        },
        data=False,
        presentation=(),  # only the locale: lti_build_content_item_selection_request
        # a column only with a lineItem, where "accept grades" is left to the teacher:
        # gradebookservices.php content_item_to_form
        placements={"": Placement("sent")},
        by_hand=Placement("sent"),
    ),
    columns=Columns(
        # "use and manage": gradebookservices.php get_permitted_scopes
        scopes=(
            names.SCOPE_LINE_ITEM,
            READ_LINE_ITEMS,
            names.SCOPE_RESULT,
            names.SCOPE_SCORE,
        ),
        # a manual grade item beside the activity, 201: gradebookservices.php, lineitems.php
        posted="as-sent",
        # gradebookservices.php get_lineitems: it has no row of its own, so neither finds it
        own_hidden=True,
        # mod/lti/services.php: "No handler found for …"
        media_refused=400,
        quotes="“”",  # resources/lineitems.php, where a limit is asked for
    ),
    scores=Scores(
        taken=200,  # resources/scores.php
        # gradebookservices.php save_score: not enrolled, or not among the graded roles
        gradable=frozenset({"learner", "mentor"}),
        not_gradable=Refusal(400, "Incorrect score received: user is not gradable"),
        # save_score: >= between whole seconds
        order="later-second",
        not_later=Refusal(409, "Refusing score with an earlier timestamp"),
        no_column=Refusal(404, "Not Found: Grade item doesn't exist"),  # resources/scores.php
    ),
    members=Members(
        # service/memberships: all at once unless a limit is asked for
        page=None,
        unasked=None,
        differences=False,  # contextmemberships.php: rel="next" only
        next_forgets_role=True,  # contextmemberships.php
    ),
    tokens=Tokens(
        audience="unchecked",  # mod/lti/token.php: the tool is found by sub
        unknown_scopes="dropped",  # token.php: what both sides know
        insufficient=401,  # service/gradebookservices resources/scores.php
        refusals="moodle",  # mod/lti/services.php: {"status": …, "reason": …}
    ),
    registering=Registering(
        # registration_helper.php registration_to_config: domain_targetlinkuri_mismatch, where
        # hosts are compared with their ports
        domain_checked=True,
        refused_as_text=True,  # openid-registration.php: 400 and a text, no JSON
    ),
)
